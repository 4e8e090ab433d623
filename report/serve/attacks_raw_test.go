package serve

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
)

// TestRequestsThatNoLibrarySends are all of the session, whole but for one flaw of
// their form. None acts, also not as the body of another that is refused.
func TestRequestsThatNoLibrarySends(t *testing.T) {
	t.Parallel()
	s := once(document())
	s.Ledger = ledger(t)
	var quits atomic.Int32
	s.Quit = func() { quits.Add(1) }
	base := serving(t, s)
	own := session(t, s, base)
	address := strings.TrimPrefix(base, "http://")
	right := attempt{"POST", "/quit", "own", "own", "same-origin", "whole"}.request(address, own[1], own[3])
	flaw := func(old, flawed string) string {
		if !strings.Contains(right, old) {
			t.Fatalf("no %q in %q", old, right)
		}
		return strings.Replace(right, old, flawed, 1)
	}
	host := "Host: " + address + "\r\n"
	inside := func(head string) string { return fmt.Sprintf(head, address, len(right)) + right }
	for name, request := range map[string]string{
		"no host":                            flaw(host, ""),
		"two hosts":                          flaw(host, host+host),
		"another host, as to a proxy":        flaw("POST /quit", "POST http://rebound.example/quit"),
		"HTTP/0.9":                           flaw("POST /quit HTTP/1.1\r\n", "POST /quit\r\n"),
		"HTTP/2 without its preface":         flaw("HTTP/1.1", "HTTP/2.0"),
		"the preface of HTTP/2":              "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + right,
		"TLS":                                "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + right,
		"CONNECT":                            flaw("POST /quit", "CONNECT "+address),
		"a space before the colon":           flaw("Host:", "Host :"),
		"a folded header":                    flaw("Origin: http://", "Origin: http://\r\n "),
		"two lengths":                        flaw("Content-Length: 2", "Content-Length: 2\r\nContent-Length: 3"),
		"a length below zero":                flaw("Content-Length: 2", "Content-Length: -2"),
		"a length of 2^63":                   flaw("Content-Length: 2", "Content-Length: 9223372036854775808"),
		"a length with a sign":               flaw("Content-Length: 2", "Content-Length: +2"),
		"an unknown transfer encoding":       flaw("Content-Length: 2", "Transfer-Encoding: xchunked"),
		"two transfer encodings":             flaw("Content-Length: 2", "Transfer-Encoding: chunked, identity"),
		"a NUL in the path":                  flaw("/quit", "/quit\x00"),
		"a NUL in the path, encoded":         flaw("/quit", "/quit%00"),
		"a path that is led back":            flaw("/quit", "/x/../quit"),
		"a path in another case":             flaw("/quit", "/Quit"),
		"the method in the query":            flaw("POST /quit", "GET /quit?_method=POST"),
		"the method in a header":             flaw("POST /quit HTTP/1.1\r\n", "GET /quit HTTP/1.1\r\nX-HTTP-Method-Override: POST\r\n"),
		"a header beyond bounds":             flaw(host, host+"X: "+strings.Repeat("x", 2<<20)+"\r\n"),
		"a host that a proxy would forward":  flaw(host, "Host: rebound.example\r\nX-Forwarded-Host: "+address+"\r\n"),
		"the body of a form of another site": inside("POST /run HTTP/1.1\r\nHost: %s\r\nOrigin: http://rebound.example\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"),
		"the body of a GET of another site":  inside("GET /session HTTP/1.1\r\nHost: %s\r\nSec-Fetch-Site: cross-site\r\nContent-Length: %d\r\n\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			go func() { // the server may answer before it has read all
				io.WriteString(conn, request)
				conn.(*net.TCPConn).CloseWrite()
			}()
			answer, _ := io.ReadAll(conn) // a reset is an answer too
			for _, line := range strings.Split(string(answer), "\n") {
				if strings.HasPrefix(line, "HTTP/") && line[9] == '2' {
					t.Errorf("%q", line)
				}
			}
		})
	}
	if n := quits.Load(); n > 0 {
		t.Errorf("%d of them act", n)
	}
	if status, said, _ := post(t, base+"/quit", "{}", own...); status != 202 || quits.Load() == 0 {
		t.Errorf("without a flaw: %d %s", status, said)
	}
}

// TestHalfRequestsKeepNobodyOut: any program of this machine can open as many
// connections as the server has, and leave the body of each unsent.
func TestHalfRequestsKeepNobodyOut(t *testing.T) {
	t.Parallel()
	s := once(document())
	s.Ledger = ledger(t)
	base := serving(t, s)
	address := strings.TrimPrefix(base, "http://")
	for range 2 * maxConns {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST /session HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n", address, base)
		if line, err := bufio.NewReader(conn).ReadString('\n'); !strings.Contains(line, "100 Continue") {
			t.Fatalf("%q, %v", line, err)
		}
	}
	if a, said := get(t, base+"/"); a.StatusCode != 200 {
		t.Errorf("%d %q", a.StatusCode, said)
	}
	session(t, s, base)
}

// TestCookiesOfOtherPorts: a browser sends here what other programs of this machine
// have set, which may be much. The page is shown, and its session acts.
func TestCookiesOfOtherPorts(t *testing.T) {
	t.Parallel()
	s := once(document())
	s.Ledger = ledger(t)
	var quits atomic.Int32
	s.Quit = func() { quits.Add(1) }
	base := serving(t, s)
	own := session(t, s, base)
	own[1] = strings.Repeat("session="+strings.Repeat("x", 4000)+"; ", 60) + own[1]
	if a, said := get(t, base+"/", own[:2]...); a.StatusCode != 200 {
		t.Errorf("the page: %d %q", a.StatusCode, said)
	}
	if status, said, _ := post(t, base+"/quit", "{}", own...); status != 202 || quits.Load() != 1 {
		t.Errorf("a button: %d %q", status, said)
	}
}
