package serve

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/instruments"
)

// byName is a feed whose instruments are found in the list that is built in.
func byName() *Feed {
	return &Feed{Keys: []string{nifty}, Find: func(_ context.Context, text string) ([]instruments.Instrument, bool) {
		return instruments.Search(text), text != "none"
	}}
}

func TestReadKeys(t *testing.T) {
	t.Parallel()
	var many []string
	for i := range MaxKeys + 1 {
		many = append(many, fmt.Sprintf("NSE_EQ|INE%03d", i))
	}
	s := once(document())
	s.Feed = byName()
	for _, tc := range []struct {
		text    string
		keys    int
		problem string
	}{
		{"", 0, ""},
		{"\n , \r\n", 0, ""},
		{nifty + "\n" + nifty + ", NSE_EQ|INE002A01018", 2, ""},
		{"RELIANCE, nifty 50\nNSE_EQ|INE002A01018", 2, ""},
		{strings.Join(many[:MaxKeys], "\n"), MaxKeys, ""},
		{strings.Join(many, "\n"), 0, "at most 50"},
		{"hdfc", 0, `"hdfc" may mean HDFCBANK, HDFCLIFE: find it`},
		{"no such", 0, `"no such" is no instrument key`},
		{strings.Repeat("x", 100), 0, `"xxxxxxxxxxxxxxxxxxxx"... is no instrument key`},
	} {
		keys, problem := s.readKeys(t.Context(), tc.text)
		if len(keys) != tc.keys || !strings.Contains(problem, tc.problem) || (tc.problem == "") != (problem == "") {
			t.Errorf("%.30q: %d keys, %q", tc.text, len(keys), problem)
		}
	}
	for key, want := range map[string]string{nifty: "NIFTY 50", "NSE_EQ|INE002A01018": "RELIANCE", "NSE_EQ|INE000": "INE000"} {
		if got := s.names.of(key); got != want {
			t.Errorf("%s is called %q, want %q", key, got, want)
		}
	}
}

// TestFind shows what to choose among, and what was searched.
func TestFind(t *testing.T) {
	t.Parallel()
	s := once(document())
	s.Ledger, s.Feed = ledger(t), byName()
	base := serving(t, s)
	own := session(t, s, base)
	for text, want := range map[string]string{
		"reliance": `data-add="NSE_EQ|INE002A01018"`, "m&m": "<strong>M&amp;M</strong>", "xyz": "Upstox knows nothing", "none": "needs a token that works",
	} {
		if status, said, _ := post(t, base+"/instruments", `{"text":"`+text+`"}`, own...); status != 200 || !strings.Contains(said, want) {
			t.Errorf("%s: %d %s", text, status, said)
		}
	}
	if status, _, _ := post(t, base+"/instruments", `{"text":" "}`, own...); status != 400 {
		t.Errorf("nothing: %d", status)
	}
	if status, _, _ := post(t, base+"/instruments", `{"text":"reliance"}`); status != 401 {
		t.Errorf("without a session: %d", status)
	}
}

// TestBundle: its run waits for the one that goes on, leaves the feed to a stream,
// and only the session has it.
func TestBundle(t *testing.T) {
	t.Parallel()
	asked := make(chan bool, 10)
	var fails error
	s := once(document())
	s.Ledger, s.Feed = ledger(t), byName()
	s.Bundle = func(_ context.Context, streaming bool) ([]byte, error) {
		asked <- streaming
		return []byte("PK"), fails
	}
	s.Schedule = func() (string, error) { return "40 8 * * * <x>", nil }
	base := serving(t, s)
	own := session(t, s, base)
	if status, said, _ := post(t, base+"/bundle", `{}`, own...); status != 200 || said != "PK" || <-asked {
		t.Errorf("%d %q", status, said)
	}
	s.streaming.mu.Lock()
	s.streaming.stop = func() {}
	s.streaming.mu.Unlock()
	if status, _, _ := post(t, base+"/bundle", `{}`, own...); status != 200 || !<-asked {
		t.Errorf("while streaming: %d", status)
	}
	fails = errors.New("no room")
	if status, said, _ := post(t, base+"/bundle", `{}`, own...); status != 500 || !strings.Contains(said, "no room") {
		t.Errorf("%d %q", status, said)
	}
	s.mu.Lock()
	s.alone = time.Now().Add(time.Hour)
	s.mu.Unlock()
	if status, said, _ := post(t, base+"/bundle", `{}`, own...); status != 429 || !strings.Contains(said, "in 1 h") && !strings.Contains(said, "in 59 min") {
		t.Errorf("%d %q", status, said)
	}
	if status, said, _ := post(t, base+"/schedule", `{}`, own...); status != 200 || !strings.Contains(said, "<code>40 8 * * * &lt;x&gt;</code>") {
		t.Errorf("%d %q", status, said)
	}
	for _, path := range []string{"/bundle", "/schedule"} {
		if status, _, _ := post(t, base+path, `{}`); status != 401 {
			t.Errorf("%s without a session: %d", path, status)
		}
		if status, _ := ask(t, "GET", base+path, ""); status != 405 {
			t.Errorf("GET %s: %d", path, status)
		}
	}
}
