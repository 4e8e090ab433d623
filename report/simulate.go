package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
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

// JSON writes the line. What a terminal would obey in the name of a file is escaped
// in it.
func (r SimulateReady) JSON(w io.Writer) error {
	var text bytes.Buffer
	lines := json.NewEncoder(&text)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(r); err != nil {
		return err
	}
	var line strings.Builder
	for _, c := range text.String() {
		switch {
		case c < 0x7f || unicode.IsPrint(c):
			line.WriteRune(c)
		case c < 0x10000:
			fmt.Fprintf(&line, `\u%04x`, c)
		default:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(&line, `\u%04x\u%04x`, high, low)
		}
	}
	_, err := io.WriteString(w, line.String())
	return err
}

// Table writes nothing: people read what is said on standard error.
func (r SimulateReady) Table(io.Writer, Options) error { return nil }
