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

// tokenWarning is how long before a token's end the user is warned.
const tokenWarning = 30 * time.Minute

// warnTokenEnd warns once for each token that ends soon.
func (t *Tracker) warnTokenEnd() {
	ends := t.opened.TokenEnds
	left := ends.Sub(t.now.Add(t.opened.Offset))
	if ends.IsZero() || ends.Equal(t.tokenWarnedFor) || left > tokenWarning {
		return
	}
	t.tokenWarnedFor = ends
	text := fmt.Sprintf("the token ends at %s, in %s; the stream may go on, a return needs another", humanize.Moment(ends), humanize.Duration(left))
	if left <= 0 {
		text = fmt.Sprintf("the token ended at %s; the stream may go on, a return needs another", humanize.Moment(ends))
	}
	t.notify(Notice{Kind: TokenNotice, Text: text})
}
