package login

import (
	"net"
	"os"
	"strings"
	"testing"

	"upstox-doctor/checks/network"
	"upstox-doctor/fixtures/otheruser"
)

// TestOtherUsersTakeNoPart even if they know the state: they neither answer the login
// nor end it nor read how it ended.
func TestOtherUsersTakeNoPart(t *testing.T) {
	t.Parallel()
	at, landing := freeURL(t, "http://127.0.0.1:%d/callback"), NewLanding("", "the end")
	close(landing.ended)
	page := newCallback(at, theState, landing)
	page.users = network.Users{"0"}
	ln, err := net.Listen("tcp", at.Host)
	if err != nil {
		t.Fatal(err)
	}
	l := serve(page, []net.Listener{ln})
	t.Cleanup(func() { l.server.Close() })
	ask := func(query string) string {
		said, err := otheruser.Ask(t.Context(), at.Host, "GET /callback"+query+" HTTP/1.1\r\nHost: "+at.Host+"\r\n\r\n")
		if err != nil {
			t.Fatal(err)
		}
		return said
	}
	for _, query := range []string{"?code=evil42&state=" + theState, "?error=access_denied&state=" + theState} {
		if said := ask(query); !strings.HasPrefix(said, "HTTP/1.1 404") {
			t.Errorf("%s: %q", query, said)
		}
		if why := <-page.rejected; why != otherUser {
			t.Errorf("the login is told of %s", why)
		}
	}
	if os.Getuid() == 0 { // and this process is the user's
		wantNotAccepted(t, l, at.String())
	}
	page.answered.Store(true)
	if said := ask(""); !strings.HasPrefix(said, "HTTP/1.1 404") || strings.Contains(said, "the end") {
		t.Errorf("how it ended: %q", said)
	}
}
