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
)

// authorizePath is the call whose answers are symptoms of their own hop.
const authorizePath = "/v3/feed/market-data-feed/authorize"

// An Answer is what came back from one call, or what ended it. It holds
// nothing of the token that was sent, also where the server echoed it. Body is
// as it came and may hold other secrets: the authorize call's holds a one-time
// URL.
type Answer struct {
	Method string
	Path   string // without its query
	Status int    // zero if no answer began
	Header http.Header
	Body   []byte // at most 1 MiB
	// Who answered, in the words of package edge; empty if no answer came, and
	// then Err says why. By tells more.
	Who      string
	By       edge.Verdict
	Problems []Problem     // what the envelope complains of, safe to show
	Date     time.Time     // the server's clock; zero if it did not say
	Location string        // where a redirect points, without its query
	Err      error         // what ended the call before the answer was whole
	Took     time.Duration // from the call to the last byte
	envelope edge.Envelope
	from     string    // the host that was asked
	odd      string    // what in a 2xx answer is not as documented
	read     time.Time // when the answer ended, by the local clock
}

// A Problem is one error of the envelope, cut and without control characters.
type Problem = edge.Problem

// OK reports whether Upstox answered with success and the documented data.
func (a Answer) OK() bool {
	return a.Err == nil && a.Status/100 == 2 && a.Who == catalog.WhoUpstox &&
		a.envelope.Status != "error" && a.odd == ""
}

// judge records who answered. Of an incomplete answer, an error status is used
// and a success is not.
func (a *Answer) judge() {
	if a.Status == 0 || a.Err != nil && a.Status < 400 {
		return
	}
	a.By = edge.Answer{Status: a.Status, Header: a.Header, Body: a.Body, From: a.from}.Judge()
	a.Who = a.By.Who
	if a.Who == catalog.WhoUpstox {
		a.envelope, _ = edge.ParseEnvelope(a.Body)
		for _, p := range edge.Problems(a.Body) {
			a.Problems = append(a.Problems, Problem{Code: printable(p.Code, 40), Message: printable(p.Message, textLimit)})
		}
	}
	if a.Status/100 == 2 && a.Who != catalog.WhoUpstox && a.odd == "" {
		a.odd = "the body is not the documented JSON"
	}
}

// decode reads the data of a successful answer into v, and notes in the answer
// if it is not of the documented shape.
func (a *Answer) decode(v any) bool {
	if !a.OK() {
		return false
	}
	if data := strings.TrimSpace(string(a.envelope.Data)); data == "" || data == "null" {
		a.odd = "data is missing"
	} else if err := json.Unmarshal(a.envelope.Data, v); err != nil {
		a.odd = "data is not as documented: " + printable(strings.TrimPrefix(err.Error(), "json: "), textLimit)
	}
	return a.odd == ""
}

// Symptom returns what the answer looked like. It is zero if the call was
// cancelled, since that says nothing about the server. If a new connection
// failed, the symptom is that connection's.
func (a Answer) Symptom() catalog.Symptom {
	if canceled(a.Err) {
		return catalog.Symptom{}
	}
	if s, ok := ownSymptom(a.Err); ok {
		return s
	}
	s := catalog.Symptom{Hop: catalog.HopAPI, Kind: a.kind(), Responder: a.Who, HTTP: a.Status}
	switch a.Path {
	case authorizePath:
		s.Hop = catalog.HopAuthorize
	case dialogPath, exchangePath, requestPath:
		s.Hop = catalog.HopLogin
	}
	s.Upstox = edge.UpstoxCode(a.Problems)
	return s
}

// kind names what happened, in the words of catalog.Symptom.
func (a Answer) kind() string {
	switch {
	case a.Who == "":
		return lost(a.Err)
	case a.Who == catalog.WhoUpstox:
		if a.Status < 300 && (a.odd != "" || a.envelope.Status == "error" && len(a.Problems) == 0) {
			return catalog.KindUnexpected
		}
		return ""
	case a.Who != catalog.WhoOther:
		return a.By.Kind
	case a.Err != nil:
		return lost(a.Err)
	case a.Status < 400:
		return catalog.KindUnexpected
	}
	return ""
}

// longestWait is the longest wait that RetryAfter returns: a year.
const longestWait = 366 * 24 * time.Hour

// RetryAfter returns how long the server asks to wait, in its header given as
// seconds or as a date, between zero and a year.
func (a Answer) RetryAfter() time.Duration { return RetryAfter(a.Header, cmp.Or(a.Date, a.read)) }

// RetryAfter is the same for any header, which came at that time by the clock
// of whoever sent it.
func RetryAfter(h http.Header, came time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(came), 0), longestWait)
	}
	// ParseUint returns the largest number for one that is larger still.
	n, _ := strconv.ParseUint(value, 10, 64)
	return time.Duration(min(n, uint64(longestWait/time.Second))) * time.Second
}

// RayID returns the edge's name for this exchange, which its support asks for.
func (a Answer) RayID() string {
	for _, name := range []string{"Cf-Ray", "X-Amz-Cf-Id"} {
		if id := a.Header.Get(name); id != "" {
			return printable(id, 80)
		}
	}
	return ""
}
