// Package tape reads and writes recordings of what happened on the way to Upstox,
// so that it can be diagnosed again, elsewhere and later.
//
// # Format
//
// A tape is a gzip stream (RFC 1952; several members in a row are one stream) of
// JSON Lines, so that "zcat FILE | jq" reads it. The first line of each member is
// a Header:
//
//	{"schema":"upstox-doctor/tape/v1","tool":{"name":"upstox-doctor","version":"1.0.0"},
//	 "started_at":"2026-11-23T04:00:00Z","kind":"run"}
//
// Every other line is one record, an object with at least "at", the local time
// in RFC 3339 written for UTC, and "kind", the name of what happened:
//
//	{"at":"2026-11-23T04:00:00.21Z","kind":"frame","data":"CAIQ…"}
//
// "data" is binary in base64 (RFC 4648 with padding): frames as they came and
// requests as they went. The other members depend on the kind. Kinds of a run
// are described in package checks, those of a watch are the events of package
// watch. "limit" is the writer's own: from here on most frames are missing. A
// reader skips kinds and members that it does not know; within v1 both are only
// added. A recording begins with a record of kind "begin"; a tape may hold
// several, and a further one is a further member or follows in the same.
//
// # What a tape never holds
//
// Every known secret, and everything that has the shape of one, is replaced
// before it reaches the disk, by a name such as <secret-1> or <token-2>. Equal
// values have equal names within one member; the numbers come from a counter in
// memory, so that nothing leads back from the name to the value. In binary data
// the name takes as many bytes as the secret did. Names stand as well for mail
// addresses (<mail-1>), for the user's part of a home directory (<user-1>), for
// words that the writer was given, such as the host name (<private-1>), and for
// every IP address but loopback and unspecified ones, also Upstox's own, with
// what kind it is (<public-ip-1>, <private-ip-2>): an error page may well tell
// the visitor's. Names of hosts and of proxies stay: they are what a diagnosis
// is about.
//
// # Crashes
//
// Records reach the operating system at once, frames within a second. After a
// crash of the program the tape holds all up to the last complete record, and a
// Reader treats a truncated one as the end. Not every record is synced to the
// disk, so a crash of the machine may lose more.
//
// # Size
//
// Five keys at four frames a second, 280 bytes each, take about 1.7 MB an hour,
// 11 MB for a day of trading, and a frame about 30 µs of processor time, half of
// it to look for secrets (BenchmarkFrame). A thousand keys in mode full take about
// a third of the bytes received, gigabytes a day. From 1 GiB on, or the limit in
// Options, only the first frames after each record of another kind are kept.
package tape

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"upstox-doctor/checks/files"
)

// Schema is name and version of the format.
const Schema = "upstox-doctor/tape/v1"

// The kinds of recording, as in Header.Kind.
const (
	Run   = "run"
	Watch = "watch"
)

// Kinds of records that this package knows itself.
const (
	Begin        = "begin" // the first record of a recording
	LimitReached = "limit" // the tape has grown to its limit
)

// A Header is the first line of a member.
type Header struct {
	Schema    string    `json:"schema"`
	Tool      Tool      `json:"tool"`
	StartedAt time.Time `json:"started_at"`
	Kind      string    `json:"kind"`                // Run or Watch
	FailOn    string    `json:"fail_on,omitempty"`   // fail or warn: what the exit status went by
	Simulated string    `json:"simulated,omitempty"` // the scenario; empty for the real Upstox
}

// Tool is the program that wrote.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// A Record is one line that was read. Line counts from one, heads included.
type Record struct {
	At   time.Time
	Kind string
	Data []byte
	Line int

	text []byte
}

// Size is the length of the record's line.
func (r Record) Size() int { return len(r.text) }

// Decode reads the members of the record into v.
func (r Record) Decode(v any) error {
	if err := json.Unmarshal(r.text, v); err != nil {
		return fmt.Errorf("tape line %d (%s): %w", r.Line, r.Kind, err)
	}
	return nil
}

// ErrNotTape means that the file is not a tape.
var ErrNotTape = errors.New("not a tape")

// ErrBusy means that another recording, of this program or another, is writing
// to the file.
var ErrBusy = errors.New("another recording goes on there")

// lineLimit bounds one line: the largest frame that the feed may send, 16 MiB,
// in base64, and some more.
const lineLimit = 24 << 20

// memberLimit bounds what a line holds beside its data. The most is the beginning
// of a watch, with all its keys.
const memberLimit = 4 << 20

// oversized returns an error for a record that no recording of ours has, and that
// would take too much memory to read: a line of which so much is data.
func oversized(line []byte, data int) error {
	switch {
	case len(line) > lineLimit:
		return fmt.Errorf("longer than %d MiB", lineLimit>>20)
	case len(line)-data > memberLimit:
		return fmt.Errorf("more than %d MiB beside its data", memberLimit>>20)
	case files.TooManyValues(line):
		return fmt.Errorf("more than %d values", files.MaxJSONValues)
	}
	return nil
}
