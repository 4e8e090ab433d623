package report

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
)

var opening = time.Date(2026, 11, 23, 9, 15, 0, 0, market.IST)

func broke(n int, kind watch.EpisodeKind, code, message string, lasted time.Duration) watch.Episode {
	e := watch.Episode{
		N: n, Kind: kind, Began: opening.Add(time.Duration(n) * 7 * time.Minute), Attempts: n, Open: true,
		Finding: doctor.Result{Status: doctor.Fail, Code: code, Target: "wsfeeder-api.upstox.com", Message: message},
	}
	e.Finding.Evidence.Add("lived_seconds", 60)
	if lasted > 0 {
		e.Ended = e.Began.Add(lasted)
	}
	return e
}

func watched(episodes ...watch.Episode) watch.Summary {
	s := watch.Summary{
		Began: opening.Add(-5 * time.Minute), Ended: opening.Add(2 * time.Hour), EndedBy: watch.EndSignal,
		Up: 2 * time.Hour, Open: 2 * time.Hour, OpenUp: 118 * time.Minute, Ticks: 1234567, Frames: 25000,
		WorstDelay: 840 * time.Millisecond, WorstLag: 1200 * time.Millisecond,
		Episodes: episodes, Disconnects: len(episodes), Status: doctor.Warn,
	}
	for _, e := range episodes {
		if !e.Ended.IsZero() {
			s.Gaps = append(s.Gaps, watch.Gap{From: e.Began, To: e.Ended})
		}
	}
	return s
}

// lookupStream knows three more entries, whose words do not change either.
func lookupStream(code string) *catalog.Entry {
	for _, e := range []*catalog.Entry{
		{Code: "stream-dropped", Owner: catalog.Network, Title: "The stream breaks off", Cause: "Something underneath ended it.", Guide: "WebSocket onclose",
			Steps: []catalog.Step{{Do: "Send a ping every 20 seconds in your program."}, {Do: "Run the doctor again.", Run: "upstox-doctor"}}},
		{Code: "stream-closed", Owner: catalog.Upstox, Title: "The feed closes the stream", Cause: "The server said goodbye.",
			Steps: []catalog.Step{{Do: "Report it on https://community.upstox.com with the time."}}},
		{Code: "stream-lifetime", Owner: catalog.Network, Title: "Every connection lives for the same time", Cause: "An idle limit lies between you and Upstox.",
			Steps: []catalog.Step{{Do: "Raise the limit."}}},
	} {
		if e.Code == code {
			return e
		}
	}
	return lookup(code)
}

