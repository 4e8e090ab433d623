package network

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestSentByOtherForReal has a program of this user ask, and where that is possible
// one of another.
func TestSentByOtherForReal(t *testing.T) {
	t.Parallel()
	own := Users{fmt.Sprint(os.Getuid())}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, own.SentByOther(r), Users(nil).SentByOther(r))
	}))
	t.Cleanup(server.Close)
	host, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for user, want := range map[int]string{os.Getuid(): "false false", 65533: "true false"} {
		c := exec.CommandContext(t.Context(), "bash", "-c", fmt.Sprintf(`exec 3<>/dev/tcp/%s/%s; printf 'GET / HTTP/1.0\r\n\r\n' >&3; cat <&3`, host, port))
		c.Dir = "/"
		if user != os.Getuid() {
			if os.Getuid() != 0 {
				continue // no right to become another user
			}
			c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(user), Gid: uint32(user)}}
		}
		said, err := c.Output()
		if err != nil || !strings.HasSuffix(string(said), want) {
			t.Errorf("user %d: %q, %v", user, said, err)
		}
	}
}
