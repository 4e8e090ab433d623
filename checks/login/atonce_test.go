package login_test

import (
	"context"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
)

// TestTwoLoginsAtOnce: the second login begins, and ends, while the first one waits for
// the answer to a call. So the older token would be saved last, which the second login
// has ended. What is in the file then works, and both logins say so.
func TestTwoLoginsAtOnce(t *testing.T) {
	t.Parallel()
	for _, where := range []struct {
		scenario, file, waits string
		writeEnv              bool
	}{
		{"token-expired-in-file", ".upstox_token", price3, false},
		{"token-expired-in-env-file", ".env", price3, false},
		{"token-expired-in-secrets-toml", filepath.Join(".streamlit", "secrets.toml"), price3, false},
		{"token-expired-in-file", ".env", price3, true},
		{"token-expired-in-file", ".upstox_token", exchange2, false},
	} {
		for clock, seconds := range map[string]int64{"in one second": 0, "in two seconds": 1} {
			t.Run(where.scenario+" "+where.file+" "+where.waits+" "+clock, func(t *testing.T) {
				t.Parallel()
				newer := twoLogins(t, where.scenario, where.waits, where.writeEnv, seconds)
				if text := newer.file(where.file); strings.Count(text, newer.done.Token.Value()) != 1 {
					t.Errorf("%s does not hold the token of the second login", where.file)
				}
			})
		}
	}
}

// Calls for which the first login waits.
const (
	exchange2 = "/v2/login/authorization/token"
	price3    = "/v3/market-quote/ltp"
)

// twoLogins returns the second one.
func twoLogins(t *testing.T, scenario, waits string, writeEnv bool, seconds int64) *loginUser {
	first, secondEnded := make(chan struct{}), make(chan struct{})
	var calls, later atomic.Int64
	answered := func(path string) {
		if path == waits && calls.Add(1) == 1 {
			close(first)
			<-secondEnded
		}
	}
	clock := func() time.Time {
		return time.Date(2026, 11, 23, 10, 30, int(later.Load()), 0, time.UTC)
	}
	a := startLogin(t, scenario, sim.Options{Redirect: simtest.FreeRedirect(t), Answered: answered, OneLogin: true, Now: clock})
	a.options.WriteEnv = writeEnv
	b := a.beside()
	older := make(chan checks.LoggedIn)
	go func() {
		done, err := a.logIn()
		if err != nil {
			t.Error("the first login:", err)
		}
		older <- done
	}()
	<-first
	later.Add(seconds)
	newer, err := b.logIn()
	b.done = newer
	if err != nil {
		t.Fatal("the second login:", err)
	}
	close(secondEnded)
	done := <-older
	if done.Token.Value() != newer.Token.Value() || done.Price == 0 || !done.OfOtherLogin || newer.OfOtherLogin {
		t.Errorf("the first login ends with %+v, the second with %+v", done, newer)
	}
	found, err := checks.Run(t.Context(), a.session.World("test/1"), checks.Options{Only: []string{"token"}})
	if err != nil || len(found.Report.RootCauses()) != 0 {
		t.Errorf("the doctor finds %+v, %v", found.Report.RootCauses(), err)
	}
	return b
}

// beside is another login of the same user, in another terminal. The port of the
// first is taken, so that the address is pasted.
func (d *loginUser) beside() *loginUser {
	shown := make(chan string, 1)
	b := &loginUser{t: d.t, session: d.session, world: d.session.World("test/1"), options: d.options}
	b.world.Flags = d.world.Flags
	b.options.Dialogue.Open = nil
	b.options.Dialogue.Say = b.print
	b.options.Dialogue.Show = func(url string) { shown <- url }
	b.options.Dialogue.Ask = func(context.Context, string) (string, error) { return b.address(<-shown).String(), nil }
	return b
}
