package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"upstox-doctor/checks"
	"upstox-doctor/checks/files"
	"upstox-doctor/checks/market"
)

// maxInstrumentsFile bounds the file of keys, in bytes: a feed takes at most
// 5,000 of them, of some 20 bytes each.
const maxInstrumentsFile = 1 << 20

// readInstruments adds the keys of the file, if one is named, to those of the
// command line. A line holds one key; empty lines and those that begin with
// "#" are passed over. No line is quoted in an error: the file may be the
// wrong one, and hold a secret.
func (o *WatchOptions) readInstruments(ctx context.Context) error {
	if o.InstrumentsFile == "" {
		return nil
	}
	text, err := files.Read(ctx, o.InstrumentsFile, maxInstrumentsFile)
	switch {
	case errors.Is(err, context.Canceled):
		return ExitError{Status: ExitInterrupted}
	case errors.Is(err, context.DeadlineExceeded):
		return fault(fmt.Errorf("--instruments-file: %w", err))
	case err != nil:
		return UsageError("--instruments-file: %w", err)
	case !utf8.Valid(text):
		return UsageError("--instruments-file %s is no list of instrument keys", o.InstrumentsFile)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // as some editors begin a file
	before := len(o.Instruments)
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		key := strings.TrimSpace(line)
		switch {
		case key == "" || key[0] == '#':
		case !market.IsKey(key):
			return UsageError("--instruments-file %s: line %d is no instrument key such as %s", o.InstrumentsFile, n, checks.ControlKey)
		default:
			o.Instruments = append(o.Instruments, key)
		}
	}
	if len(o.Instruments) == before {
		return UsageError("--instruments-file %s holds no instrument key", o.InstrumentsFile)
	}
	return nil
}

// keys are what to subscribe to, each once.
func (o *WatchOptions) keys(w checks.World) []string {
	if len(o.Instruments) == 0 {
		return []string{w.Instrument}
	}
	var keys []string
	held := map[string]bool{}
	for _, key := range o.Instruments {
		if !held[key] {
			held[key] = true
			keys = append(keys, key)
		}
	}
	return keys
}
