package checks_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/login"
	"upstox-doctor/checks/redact"
	"upstox-doctor/checks/tape"
	"upstox-doctor/checks/watch"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/report"
)

// A commandVerdict is what a command says of a world: code, target and exit
// status, as in "token-expired UPSTOX_ACCESS_TOKEN 1".
type commandVerdict struct {
	Code, Target string
	Exit         int
}

func (v commandVerdict) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %d", v.Code, v.Target, v.Exit))
}

// An exception is what a command rightly says of a scenario instead of what the
// run says.
type exception struct{ command, says, reason string }

const (
	cleaned         = "it goes on with the cleaned token, which works"
	fileNotNeeded   = "the file holds nothing that a stream needs; the token stands elsewhere"
	profileNotAsked = "it asks for no profile, which no stream needs"
	recovered       = "the stream came back, so that it ends with a warning"
	appNeeded       = "it can do nothing without key and secret, where a stream needs a token alone"
	pricesOnly      = "it holds the stream of prices, which the portfolio feed does not stop"
	tokenFirst      = "it meets the token before the feed's host"
)

// exceptions are all there are, by scenario.
var exceptions = map[string][]exception{
	"token-with-bom":               {{"watch", "0", cleaned}},
	"token-with-control-character": {{"watch", "0", cleaned}},
	"token-with-zero-width-space":  {{"watch", "0", cleaned}},
	"token-with-space":             {{"watch", "0", cleaned}},
	"token-with-newline":           {{"watch", "0", cleaned}},
	"token-with-bearer":            {{"watch", "0", cleaned}},
	"token-in-quotes":              {{"watch", "0", cleaned}},
	"env-file-directory":           {{"watch", "0", fileNotNeeded}},
	"env-file-binary":              {{"watch", "0", fileNotNeeded}},
	"env-file-syntax":              {{"watch", "0", fileNotNeeded}},
	"token-file-directory":         {{"watch", "0", fileNotNeeded}},
	"account-inactive":             {{"watch", "0", profileNotAsked}},
	"token-near-without-credentials": {
		{"login", "env-missing-credentials UPSTOX_API_KEY, UPSTOX_API_SECRET 1", appNeeded},
	},
	"portfolio-unavailable": {{"watch", "0", pricesOnly}},
	"portfolio-forbidden":   {{"watch", "0", pricesOnly}},
	"watch-opened-late":     {{"watch", "upstox-unavailable wsfeeder-api.upstox.com 0", recovered}},
	"closed-feed-host-and-expired-token": {
		{"watch", "token-expired UPSTOX_ACCESS_TOKEN 1", tokenFirst},
		{"token", "token-expired UPSTOX_ACCESS_TOKEN 1", tokenFirst},
	},
}

// TestOneVerdict holds every failing scenario against every command that meets
// it: each must say the same, live and from its tape.
func TestOneVerdict(t *testing.T) {
	t.Parallel()
	for _, sc := range simtest.Scenarios() {
		if sc.Want.Exit != 1 {
			continue
		}
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			for name, command := range commands {
				var allowed []string
				for _, e := range exceptions[sc.Name] {
					if e.command == name {
						allowed = append(allowed, e.says)
					}
				}
				if allowed == nil {
					allowed = command.allowed(sc)
				}
				for i, got := range inMemory(t, sc, command.verdicts) {
					if !slices.Contains(allowed, got.String()) {
						t.Errorf("%s (%d): %q, want %q", name, i, got, allowed)
					}
				}
			}
		})
	}
}

// commands are those that diagnose a world: what they may find in a scenario, and
// what they do find, live and from a recording.
var commands = map[string]struct {
	allowed  func(sim.Scenario) []string
	verdicts func(t *testing.T, w checks.World, s *sim.Session) []commandVerdict
}{
	"run":   {runVerdict, runVerdicts},
	"watch": {runVerdict, watchVerdicts},
	"token": {tokens, tokenVerdicts},
	"login": {logins, loginVerdicts},
}

const healthy = "0"

// runVerdict is the verdict of the run.
func runVerdict(sc sim.Scenario) []string {
	return []string{commandVerdict{sc.Want.Code, sc.Want.Target, sc.Want.Exit}.String()}
}

// tokens: the checks of a token go to the API's host and no further.
func tokens(sc sim.Scenario) []string {
	stage, _, _ := strings.Cut(sc.Want.Check, ".")
	if sc.Want.Target == checks.FeedHost || !slices.Contains([]string{"environment", "network", "token"}, stage) {
		return []string{healthy}
	}
	return runVerdict(sc)
}

