package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/edge"
	"upstox-doctor/checks/network"
)

// A Refusal is a handshake that did not open the feed. Values of the URL's query
// that the answer repeats are redacted.
type Refusal struct {
	Status   int         // 0 if no answer came
	Header   http.Header // without cookies
	Body     []byte      // its first KiB at most, to be shown
	Location string      // where a redirect points to, without its query

	// Kind is catalog.KindTimeout, KindDropped, KindInvalid, KindRedirected, or
	// empty if Status applies or the context was cancelled.
	Kind string
	Err  error

	page []byte // the body, at most 64 KiB; nil if Body holds all
}

// By returns who refused; zero if no answer came.
func (r *Refusal) By() edge.Verdict {
	if r.Status == 0 || r.Kind == "invalid" {
		return edge.Verdict{}
	}
	return r.answer().Judge()
}

// maxSaid is how much of a refusal is searched for what it says, in characters.
const maxSaid = 400

// Words returns what the answer says, without markup, on one line of at most
// limit characters.
func (r *Refusal) Words(limit int) string { return edge.Words(r.Header, r.answer().Body, limit) }

func (r *Refusal) answer() edge.Answer {
	a := edge.Answer{Status: r.Status, Header: r.Header, Body: r.page, Upgrade: true}
	if a.Body == nil {
		a.Body = r.Body
	}
	return a
}

// Symptom returns what the catalog recognises a refusal by.
func (r *Refusal) Symptom() catalog.Symptom {
	by := r.By()
	s := catalog.Symptom{Hop: catalog.HopHandshake, HTTP: r.Status, Responder: by.Responder, Kind: by.Kind}
	if r.Kind != "" && by.Responder != catalog.ResponderFilter {
		s.Kind = r.Kind
	}
	refused := r.Status/100 == 4 // a 5xx may be about a database's connections
	if refused && (by.Responder == catalog.ResponderOther || by.Responder == catalog.ResponderUpstox) && saysConnectionLimit(r.Words(maxSaid)) {
		s.Kind = catalog.KindConnectionLimit
	}
	if by.Responder == catalog.ResponderUpstox {
		s.Upstox = edge.UpstoxCode(edge.Problems(r.answer().Body))
	}
	return s
}

func (r *Refusal) Error() string {
	switch by := r.By(); {
	case by.Responder == catalog.ResponderFilter, by.Responder == catalog.ResponderProxy:
		return fmt.Sprintf("feed handshake: status %d%s", r.Status, by)
	case r.Kind == catalog.KindRedirected:
		return fmt.Sprintf("feed handshake: status %d to %s", r.Status, r.Location)
	case r.Status != 0 && r.Kind == "":
		return fmt.Sprintf("feed handshake: status %d", r.Status)
	}
	return fmt.Sprintf("feed handshake: %v", r.Err)
}

// Unwrap returns the cause, for context and network errors.
func (r *Refusal) Unwrap() error { return r.Err }

// shownBody is how much of a refusal's body is shown, in bytes; it is what
// gorilla/websocket keeps. A filter's page may have no text within it.
const shownBody = 1024

// refusal describes a failed handshake. Page is the answer's body, nil if no
// more of it is known than the answer holds.
func refusal(answer *http.Response, page []byte, err error, v urlRedactor) *Refusal {
	if answer == nil {
		return noResponse(err, v)
	}
	body, _ := io.ReadAll(answer.Body) // in memory already
	r := &Refusal{Status: answer.StatusCode, Header: http.Header{}, Body: v.redactBody(body, shownBody), Err: err}
	if page != nil {
		r.page = v.redactBody(page, maxBody)
	}
	for name, values := range answer.Header {
		if name == "Set-Cookie" {
			continue
		}
		for _, value := range values {
			r.Header.Add(name, v.redact(value))
		}
	}
	if at := answer.Header.Get("Location"); at != "" {
		r.Location = v.redact(stripURL(at))
		r.Header.Set("Location", r.Location)
	}
	switch {
	case r.Status == http.StatusSwitchingProtocols:
		r.Kind, r.Err = catalog.KindInvalid, errors.New("answer 101 without a valid upgrade")
	case r.Status/100 == 1:
		r.Kind, r.Err = catalog.KindInvalid, fmt.Errorf("status %d in place of an answer", r.Status)
	case r.Status/100 == 3 && r.Location != "":
		r.Kind = catalog.KindRedirected
	}
	return r
}

// noResponse returns why no answer came. Errors of the connection are kept. Any
// other error is one of parsing the answer, and is replaced, since it may quote
// what the peer sent, which could be our own request.
func noResponse(err error, v urlRedactor) *Refusal {
	var slow net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return &Refusal{Err: context.Canceled}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &slow) && slow.Timeout():
		return &Refusal{Kind: catalog.KindTimeout, Err: fmt.Errorf("no answer to the upgrade: %w", err)}
	case network.TruncatedHeader(err):
		return &Refusal{Kind: catalog.KindDropped, Err: errors.New("connection ended within the header of the answer")}
	case network.Dropped(err), errors.Is(err, net.ErrClosed):
		return &Refusal{Kind: catalog.KindDropped, Err: fmt.Errorf("connection ended before the answer: %w", err)}
	}
	return &Refusal{Kind: catalog.KindInvalid, Err: errors.New("answer is no usable HTTP: " + v.redact(err.Error()))}
}
