package connlimit

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

const most = 4

// serve starts a server whose path /wait answers when the test lets it.
func serve(t *testing.T) (addr string, begun, release chan struct{}) {
	t.Helper()
	begun, release = make(chan struct{}), make(chan struct{})
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		if r.URL.Path == "/wait" {
			begun <- struct{}{}
			<-release
		}
		fmt.Fprint(w, "here")
	})}
	l := Apply(server, most)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(l.Listener(ln))
	t.Cleanup(func() { server.Close() })
	return ln.Addr().String(), begun, release
}

func dial(t *testing.T, addr, text string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	io.WriteString(c, text)
	return c
}

func answer(c net.Conn) string {
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return err.Error()
	}
	defer r.Body.Close()
	body, _ := io.ReadAll(r.Body)
	return string(body)
}

const (
	half  = "GET / HTTP/1.1\r\nHost: "
	whole = half + "x\r\n\r\n"
	wait  = "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"
	post  = "POST /wait HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx"
)

// Half requests, which come first and are many, keep nobody out.
func TestSlowConnectionsGiveWay(t *testing.T) {
	t.Parallel()
	addr, _, _ := serve(t)
	var slow []net.Conn
	for range 5 * most {
		slow = append(slow, dial(t, addr, half))
	}
	if got := answer(dial(t, addr, whole)); got != "here" {
		t.Errorf("answered with %q", got)
	}
	for _, c := range slow[:4*most] {
		if n, err := c.Read(make([]byte, 1)); err == nil {
			t.Fatalf("a connection that gave way says %d bytes", n)
		}
	}
}

// TestHalfBodiesGiveWay: a handler that waits for the rest of its request works for
// nobody yet.
func TestHalfBodiesGiveWay(t *testing.T) {
	t.Parallel()
	for name, head := range map[string]string{"with a length": "Content-Length: 9\r\n\r\n", "in chunks": "Transfer-Encoding: chunked\r\n\r\n9\r\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addr, _, _ := serve(t)
			for range 5 * most {
				c := dial(t, addr, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"+head)
				if line, err := bufio.NewReader(c).ReadString('\n'); !strings.Contains(line, "100 Continue") { // the handler reads
					t.Fatalf("%q, %v", line, err)
				}
			}
			if got := answer(dial(t, addr, whole)); got != "here" {
				t.Errorf("answered with %q", got)
			}
		})
	}
}

// A connection for which a handler works is not closed for others; when there are
// none but such, the new one is.
func TestBusyConnectionsStay(t *testing.T) {
	t.Parallel()
	addr, begun, release := serve(t)
	var busy []net.Conn
	for i := range most {
		busy = append(busy, dial(t, addr, []string{wait, post}[i%2]))
		<-begun
	}
	if _, err := dial(t, addr, whole).Read(make([]byte, 1)); err == nil {
		t.Error("one more is answered")
	}
	close(release)
	for _, c := range busy {
		if got := answer(c); got != "here" {
			t.Errorf("a busy connection is answered with %q", got)
		}
	}
	if got := answer(dial(t, addr, whole)); got != "here" {
		t.Errorf("afterwards: %q", got)
	}
}
