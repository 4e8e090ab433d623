package redact

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type word string

type inner struct {
	Host  string `json:"host"`
	Token string `json:"access_token"`
	N     int64
}

func TestValue(t *testing.T) {
	t.Parallel()
	var s Set
	s.Add("hunter2-hunter2")
	at := time.Date(2026, 11, 24, 3, 30, 0, 0, time.UTC)
	proxy, err := url.Parse("http://user:hunter2@proxy:3128")
	if err != nil {
		t.Fatal(err)
	}
	var gone *url.Error
	text := "hunter2-hunter2"
	for _, tc := range []struct {
		name    string
		v, want any
	}{
		{"nothing", nil, nil},
		{"number", 5, 5},
		{"small number", uint16(5), uint16(5)},
		{"truth", true, true},
		{"time", at, at},
		{"duration", time.Second, time.Second},
		{"text", "a hunter2-hunter2", "a [redacted]"},
		{"own kind of text", word("hunter2-hunter2"), "[redacted]"},
		{"bytes", []byte("hunter2-hunter2"), "[redacted]"},
		{"pointer", &text, "[redacted]"},
		{"pointer to nothing", (*string)(nil), nil},
		{"error", fmt.Errorf("get: %w", errors.New("hunter2-hunter2")), "get: [redacted]"},
		{"Stringer", proxy, "http://[redacted]@proxy:3128"},
		{"address", netip.MustParseAddr("127.0.0.1"), "127.0.0.1"},
		{"texts", []string{"a", "hunter2-hunter2"}, []string{"a", "[redacted]"}},
		{"list", []any{1, "hunter2-hunter2", nil}, []any{1, "[redacted]", nil}},
		{"errors", []error{errors.New("hunter2-hunter2")}, []any{"[redacted]"}},
		{"map", map[string]any{"a": "hunter2-hunter2", "n": 1, "hunter2-hunter2": nil}, map[string]any{"a": "[redacted]", "n": 1, "[redacted]": nil}},
		{"fields by name", map[string]any{"access_token": "opaque", "UPSTOX_API_SECRET": "s", "code": "UDAPI100050", "password": "", "request_id": nil, "client_secret": []string{"s"}},
			map[string]any{"access_token": Mark, "UPSTOX_API_SECRET": Mark, "code": "UDAPI100050", "password": "", "request_id": nil, "client_secret": Mark}},
		{"headers", http.Header{"Authorization": {"Bearer x"}, "Cf-Ray": {"8c-BOM"}}, map[string]any{"Authorization": Mark, "Cf-Ray": []string{"8c-BOM"}}},
		{"deep", []any{map[string]any{"a": []any{"hunter2-hunter2"}}}, []any{map[string]any{"a": []any{"[redacted]"}}}},
		{"struct", inner{"h hunter2-hunter2", "opaque", 1 << 60}, map[string]any{"host": "h [redacted]", "access_token": Mark, "N": json.Number("1152921504606846976")}},
		{"raw JSON", json.RawMessage(`{"token":"hunter2-hunter2","a":1}`), map[string]any{"token": "[redacted]", "a": json.Number("1")}},
		{"raw text that is no JSON", json.RawMessage("hunter2-hunter2"), "[redacted]"},
		{"function", strings.ToLower, "func(string) string"},
		{"nil error in a pointer", gone, "<nil>"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := s.Value(tc.v)
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
			if _, err := json.Marshal(got); err != nil {
				t.Errorf("not fit for JSON: %v", err)
			}
		})
	}
}

func TestValueOfACycle(t *testing.T) {
	t.Parallel()
	loop := map[string]any{}
	loop["loop"] = loop
	var s Set
	if shown := fmt.Sprint(s.Value(loop)); !strings.Contains(shown, Mark) {
		t.Errorf("shown: %s", shown)
	}
}
