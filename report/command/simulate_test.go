package command

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"upstox-doctor/fixtures/valid"
	"upstox-doctor/report"
)

// simulate serves until the test ends, and returns what is written on standard
// output once it does.
func simulate(t *testing.T, o SimulateOptions) report.SimulateReady {
	t.Helper()
	r, stop := simulateUntil(t, o)
	t.Cleanup(stop)
	return r
}

func simulateUntil(t *testing.T, o SimulateOptions) (ready report.SimulateReady, stop func()) {
	t.Helper()
	a, _ := testApp("")
	read, write := io.Pipe()
	a.Out, a.Errs = write, io.Discard
	o.Color, o.Listen = "never", "127.0.0.1:0"
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		err := a.Simulate(ctx, o)
		write.CloseWithError(err)
		done <- err
	}()
	line := make([]byte, 1<<16)
	n, err := read.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := valid.JSON("simulate", line[:n]); err != nil || bytes.Count(line[:n], []byte("\n")) != 1 {
		t.Errorf("%v in %q", err, line[:n])
	}
	if err := json.Unmarshal(line[:n], &ready); err != nil {
		t.Fatal(err)
	}
	return ready, func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// profile asks the simulator for the profile, trusting just the file of its
// authority.
func profile(t *testing.T, r report.SimulateReady) int {
	t.Helper()
	roots := x509.NewCertPool()
	if r.CA != "" {
		pem, err := os.ReadFile(r.CA)
		if err != nil || !roots.AppendCertsFromPEM(pem) {
			t.Fatalf("%s: %v", r.CA, err)
		}
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	defer transport.CloseIdleConnections()
	ask, err := http.NewRequestWithContext(t.Context(), "GET", r.URL+"/v2/user/profile", nil)
	if err != nil {
		t.Fatal(err)
	}
	ask.Header.Set("Authorization", "Bearer "+r.Env["UPSTOX_ACCESS_TOKEN"])
	answer, err := transport.RoundTrip(ask)
	if err != nil {
		t.Error(err)
		return 0
	}
	answer.Body.Close()
	return answer.StatusCode
}

var caVariables = []string{"SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}

func TestReadyLine(t *testing.T) {
	t.Parallel()
	r := simulate(t, SimulateOptions{Scenarios: []string{"healthy"}})
	if got := profile(t, r); got != 200 {
		t.Errorf("profile answers %d", got)
	}
	for _, name := range caVariables {
		if r.CA == "" || r.Env[name] != r.CA {
			t.Errorf("%s is %q, the authority is in %q", name, r.Env[name], r.CA)
		}
	}
	state, err := http.Post(r.Control+"/v1/expect", "application/json", strings.NewReader(`{"requests":{"GET /v2/user/profile":1}}`))
	if err != nil {
		t.Fatal(err)
	}
	said, _ := io.ReadAll(state.Body)
	state.Body.Close()
	if _, err := valid.JSON("control", said); err != nil || state.StatusCode != 200 {
		t.Errorf("the control answers %d %s: %v", state.StatusCode, said, err)
	}
	plain := simulate(t, SimulateOptions{Scenarios: []string{"healthy"}, Plain: true})
	if got := profile(t, plain); got != 200 || plain.CA != "" || plain.Env["SSL_CERT_FILE"] != "" {
		t.Errorf("without TLS: profile answers %d, authority %q", got, plain.CA)
	}
	odd := simulate(t, SimulateOptions{Scenarios: []string{"token-with-newline"}, Plain: true})
	if token := odd.Env["UPSTOX_ACCESS_TOKEN"]; !strings.HasSuffix(token, "\r\n") {
		t.Errorf("the token %q has no line break", token)
	}
	feed := simulate(t, SimulateOptions{Scenarios: []string{"tls-expired-feed"}})
	if feed.FeedURL == "" || profile(t, feed) != 200 {
		t.Errorf("the feed with a fault of its own is at %q", feed.FeedURL)
	}
}

// The temporary authority goes with the simulator; one in a directory stays.
func TestAuthorityBetweenStarts(t *testing.T) {
	t.Parallel()
	r, stop := simulateUntil(t, SimulateOptions{Scenarios: []string{"healthy"}})
	stop()
	if _, err := os.Stat(r.CA); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", r.CA, err)
	}
	dir := filepath.Join(t.TempDir(), "new", "authority")
	first, stop := simulateUntil(t, SimulateOptions{Scenarios: []string{"healthy"}, CADir: dir})
	pem, err := os.ReadFile(first.CA)
	stop()
	second := simulate(t, SimulateOptions{Scenarios: []string{"token-expiring-soon"}, CADir: dir})
	again, errAgain := os.ReadFile(second.CA)
	if err != nil || errAgain != nil || !bytes.Equal(pem, again) || len(pem) == 0 {
		t.Errorf("the authority has changed: %v %v", err, errAgain)
	}
	if got := profile(t, second); got != 401 && got != 200 {
		t.Errorf("profile answers %d", got)
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if info, err := e.Info(); err != nil || e.Name() == "ca-key.pem" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", e.Name(), info.Mode(), err)
		}
	}
	if len(entries) != 2 {
		t.Errorf("%d files in the directory of the authority", len(entries))
	}
}

// Of starts at the same time all have the authority that one has made.
func TestAuthorityOfStartsAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	all := make(chan report.SimulateReady, 4)
	for range cap(all) {
		go func() { all <- simulate(t, SimulateOptions{Scenarios: []string{"healthy"}, CADir: dir}) }()
	}
	for range cap(all) {
		if got := profile(t, <-all); got != 200 {
			t.Errorf("profile answers %d", got)
		}
	}
}

// A directory with something else is left as it is.
func TestAuthorityOfSomebodyElse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "ca-key.pem")
	if err := os.WriteFile(file, []byte("not a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	a, _ := testApp("")
	err := a.Simulate(t.Context(), SimulateOptions{OutputOptions: plain, Scenarios: []string{"healthy"}, Listen: "127.0.0.1:0", CADir: dir})
	if text, _ := os.ReadFile(file); statusOf(t, err) != ExitFault || string(text) != "not a key" {
		t.Errorf("%v, and the file holds %q", err, text)
	}
}

func TestListOfSomeScenarios(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{"handshake": `"name": "handshake-timeout"`, "tls-exp": `"name": "tls-expired-feed"`} {
		a, s := testApp("")
		if err := a.Simulate(t.Context(), SimulateOptions{OutputOptions: asJSON(), List: true, Scenarios: []string{word}}); err != nil {
			t.Error(err)
		}
		if out := s.out.String(); !strings.Contains(out, want) || strings.Contains(out, `"name": "healthy"`) {
			t.Errorf("%s: %s", word, out)
		}
	}
}
