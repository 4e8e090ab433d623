package upstox

import (
	"fmt"
	"mime"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/edge"
	"upstox-doctor/checks/redact"
)

// String returns one line of what was seen, safe to show: the path without its
// query, the status, and what the answer says of itself.
func (r Response) String() string {
	what := r.summary()
	switch {
	case r.Err == nil:
	case r.Status == 0:
		what = "no answer: " + r.Err.Error()
	default:
		what += ", then " + r.Err.Error()
	}
	return fmt.Sprintf("%s %s: %s", r.Method, redact.Line(r.Path, maxTextLength), what)
}

// summary tells the answer without what ended it.
func (r Response) summary() string {
	status := fmt.Sprint(r.Status)
	switch {
	case len(r.Problems) > 0:
		return status + " " + describeProblems(r.Problems)
	case r.Location != "" && r.Responder != catalog.ResponderFilter:
		return status + " to " + r.Location
	case r.By.String() != "":
		return status + r.By.String()
	case r.schemaError != "":
		return status + ", " + r.schemaError
	case r.Responder == catalog.ResponderOther && edge.HTML(r.Header, r.Body):
		return status + " with a web page"
	case r.Responder == catalog.ResponderOther && len(r.Body) == 0:
		return status + " with an empty body"
	case r.Responder == catalog.ResponderOther:
		return strings.TrimSpace(fmt.Sprintf("%s with %d bytes of %s", status, len(r.Body), r.mediaWords()))
	}
	return status
}

// describeProblems gives the first problem, and how many more there are.
func describeProblems(problems []Problem) string {
	first := strings.TrimSpace(problems[0].Code + " " + problems[0].Message)
	if more := len(problems) - 1; more > 0 {
		return fmt.Sprintf("%s (and %d more)", first, more)
	}
	return first
}

func (r Response) mediaWords() string {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if media = redact.Line(media, 60); media != "" {
		return media
	}
	return "unnamed type"
}
