package checks_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/tape"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
)

// recorded runs a scenario with a tape, in virtual time, and returns what was
// found, the secrets that were in play and the tape.
func recorded(t *testing.T, sc sim.Scenario) (d checks.Report, secrets []string, b []byte) {
	t.Helper()
	simtest.Run(t, sc, func(t *testing.T, s *sim.Session) {
		w := s.World("upstox-doctor/test")
		path := filepath.Join(t.TempDir(), "tape")
		var err error
		w.Tape, err = tape.Open(t.Context(), path, tape.Header{Tool: tape.Tool{Name: "upstox-doctor", Version: "test"}, StartedAt: w.Now(), Kind: tape.Run}, tape.Options{Secrets: w.Secrets})
		if err != nil {
			t.Fatal(err)
		}
		d = run(t, w)
		if err := w.Tape.Close(); err != nil {
			t.Fatal(err)
		}
		if b, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
		secrets = s.Secrets()
	})
	return d, secrets, b
}

// replayed replays a tape. The text is all of its content, with frames decoded
// from base64, so that it can be searched.
func replayed(t *testing.T, b []byte) (checks.Report, string) {
	t.Helper()
	r, err := tape.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	var run *checks.RecordedRun
	var all strings.Builder
	for {
		rec, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		var raw rawText
		if err := rec.Decode(&raw); err != nil {
			t.Fatal(err)
		}
		all.WriteString(string(raw) + "\n" + string(rec.Data) + "\n")
		if run == nil {
			if run, err = checks.Replay(rec); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := run.Handle(rec); err != nil {
			t.Fatal(err)
		}
	}
	return run.Report(), all.String()
}

// rawText keeps a JSON text as it is.
type rawText string

func (r *rawText) UnmarshalJSON(b []byte) error { *r = rawText(b); return nil }

// TestReplayGivesTheVerdictOfTheRun records every scenario and replays the tape.
// No secret of the session, and nothing of the user's profile, is on it.
func TestReplayGivesTheVerdictOfTheRun(t *testing.T) {
	t.Parallel()
	for _, sc := range simtest.Scenarios() {
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			live, secrets, b := recorded(t, sc)
			again, all := replayed(t, b)
			if diff := cmp.Diff(acceptedIn(live.Report), acceptedIn(again.Report)); diff != "" {
				t.Errorf("verdict (-live +replay):\n%s\n%s", diff, results(again.Report))
			}
			if live.Market.State != again.Market.State || !live.Market.NextOpen.Equal(again.Market.NextOpen) || live.Market.Source != again.Market.Source {
				t.Errorf("market %+v, live %+v", again.Market, live.Market)
			}
			ignore := cmp.Options{cmpopts.IgnoreUnexported(doctor.Result{}), cmpopts.IgnoreFields(doctor.Result{}, "Message", "Evidence", "Symptom")}
			if diff := cmp.Diff(live.Results, again.Results, ignore); diff != "" {
				t.Errorf("results (-live +replay):\n%s", diff)
			}
			if live.End != again.End || live.Duration != again.Duration || !live.Started.Equal(again.Started) {
				t.Errorf("run %v %v %v, live %v %v %v", again.End, again.Duration, again.Started, live.End, live.Duration, live.Started)
			}
			for _, secret := range append(secrets, personalData...) {
				for name, spelled := range spellings(secret) {
					if strings.Contains(all, spelled) {
						t.Errorf("a secret of %d characters is on the tape, %s", len(secret), name)
					}
				}
			}
		})
	}
}

// personalData are the user's data in the simulated profile.
var personalData = []string{"Asha Simulator", "asha@example.com", "4SIMUL"}

func spellings(secret string) map[string]string {
	return map[string]string{
		"raw": secret, "escaped": url.QueryEscape(secret), "escaped as a path": url.PathEscape(secret),
		"base64": base64.RawStdEncoding.EncodeToString([]byte(secret)), "base64 of URLs": base64.RawURLEncoding.EncodeToString([]byte(secret)),
	}
}

// TestReplayJudgesAnew changes what a tape says was concluded, and not what was
// seen: today's rules must find the right code again.
func TestReplayJudgesAnew(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"handshake-forbidden", "tcp-refused", "dns-not-found", "tls-untrusted", "proxy-denied", "rate-limited", "edge-blocked", "endpoint-gone",
		"stream-closed", "stream-dropped", "stream-silent", "stream-stalled", "frame-not-binary", "frame-undecodable", "no-snapshot",
		"instrument-unknown", "plan-limit", "no-live-ticks",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			sc, ok := sim.Find(code)
			if !ok {
				t.Fatalf("no scenario %s", code)
			}
			_, _, b := recorded(t, sc)
			r, err := tape.NewReader(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			lying := filepath.Join(t.TempDir(), "lying")
			w, err := tape.Open(t.Context(), lying, r.Header(), tape.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for {
				rec, err := r.Next()
				if err != nil {
					break
				}
				var more map[string]any
				if err := rec.Decode(&more); err != nil {
					t.Fatal(err)
				}
				if more["code"] == code {
					more["code"] = "an-old-name"
				}
				delete(more, "at")
				delete(more, "kind")
				delete(more, "data")
				w.Add(tape.Entry{At: rec.At, Kind: rec.Kind, Data: rec.Data, More: more})
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			b, err = os.ReadFile(lying)
			if err != nil {
				t.Fatal(err)
			}
			again, _ := replayed(t, b)
			if got := acceptedIn(again.Report).Code; got != code {
				t.Errorf("got %s, want %s\n%s", got, code, results(again.Report))
			}
		})
	}
}
