package login

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const cleanLine = "GET /callback HTTP/1.1\r\nHost: 127.0.0.1:8710\r\n\r\n"

// TestLandingWaitsForTheEnd: the browser has the beginning of the page while the
// login goes on, for longer than any other request may take, and then its end.
func TestLandingWaitsForTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, m := listenInMemory(t, "http://127.0.0.1:8710/callback")
		io.Copy(io.Discard, m.say(answerLine))
		tab := m.say(cleanLine)
		begin := make([]byte, 4096)
		n, err := tab.Read(begin)
		for err == nil && !strings.Contains(string(begin[:n]), plainPage) {
			var more int
			more, err = tab.Read(begin[n:])
			n += more
		}
		if err != nil {
			t.Fatalf("the page begins with %q: %v", begin[:n], err)
		}
		time.Sleep(exchangeWait + probeWait) // of virtual time
		begun := time.Now()
		ended := make(chan bool)
		go func() { l.page.landing.End(t.Context(), "<p>the end"); close(ended) }()
		rest, _ := io.ReadAll(tab)
		if !strings.Contains(string(rest), "<p>the end") {
			t.Errorf("the page ends with %q", rest)
		}
		<-ended
		// A server that shuts down looks again after a millisecond.
		if took := time.Since(begun); took > 5*time.Millisecond {
			t.Errorf("the login ends %s after its page", took)
		}
	})
}

// TestLandingIsNotWaitedForLong ends a login when its page was fetched, or when
// the browser has had its time for it.
func TestLandingIsNotWaitedForLong(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		after, want time.Duration
		stopped     bool
		gone        bool // the tab is closed while the login goes on
	}{
		"fetched":                    {after: shutdownWait / 4, want: shutdownWait / 4},
		"never fetched":              {after: time.Minute, want: shutdownWait},
		"closed":                     {after: time.Minute, want: shutdownWait, gone: true},
		"never fetched, and stopped": {after: time.Minute, want: interruptedWait, stopped: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l, m := listenInMemory(t, "http://127.0.0.1:8710/callback")
				io.Copy(io.Discard, m.say(answerLine))
				if tc.gone {
					tab := m.say(cleanLine)
					tab.Read(make([]byte, 16))
					tab.Close()
				}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if tc.stopped {
					cancel()
				}
				begun := time.Now()
				fetch := time.AfterFunc(tc.after, func() {
					if body, _ := io.ReadAll(m.say(cleanLine)); !strings.Contains(string(body), "<p>the end") {
						t.Errorf("the page is %q", body)
					}
				})
				defer fetch.Stop()
				l.page.landing.End(ctx, "<p>the end")
				if took := time.Since(begun); took < tc.want || took > tc.want+interruptedWait {
					t.Errorf("the login ends after %s, want %s", took, tc.want)
				}
				if err := l.server.Serve(m); err != http.ErrServerClosed {
					t.Errorf("the server goes on: %v", err)
				}
			})
		})
	}
}