// watches are summaries of all kinds.
var watches = []struct {
	name string
	make func() watch.Summary
}{
	{"never-broke", func() watch.Summary { s := watched(); s.Status = doctor.Pass; s.OpenUp = s.Open; return s }},
	{"no-price", func() watch.Summary { s := watched(); s.Status, s.Ticks = doctor.Pass, 0; return s }},
	{"came-back", func() watch.Summary {
		s := watched(broke(1, watch.Dropped, "stream-dropped", "no close frame", 12*time.Second),
			broke(2, watch.Dropped, "stream-dropped", "connection reset by peer", 3*time.Second),
			broke(3, watch.ByServer, "stream-closed", "the feed closed the stream: 1008 policy", 400*time.Millisecond))
		s.Patterns = []watch.Pattern{{Episodes: []int{1, 2}, Finding: doctor.Result{Status: doctor.Fail, Code: "stream-lifetime", Message: "each lived for 60 s", Confidence: doctor.Likely}}}
		return s
	}},
	{"token-died", func() watch.Summary {
		e := broke(2, watch.RefusedOnReturn, "token-expired", "the token ended at 03:30 IST", 0)
		e.Permanent = true
		s := watched(broke(1, watch.Stalled, "stream-dropped", "no data and no pong for 20 s", time.Minute), e)
		s.Status, s.EndedBy, s.Backpressure = doctor.Fail, watch.EndNotRetryable, 3*time.Second
		return s
	}},
	{"never-opened", func() watch.Summary {
		s := watched(broke(1, watch.NeverOpened, "tcp-timeout", "203.0.113.20:443: i/o timeout", 0))
		s.Status, s.EndedBy, s.Up, s.Open, s.OpenUp, s.Ticks, s.Frames = doctor.Fail, watch.EndDuration, 0, 0, 0, 0, 0
		return s
	}},
	{"too-short", func() watch.Summary {
		return watch.Summary{Began: opening, Ended: opening, EndedBy: watch.EndSignal, Status: doctor.Skip}
	}},
	{"frozen-keys", func() watch.Summary {
		s := watched()
		s.OpenUp = s.Open
		for _, key := range []string{"NSE_EQ|INE002A01018", "NSE_FO|30007"} {
			s.FrozenKeys = append(s.FrozenKeys, doctor.Result{Status: doctor.Fail, Code: "stream-dropped", Target: key,
				Message: "no tick of " + key + " for 2 min; the rest of the stream is live", Confidence: doctor.Likely})
		}
		return s
	}},
	{"many", func() watch.Summary {
		var all []watch.Episode
		for n := range 30 {
			all = append(all, broke(n+1, watch.Dropped, []string{"stream-dropped", "stream-closed", "stream-lifetime", "clock-skew", "tcp-timeout"}[n%5], "again", time.Second))
		}
		s := watched(all...)
		s.Disconnects, s.EndedBy = 1030, watch.EndTime
		return s
	}},
}

func TestGoldenWatchSummary(t *testing.T) {
	t.Parallel()
	for _, tc := range watches {
		s := tc.make()
		page := builder{lookupStream, cleaner{}, "linux", Caller{}, nil}.watchSummary(s, WatchExit(s, true))
		for _, columns := range []int{60, 80, 120} {
			var out bytes.Buffer
			if err := page.Table(&out, Options{Width: columns}); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(out.String()) {
				if w := width(strings.TrimSuffix(line, "\n")); w > columns && !strings.HasPrefix(line, "    ") {
					t.Errorf("%s at %d: %d columns: %s", tc.name, columns, w, line)
				}
			}
			compareGolden(t, fmt.Sprintf("watch/%s-%d.txt", tc.name, columns), out.Bytes())
		}
		var out bytes.Buffer
		if err := page.JSON(&out); err != nil {
			t.Fatal(err)
		}
		compareGolden(t, "watch/"+tc.name+".json", out.Bytes())
	}
}

// TestDeadWatch holds what is said of a token that was dead from the start to
// five lines beside the steps.
func TestDeadWatch(t *testing.T) {
	t.Parallel()
	e := broke(1, watch.NeverOpened, "token-expired", "the token in UPSTOX_ACCESS_TOKEN (environment) ended Mon 23 Nov 03:30 IST, 6 h 45 min ago (GET /v3/feed: 401 UDAPI100050 Invalid token)", 0)
	e.Permanent = true
	s := watched(e)
	s.Status, s.Up, s.EndedBy = doctor.Fail, 0, watch.EndNotRetryable
	var out bytes.Buffer
	if err := NewWatchSummary(s, Meta{OS: "linux"}).Table(&out, Options{}); err != nil {
		t.Fatal(err)
	}
	steps := newPage(Options{})
	steps.firstSteps(NewWatchSummary(s, Meta{OS: "linux"}).Episodes[0].Finding.Fix.Steps, maxRows)
	got := strings.Count(strings.ReplaceAll(out.String(), "\n\n", "\n"), "\n")
	if got-steps.rows() > 5 || !strings.HasPrefix(out.String(), "Seen: the token in") || !strings.Contains(out.String(), "\nFAIL  token-expired: ") {
		t.Errorf("%d lines, %d of them steps:\n%s", got, steps.rows(), out.String())
	}
}

