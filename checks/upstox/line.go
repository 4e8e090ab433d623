package upstox

import (
	"fmt"
	"strings"
)

// String returns one line of what was seen, safe to show: the path without its
// query, the status, and what the answer says of itself.
func (a Answer) String() string {
	what := a.seen()
	switch {
	case a.Err == nil:
	case a.Status == 0:
		what = "no answer: " + a.Err.Error()
	default:
		what += ", then " + a.Err.Error()
	}
	method := "GET"
	if a.Path == exchangePath || a.Path == requestPath {
		method = "POST"
	}
	return fmt.Sprintf("%s %s: %s", method, printable(a.Path, textLimit), what)
}

// seen tells the answer without what ended it.
func (a Answer) seen() string {
	status := fmt.Sprint(a.Status)
	switch {
	case len(a.Problems) > 0:
		return status + " " + told(a.Problems)
	case a.Who == "edge":
		return status + " from " + a.edgeName() + a.edgeWords()
	case a.Location != "":
		return status + " to " + a.Location
	case a.Who == "other" && a.page():
		return status + " with a web page"
	case a.odd != "":
		return status + ", " + a.odd
	case a.Who == "other" && len(a.Body) == 0:
		return status + " with an empty body"
	case a.Who == "other":
		return strings.TrimSpace(fmt.Sprintf("%s with %d bytes of %s", status, len(a.Body), a.mediaWords()))
	}
	return status
}

// told gives the first problem, and how many more there are.
func told(problems []Problem) string {
	first := strings.TrimSpace(problems[0].Code + " " + problems[0].Message)
	if more := len(problems) - 1; more > 0 {
		return fmt.Sprintf("%s (and %d more)", first, more)
	}
	return first
}

func (a Answer) edgeWords() string {
	switch kind := a.edgeKind(); {
	case kind == "blocked":
		return ", blocked"
	case kind != "":
		return ", error code " + kind
	}
	return ""
}

func (a Answer) mediaWords() string {
	if media := printable(a.media(), 60); media != "" {
		return media
	}
	return "unnamed type"
}
