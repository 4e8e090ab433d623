package network

import (
	"bufio"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadAnswer(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		in      string
		status  int
		reason  string
		schemes string
		rest    string
	}{
		{"as it should be", "HTTP/1.1 200 Connection established\r\n\r\n", 200, "Connection established", "", ""},
		{"no reason phrase", "HTTP/1.1 200\r\n\r\n", 200, "OK", "", ""},
		{"no reason phrase, but its space", "HTTP/1.1 200 \r\n\r\n", 200, "OK", "", ""},
		{"HTTP/1.0 and headers", "HTTP/1.0 200 OK\r\nVia: 1.1 squid\r\nX-A: b\r\n\r\n", 200, "OK", "", ""},
		{"lines without carriage return", "HTTP/1.1 200 OK\nVia: x\n\n", 200, "OK", "", ""},
		{"two spaces", "HTTP/1.1  403 Forbidden\r\n\r\n", 403, "Forbidden", "", ""},
		{"the host speaks first", "HTTP/1.1 200 OK\r\n\r\n\x16\x03\x03", 200, "OK", "", "\x16\x03\x03"},
		{"a length that means nothing", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "OK", "", "hello"},
		{"other success", "HTTP/1.1 201 Created\r\n\r\n", 201, "Created", "", ""},
		{"continue first", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 200, "OK", "", ""},
		{"switching protocols is an end", "HTTP/1.1 101 Switching Protocols\r\n\r\n", 101, "Switching Protocols", "", ""},
		{"407", "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"corp\"\r\n\r\n", 407, "Proxy Authentication Required", "Basic", ""},
		{"407, several schemes", "HTTP/1.1 407 No\r\nproxy-authenticate: Negotiate\r\nPROXY-AUTHENTICATE:NTLM TlRM\r\n\r\n", 407, "No", "Negotiate, NTLM", ""},
		{"407 without reason phrase", "HTTP/1.1 407\r\n\r\n", 407, "Proxy Authentication Required", "", ""},
		{"407 without an end", "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n", 407, "No", "Basic", ""},
		{"407 cut after the status", "HTTP/1.1 407", 407, "Proxy Authentication Required", "", ""},
		{"refusal with endless headers", "HTTP/1.1 403 Forbidden\r\nX: " + strings.Repeat("x", maxResponseHead), 403, "Forbidden", "", "…"},
		{"status of its own", "HTTP/1.1 599 \r\n\r\n", 599, "", "", ""},
		{"header without a colon", "HTTP/1.1 502 Bad Gateway\r\nnonsense\r\n\r\n", 502, "Bad Gateway", "", ""},
	} {
		for how, reader := range map[string]func(io.Reader) io.Reader{
			"at once": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader,
		} {
			t.Run(tc.name+", "+how, func(t *testing.T) {
				t.Parallel()
				in := bufio.NewReader(reader(strings.NewReader(tc.in)))
				a, err := readAnswer(in)
				if err != nil {
					t.Fatal(err)
				}
				if a.status != tc.status || a.reason != tc.reason || strings.Join(a.schemes, ", ") != tc.schemes {
					t.Errorf("got %+v", a)
				}
				if rest, _ := io.ReadAll(in); tc.rest != "…" && string(rest) != tc.rest {
					t.Errorf("left %q, want %q", rest, tc.rest)
				}
			})
		}
	}
}

func TestReadAnswerFaults(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		in   string
		want error
	}{
		{"nothing", "", io.EOF},
		{"cut in the status line", "HTTP/1.1 20", io.ErrUnexpectedEOF},
		{"cut before the version", "HTT", io.ErrUnexpectedEOF},
		{"success cut in the headers", "HTTP/1.1 200 OK\r\nVia: x", io.ErrUnexpectedEOF},
		{"success cut before the empty line", "HTTP/1.1 200 OK\r\nVia: x\r\n", io.EOF},
		{"endless success", "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: y\r\n", maxResponseHead), errHeaderTooLong},
		{"endless line", "HTTP/1.1 200 " + strings.Repeat("O", maxResponseHead), errHeaderTooLong},
		{"endless continuing", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", maxResponseHead), errHeaderTooLong},
		{"empty line", "\r\n\r\n", errNoAnswer},
		{"SSH", "SSH-2.0-OpenSSH_9.9\r\n", errNoAnswer},
		{"HTML at once", "<html>\r\n", errNoAnswer},
		{"status of two digits", "HTTP/1.1 20 OK\r\n\r\n", errNoAnswer},
		{"status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", errNoAnswer},
		{"status below 100", "HTTP/1.1 007 Bond\r\n\r\n", errNoAnswer},
		{"status in letters", "HTTP/1.1 abc OK\r\n\r\n", errNoAnswer},
		{"TLS alert", "\x15\x03\x01\x00\x02\x02\x16", errOtherProtocol},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if a, err := readAnswer(bufio.NewReader(strings.NewReader(tc.in))); !errors.Is(err, tc.want) {
				t.Errorf("got %+v, %v; want %v", a, err, tc.want)
			}
		})
	}
}

func TestConnectRequest(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		user *url.Userinfo
		want string
	}{
		{"without user", nil, ""},
		{"with user and password", url.UserPassword("arjun", "p:w"), "Proxy-Authorization: Basic YXJqdW46cDp3\r\n"},
		{"with user only", url.User("arjun"), "Proxy-Authorization: Basic YXJqdW46\r\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			want := "CONNECT api.upstox.com:443 HTTP/1.1\r\nHost: api.upstox.com:443\r\nUser-Agent: doctor/1\r\n" + tc.want + "\r\n"
			if got := connectRequest("api.upstox.com:443", "doctor/1", tc.user); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// FuzzConnectAnswer: whatever a proxy says, the parser ends, an answer has a
// possible status, and its length is bounded.
func FuzzConnectAnswer(f *testing.F) {
	for _, seed := range []string{
		"", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 407\r\n\r\n", "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n",
		"HTTP/1.0 503 x\n\nrest", "HTTP/1.1 100 \r\n\r\nHTTP/1.1 200\r\n\r\n\x16\x03\x01", "\x15\x03\x01\x00\x02\x02\x16", "HTTP/ 200", "HTTP/1.1 407 \x1b[2J\r\n\r\n",
		strings.Repeat("HTTP/1.1 100\n\n", 9), "HTTP/1.1 200 OK\r\n:\r\nProxy-Authenticate:\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		in := bufio.NewReader(strings.NewReader(string(b)))
		a, err := readAnswer(in)
		rest, _ := io.ReadAll(in)
		if !strings.HasSuffix(string(b), string(rest)) {
			t.Errorf("left %q of %q", rest, b)
		}
		if err != nil {
			return
		}
		if a.status < 101 || a.status > 999 {
			t.Errorf("status %d", a.status)
		}
		if (a.refusal() == nil) != (a.status/100 == 2) {
			t.Errorf("status %d, refusal %v", a.status, a.refusal())
		}
		var no *refusalError
		if errors.As(a.refusal(), &no) && strings.ContainsAny(redactProxyText(no.reason, nil), "\x1b\r\n\x00") {
			t.Errorf("control characters in %q", no.reason)
		}
	})
}
