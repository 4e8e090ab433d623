package watch

import (
	"fmt"
	"time"

	"upstox-doctor/checks/humanize"
)

// tokenWords describes the token that the feed was opened with.
func tokenWords(o Opened) string {
	switch {
	case o.Source == "":
		return ""
	case o.TokenEnds.IsZero():
		return ", token from " + o.Source
	}
	return fmt.Sprintf(", token from %s until %s", o.Source, humanize.Moment(o.TokenEnds))
}

// tokenSoon is how long before a token's end the user is warned.
const tokenSoon = 30 * time.Minute

// tokenEnds warns once for each token that ends soon.
func (j *Judge) tokenEnds() {
	ends := j.opened.TokenEnds
	left := ends.Sub(j.now.Add(j.opened.Offset))
	if ends.IsZero() || ends.Equal(j.soon) || left > tokenSoon {
		return
	}
	j.soon = ends
	text := fmt.Sprintf("the token ends at %s, in %s; the stream may go on, a return needs another", humanize.Moment(ends), humanize.Duration(left))
	if left <= 0 {
		text = fmt.Sprintf("the token ended at %s; the stream may go on, a return needs another", humanize.Moment(ends))
	}
	j.news(News{Kind: TokenNews, Text: text})
}
