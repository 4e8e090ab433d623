package feed

import (
	"testing"

	"upstox-doctor/checks/catalog"
)

func TestConnectionLimit(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		status int
		body   string
		want   string // Kind
	}{
		{"403 that says so", 403, "Too many open connections", catalog.KindConnectionLimit},
		{"429 that says so", 429, `{"message":"Maximum number of websocket connections exceeded"}`, catalog.KindConnectionLimit},
		{"403 about the limit", 403, "Connection limit reached for this user", catalog.KindConnectionLimit},
		{"429 about a rate", 429, "Too many connections per minute", ""},
		{"503 of a database", 503, "FATAL: too many connections", ""},
		{"403 about requests", 403, "Too many requests", ""},
		{"403 without a reason", 403, "Forbidden", ""},
	} {
		r := &Refusal{Status: tc.status, Body: []byte(tc.body)}
		if got := r.Symptom().Kind; got != tc.want {
			t.Errorf("%s: kind %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestEndSymptoms(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		end  End
		want *catalog.Entry
	}{
		{End{Clean: true, Code: 1008, Reason: "too many concurrent connections"}, catalog.ConnectionLimit},
		{End{Clean: true, Code: 1008, Reason: "session replaced"}, catalog.StreamClosed},
		{End{Clean: true, Code: 1009, Reason: "message too big"}, catalog.StreamClosed},
		{End{Clean: true, Code: 1002, Reason: "protocol error"}, catalog.StreamClosed},
		{End{Malformed: catalog.KindTooBig}, catalog.FrameTooBig},
		{End{Malformed: catalog.KindCorrupt}, catalog.FrameCorrupt},
		{End{}, catalog.StreamDropped},
	} {
		if got := catalog.Classify(tc.end.Symptom(), catalog.NotKnown); got != tc.want {
			t.Errorf("%+v: %s, want %s", tc.end, got.Code, tc.want.Code)
		}
	}
}
