package live

import (
	"fmt"
	"math"
	"strings"
	"time"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
)

// price is "-" until one is known.
func price(q feed.Tick) string {
	if q.LTP == 0 {
		return "-"
	}
	return humanize.Price(q.Key, q.LTP)
}

// difference is the change against the close of the day before, in points and
// in percent; empty if one of them is not known.
func difference(q feed.Tick) (points, percent string) {
	if percent = humanize.Change(q.LTP, q.CP); percent == "" {
		return "", ""
	}
	by := q.LTP - q.CP
	points = humanize.Price(q.Key, math.Abs(by))
	switch {
	case strings.Trim(points, "0.") == "":
		return points, percent
	case by < 0:
		return "-" + points, percent
	}
	return "+" + points, percent
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
	return "last tick " + humanize.Duration(max(0, now.Sub(q.Arrived))) + " ago"
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
	return humanize.Grouped(int64(math.Round(mean))) + " ticks a second"
}

// link is the state of the connection, and since when.
func link(s *watch.State) string {
	since := humanize.Duration(max(0, s.Now.Sub(s.LinkSince)))
	switch s.Link {
	case watch.LinkUp:
		return "connected for " + since
	case watch.LinkConnecting:
		return "connecting for " + since
	case watch.LinkWaiting:
		if s.NextTry.After(s.Now) {
			return "not connected; next attempt in " + humanize.Duration(s.NextTry.Sub(s.Now))
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
		return "down; again in " + humanize.Duration(max(0, s.NextTry.Sub(s.Now)))
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
	return string(s.Market) + " until " + humanize.Hour(s.NextChange, s.Now)
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
	return text + ", " + next + " " + humanize.Hour(s.NextChange, s.Now) + ahead(s.NextChange, s.Now)
}

// ahead is empty for what has come already.
func ahead(t, now time.Time) string {
	if !t.After(now) {
		return ""
	}
	return ", in " + humanize.Duration(t.Sub(now))
}

func token(s *watch.State) string {
	switch {
	case s.TokenEnds.IsZero():
		return "its end is not known"
	case !s.TokenEnds.After(s.Now):
		return "ended " + humanize.Hour(s.TokenEnds, s.Now)
	}
	return "ends " + humanize.Hour(s.TokenEnds, s.Now) + ahead(s.TokenEnds, s.Now)
}