// logins: a login needs key, secret and the way to the API's host. Of what the
// token and the feed meet it may be spared.
func logins(sc sim.Scenario) []string {
	stage, _, _ := strings.Cut(sc.Want.Check, ".")
	if sc.Want.Target != checks.FeedHost && stage == "network" || sc.Want.Code == "env-missing-credentials" || sc.Want.Code == "env-file-unreadable" {
		return runVerdict(sc)
	}
	return append(runVerdict(sc), healthy)
}

// inMemory starts the scenario in a bubble and asks for the verdicts there.
func inMemory(t *testing.T, sc sim.Scenario, verdicts func(*testing.T, checks.World, *sim.Session) []commandVerdict) (all []commandVerdict) {
	t.Helper()
	simtest.Run(t, sc, func(t *testing.T, s *sim.Session) {
		all = verdicts(t, s.World("upstox-doctor/test"), s)
	})
	return all
}

func reportVerdict(r doctor.Report) commandVerdict {
	v := acceptedIn(r)
	return commandVerdict{v.Code, v.Target, v.Exit}
}

// runVerdicts are those of a run, of its tape, and of the next run in the same
// world, as serve makes it.
func runVerdicts(t *testing.T, w checks.World, _ *sim.Session) []commandVerdict {
	path := filepath.Join(t.TempDir(), "tape")
	writer, err := tape.Open(t.Context(), path, tape.Header{Kind: tape.Run, StartedAt: w.Now()}, tape.Options{Secrets: w.Secrets})
	if err != nil {
		t.Fatal(err)
	}
	var all []commandVerdict
	for _, recorder := range []*tape.Writer{writer, nil} {
		w.Tape, w.Secrets = recorder, new(redact.Set)
		d, err := checks.Run(t.Context(), w, checks.Options{Timeout: 10 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, reportVerdict(d.Report))
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	recorded, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d, _ := replayed(t, recorded)
	return append(all, reportVerdict(d.Report))
}

// watchVerdicts are those of a watch of a minute and a half, and of its tape.
func watchVerdicts(t *testing.T, w checks.World, _ *sim.Session) []commandVerdict {
	path := filepath.Join(t.TempDir(), "tape")
	tell, end := recordTape(t, path, w)
	s, err := w.Watch(t.Context(), watch.Options{For: 90 * time.Second, Tape: tell}, &reader{})
	if err != nil {
		t.Fatal(err)
	}
	end()
	again, _ := replayTape(t, path)
	return []commandVerdict{summaryVerdict(s), summaryVerdict(again)}
}

func summaryVerdict(s watch.Summary) commandVerdict {
	v := commandVerdict{Exit: report.WatchExit(s, false)}
	if s.Disconnects > 1 {
		v.Exit = 1 // lost again and again: whether it is back when the time ends is chance
	}
	if n := len(s.Episodes); n > 0 {
		v.Code, v.Target = s.Episodes[n-1].Finding.Code, s.Episodes[n-1].Finding.Target
	}
	return v
}

func tokenVerdicts(t *testing.T, w checks.World, _ *sim.Session) []commandVerdict {
	r := w.TokenStatus(t.Context(), checks.TokenOptions{Timeout: 10 * time.Second}).Report
	v := reportVerdict(r)
	if v.Exit == 0 {
		return []commandVerdict{{}} // warnings and notes are of other things than the scenario's
	}
	return []commandVerdict{v}
}

// loginVerdicts is that of a login by hand, whose user signs in if the page can
// be had.
func loginVerdicts(t *testing.T, w checks.World, s *sim.Session) []commandVerdict {
	page := ""
	dialogue := login.Dialogue{Once: true, Say: func(string) {}, Show: func(url string) { page = url }, Ask: func(context.Context, string) (string, error) {
		browser := &http.Transport{DialTLSContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return w.Net.Open(ctx, checks.APIHost, 443, "http/1.1")
		}, DisableKeepAlives: true}
		landing, err := sim.SignIn(&http.Client{Transport: browser, Timeout: time.Minute}, page)
		if err != nil || landing.Hostname() != "127.0.0.1" {
			return "abc123", nil // a code from elsewhere
		}
		return landing.String(), nil
	}}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	_, err := w.LogIn(ctx, checks.LoginOptions{Dialogue: dialogue, ByHand: true})
	if failure, failed := errors.AsType[*login.Failure](err); failed {
		return []commandVerdict{{failure.Entry.Code, failure.Target, 1}}
	}
	if err != nil {
		t.Error(err)
	}
	return []commandVerdict{{}}
}
