package command

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"upstox-doctor/fixtures/simtest"
)

// defaultToken is the command as the flags give it when none is set.
func defaultToken(scenario string) TokenOptions {
	return TokenOptions{
		OutputOptions: plain, WorldOptions: WorldOptions{Simulate: scenario}, LimitOptions: defaultLimits,
	}
}

func TestTokenStatuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*TokenOptions)
		status int
		prints string
	}{
		{"valid", func(o *TokenOptions) {}, 0, "Token is valid and working! Next:\n"},
		{"quiet when valid", func(o *TokenOptions) { o.Quiet = true }, 0, ""},
		{"expired", func(o *TokenOptions) { o.Simulate = "token-expired" }, 1, "FAIL  token-expired"},
		{"expired, by the local clock", func(o *TokenOptions) { o.Simulate, o.Offline = "token-expired", true }, 1, "ago, by this machine's clock"},
		{"revoked", func(o *TokenOptions) { o.Simulate = "token-revoked" }, 1, "FAIL  token-rejected"},
		{"revoked, and nobody is asked", func(o *TokenOptions) { o.Simulate, o.Offline = "token-revoked", true }, 0, "Upstox was not asked"},
		{"no network", func(o *TokenOptions) { o.Simulate = "offline" }, 1, "nothing against the token itself"},
		{"no network, and nobody is asked", func(o *TokenOptions) { o.Simulate, o.Offline = "offline", true }, 0, "Upstox was not asked"},
		{"a feed that is down", func(o *TokenOptions) { o.Simulate = "tcp-refused-feed" }, 0, "Token is valid and working! Next:\n"},
		{"a warning", func(o *TokenOptions) { o.Simulate = "token-expiring-soon" }, 0, "WARN  token-expiring-soon"},
		{"a warning that counts", func(o *TokenOptions) { o.Simulate, o.FailOn = "token-expiring-soon", "warn" }, 3, "WARN  token-expiring-soon: "},
		{"more time is wanted", func(o *TokenOptions) { o.TokenTTL = 24 * time.Hour }, 0, "WARN  token-expiring-soon"},
		{"a token on the command line", func(o *TokenOptions) {
			o.Credentials = map[string]string{"UPSTOX_ACCESS_TOKEN": "mk404x"}
		}, 1, "Token       UPSTOX_ACCESS_TOKEN (command line), which wins"},
		{"out of time", func(o *TokenOptions) { o.Simulate, o.Deadline = "tls-timeout", 200*time.Millisecond }, 4, "STOP  "},
		{"unwritable output", func(o *TokenOptions) { o.Outputs = []string{"json=no/such/place"} }, 4, ""},
		{"no such word", func(o *TokenOptions) { o.FailOn = "maybe" }, 2, ""},
		{"no time", func(o *TokenOptions) { o.Deadline = 0 }, 2, ""},
		{"no such format", func(o *TokenOptions) { o.Outputs = []string{"yaml"} }, 2, ""},
		{"no such scenario", func(o *TokenOptions) { o.Simulate = "x" }, 2, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := defaultToken("healthy")
			tc.change(&o)
			testStatus(t, func(ctx context.Context, a App) error { return a.Token(ctx, o) }, tc.status, tc.prints)
		})
	}
}

func TestInterruptedTokenIsWritten(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		a, s := testApp("")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		o := defaultToken("healthy")
		o.OutputOptions = asJSON()
		if got := statusOf(t, a.Token(ctx, o)); got != ExitInterrupted {
			t.Errorf("status %d", got)
		}
		var doc struct {
			Status   string
			Accepted *bool
			ExitCode int `json:"exit_code"`
		}
		if err := json.Unmarshal(s.out.Bytes(), &doc); err != nil || doc.Status != "error" || doc.ExitCode != ExitInterrupted || doc.Accepted != nil {
			t.Errorf("%v: %s", err, s.out.String())
		}
	})
}
