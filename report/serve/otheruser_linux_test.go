package serve

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/network"
	"upstox-doctor/fixtures/otheruser"
)

// postAsOther sends what the page sends, from a program of another user.
func postAsOther(t *testing.T, base, path, body string, header ...string) string {
	t.Helper()
	address := strings.TrimPrefix(base, "http://")
	request := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n", path, address, base, len(body))
	for i := 0; i < len(header); i += 2 {
		request += header[i] + ": " + header[i+1] + "\r\n"
	}
	said, err := otheruser.Ask(t.Context(), address, request+"\r\n"+body)
	if err != nil {
		t.Fatal(err)
	}
	return said
}

// TestOtherUsersCannotAct even with the key of the address, or with both halves of a
// session, as who has listened at this port while the program did not run.
func TestOtherUsersCannotAct(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("no right to become another user")
	}
	s := once(document())
	s.Ledger = ledger(t)
	s.Quit = func() { t.Error("another user ends the program") }
	base := serving(t, s)
	add := func(e entry) {
		e.Until, e.Users = time.Now().Add(time.Hour), network.Users{"0"}
		if err := s.Ledger.add(e); err != nil {
			t.Fatal(err)
		}
	}
	add(entry{Kind: kindKey, Hash: digest("their key")})
	if said := postAsOther(t, base, "/session", `{"key":"their key"}`); !strings.HasPrefix(said, "HTTP/1.1 403") {
		t.Errorf("a key: %s", said)
	}
	status, said, c := post(t, base+"/session", `{"key":"their key"}`)
	if status != 200 {
		t.Fatalf("the key is used up: %d %s", status, said)
	}
	own := []string{"Cookie", c.Name + "=" + c.Value, proofHeader, strings.Split(said, `"`)[3]}
	if said := postAsOther(t, base, "/quit", "{}", own...); !strings.HasPrefix(said, "HTTP/1.1 401") {
		t.Errorf("a session: %s", said)
	}
	if a, _ := get(t, base+"/session", own...); a.StatusCode != http.StatusNoContent {
		t.Errorf("its own user: %d", a.StatusCode)
	}
}

// TestOtherUsersUseUpNoStream: as many streams of events as are served to others are
// open, and the page of this user has its own. Before, eight were for everybody.
func TestOtherUsersUseUpNoStream(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("no right to become another user")
	}
	base := serving(t, once(document()))
	address := strings.TrimPrefix(base, "http://")
	request := "GET /events HTTP/1.1\r\nHost: " + address + "\r\n\r\n"
	for range maxStreams {
		conn, err := otheruser.Dial(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		io.WriteString(conn, request)
		if line, err := bufio.NewReader(conn).ReadString('\n'); !strings.Contains(line, " 200 ") {
			t.Fatalf("%q, %v", line, err)
		}
	}
	if said, err := otheruser.Ask(t.Context(), address, strings.Replace(request, "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1)); err != nil || !strings.HasPrefix(said, "HTTP/1.1 503") {
		t.Errorf("one more of another user: %q, %v", said, err)
	}
	for range maxStreams {
		stream(t, base, "").next()
	}
	if a, _ := get(t, base+"/events"); a.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one more of this user: %d", a.StatusCode)
	}
}
