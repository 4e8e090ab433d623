package upstox

import (
	"fmt"
	"mime"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/edge"
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
	return fmt.Sprintf("%s %s: %s", a.Method, printable(a.Path, textLimit), what)
}

// seen tells the answer without what ended it.
func (a Answer) seen() string {
	status := fmt.Sprint(a.Status)
	switch {
	case len(a.Problems) > 0:
		return status + " " + told(a.Problems)
	case a.Location != "" && a.Who != catalog.WhoFilter:
		return status + " to " + a.Location
	case a.By.String() != "":
		return status + a.By.String()
	case a.odd != "":
		return status + ", " + a.odd
	case a.Who == catalog.WhoOther && edge.HTML(a.Header, a.Body):
		return status + " with a web page"
	case a.Who == catalog.WhoOther && len(a.Body) == 0:
		return status + " with an empty body"
	case a.Who == catalog.WhoOther:
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

func (a Answer) mediaWords() string {
	media, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if media = printable(media, 60); media != "" {
		return media
	}
	return "unnamed type"
}
