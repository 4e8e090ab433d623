package command

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// served is a ServeOptions of a scenario on a free port of loopback.
func served(scenario string) ServeOptions {
	o := ServeOptions{RunOptions: defaultRun(scenario), Metrics: "127.0.0.1:0", Every: time.Minute}
	o.Color = "never"
	return o
}

// TestServeScenarios serves real runs until it is told to end.
func TestServeScenarios(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		scenario, line string
		status         int
		metric         string
	}{
		{"healthy", "pass", 200, "upstox_doctor_status 0"},
		{"token-expired", "fail: token-expired", 503, "upstox_doctor_token_left_seconds -24300"},
		{"clock-ahead", "warn: clock-skew", 200, `upstox_doctor_check_status{check="network.clock",code="clock-skew",target="api.upstox.com"} 1`},
		{"healthy-behind-proxy", "pass", 200, "upstox_doctor_market_open 1"},
		{"market-closed", "pass", 200, "upstox_doctor_market_open 0"},
	} {
		t.Run(tc.scenario, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			said, errs := io.Pipe()
			a := App{In: strings.NewReader(""), Out: io.Discard, Errs: errs, Version: "test"}
			ended := make(chan error, 1)
			go func() { ended <- a.Serve(ctx, served(tc.scenario)); errs.Close() }()
			lines := bufio.NewScanner(said)
			lines.Scan()
			base := regexp.MustCompile(`http://[0-9.:]+`).FindString(lines.Text())
			lines.Scan()
			if _, line, _ := strings.Cut(lines.Text(), " "); line != tc.line {
				t.Errorf("says %q", lines.Text())
			}
			client := &http.Client{Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			all := ""
			for _, path := range []string{"/healthz", "/metrics", "/report.json", "/"} {
				a, err := client.Get(base + path)
				if err != nil {
					t.Fatal(err)
				}
				body, _ := io.ReadAll(a.Body)
				a.Body.Close()
				if path == "/healthz" && (a.StatusCode != tc.status || string(body) != tc.line+"\n") {
					t.Errorf("health: %d %q", a.StatusCode, body)
				}
				if path == "/metrics" && !strings.Contains(string(body), tc.metric+"\n") {
					t.Errorf("no %s in\n%s", tc.metric, body)
				}
				all += string(body)
			}
			for _, shape := range []string{"eyJ", "requestId=", "proxy.example.net@", ":secret"} {
				if strings.Contains(all, shape) {
					t.Errorf("shows %s", shape)
				}
			}
			cancel()
			go io.Copy(io.Discard, said)
			if err := <-ended; err != nil {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

func TestServeUsage(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*ServeOptions){
		"--every 29s is below 30s":               func(o *ServeOptions) { o.Every = 29 * time.Second },
		`--metrics "9469" is no address`:         func(o *ServeOptions) { o.Metrics = "9469" },
		"--metrics :9469 can be reached":         func(o *ServeOptions) { o.Metrics = ":9469" },
		"--metrics 0.0.0.0:9469 can be":          func(o *ServeOptions) { o.Metrics = "0.0.0.0:9469" },
		"--metrics [::]:9469 can be":             func(o *ServeOptions) { o.Metrics = "[::]:9469" },
		"--metrics box.example:9469 can":         func(o *ServeOptions) { o.Metrics = "box.example:9469" },
		`--fail-on "maybe"`:                      func(o *ServeOptions) { o.FailOn = "maybe" },
		`no check or stage is called "handshak"`: func(o *ServeOptions) { o.Only = []string{"handshak"} },
		`no scenario is called "x"`:              func(o *ServeOptions) { o.Simulate = "x" },
	} {
		a, s := testApp("")
		o := served("healthy")
		change(&o)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		err := a.Serve(ctx, o)
		cancel()
		if statusOf(t, err) != ExitUsage || !strings.Contains(err.Error(), want) || s.errs.Len() > 0 {
			t.Errorf("%s: %v, %q", want, err, s.errs.String())
		}
	}
}

func TestServeOnATakenPort(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	a, _ := testApp("")
	o := served("healthy")
	o.Metrics = fmt.Sprint(ln.Addr())
	if got := statusOf(t, a.Serve(t.Context(), o)); got != ExitFault {
		t.Errorf("status %d", got)
	}
}

func TestServeForOthersIfAllowed(t *testing.T) {
	t.Parallel()
	for _, address := range []string{":0", "0.0.0.0:0", "[::1]:9469", "localhost:0"} {
		o := served("healthy")
		o.Metrics, o.Public = address, true
		if err := o.parse(); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}
