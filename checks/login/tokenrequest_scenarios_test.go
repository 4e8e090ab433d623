package login_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/login"
	"upstox-doctor/checks/token"
	"upstox-doctor/fixtures/simtest"
)

// TestRequestLivesByUpstoxsClock has a local clock that is wrong, and ends that
// make no sense: the documented one is the next 03:30 in India.
func TestRequestLivesByUpstoxsClock(t *testing.T) {
	t.Parallel()
	const enough = 2 * time.Minute
	for _, tc := range []struct {
		name        string
		life, ahead time.Duration
		want        time.Duration
		said        string
	}{
		{"right", time.Minute, 0, time.Minute, "Sat 1 Jan 2000 05:31 IST"},
		{"an hour ahead", time.Minute, time.Hour, time.Minute, "Sat 1 Jan 2000 04:31 IST"},
		{"an hour behind", time.Minute, -time.Hour, time.Minute, "Sat 1 Jan 2000 06:31 IST"},
		{"no end", 0, 0, enough, "Sun 2 Jan 2000 03:30 IST"},
		{"an end in the past", -time.Hour, 0, enough, "Sun 2 Jan 2000 03:30 IST"},
		{"an end in years", 1e5 * time.Hour, 0, enough, "Sun 2 Jan 2000 03:30 IST"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRequest(t, oldToken)
				r.validFor, r.clockAhead = tc.life, tc.ahead
				ctx, cancel := context.WithTimeout(t.Context(), enough)
				defer cancel()
				_, took, err := r.run(ctx, t)
				diagnosed(t, err, catalog.LoginTimeout)
				if took != tc.want || !strings.Contains(r.said.String(), "until "+tc.said+".") {
					t.Errorf("took %s, want %s; says %q", took, tc.want, r.said.String())
				}
			})
		})
	}
}

func TestRequestTells(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRequest(t, oldToken)
		path := r.flow.Store.Path
		r.run(t.Context(), t)
		want := []string{"The request is sent. ", "to https://bot.example.com/upstox/hook, until Sat 1 Jan 2000 05:31 IST. What runs there must write it to " + path, "Waiting for another token in " + path}
		lines := strings.Split(strings.TrimSpace(r.said.String()), "\n")
		if len(lines) != len(want) {
			t.Fatalf("says %q", lines)
		}
		for i, w := range want {
			if !strings.Contains(lines[i], w) {
				t.Errorf("says %q, want %q", lines[i], w)
			}
		}
		if got := r.flow.Secrets.String("key=n0t1f1er pass-w0rd"); strings.Contains(got, "n0t") || strings.Contains(got, "pass") {
			t.Errorf("the secrets of the notifier URL are not known: %s", got)
		}
	})
}

// TestRequestCountsDown redraws one line, and takes it away at the end.
func TestRequestCountsDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRequest(t, oldToken)
		r.validFor = time.Hour + 5*sec
		r.flow.Dialogue.Wait = func(line string) { r.waits = append(r.waits, line) }
		time.AfterFunc(10*sec-1, func() { writeFile(t, r.flow.Store.Path, "mk404x") })
		time.AfterFunc(20*sec, func() { writeFile(t, r.flow.Store.Path, newToken) })
		if _, _, err := r.run(t.Context(), t); err != nil {
			t.Fatal(err)
		}
		path := r.flow.Store.Path
		all := strings.Join(r.waits, "\n")
		for _, want := range []string{
			"1:00:05 left, waiting for another token in " + path + "\n", "59:59 left, waiting for another token in " + path + "\n",
			"59:50 left, waiting for another token in " + path + "; it holds no token (",
		} {
			if !strings.Contains(all, want) {
				t.Errorf("never says %q", want)
			}
		}
		if r.waits[len(r.waits)-1] != "" || strings.Contains(r.said.String(), "Waiting") {
			t.Errorf("ends with %q, and says %q", r.waits[len(r.waits)-1], r.said.String())
		}
	})
}

func TestRequestRefused(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]struct {
		entry *catalog.Entry
		seen  string
	}{
		"UDAPI100069": {catalog.LoginCredentialsInvalid, "UDAPI100069"},
		"UDAPI1123":   {catalog.LoginRequestRefused, "the app has no notifier URL"},
		"UDAPI1124":   {catalog.LoginRequestRefused, "the user is not an individual"},
		"UDAPI1155":   {catalog.LoginRequestRefused, "the app is under review or was rejected"},
		"UDAPI1157":   {catalog.LoginRequestRefused, "the app has expired"},
		"UDAPI1024":   {catalog.RequestInvalid, "UDAPI1024"},
	} {
		r := newRequest(t, oldToken)
		r.answer = problem(code)
		_, _, err := r.run(t.Context(), t)
		if f := diagnosed(t, err, want.entry); !strings.Contains(f.Seen, want.seen) || r.said.Len() > 0 {
			t.Errorf("%s: seen %q, said %q", code, f.Seen, r.said.String())
		}
	}
}

func TestRequestNeedsAFileThatCanBeRead(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"broken JSON": `{"access_token":`, "UTF-16": "\xff\xfee\x00"} {
		r := newRequest(t, text)
		_, _, err := r.run(t.Context(), t)
		if _, ok := errors.AsType[*token.FileError](err); !ok || r.asked != 0 {
			t.Errorf("%s: %v after %d requests", name, err, r.asked)
		}
	}
}

// TestRequestNeedsKeyAndSecretOnly asks for what is missing of the two, goes to
// the embedded Upstox, and lets its user approve.
func TestRequestNeedsKeyAndSecretOnly(t *testing.T) {
	t.Parallel()
	d := newLoginUser(t, "token-expired", simtest.FreeRedirect(t))
	secret, env := d.session.Env["UPSTOX_API_SECRET"], d.world.Env
	d.world.Flags = nil
	d.world.Env = func(name string) (string, bool) {
		if name == "UPSTOX_REDIRECT_URI" || name == "UPSTOX_API_SECRET" {
			return "", false
		}
		return env(name)
	}
	d.options = checks.LoginOptions{Request: true, Dialogue: login.Dialogue{Say: d.print}}
	_, err := d.logIn()
	if failure := diagnosed(t, err, catalog.EnvMissingCredentials); failure.Target != "UPSTOX_API_SECRET" {
		t.Errorf("speaks of %s", failure.Target)
	}
	d.options.AskFor = func(context.Context, string, bool) (string, error) { return secret, nil }
	d.options.Confirm = func(context.Context, string) (bool, error) { return false, nil }
	d.session.Notify(func(message []byte) { writeFile(t, d.world.TokenPath(), string(message)) })
	done, err := d.logIn()
	if err != nil || len(done.Shadows) != 1 || done.Saved[0] != ".upstox_token" || !strings.Contains(d.file(".upstox_token"), done.Token.Value()) {
		t.Errorf("got %+v, %v", done, err)
	}
}
