package serve

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// An attempt is a request as its sender can make it up. Its words are those of one of
// each table below.
type attempt struct{ method, path, host, origin, site, session string }

var (
	readPaths = []string{"/", "/metrics", "/healthz", "/report.json", "/state.json", "/page.js", "/session"}
	actPaths  = []string{"/run", "/quit", "/bundle", "/schedule", "/instruments", "/stream/start", "/stream/stop", "/stream/reconnect", "/login/start", "/login/address", "/login/code", "/login/cancel"}
	methods   = []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"}
	hosts     = []string{"own", "localhost", "other port", "rebound.example"}
	origins   = []string{"", "null", "own", "other port", "own by https", "rebound.example"}
	sites     = []string{"", "none", "same-origin", "same-site", "cross-site"}
	sessions  = []string{"none", "cookie alone", "wrong proof", "whole"}
)

// request writes the attempt for the server at the address.
func (a attempt) request(address, cookie, proof string) string {
	_, port, _ := net.SplitHostPort(address)
	host := map[string]string{"own": address, "localhost": "localhost:" + port, "other port": "127.0.0.1:1"}[a.host]
	if host == "" {
		host = a.host + ":" + port
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n", a.method, a.path, host)
	if a.origin != "" {
		origin := map[string]string{"null": "null", "own": "http://" + host, "other port": "http://127.0.0.1:1", "own by https": "https://" + host}[a.origin]
		if origin == "" {
			origin = "http://" + a.origin + ":" + port
		}
		b.WriteString("Origin: " + origin + "\r\n")
	}
	if a.site != "" {
		b.WriteString("Sec-Fetch-Site: " + a.site + "\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n")
	}
	if a.session != "none" {
		b.WriteString("Cookie: " + cookie + "\r\n")
	}
	switch a.session {
	case "whole":
		b.WriteString(proofHeader + ": " + proof + "\r\n")
	case "wrong proof":
		b.WriteString(proofHeader + ": " + strings.Repeat("A", len(proof)) + "\r\n")
	}
	b.WriteString("Content-Length: 2\r\n\r\n{}")
	return b.String()
}

// sameOrigin reports whether a browser would let the sender read the answer anyway, or
// no browser has sent it.
func (a attempt) sameOrigin() bool {
	ownOrigin := a.origin == "" || a.origin == "own" || a.origin == "rebound.example" && a.host == a.origin || a.origin == "other port" && a.host == a.origin
	return ownOrigin && !slices.Contains([]string{"same-site", "cross-site"}, a.site)
}

// mayRead and mayAct are what the attempt is to come to. A public page is served by
// each name, and has no sessions.
func (a attempt) mayRead(public bool) bool {
	return a.sameOrigin() && (a.method == "GET" || a.method == "HEAD") && slices.Contains(readPaths, a.path) &&
		(public || a.host != "rebound.example") && (a.path != "/session" || a.ownSession() && !public)
}

func (a attempt) mayAct() bool {
	return a.sameOrigin() && a.host != "rebound.example" && a.method == "POST" && a.origin != "" && slices.Contains(actPaths, a.path) && a.ownSession()
}

// ownSession is whole, and its cookie of the port that the sender says.
func (a attempt) ownSession() bool { return a.session == "whole" && a.host != "other port" }

// refusals are the statuses of what did not come to a handler.
var refusals = []int{400, 401, 403, 404, 405, 421}

// TestEveryRequestThatCanBeMadeUp sends each word of each table with each of the
// others, by a plain socket. What is neither read nor done is refused, and no answer
// opens itself to another origin.
func TestEveryRequestThatCanBeMadeUp(t *testing.T) {
	t.Parallel()
	s := withEverything(t)
	base := serving(t, s)
	own := session(t, s, base)
	sendEach(t, &rawConn{t: t, address: strings.TrimPrefix(base, "http://")}, own[1], own[3])
}

// TestEveryRequestToAPublicPage does the same where the page is served to other
// machines, by a program that has a ledger and could act: any name is served, and
// nothing acts or knows a session.
func TestEveryRequestToAPublicPage(t *testing.T) {
	t.Parallel()
	s := withEverything(t)
	key, err := s.Ledger.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	cookie, proof, ok := s.Ledger.begin(key, httptest.NewRequest("POST", "/session", nil))
	if !ok {
		t.Fatal("no session")
	}
	s.Public = true
	address := strings.TrimPrefix(serving(t, s), "http://")
	_, port, _ := net.SplitHostPort(address)
	c := &rawConn{t: t, address: address, public: true}
	sendEach(t, c, "upstox_doctor_"+port+"="+cookie, proof)
	if c.acted > 0 || c.read == 0 {
		t.Errorf("%d act, %d read", c.acted, c.read)
	}
}

// withEverything is a server that could do all that a page may ask for.
func withEverything(t *testing.T) *Server {
	t.Helper()
	s := once(document())
	s.Ledger, s.Feed = ledger(t), byName()
	s.Feed.Token = func(context.Context) report.Document { return document() }
	s.Feed.Watch = func(context.Context, []string, watch.Sink) string { return "Ended." }
	s.Quit = func() {}
	s.Bundle = func(context.Context, bool) ([]byte, error) { return []byte("zip"), nil }
	s.Schedule = func() (string, error) { return "schedule", nil }
	s.Login = func(context.Context, LoginDialogue) report.LoginReport { return report.LoginReport{} }
	return s
}

// sendEach sends all attempts, with the two halves of a session.
func sendEach(t *testing.T, conn *rawConn, cookie, proof string) {
	t.Helper()
	conn.redial()
	defer func() { conn.Close() }()
	methods := methods
	if testing.Short() {
		methods = []string{"GET", "POST"}
	}
	for _, path := range slices.Concat(readPaths, actPaths) {
		for _, method := range methods {
			for _, host := range hosts {
				for _, origin := range origins {
					for _, site := range sites {
						for _, has := range sessions {
							conn.check(attempt{method, path, host, origin, site, has}, cookie, proof)
						}
					}
				}
			}
		}
	}
	t.Logf("%d requests, of which %d read and %d act", conn.sent, conn.read, conn.acted)
}

// A rawConn is a plain socket that is opened again when the server closes it.
type rawConn struct {
	t       *testing.T
	address string
	public  bool // the page is served to other machines
	net.Conn
	in                *bufio.Reader
	sent, read, acted int
}

func (c *rawConn) redial() {
	conn, err := net.Dial("tcp", c.address)
	if err != nil {
		c.t.Fatal(err)
	}
	c.Conn, c.in = conn, bufio.NewReader(conn)
}

func (c *rawConn) check(a attempt, cookie, proof string) {
	c.t.Helper()
	c.sent++
	io.WriteString(c, a.request(c.address, cookie, proof))
	answer, err := http.ReadResponse(c.in, &http.Request{Method: a.method})
	if err != nil {
		c.t.Fatalf("%+v: %v", a, err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatalf("%+v: %v", a, err)
	}
	if answer.Close {
		c.Close()
		c.redial()
	}
	refused := slices.Contains(refusals, answer.StatusCode)
	switch {
	case a.mayRead(c.public):
		c.read++
		if refused {
			c.t.Errorf("%+v cannot read: %d %s", a, answer.StatusCode, body)
		}
	case a.mayAct() && !c.public:
		c.acted++ // a handler may not like the body
		if refused && answer.StatusCode != 400 {
			c.t.Errorf("%+v cannot act: %d %s", a, answer.StatusCode, body)
		}
	case !refused || answer.StatusCode == 400 && slices.Contains(actPaths, a.path):
		c.t.Errorf("%+v comes to %d %s", a, answer.StatusCode, body)
	}
	for name := range answer.Header {
		if strings.HasPrefix(name, "Access-Control-") || name == "Set-Cookie" {
			c.t.Errorf("%+v is answered with %s", a, name)
		}
	}
	if answer.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" || strings.Contains(string(body), proof) {
		c.t.Errorf("%+v is answered with %v %s", a, answer.Header, body)
	}
}
