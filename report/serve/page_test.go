package serve

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/report"
)

// get asks as a browser would, with more headers.
func get(t *testing.T, url string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html,*/*")
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
		req.Header.Set(header[i], header[i+1])
	}
	a, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a, string(body)
}

func TestPageOfARun(t *testing.T) {
	t.Parallel()
	base := serving(t, once(document("token-expired")))
	a, page := get(t, base+"/")
	for _, words := range []string{"<h1>Upstox Data</h1>", "Token Status", "NIFTY 50", "The access token has expired", `<script type="module" src="/page.js">`} {
		if !strings.Contains(page, words) {
			t.Errorf("no %q in\n%s", words, page)
		}
	}
	ended := draw("token", State{Now: time.Now(), Panel: &report.Panel{Token: report.PanelToken{Ends: time.Now().Add(-6 * time.Hour)}}})
	if !strings.Contains(ended, "<dt>Ended</dt>") || !strings.Contains(ended, "6 h ago") || strings.Contains(ended, "Time left") {
		t.Errorf("a token that has ended: %s", ended)
	}
	if got := a.Header.Get("Content-Security-Policy"); got != pagePolicy {
		t.Errorf("policy %q", got)
	}
	if len(page)+len(assets["page.css"].text)+len(assets["page.js"].text) > 100_000 {
		t.Error("the page is over 100 kB")
	}
	for _, name := range everySection {
		if err := pageTemplates().ExecuteTemplate(io.Discard, name, State{}); err != nil {
			t.Errorf("before the first run: %v", err)
		}
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	base := serving(t, once(document()))
	for name, f := range assets {
		a, body := get(t, base+"/"+name)
		if a.StatusCode != 200 || body != f.text || a.Header.Get("Content-Type") != f.mime {
			t.Errorf("%s: %d, %s", name, a.StatusCode, a.Header.Get("Content-Type"))
		}
		for _, elsewhere := range []string{"http://", "https://", "url("} {
			if strings.Contains(strings.ReplaceAll(body, "http://www.w3.org/2000/svg", ""), elsewhere) {
				t.Errorf("%s names an address: %s", name, elsewhere)
			}
		}
	}
}

func TestStateForPrograms(t *testing.T) {
	t.Parallel()
	_, body := get(t, serving(t, once(document("token-expired")))+"/state.json")
	var st struct {
		Run struct {
			Verdict struct{ Status, Message string }
		}
		Next time.Time `json:"next_run_at"`
	}
	if err := json.Unmarshal([]byte(body), &st); err != nil || st.Run.Verdict.Status != "fail" || st.Next.IsZero() {
		t.Errorf("%v: %s", err, body)
	}
}

// reader reads the events of a stream.
type reader struct {
	t     *testing.T
	lines *bufio.Scanner
	place string
}

func stream(t *testing.T, base, place string) *reader {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", base+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Last-Event-ID", place)
	a, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Body.Close() })
	lines := bufio.NewScanner(a.Body)
	lines.Buffer(nil, 1<<20)
	return &reader{t, lines, place}
}

func (r *reader) next() (c change) {
	r.t.Helper()
	for r.lines.Scan() {
		if id, is := strings.CutPrefix(r.lines.Text(), "id: "); is {
			r.place = id
		}
		if data, is := strings.CutPrefix(r.lines.Text(), "data: "); is {
			if err := json.Unmarshal([]byte(data), &c); err != nil {
				r.t.Fatal(err)
			}
			return c
		}
	}
	r.t.Fatal("the stream has ended:", r.lines.Err())
	return c
}

// TestEvents follows a run and the next: each change comes once, also to a reader
// that was away.
func TestEvents(t *testing.T) {
	t.Parallel()
	turn := make(chan string)
	s := &Server{Every: time.Hour, Run: func(ctx context.Context, ask RunRequest) report.Document {
		d := document("token-expired")
		o := report.NewOngoing([]doctor.Check{{ID: "token.present"}, {ID: "authorize"}}, report.Meta{}, time.Now())
		for step := range turn {
			if step == "end" {
				break
			}
			c := doctor.Check{ID: step}
			o.Observe(doctor.Event{Check: c})
			o.Observe(doctor.Event{Check: c, Result: &doctor.Result{ID: step, Status: doctor.Pass, Message: step + " was seen"}})
			ask.Observe(o)
		}
		return d
	}}
	base, _, _ := servingUntil(t, s)
	r := stream(t, base, "")
	if c := r.next(); len(c.Sections) != len(everySection) || c.Version != version {
		t.Fatalf("the first event has %d sections", len(c.Sections))
	}
	turn <- "token.present"
	if c := r.next(); !strings.Contains(c.Sections["stages"], "token.present was seen") || !strings.Contains(c.Sections["status"], "1 of 2 done") || c.Sections["token"] != "" {
		t.Errorf("after one check: %v", c.Sections)
	}
	away := r.place
	turn <- "authorize"
	r.next()
	turn <- "end"
	last := r.next()
	if !strings.Contains(last.Sections["verdict"], "The access token has expired") {
		t.Errorf("after the run: %v", last.Sections)
	}
	again := stream(t, base, away).next()
	if _, has := again.Sections["stages"]; !has || again.Sections["verdict"] != last.Sections["verdict"] {
		t.Errorf("a reader who was away gets %v", again.Sections)
	}
	if c := stream(t, base, r.place).next(); len(c.Sections) != 0 {
		t.Errorf("a reader who missed nothing gets %v", c.Sections)
	}
	if c := stream(t, base, "another-99").next(); len(c.Sections) != len(everySection) {
		t.Errorf("a reader of another process gets %v", c.Sections)
	}
}

func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	base := serving(t, once(document()))
	for range maxStreams {
		stream(t, base, "").next()
	}
	if a, _ := get(t, base+"/events"); a.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one more: %d", a.StatusCode)
	}
	if a, _ := get(t, base+"/healthz"); a.StatusCode != 200 {
		t.Errorf("health: %d", a.StatusCode)
	}
}

// TestAttacks sends what pages of other origins can make a browser send.
func TestAttacks(t *testing.T) {
	t.Parallel()
	base := serving(t, once(document()))
	host := strings.TrimPrefix(base, "http://")
	for _, tc := range []struct {
		name   string
		path   string
		header []string
		want   int
	}{
		{"a link in a chat", "/", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, 200},
		{"the bookmark", "/", []string{"Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, 200},
		{"the page itself", "/state.json", []string{"Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", "cors", "Sec-Fetch-Dest", "empty"}, 200},
		{"a browser without Sec-Fetch", "/state.json", []string{"Origin", base}, 200},
		{"a script of another site", "/state.json", []string{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "cors", "Sec-Fetch-Dest", "empty"}, 403},
		{"a script in an old browser", "/state.json", []string{"Origin", "https://evil.example"}, 403},
		{"a sandboxed page", "/state.json", []string{"Origin", "null"}, 403},
		{"another port of this machine", "/events", []string{"Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "empty"}, 403},
		{"an image", "/events", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image"}, 403},
		{"a script element", "/page.js", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "script"}, 403},
		{"a frame", "/", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe"}, 403},
		{"DNS rebinding", "/", []string{"Host", "rebound.example"}, 421},
		{"DNS rebinding with the port", "/state.json", []string{"Host", "rebound.example:" + host[strings.LastIndex(host, ":")+1:]}, 421},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a, body := get(t, base+tc.path, tc.header...)
			if a.StatusCode != tc.want {
				t.Errorf("status %d, want %d", a.StatusCode, tc.want)
			}
			if a.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" || !strings.Contains(a.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
				t.Errorf("header %v", a.Header)
			}
			if tc.want != 200 && len(body) > 60 {
				t.Errorf("says %s", body)
			}
		})
	}
}

// TestOtherSitesOpenNoStream: not even in a tab of its own, which would keep it.
func TestOtherSitesOpenNoStream(t *testing.T) {
	t.Parallel()
	base := serving(t, once(document()))
	for site, want := range map[string]int{"cross-site": 403, "same-site": 403, "none": 200} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", base+"/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"Site": site, "Mode": "navigate", "Dest": "document"} {
			req.Header.Set("Sec-Fetch-"+name, value)
		}
		a, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if a.StatusCode != want {
			t.Errorf("%s: %d, want %d", site, a.StatusCode, want)
		}
	}
}

// TestStreamsEndWithTheServer: a page that is open does not keep the program from
// ending.
func TestStreamsEndWithTheServer(t *testing.T) {
	t.Parallel()
	base, _, end := servingUntil(t, once(document()))
	r := stream(t, base, "")
	r.next()
	end()
	for r.lines.Scan() {
	}
	if err := r.lines.Err(); err != nil { // as of a connection that was cut
		t.Error(err)
	}
}
