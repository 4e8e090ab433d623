package live

import (
	"fmt"
	"math"
	"strings"
	"time"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// price writes a price as Indian papers do, with two decimals or four.
func price(v float64) string {
	switch size := math.Abs(v); {
	case math.IsNaN(v) || math.IsInf(v, 0) || size >= 1e15:
		return "?"
	case v == 0:
		return "-"
	}
	text := fmt.Sprintf("%.4f", math.Abs(v))
	text, _ = strings.CutSuffix(text, "00")
	large, small, _ := strings.Cut(text, ".")
	var n int64
	fmt.Sscan(large, &n)
	if v < 0 {
		return "-" + report.Grouped(n) + "." + small
	}
	return report.Grouped(n) + "." + small
}

// difference is the change against the close of the day before, in points and
// in percent; empty if one of them is not known.
func difference(q feed.Tick) (points, percent string) {
	by := q.LTP - q.CP
	if share := 100 * by / q.CP; q.LTP == 0 || q.CP == 0 || math.IsNaN(share) || math.Abs(share) > 1e6 {
		return "", ""
	} else if percent = fmt.Sprintf("%+.2f %%", share); math.Abs(share) < 0.005 {
		percent = "0.00 %"
	}
	switch text := price(math.Round(math.Abs(by)*1e4) / 1e4); {
	case text == "-":
		points = "0.00"
	case by < 0:
		points = "-" + text
	default:
		points = "+" + text
	}
	return points, percent
}

func change(q feed.Tick) string {
	points, percent := difference(q)
	if points == "" {
		return ""
	}
	return points + " (" + percent + ")"
}

// age says how long ago the last tick came.
func age(q feed.Tick, now time.Time) string {
	switch {
	case q.Arrived.IsZero() && q.LTP == 0:
		return "no price yet"
	case q.Arrived.IsZero():
		return "of the snapshot"
	}
	return "last tick " + report.Lasting(max(0, now.Sub(q.Arrived))) + " ago"
}

// rate is the mean of the last ten seconds, or of all if there were less.
func rate(s *watch.State) string {
	whole := min(10, max(1, int(s.Now.Sub(s.Begun)/time.Second)))
	last := s.PerSecond[max(0, len(s.PerSecond)-whole):]
	sum := 0
	for _, n := range last {
		sum += n
	}
	mean := float64(sum) / float64(max(1, len(last)))
	if mean > 0 && mean < 9.95 {
		return fmt.Sprintf("%.1f ticks a second", mean)
	}
	return report.Grouped(int64(math.Round(mean))) + " ticks a second"
}

// link says how the connection stands, and since when.
func link(s *watch.State) string {
	since := report.Lasting(max(0, s.Now.Sub(s.LinkSince)))
	switch s.Link {
	case watch.LinkOpen:
		return "connected for " + since
	case watch.LinkConnecting:
		return "connecting for " + since
	case watch.LinkWaiting:
		if s.NextTry.After(s.Now) {
			return "not connected; next attempt in " + report.Lasting(s.NextTry.Sub(s.Now))
		}
		return "not connected; next attempt now"
	case watch.LinkStopped:
		return "stopped; trying again cannot help"
	}
	return string(s.Link)
}

// linkShort is link in few words.
func linkShort(s *watch.State) string {
	switch s.Link {
	case watch.LinkWaiting:
		return "down; again in " + report.Lasting(max(0, s.NextTry.Sub(s.Now)))
	case watch.LinkStopped:
		return "stopped"
	}
	return link(s)
}

// tradingShort is trading in few words.
func tradingShort(s *watch.State) string {
	if s.NextChange.IsZero() {
		return string(s.Market)
	}
	return string(s.Market) + " until " + hour(s.NextChange, s.Now)
}

// trading says whether the market trades, and until or from when.
func trading(s *watch.State) string {
	text := string(s.Market)
	next := map[market.State]string{market.Open: "closes", market.PreOpen: "opens", market.Closed: "opens"}[s.Market]
	if next == "" {
		return "not known"
	}
	if s.NextChange.IsZero() {
		return text
	}
	return text + ", " + next + " " + hour(s.NextChange, s.Now) + ahead(s.NextChange, s.Now)
}

// ahead is empty for what has come already.
func ahead(t, now time.Time) string {
	if !t.After(now) {
		return ""
	}
	return ", in " + report.Lasting(t.Sub(now))
}

func token(s *watch.State) string {
	switch {
	case s.TokenEnds.IsZero():
		return "its end is not known"
	case !s.TokenEnds.After(s.Now):
		return "ended " + hour(s.TokenEnds, s.Now)
	}
	return "ends " + hour(s.TokenEnds, s.Now) + ahead(s.TokenEnds, s.Now)
}