func TestWatchCountsReturns(t *testing.T) {
	t.Parallel()
	last := broke(3, watch.Dropped, "stream-dropped", "unexpected EOF", 0)
	last.Ended = time.Time{}
	s := watched(broke(1, watch.Dropped, "stream-dropped", "unexpected EOF", time.Second), broke(2, watch.Dropped, "stream-dropped", "unexpected EOF", time.Second), last)
	s.Status, s.Disconnects = doctor.Fail, 3
	var out bytes.Buffer
	if err := NewWatchSummary(s, Meta{}).Table(&out, Options{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "FAIL  The stream broke 3 times and came back 2 times") {
		t.Error(out.String())
	}
}

func TestWatchExit(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		status  doctor.Status
		endedBy string
		warn    bool
		want    int
	}{
		{doctor.Pass, watch.EndSignal, true, 0}, {doctor.Warn, watch.EndDuration, false, 0}, {doctor.Warn, watch.EndDuration, true, 3},
		{doctor.Fail, watch.EndNotRetryable, false, 1}, {doctor.Fail, watch.EndSignal, true, 1},
		{doctor.Skip, watch.EndSignal, false, 130}, {doctor.Skip, watch.EndDuration, false, 4},
	} {
		if got := WatchExit(watch.Summary{Status: tc.status, EndedBy: tc.endedBy}, tc.warn); got != tc.want {
			t.Errorf("%s, %s, fail on warn %v: %d, want %d", tc.status, tc.endedBy, tc.warn, got, tc.want)
		}
	}
}

func TestQuietWatch(t *testing.T) {
	t.Parallel()
	for _, tc := range watches {
		var out bytes.Buffer
		s := tc.make()
		if err := NewWatchSummary(s, Meta{}).Table(&out, Options{Quiet: true}); err != nil || (out.Len() == 0) != (s.Status == doctor.Pass) {
			t.Errorf("%s: %d bytes, %v", tc.name, out.Len(), err)
		}
	}
	if err := NewWatchSummary(watched(), Meta{}).Table(&brokenWriter{errors.New("gone")}, Options{}); err == nil {
		t.Error("a broken pipe gives no error")
	}
}

// TestHostileEpisodes puts what a terminal would obey, and a secret, wherever
// text comes from outside.
func TestHostileEpisodes(t *testing.T) {
	t.Parallel()
	e := broke(1, watch.ByServer, "stream-closed", "\x1b[2J"+secret+"\r\n\u202e", 0)
	e.Finding.Evidence.Add("close_reason", "\x1b]0;"+secret+"\a\u009b31m")
	e.Finding.Target = "\x1b[31m" + secret
	s := watched(e)
	s.Patterns = []watch.Pattern{{Episodes: []int{1}, Finding: e.Finding}}
	page := NewWatchSummary(s, Meta{Scrub: func(s string) string { return strings.ReplaceAll(s, secret, "…") }})
	for _, o := range []Options{{}, {Verbose: true, Width: 40}} {
		var out bytes.Buffer
		page.Table(&out, o)
		page.JSON(&out)
		if strings.Contains(out.String(), secret) {
			t.Errorf("the secret is shown: %s", out.String())
		}
		if i := strings.IndexFunc(out.String(), func(r rune) bool { return r != '\n' && obeyed(r) }); i >= 0 {
			t.Errorf("not printable: %q", out.String()[max(0, i-20):i+20])
		}
	}
}

func TestFitAndWrap(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text    string
		columns int
		want    string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"abcd", 1, "…"}, {"abcd", 0, ""}, {"中文", 3, "中…"}, {"中文", 1, "…"}, {"中文", 2, "…"},
	} {
		if got := Fit(tc.text, tc.columns); got != tc.want || Width(got) > tc.columns {
			t.Errorf("%q in %d: %q, want %q", tc.text, tc.columns, got, tc.want)
		}
	}
	for _, line := range Wrap("see https://account.upstox.com/developer/apps for \x1b[2J more", 12) {
		if Width(line) > 12 || strings.Contains(line, "\x1b") {
			t.Errorf("wrapped to %q", line)
		}
	}
}
