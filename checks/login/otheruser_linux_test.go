package login

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"upstox-doctor/checks/network"
)

// askAsOther sends a request of a program that the page takes to be of another user.
func askAsOther(t *testing.T, at *url.URL, request string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), "bash", "-c", fmt.Sprintf(`exec 3<>/dev/tcp/%s/%s; printf "$REQUEST" >&3; cat <&3`, at.Hostname(), at.Port()))
	c.Dir, c.Env = "/", []string{"REQUEST=" + strings.ReplaceAll(request, "HOST", at.Host), "PATH=" + os.Getenv("PATH")}
	if os.Getuid() == 0 {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65533, Gid: 65533}}
	}
	said, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(said)
}

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
	for _, query := range []string{"?code=evil42&state=" + theState, "?error=access_denied&state=" + theState} {
		if said := askAsOther(t, at, `GET /callback`+query+` HTTP/1.1\r\nHost: HOST\r\n\r\n`); !strings.HasPrefix(said, "HTTP/1.1 404") {
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
	if said := askAsOther(t, at, `GET /callback HTTP/1.1\r\nHost: HOST\r\n\r\n`); !strings.HasPrefix(said, "HTTP/1.1 404") || strings.Contains(said, "the end") {
		t.Errorf("how it ended: %q", said)
	}
}
