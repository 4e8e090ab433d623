package upstox

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/edge"
	"upstox-doctor/checks/redact"
)

// The calls for a URL of a feed, whose answers are symptoms of their own hop.
const (
	authorizePath          = "/v3/feed/market-data-feed/authorize"
	portfolioAuthorizePath = "/v2/feed/portfolio-stream-feed/authorize"
)

// A Response is what came back from one call, or what ended it. It holds
// nothing of the token that was sent, also where the server echoed it. Body is
// as it came and may hold other secrets: the authorize call's holds a one-time
// URL.
type Response struct {
	Method string
	Path   string // without its query
	Status int    // zero if no answer began
	Header http.Header
	Body   []byte // at most 1 MiB
	// Responder answered, in the words of package edge; empty if no answer
	// came, and then Err says why. By tells more.
	Responder   string
	By          edge.Verdict
	Problems    []Problem     // what the envelope complains of, safe to show
	Date        time.Time     // the server's clock; zero if it did not say
	Location    string        // where a redirect points, without its query
	Err         error         // what ended the call before the answer was whole
	Took        time.Duration // from the call to the last byte
	envelope    edge.Envelope
	from        string    // the host that was asked
	schemaError string    // what in a 2xx answer is not as documented
	read        time.Time // when the answer ended, by the local clock
}

// A Problem is one error of the envelope, cut and without control characters.
type Problem = edge.Problem

// OK reports whether Upstox answered with success and the documented data.
func (r Response) OK() bool {
	return r.Err == nil && r.Status/100 == 2 && r.Responder == catalog.ResponderUpstox &&
		r.envelope.Status != "error" && r.schemaError == ""
}

// checkStatus records who answered. Of an incomplete answer, an error status is
// used and a success is not.
func (r *Response) checkStatus() {
	if r.Status == 0 || r.Err != nil && r.Status < 400 {
		return
	}
	r.By = edge.Answer{Status: r.Status, Header: r.Header, Body: r.Body, From: r.from}.Judge()
	r.Responder = r.By.Responder
	if r.Responder == catalog.ResponderUpstox {
		r.envelope, _ = edge.ParseEnvelope(r.Body)
		for _, p := range edge.Problems(r.Body) {
			r.Problems = append(r.Problems, Problem{Code: redact.Line(p.Code, 40), Message: redact.Line(p.Message, maxTextLength)})
		}
	}
	if r.Status/100 == 2 && r.Responder != catalog.ResponderUpstox && r.schemaError == "" {
		r.schemaError = "the body is not the documented JSON"
	}
}

// decode reads the data of a successful answer into v, and notes in the answer
// if it is not of the documented shape.
func (r *Response) decode(v any) bool {
	if !r.OK() {
		return false
	}
	if data := strings.TrimSpace(string(r.envelope.Data)); data == "" || data == "null" {
		r.schemaError = "data is missing"
	} else if err := json.Unmarshal(r.envelope.Data, v); err != nil {
		r.schemaError = "data is not as documented: " + redact.Line(strings.TrimPrefix(err.Error(), "json: "), maxTextLength)
	}
	return r.schemaError == ""
}

// Symptom returns what the answer looked like. It is zero if the call was
// cancelled, since that says nothing about the server. If a new connection
// failed, the symptom is that connection's.
func (r Response) Symptom() catalog.Symptom {
	if canceled(r.Err) {
		return catalog.Symptom{}
	}
	if s, ok := ownSymptom(r.Err); ok {
		return s
	}
	s := catalog.Symptom{Hop: catalog.HopAPI, Kind: r.kind(), Responder: r.Responder, HTTP: r.Status}
	switch r.Path {
	case authorizePath, portfolioAuthorizePath:
		s.Hop = catalog.HopAuthorize
	case dialogPath, exchangePath, requestPath:
		s.Hop = catalog.HopLogin
	}
	s.Upstox = edge.UpstoxCode(r.Problems)
	return s
}

// kind names what happened, in the words of catalog.Symptom.
func (r Response) kind() string {
	switch {
	case r.Responder == "":
		return isConnectionLost(r.Err)
	case r.Responder == catalog.ResponderUpstox:
		if r.Status < 300 && (r.schemaError != "" || r.envelope.Status == "error" && len(r.Problems) == 0) {
			return catalog.KindUnexpected
		}
		return ""
	case r.Responder != catalog.ResponderOther:
		return r.By.Kind
	case r.Err != nil:
		return isConnectionLost(r.Err)
	case r.Status < 400:
		return catalog.KindUnexpected
	}
	return ""
}

// maxRetryAfter is the longest wait that RetryAfter returns: a year.
const maxRetryAfter = 366 * 24 * time.Hour

// RetryAfter returns how long the server asks to wait, in its header given as
// seconds or as a date, between zero and a year.
func (r Response) RetryAfter() time.Duration { return RetryAfter(r.Header, cmp.Or(r.Date, r.read)) }

// RetryAfter is the same for any header, which came at that time by the clock
// of whoever sent it.
func RetryAfter(h http.Header, came time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(came), 0), maxRetryAfter)
	}
	// ParseUint returns the largest number for one that is larger still.
	n, _ := strconv.ParseUint(value, 10, 64)
	return time.Duration(min(n, uint64(maxRetryAfter/time.Second))) * time.Second
}

// RayID returns the edge's name for this exchange, which its support asks for.
func (r Response) RayID() string {
	for _, name := range []string{"Cf-Ray", "X-Amz-Cf-Id"} {
		if id := r.Header.Get(name); id != "" {
			return redact.Line(id, 80)
		}
	}
	return ""
}
