package feed

import (
	"errors"
	"fmt"

	"upstox-doctor/checks/catalog"
)

// An End is how a stream ended.
type End struct {
	// Clean means that a close frame was received. Code and Reason are the
	// frame's; a frame without a code has 1005. Without a close frame, which
	// other programs report as 1006, Code is 0.
	Clean  bool
	Code   int
	Reason string
	// Malformed is catalog.KindTooBig or KindCorrupt if what came was no frame
	// that can be read: larger than the limit, or against the protocol.
	Malformed string
	Err       error // why reading stopped; nil if Clean
}

// String describes the end.
func (e *End) String() string {
	switch {
	case e.Clean && e.Reason != "":
		return fmt.Sprintf("the feed closed the stream: %d %s", e.Code, e.Reason)
	case e.Clean:
		return fmt.Sprintf("the feed closed the stream: %d", e.Code)
	case e.Err != nil:
		return e.Err.Error()
	}
	return "the stream has ended"
}

// Symptom returns what the catalog recognises the end by.
func (e End) Symptom() catalog.Symptom {
	s := catalog.Symptom{Hop: catalog.HopStream, Kind: catalog.KindDropped}
	switch {
	case e.Malformed != "":
		s.Kind = e.Malformed
	case e.Clean && saysConnectionLimit(e.Reason):
		s.Kind = catalog.KindConnectionLimit
	case e.Clean:
		s.Kind = catalog.KindClosed
	}
	return s
}

// An EndRecord is an End as tapes hold it.
type EndRecord struct {
	Clean     bool   `json:"clean"`
	Code      int    `json:"code,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Malformed string `json:"malformed,omitempty"`
	Words     string `json:"text"` // all this in words
}

// Record returns the end as tapes hold it.
func (e *End) Record() EndRecord {
	return EndRecord{e.Clean, e.Code, e.Reason, e.Malformed, e.String()}
}

// End returns the end that was recorded. Its error has the words alone.
func (r EndRecord) End() *End {
	return &End{Clean: r.Clean, Code: r.Code, Reason: r.Reason, Malformed: r.Malformed, Err: errors.New(r.Words)}
}
