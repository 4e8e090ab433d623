package upstox

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/network"
	"upstox-doctor/checks/redact"
)

// maxTextLength is how much of one text from a server is shown, in runes.
const maxTextLength = 200

// A requestError is an error whose text is safe to show: the token is taken
// out, and what a server put into it is cut and made printable. The error
// beneath is kept for errors.Is and errors.As.
type requestError struct {
	text string
	err  error
}

func (f *requestError) Error() string { return f.text }
func (f *requestError) Unwrap() error { return f.err }

// explain makes an error safe, and names the context's end if that is what
// stopped the call, however the transport words it.
func explain(ctx context.Context, err error, token string) error {
	if err == nil {
		return nil
	}
	if _, own := ownSymptom(err); !own && ctx.Err() != nil {
		err = ctx.Err()
	}
	return &requestError{redact.Line(stripToken(err.Error(), token), maxTextLength), err}
}

func canceled(err error) bool { return errors.Is(err, context.Canceled) }

// ownSymptom returns the symptom of an error that knows it, which is one of
// the connection that a session dials anew.
func ownSymptom(err error) (catalog.Symptom, bool) {
	var knows interface {
		error
		Symptom() catalog.Symptom
	}
	if errors.As(err, &knows) {
		return knows.Symptom(), true
	}
	return catalog.Symptom{}, false
}

// isConnectionLost returns how an exchange without a complete answer ended:
// "timeout", "dropped", "unexpected" for bytes that are not HTTP or headers
// beyond the limit, and "" for a request that never reached the server.
func isConnectionLost(err error) string {
	var slow net.Error
	switch {
	case err == nil:
		return ""
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return catalog.KindTimeout
	case network.Dropped(err):
		return catalog.KindDropped
	case quoteText(err, unsentPhrases):
		return ""
	case network.TruncatedHeader(err):
		return catalog.KindDropped
	case quoteText(err, garbledPhrases):
		return catalog.KindUnexpected
	case quoteText(err, endedPhrases):
		return catalog.KindDropped
	}
	return ""
}

// These errors of net/http have no types, so their text is matched. The tests
// provoke them, so they fail if a release of Go changes the text.
var (
	unsentPhrases  = []string{"invalid header field", "invalid URL", "unsupported protocol scheme"}
	garbledPhrases = []string{"malformed", "headers exceeded", "header list", "connection error: ", "gzip:", "flate:", "chunk", "readLoopPeekFail"}
	endedPhrases   = []string{"http2: ", "stream error: ", "server closed idle connection", "connection broken", "tls: "}
)

func quoteText(err error, words []string) bool {
	text := err.Error()
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// stripToken removes the token from a text, and a part of it at the end, where
// the text may have been cut. A part too short to be a token stays.
func stripToken(text, token string) string {
	const minTokenLength, replacement = 8, "[token]"
	if len(token) < minTokenLength {
		return text
	}
	text = strings.ReplaceAll(text, token, replacement)
	for i := max(0, len(text)-len(token)); i < len(text); i++ {
		next := strings.Index(text[i:], token[:minTokenLength])
		if next < 0 {
			break
		}
		i += next
		if strings.HasPrefix(token, text[i:]) {
			return text[:i] + replacement
		}
	}
	return text
}
