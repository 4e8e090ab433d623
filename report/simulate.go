package report

import (
	"encoding/json"
	"io"
)

// SimulateReady is what simulate writes once it serves: one line of JSON, for the
// program that started it.
type SimulateReady struct {
	Schema   string            `json:"schema"`
	Event    string            `json:"event"`
	Scenario string            `json:"scenario"`
	URL      string            `json:"url"`
	FeedURL  string            `json:"feed_url,omitempty"`
	Control  string            `json:"control"`
	CA       string            `json:"ca"`
	Env      map[string]string `json:"env"`
}

// NewSimulateReady fills in the schema and the event.
func NewSimulateReady(r SimulateReady) SimulateReady {
	r.Schema, r.Event = "upstox-doctor/simulate/v1", "ready"
	return r
}

// JSON writes the line.
func (r SimulateReady) JSON(w io.Writer) error {
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	return lines.Encode(r)
}

// Table writes nothing: people read what is said on standard error.
func (r SimulateReady) Table(io.Writer, Options) error { return nil }
