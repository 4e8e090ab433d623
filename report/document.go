// Package report tells what the checks found. It joins results and catalog
// once, into a Document, and writes that in every format. It holds no advice
// of its own: what to do about a finding is in the catalog.
package report

import (
	"cmp"
	"encoding/json"
	"time"

	"upstox-doctor/checks/doctor"
)

// SchemaName is the name and version of the document; within a version,
// fields are only added.
const SchemaName = "upstox-doctor/report/v1"

// timeLayout is RFC 3339 with the offset always in figures.
const timeLayout = "2006-01-02T15:04:05.000-07:00"

// A Document is one report as it is written: all text in it is free of
// secrets and control characters, and bounded. Its JSON form is the contract
// with scripts; Schema describes it.
type Document struct {
	Schema     string     `json:"schema"`
	Tool       Tool       `json:"tool"`
	StartedAt  string     `json:"started_at"`
	DurationMS int64      `json:"duration_ms"`
	Status     string     `json:"status"` // pass, warn, fail; error if the doctor could not complete
	ExitCode   int        `json:"exit_code"`
	End        doctor.End `json:"end"`
	Summary    Summary    `json:"summary"`
	Market     Market     `json:"market"`
	RootCause  *Cause     `json:"root_cause"` // the first of RootCauses
	RootCauses []Cause    `json:"root_causes"`
	Checks     []Check    `json:"checks"`

	// Before is the run that a login followed, of which the rest of this
	// document tells what it has led to. Login is how that login ended; after
	// one that saved no token there is no second run, and no Before.
	Before *Document    `json:"before,omitempty"`
	Login  *LoginReport `json:"login,omitempty"`

	// NoTrading says why a run with --trading-day has examined nothing.
	NoTrading string `json:"no_trading,omitempty"`

	// Wait tells of the runs before this one, if it was waited for all to be
	// well.
	Wait *Wait `json:"wait,omitempty"`

	following string // the command that follows a run without root causes
}

// Tool names the program that made the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

// Summary counts the results by status.
type Summary struct {
	Pass int `json:"pass"`
	Warn int `json:"warn"`
	Fail int `json:"fail"`
	Skip int `json:"skip"`
}

// Market is the state of the market during the run: open, pre-open, closed or
// unknown, which is also what the empty State means.
type Market struct {
	State    string    `json:"state"`
	NextOpen time.Time `json:"next_open"` // zero if unknown
}

// MarshalJSON writes the state and the time, or null for an unknown time.
func (m Market) MarshalJSON() ([]byte, error) {
	out := struct {
		State    string  `json:"state"`
		NextOpen *string `json:"next_open"`
	}{State: m.State}
	out.State = cmp.Or(out.State, "unknown")
	if !m.NextOpen.IsZero() {
		at := m.NextOpen.Format(timeLayout)
		out.NextOpen = &at
	}
	return json.Marshal(out)
}

// A Cause is one root cause: a finding that no other finding explains.
type Cause struct {
	Check      string            `json:"check"`
	Stage      string            `json:"stage"`
	Code       string            `json:"code"`
	Target     string            `json:"target"`
	Targets    []string          `json:"targets"` // all that are concerned, Target first; empty if Target is
	Title      string            `json:"title"`
	Cause      string            `json:"cause"`
	Owner      string            `json:"owner"`
	Confidence doctor.Confidence `json:"confidence"`
	Message    string            `json:"message"`
	Evidence   evidence          `json:"evidence"`
	Fix        Fix               `json:"fix"`

	more string // the command that explains the code, as the program was called
}

// A Check is the result of one check on one target.
type Check struct {
	ID         string        `json:"id"`
	Stage      string        `json:"stage"`
	Title      string        `json:"title"` // the healthy state
	Status     doctor.Status `json:"status"`
	Code       string        `json:"code"`
	Target     string        `json:"target"`
	Message    string        `json:"message"`
	Evidence   evidence      `json:"evidence"`
	BlockedBy  string        `json:"blocked_by"`
	CausedBy   string        `json:"caused_by"`
	StartedMS  *int64        `json:"started_ms,omitempty"` // from the start of the run; nil if the check did not run in it
	DurationMS int64         `json:"duration_ms"`
	Fix        *Fix          `json:"fix"` // nil on pass and skip
}

// A Fix is what the catalog says must be done about a finding.
type Fix struct {
	Guide  string `json:"guide"` // the guide's error message that this answers, or empty
	Steps  []Step `json:"steps"`
	Repair string `json:"repair"` // what the doctor itself can do: login or empty
}

// A Step is one thing to do, with the command for it if there is one.
type Step struct {
	Do  string `json:"do"`
	Run string `json:"run"`
}
