package report

import (
	"bytes"
	"encoding/json"
	"io"
	"time"

	"upstox-doctor/checks/doctor"
)

// JSONLSchema is the name and version of the lines of a run; within a version,
// fields are only added.
const JSONLSchema = "upstox-doctor/check/v1"

// JSONLWriter writes a run while it goes on, one JSON object a line: that it
// has begun, each check as it ends, and what the report comes to. It is told by
// doctor.Runner.
type JSONLWriter struct {
	w     io.Writer
	build builder
	tool  Tool
	begun bool
	err   error
}

// NewJSONLWriter writes to w, one Write for each line. Of m it uses Tool, Scrub
// and OS. Once a write has failed it writes nothing more.
func NewJSONLWriter(w io.Writer, m Meta) *JSONLWriter {
	return &JSONLWriter{w: w, build: newBuilder(m), tool: m.Tool}
}

// Err is the first error of the writer.
func (l *JSONLWriter) Err() error { return l.err }

type lineHead struct {
	Schema string `json:"schema"`
	Event  string `json:"event"`
}

// Begin writes the first line of a run, unless it has been written.
func (l *JSONLWriter) Begin(at time.Time) { l.begin(at.Format(timeLayout)) }

func (l *JSONLWriter) begin(at string) {
	if l.begun {
		return
	}
	l.begun = true
	l.line(struct {
		lineHead
		Tool      Tool   `json:"tool"`
		StartedAt string `json:"started_at"`
	}{lineHead{JSONLSchema, "run"}, l.tool, at})
}

// Observe takes one event of the run, and writes a line if a check has ended.
func (l *JSONLWriter) Observe(e doctor.Event) {
	if e.Result != nil {
		l.check(l.build.check(*e.Result))
	}
}

func (l *JSONLWriter) check(c Check) {
	l.line(struct {
		lineHead
		Check
	}{lineHead{JSONLSchema, "check"}, c})
}

// Login writes how a login ended that a run led to.
func (l *JSONLWriter) Login(login LoginReport) {
	l.line(struct {
		lineHead
		Login LoginReport `json:"login"`
	}{lineHead{JSONLSchema, "login"}, login})
}

// End writes the last line of a run, after that of a login which led to no
// further one. Another run may follow.
func (l *JSONLWriter) End(d Document) {
	l.begin(d.StartedAt)
	l.begun = false
	if d.Login != nil && d.Before == nil {
		l.Login(*d.Login)
	}
	l.line(struct {
		lineHead
		StartedAt  string     `json:"started_at"`
		DurationMS int64      `json:"duration_ms"`
		Status     string     `json:"status"`
		ExitCode   int        `json:"exit_code"`
		End        doctor.End `json:"end"`
		Summary    Summary    `json:"summary"`
		Market     Market     `json:"market"`
		RootCauses []Cause    `json:"root_causes"`
		Wait       *Wait      `json:"wait,omitempty"`
	}{lineHead{JSONLSchema, "report"}, d.StartedAt, d.DurationMS, d.Status, d.ExitCode, d.End, d.Summary, d.Market, d.RootCauses, d.Wait})
}

func (l *JSONLWriter) line(v any) {
	if l.err != nil {
		return
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if l.err = enc.Encode(v); l.err == nil {
		_, l.err = l.w.Write(out.Bytes())
	}
}

// jsonl writes a run that is over.
func (d Document) jsonl(w io.Writer, _ Options) error {
	l := &JSONLWriter{w: w, tool: d.Tool}
	if d.Before != nil {
		l.whole(*d.Before)
		if d.Login != nil {
			l.Login(*d.Login)
		}
	}
	l.whole(d)
	return l.Err()
}

func (l *JSONLWriter) whole(d Document) {
	l.begin(d.StartedAt)
	for _, c := range d.Checks {
		l.check(c)
	}
	l.End(d)
}
