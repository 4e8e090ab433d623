// Package doctor runs checks: small questions that depend on each other's
// facts. It starts a check as soon as what it needs is known, skips what
// cannot run, and tells which findings are root causes. It knows nothing of
// Upstox; the checks bring all knowledge with them.
package doctor

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"
)

// Status says how a check ended.
type Status string

// The four statuses. A check that did not examine its object is a Skip, never a
// Pass.
const (
	Pass Status = "pass"
	Warn Status = "warn"
	Fail Status = "fail"
	Skip Status = "skip"
)

// Confidence says how sure a finding is, by rules on its evidence.
type Confidence string

const (
	Certain  Confidence = "certain"
	Likely   Confidence = "likely"
	Possible Confidence = "possible"
)

// A Check is one question with its metadata. ID is "stage" or "stage.detail";
// checks that put the same question to several targets share an ID, and the
// pair of ID and Target is unique.
type Check struct {
	ID     string
	Target string
	Title  string // the healthy state: "Upstox accepts the token"

	Needs    []Key // facts it reads; it is skipped when one is never learned
	Uses     []Key // facts it reads when they are known; it waits until they are settled
	After    []Key // facts it does not read, but without which its result does not stand
	Provides []Key // facts it may teach
	Adds     []Key // facts it may teach once it has run, whatever becomes of its result; it is not run for their sake, and what Provides them is preferred
	Unless   []Key // facts that others may add and that make it dispensable once all are known: see Result.Otherwise and Dispensed

	Timeout time.Duration // zero means the Runner's
	Run     func(ctx context.Context, f *Facts) Result
}

// Stage is the part of the ID before the first dot.
func (c Check) Stage() string { return stage(c.ID) }

func stage(id string) string {
	s, _, _ := strings.Cut(id, ".")
	return s
}

// A Result is what one check found. The check fills the first block, the
// Runner the second. Its JSON form is for records, not for people: within a
// version of the tape, members are only added. Durations are in nanoseconds.
type Result struct {
	Status     Status     `json:"status"`
	Code       string     `json:"code,omitempty"`       // the diagnosis; empty on a plain pass
	Target     string     `json:"target,omitempty"`     // host, variable or file concerned; the check's own target if empty
	Message    string     `json:"message,omitempty"`    // what was seen, one line
	Evidence   Evidence   `json:"evidence,omitempty"`   // as people are shown it
	Confidence Confidence `json:"confidence,omitempty"` // of a warn or fail; Certain if empty
	BlockedBy  string     `json:"blocked_by,omitempty"` // on a skip: ID of the check whose failure stopped it
	CausedBy   string     `json:"caused_by,omitempty"`  // on a warn or fail: ID of the check whose finding explains it, so that it is no root cause
	// Otherwise is what a fail is if the facts of Check.Unless become known; nil
	// if it is a fail all the same.
	Otherwise *Result `json:"-"`
	// Symptom is what the code was recognised by, if it was by nothing else. It
	// is for records; the engine does not look at it.
	Symptom any `json:"-"`

	ID       string        `json:"id,omitempty"`
	Title    string        `json:"title,omitempty"`
	Began    time.Time     `json:"began,omitzero"` // when the check was called; zero if it never was, or if its result does not stand
	Duration time.Duration `json:"duration,omitempty"`

	unfinished bool // the run ended before the check did
}

// Stage is the part of the ID before the first dot.
func (r Result) Stage() string { return stage(r.ID) }

// Evidence is what people are shown, in the order in which it was added.
type Evidence []Item

// Item is one named piece of evidence. Value must be fit for encoding/json.
type Item struct {
	Name  string
	Value any
}

// Add appends one item; names are lower snake case and carry their unit
// (skew_seconds).
func (e *Evidence) Add(name string, value any) { *e = append(*e, Item{name, value}) }

// Find returns the value of the first item of that name, or nil.
func (e Evidence) Find(name string) any {
	for _, it := range e {
		if it.Name == name {
			return it.Value
		}
	}
	return nil
}

// MarshalJSON writes one object, members in order. It leaves <, > and & as they
// are; an encoder that escapes HTML escapes them afterwards.
func (e Evidence) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	out.WriteByte('{')
	for i, it := range e {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := enc.Encode(it.Name); err != nil {
			return nil, err
		}
		out.Truncate(out.Len() - 1) // the encoder ends with a newline
		out.WriteByte(':')
		if err := enc.Encode(it.Value); err != nil {
			return nil, err
		}
		out.Truncate(out.Len() - 1)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// IsUnfinished reports whether the run ended before the check did.
func (r Result) IsUnfinished() bool { return r.unfinished }

// Unfinished is the result of a check before whose end the run ended.
func (r Result) Unfinished(message string) Result {
	return Result{ID: r.ID, Title: r.Title, Target: r.Target, Status: Skip, Message: message, unfinished: true}
}
