package live

import (
	"bytes"
	"encoding/json"
	"io"
	"time"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// maxBuffer is the size in bytes from which on a frame is written in parts, so
// that the snapshot of thousands of keys needs no large buffer.
const maxBuffer = 256 << 10

// JSONLSink writes one JSON object per line for each tick and for everything
// else that happens. Schema describes them.
type JSONLSink struct {
	w    io.Writer
	meta report.Meta
	stop func()
	err  error

	buf    []byte
	shared []byte // of the lines of the present frame
}

// NewJSONLSink writes to w, one Write for each frame. Of meta it uses Scrub and
// OS. Once a write has failed it writes nothing more, and calls stop.
func NewJSONLSink(w io.Writer, meta report.Meta, stop func()) *JSONLSink {
	return &JSONLSink{w: w, meta: meta, stop: stop, buf: make([]byte, 0, 4096)}
}

// Err is the first error of the writer.
func (l *JSONLSink) Err() error { return l.err }

// line is an event that is no tick.
type line struct {
	Schema  string          `json:"schema"`
	Event   string          `json:"event"`
	At      string          `json:"at"`
	Text    string          `json:"text"`
	Episode *report.Episode `json:"episode,omitempty"`
	Pattern *report.Pattern `json:"pattern,omitempty"`
	Finding *report.Cause   `json:"finding,omitempty"`
}

// begin is the first line.
type begin struct {
	Schema      string   `json:"schema"`
	Event       string   `json:"event"`
	At          string   `json:"at"`
	Version     string   `json:"version"`
	Mode        string   `json:"mode"`
	Instruments []string `json:"instruments"`
}

// Begin writes the first line, which says what is watched. Of meta it uses the
// version of the tool too.
func (l *JSONLSink) Begin(at time.Time, keys []string, mode string) {
	clean := make([]string, 0, len(keys))
	for _, key := range keys {
		clean = append(clean, report.Clean(key, l.meta))
	}
	l.object(begin{report.WatchSchema, "begin", stamp(at), l.meta.Tool.Version, mode, clean})
}

// Frame writes a line for each instrument in the frame.
func (l *JSONLSink) Frame(at time.Time, m *feed.Message) {
	l.shared = appendShared(l.shared[:0], at.UnixMilli(), m)
	for i := range m.Feeds {
		l.buf = appendTick(l.buf, l.shared, &m.Feeds[i])
		if len(l.buf) > maxBuffer {
			l.flush()
		}
	}
	l.flush()
}

// Notice writes one line, except of the end, which End writes.
func (l *JSONLSink) Notice(n watch.Notice) {
	if n.Kind == watch.Ended {
		return
	}
	out := line{Schema: report.WatchSchema, Event: string(n.Kind), At: stamp(n.At), Text: report.Clean(n.Text, l.meta)}
	if n.Episode != nil {
		out.Episode = new(report.NewEpisode(*n.Episode, l.meta))
	}
	if n.Pattern != nil {
		out.Pattern = new(report.NewPattern(*n.Pattern, l.meta))
	}
	if n.Finding != nil {
		out.Finding = new(report.NewFinding(*n.Finding, l.meta))
	}
	l.object(out)
}

// Refresh does nothing: everything has been written already.
func (l *JSONLSink) Refresh(*watch.State) {}

// End writes the last line.
func (l *JSONLSink) End(w report.WatchSummary) { l.object(w) }

func (l *JSONLSink) object(v any) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		l.fail(err)
		return
	}
	l.buf = append(l.buf, out.Bytes()...)
	l.flush()
}

func (l *JSONLSink) flush() {
	if len(l.buf) > 0 && l.err == nil {
		if _, err := l.w.Write(l.buf); err != nil {
			l.fail(err)
		}
	}
	l.buf = l.buf[:0]
}

func (l *JSONLSink) fail(err error) {
	if l.err == nil {
		l.err = err
		l.stop()
	}
}

// stamp is RFC 3339 with milliseconds and the offset in figures.
func stamp(t time.Time) string { return t.Format("2006-01-02T15:04:05.000-07:00") }
