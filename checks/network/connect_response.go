package network

import (
	"bufio"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"upstox-doctor/checks/catalog"
)

// connectRequest asks for a tunnel to target. The user and password of the
// proxy's URL are sent at once, as other programs do.
func connectRequest(target, agent string, user *url.Userinfo) string {
	request := "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nUser-Agent: " + agent + "\r\n"
	if user != nil {
		request += "Proxy-Authorization: Basic " + basicAuth(user) + "\r\n"
	}
	return request + "\r\n"
}

func basicAuth(user *url.Userinfo) string {
	password, _ := user.Password()
	return base64.StdEncoding.EncodeToString([]byte(user.Username() + ":" + password))
}

// A connectAnswer is the head of a proxy's answer to CONNECT.
type connectAnswer struct {
	status  int
	reason  string   // the reason phrase, or what is usual for the status
	schemes []string // of authentication, from Proxy-Authenticate
}

var (
	errNoAnswer      = errors.New("the proxy's answer is not HTTP")
	errHeaderTooLong = errors.New("the proxy's answer does not end")
)

// readAnswer reads the head of an answer and leaves what follows in the
// reader. It accepts what real proxies leave out: the reason phrase, the carriage
// return, the end of a refusal. Interim answers (1xx) are skipped.
func readAnswer(in *bufio.Reader) (connectAnswer, error) {
	left := maxResponseHead
	for {
		line, err := readLine(in, &left)
		if err != nil && line == "" {
			return connectAnswer{}, err
		}
		a, ok := parseStatus(line)
		if !ok {
			return connectAnswer{}, notHTTP(line, err)
		}
		if err == nil {
			err = readHeaders(in, &left, &a)
		}
		switch {
		case err != nil && a.status < 300:
			return connectAnswer{}, err
		case a.status >= 200, a.status == http.StatusSwitchingProtocols:
			return a, nil
		}
	}
}

// notHTTP returns the error for a first line that is not a status line.
func notHTTP(line string, err error) error {
	switch {
	case strings.HasPrefix(line, "\x15\x03"), strings.HasPrefix(line, "\x16\x03"):
		return errOtherProtocol // a TLS alert or handshake
	case err != nil && strings.HasPrefix("HTTP/1.", line[:min(len(line), 7)]):
		return err // cut off, not another protocol
	}
	return errNoAnswer
}

// readHeaders reads up to the empty line.
func readHeaders(in *bufio.Reader, left *int, a *connectAnswer) error {
	for {
		line, err := readLine(in, left)
		if err != nil {
			return err
		}
		if line == "" {
			return nil
		}
		name, value, _ := strings.Cut(line, ":")
		if strings.EqualFold(strings.TrimSpace(name), "Proxy-Authenticate") {
			if fields := strings.Fields(value); len(fields) > 0 {
				a.schemes = append(a.schemes, strings.TrimSuffix(fields[0], ","))
			}
		}
	}
}

// readLine returns a line without its end. At an error it returns what came
// before.
func readLine(in *bufio.Reader, left *int) (string, error) {
	var line []byte
	for *left > 0 {
		b, err := in.ReadByte()
		if err == io.EOF && len(line) > 0 {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return string(line), err
		}
		*left--
		if b == '\n' {
			return strings.TrimSuffix(string(line), "\r"), nil
		}
		line = append(line, b)
	}
	return string(line), errHeaderTooLong
}

// parseStatus reads "HTTP/1.1 407 Proxy Authentication Required", of which
// the reason phrase may be missing.
func parseStatus(line string) (connectAnswer, bool) {
	version, rest, _ := strings.Cut(line, " ")
	if !strings.HasPrefix(version, "HTTP/") {
		return connectAnswer{}, false
	}
	code, reason, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
	if len(code) != 3 {
		return connectAnswer{}, false
	}
	status := 0
	for _, c := range code {
		if c < '0' || c > '9' {
			return connectAnswer{}, false
		}
		status = 10*status + int(c-'0')
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		reason = http.StatusText(status)
	}
	return connectAnswer{status: status, reason: reason}, status >= 100
}

// refusal returns nil if the tunnel is open.
func (a connectAnswer) refusal() error {
	switch {
	case a.status/100 == 2:
		return nil
	case a.status == http.StatusProxyAuthRequired:
		return &refusalError{catalog.KindAuthRequired, a.status, strings.Join(a.schemes, ", ")}
	}
	return &refusalError{catalog.KindDenied, a.status, a.reason}
}
