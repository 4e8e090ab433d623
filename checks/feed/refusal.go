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
	"upstox-doctor/checks/network"
)

// A Refusal is a handshake that did not open the feed. Whatever of the URL's
// query the answer repeats has been taken out of it.
type Refusal struct {
	Status   int         // 0 if no answer came
	Header   http.Header // without cookies
	Body     []byte      // its first KiB at most
	Location string      // where a redirect points to, without its query

	// Kind is catalog.KindTimeout, KindDropped, KindInvalid, KindRedirected, or
	// empty: then Status tells, or the context was cancelled.
	Kind string
	Err  error
}

func (r *Refusal) Error() string {
	switch {
	case r.Kind == catalog.KindRedirected:
		return fmt.Sprintf("feed handshake: status %d to %s", r.Status, r.Location)
	case r.Status != 0 && r.Kind == "":
		return fmt.Sprintf("feed handshake: status %d", r.Status)
	}
	return fmt.Sprintf("feed handshake: %v", r.Err)
}

// Unwrap returns the cause, for context and network errors.
func (r *Refusal) Unwrap() error { return r.Err }

// refusal tells what came of the handshake.
func refusal(answer *http.Response, err error, v veil) *Refusal {
	if answer == nil {
		return unanswered(err, v)
	}
	body, _ := io.ReadAll(answer.Body) // in memory already
	r := &Refusal{Status: answer.StatusCode, Header: http.Header{}, Body: v.body(body), Err: err}
	for name, values := range answer.Header {
		if name == "Set-Cookie" {
			continue
		}
		for _, value := range values {
			r.Header.Add(name, v.hide(value))
		}
	}
	if at := answer.Header.Get("Location"); at != "" {
		r.Location = v.hide(bare(at))
		r.Header.Set("Location", r.Location)
	}
	switch {
	case r.Status == http.StatusSwitchingProtocols:
		r.Kind, r.Err = catalog.KindInvalid, errors.New("answer 101 without a valid upgrade")
	case r.Status/100 == 3 && r.Location != "":
		r.Kind = catalog.KindRedirected
	}
	return r
}

// unanswered tells why no answer came. Errors of the connection are kept; any
// other is one of reading the answer, and may quote what the peer sent, which
// could be our own request.
func unanswered(err error, v veil) *Refusal {
	var slow net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return &Refusal{Err: context.Canceled}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &slow) && slow.Timeout():
		return &Refusal{Kind: catalog.KindTimeout, Err: fmt.Errorf("no answer to the upgrade: %w", err)}
	case network.CutShort(err):
		return &Refusal{Kind: catalog.KindDropped, Err: errors.New("connection ended within the header of the answer")}
	case network.Dropped(err), errors.Is(err, net.ErrClosed):
		return &Refusal{Kind: catalog.KindDropped, Err: fmt.Errorf("connection ended before the answer: %w", err)}
	}
	return &Refusal{Kind: catalog.KindInvalid, Err: errors.New("answer is no usable HTTP: " + v.hide(err.Error()))}
}
