package serve

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"upstox-doctor/checks/connlimit"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/report"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// document is a report with these failures; a code ends in ? for a warning.
func document(codes ...string) report.Document {
	r := doctor.Report{Started: time.Now(), Duration: 300 * time.Millisecond, End: doctor.Complete, Results: []doctor.Result{
		{ID: "network.dns", Target: "api.upstox.com", Status: doctor.Pass, Duration: 20 * time.Millisecond},
	}}
	for i, code := range codes {
		res := doctor.Result{ID: fmt.Sprintf("token.c%d", i), Status: doctor.Fail, Code: code}
		if base, warns := strings.CutSuffix(code, "?"); warns {
			res.Status, res.Code = doctor.Warn, base
		}
		r.Results = append(r.Results, res)
	}
	return report.New(r, report.Meta{
		Tool:     report.Tool{Name: "upstox-doctor", Version: "v1", Go: "go1.26", OS: "linux", Arch: "amd64"},
		ExitCode: report.ExitCode(r, false), Market: report.Market{State: "open"},
	})
}

// serving answers on loopback, after the first run if there is one.
func serving(t *testing.T, s *Server) (base string) {
	t.Helper()
	base, ran, _ := servingUntil(t, s)
	if s.Every > 0 {
		<-ran
	}
	return base
}

// servingUntil tells of each run that has ended.
func servingUntil(t *testing.T, s *Server) (base string, runs <-chan struct{}, end func()) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	ran := make(chan struct{}, 100)
	s.OnReport = func(report.Document) { ran <- struct{}{} }
	go func() { ended <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("ended with %v", err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	return "http://" + ln.Addr().String(), ran, cancel
}

func once(d report.Document) *Server {
	return &Server{Run: func(context.Context, RunRequest) report.Document { return d }, Every: time.Hour}
}

// slow is a server whose first run does not end before all does.
func slow() *Server {
	return &Server{Run: func(ctx context.Context, _ RunRequest) report.Document {
		<-ctx.Done()
		return report.New(doctor.Report{End: doctor.Interrupted}, report.Meta{})
	}}
}

func ask(t *testing.T, method, url, host string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	a, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	if a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: header %v", url, a.Header)
	}
	return a.StatusCode, string(body)
}

func TestPages(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name         string
		server       *Server
		method, path string
		status       int
		holds        string
	}{
		{"metrics", once(document("token-expired")), "GET", "/metrics", 200, `upstox_doctor_root_cause{check="token.c0",code="token-expired",owner="you"} 1`},
		{"metrics of the process", once(document()), "GET", "/metrics", 200, "upstox_doctor_runs_total 1\n"},
		{"metrics before the first run", slow(), "GET", "/metrics", 200, "upstox_doctor_runs_total 0\n"},
		{"healthy", once(document()), "GET", "/healthz", 200, "pass\n"},
		{"warning", once(document("dns-slow?")), "GET", "/healthz", 200, "warn: dns-slow\n"},
		{"failing", once(document("token-expired", "plan-limit")), "GET", "/healthz", 503, "fail: token-expired, plan-limit\n"},
		{"health before the first run", slow(), "GET", "/healthz", 503, "starting: "},
		{"report", once(document("token-expired")), "GET", "/report.json", 200, `"schema": "upstox-doctor/report/v1"`},
		{"report before the first run", slow(), "GET", "/report.json", 503, "has not ended"},
		{"text", once(document("token-expired")), "GET", "/", 200, "FAIL  token-expired: "},
		{"only the head", once(document("token-expired")), "HEAD", "/report.json", 200, ""},
		{"head of health", once(document("token-expired")), "HEAD", "/healthz", 503, ""},
		{"another path", once(document()), "GET", "/report", 404, ""},
		{"a path beyond", once(document()), "GET", "/metrics/x", 404, ""},
		{"post", once(document()), "POST", "/metrics", 405, ""},
		{"delete", once(document()), "DELETE", "/report.json", 405, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			status, body := ask(t, tc.method, serving(t, tc.server)+tc.path, "")
			if status != tc.status || !strings.Contains(body, tc.holds) || tc.method == "HEAD" && body != "" {
				t.Errorf("%d %q", status, body)
			}
		})
	}
}

func TestWhoMayAsk(t *testing.T) {
	t.Parallel()
	private, public := serving(t, once(document())), once(document())
	public.Public = true
	open := serving(t, public)
	for host, want := range map[string]int{
		"": 200, "localhost:9469": 200, "LOCALHOST": 200, "127.0.0.1": 200, "127.8.8.8:80": 200, "[::1]:9469": 200, "[::1]": 200,
		"evil.example": 421, "evil.example:9469": 421, "127.0.0.1.evil.example": 421, "localhost.evil.example": 421, "10.0.0.1:9469": 421,
	} {
		if got, _ := ask(t, "GET", private+"/report.json", host); got != want {
			t.Errorf("%s: %d, want %d", host, got, want)
		}
		if got, _ := ask(t, "GET", open+"/report.json", host); got != 200 {
			t.Errorf("public, %s: %d", host, got)
		}
	}
}

// TestBounds sends oversized, malformed and unusual requests.
func TestBounds(t *testing.T) {
	t.Parallel()
	base := serving(t, once(document()))
	for name, tc := range map[string]struct {
		request string
		want    string
	}{
		"a header without end": {"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", connlimit.MaxHeader+16<<10) + "\r\n\r\n", " 431 "},
		"a body":               {"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody", " 200 "},
		"no HTTP":              {"\x16\x03\x01\x02\x00 hello\r\n\r\n", " 400 "},
		"no host":              {"GET /healthz HTTP/1.1\r\n\r\n", " 400 "},
		"an old client":        {"GET /healthz HTTP/1.0\r\n\r\n", " 421 "},
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		io.WriteString(conn, tc.request)
		line, _ := bufio.NewReader(conn).ReadString('\n')
		if !strings.Contains(line, tc.want) {
			t.Errorf("%s: %q", name, line)
		}
		conn.Close()
	}
}

// TestEndsDuringARun stops while a run goes on, and waits for it.
func TestEndsDuringARun(t *testing.T) {
	t.Parallel()
	s := slow()
	base := serving(t, s)
	if status, _ := ask(t, "GET", base+"/healthz", ""); status != 503 {
		t.Errorf("status %d", status)
	}
}

func TestServeFailsWithItsListener(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	if err := slow().Serve(t.Context(), ln); err == nil {
		t.Error("no error")
	}
}

func TestReportCanBeReadBack(t *testing.T) {
	t.Parallel()
	_, body := ask(t, "GET", serving(t, once(document("token-expired")))+"/report.json", "")
	d, err := report.ReadDocument(bytes.NewReader([]byte(body)))
	if err != nil || d.RootCause.Code != "token-expired" {
		t.Errorf("%v: %s", err, body)
	}
}
