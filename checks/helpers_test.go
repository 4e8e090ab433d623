package checks

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/upstox"
)

// newWorld is a check that knows a fact from the start.
func newWorld[T any](k doctor.Fact[T], v T) doctor.Check {
	return doctor.Check{
		ID: "given", Target: fmt.Sprint(k), Provides: facts(k),
		Run: func(_ context.Context, f *doctor.Facts) doctor.Result {
			k.Put(f, v)
			return doctor.Result{Status: doctor.Pass}
		},
	}
}

// runCheck runs one check, with the facts that the known checks provide.
func runCheck(t *testing.T, c doctor.Check, known ...doctor.Check) (doctor.Result, doctor.Report) {
	t.Helper()
	r := doctor.Runner{Checks: append(known, c)}.Run(t.Context())
	return r.Results[len(r.Results)-1], r
}

// line is all that a result says: status, code, target, confidence and what
// explains it; the message; the evidence.
func line(r doctor.Result) string {
	words := []string{string(r.Status), r.Code, r.Target, string(r.Confidence)}
	if r.CausedBy != "" {
		words = append(words, "because "+r.CausedBy)
	}
	words = slices.DeleteFunc(words, func(s string) bool { return s == "" })
	var shown []string
	for _, it := range r.Evidence {
		shown = append(shown, fmt.Sprintf("%s=%v", it.Name, it.Value))
	}
	return strings.TrimSuffix(strings.Join([]string{strings.Join(words, " "), r.Message, strings.Join(shown, ", ")}, " | "), " | ")
}

func wantLine(t *testing.T, r doctor.Result, want string) {
	t.Helper()
	if got := line(r); got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

// monday is an hour after the market opened.
var monday = time.Date(2026, 11, 23, 10, 15, 0, 0, market.IST)

func at(t time.Time) func() time.Time { return func() time.Time { return t } }

// jwt makes a token with these dates; a zero one is left out.
func jwt(issued, expires time.Time, claims ...string) string {
	for name, when := range map[string]time.Time{"iat": issued, "exp": expires} {
		if !when.IsZero() {
			claims = append(claims, fmt.Sprintf("%q:%d", name, when.Unix()))
		}
	}
	slices.Sort(claims)
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"HS256"}`)) + "." + encode([]byte("{"+strings.Join(claims, ",")+"}")) + "." + encode(make([]byte, 32))
}

// A scripted Upstox answers by path, or by path and token, and remembers what
// it was asked.
type scripted struct {
	answers map[string]reply
	mu      sync.Mutex
	asked   []string
}

type reply struct {
	status int
	body   string
	header http.Header
	err    error
}

func (s *scripted) RoundTrip(r *http.Request) (*http.Response, error) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	s.asked = append(s.asked, strings.TrimSpace(r.URL.Path+" "+token))
	s.mu.Unlock()
	a, ok := s.answers[r.URL.Path+" "+token]
	if !ok {
		a, ok = s.answers[r.URL.Path]
	}
	if !ok {
		a = reply{status: 404, body: "no such path"}
	}
	if a.err != nil {
		return nil, a.err
	}
	h := a.header.Clone()
	if h == nil {
		h = http.Header{}
	}
	return &http.Response{StatusCode: a.status, Header: h, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

func (s *scripted) client() *upstox.Client {
	return &upstox.Client{HTTP: s, Base: "https://" + APIHost, Agent: "test"}
}

// count tells how often a path was asked.
func (s *scripted) count(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, a := range s.asked {
		if p, _, _ := strings.Cut(a, " "); p == path {
			n++
		}
	}
	return n
}

const (
	holidaysPath  = "/v2/market/holidays"
	profilePath   = "/v2/user/profile"
	ltpPath       = "/v3/market-quote/ltp"
	authorizePath = "/v3/feed/market-data-feed/authorize"
	statusPath    = "/v2/market/status/"
)

func success(data string) reply {
	return reply{status: 200, body: `{"status":"success","data":` + data + `}`}
}

func problem(status int, code string) reply {
	return reply{status: status, body: `{"status":"error","errors":[{"error_code":"` + code + `","message":"as scripted"}]}`}
}

func cloudflareError(status, code int) reply {
	return reply{status: status, body: fmt.Sprintf("error code: %d", code), header: http.Header{"Server": {"cloudflare"}, "Cf-Ray": {"8f2d5c1e4b7a9360-BOM"}}}
}

var (
	goodProfile = success(`{"user_id":"AB1234","is_active":true}`)
	goodQuote   = success(`{"NSE_INDEX:Nifty 50":{"last_price":24512.35,"instrument_token":"NSE_INDEX|Nifty 50","cp":24401.1}}`)
	deadToken   = problem(401, "UDAPI100050")
)

// The frames of the v3 feed, as far as the listener reads them.

func tag(b []byte, field, wire int) []byte {
	return binary.AppendUvarint(b, uint64(field<<3|wire))
}

func number(b []byte, field int, v int64) []byte {
	return binary.AppendUvarint(tag(b, field, 0), uint64(v))
}

func double(b []byte, field int, v float64) []byte {
	return binary.LittleEndian.AppendUint64(tag(b, field, 1), math.Float64bits(v))
}

func bytesField(b []byte, field int, v []byte) []byte {
	return append(binary.AppendUvarint(tag(b, field, 2), uint64(len(v))), v...)
}

// quoted is the last trade of a key in a frame.
type quoted struct {
	key     string
	ltp, cp float64
	traded  time.Time
}

// prices is a frame of the type, sent at the time.
func prices(kind feed.Type, sent time.Time, all ...quoted) feed.Event {
	b := number(nil, 1, int64(kind))
	for _, q := range all {
		ltpc := double(number(double(nil, 1, q.ltp), 2, q.traded.UnixMilli()), 4, q.cp)
		entry := bytesField(bytesField(nil, 1, []byte(q.key)), 2, bytesField(nil, 1, ltpc))
		b = bytesField(b, 2, entry)
	}
	return feed.Event{Kind: feed.Frame, Data: number(b, 3, sent.UnixMilli())}
}

// marketInfo is market_info with one segment.
func info(segment string, status int64) feed.Event {
	entry := number(bytesField(nil, 1, []byte(segment)), 2, status)
	b := bytesField(number(nil, 1, int64(feed.MarketInfo)), 4, bytesField(nil, 1, entry))
	return feed.Event{Kind: feed.Frame, Data: bytes.Clone(b)}
}

// A firewallConn Upstox answers the profile when a price has been asked for.
type firewallConn struct {
	scripted
	quoted chan bool
}

func (g *firewallConn) RoundTrip(r *http.Request) (*http.Response, error) {
	switch r.URL.Path {
	case ltpPath:
		close(g.quoted)
	case profilePath:
		select {
		case <-g.quoted:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return g.scripted.RoundTrip(r)
}
