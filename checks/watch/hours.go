package watch

import (
	"time"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
)

// hours follows one segment: by the feed's own word while a feed is open, else
// by the calendar.
type hours struct {
	segment  string
	state    market.State
	calendar market.State // what the calendar says
	byFeed   bool         // state is the feed's word, on a feed that is open
	heard    bool         // the feed has said something
	lost     time.Time    // when that feed ended
}

// faith is how long the feed's last word counts against the calendar once the
// feed is lost.
const faith = 30 * time.Minute

func (j *Judge) follow(segment string) {
	for _, h := range j.hours {
		if h.segment == segment {
			return
		}
	}
	j.hours = append(j.hours, hours{segment: segment, state: market.Unknown, calendar: market.Unknown})
}

// advance moves to the time of an event, minute by minute, since sessions
// begin and end with one. Time does not run backwards.
func (j *Judge) advance(at time.Time) {
	for !at.Before(j.edge) && !j.edge.IsZero() {
		j.spend(j.edge)
		j.edge = j.edge.Add(time.Minute)
		j.calendar()
		j.tokenEnds()
	}
	j.spend(at)
}

// rule begins the minutes anew, by the server's clock.
func (j *Judge) rule() {
	server := j.now.Add(j.opened.Offset)
	j.edge = j.now.Add(server.Truncate(time.Minute).Add(time.Minute).Sub(server))
	j.calendar()
}

// calendar asks the calendar for each segment.
func (j *Judge) calendar() {
	j.sought = false
	server := j.now.Add(j.opened.Offset)
	for i := range j.hours {
		h := &j.hours[i]
		says := j.days.State(server, h.segment)
		changed := says != h.calendar
		h.calendar = says
		if !h.byFeed && (changed || j.now.Sub(h.lost) > faith) {
			j.set(h, says, j.tally.frames == 0)
		}
	}
}

// segments takes over what market_info says.
func (j *Judge) segments(m *feed.Message) {
	for i := range m.Segments {
		s := &m.Segments[i]
		for k := range j.hours {
			if h := &j.hours[k]; h.segment == string(s.Name) {
				first := !h.heard
				h.byFeed, h.heard = true, true
				j.set(h, market.StateOf(s.Status.String()), first)
			}
		}
	}
}

// set changes a segment's state, and tells it.
func (j *Judge) set(h *hours, to market.State, quietly bool) {
	was := h.state
	h.state, j.sought = to, false
	if quietly || was == to || was == market.Unknown || to == market.Unknown {
		return
	}
	text := h.segment + " " + stateWords[to]
	if to != market.Open {
		text += j.opens(h.segment)
	}
	j.news(News{Kind: MarketNews, Text: text})
}

var stateWords = map[market.State]string{
	market.Open: "is open", market.PreOpen: "is in its pre-open session", market.Closed: "is closed",
}

// opens says when the segment opens next.
func (j *Judge) opens(segment string) string {
	next := j.days.NextOpen(j.now.Add(j.opened.Offset), segment)
	if next.IsZero() {
		return ""
	}
	return "; it opens " + humanize.Moment(next) + ", in " + humanize.Duration(next.Sub(j.now.Add(j.opened.Offset)))
}

// await says what is waited for, if the first segment is not open.
func (j *Judge) await() {
	if len(j.hours) == 0 || j.isOpen() || j.hours[0].state == market.Unknown {
		return
	}
	h := j.hours[0]
	j.news(News{Kind: Waiting, Text: "waiting: " + h.segment + " " + stateWords[h.state] + j.opens(h.segment)})
}

// unplug ends the feed's word on the market.
func (j *Judge) unplug() {
	for i := range j.hours {
		if h := &j.hours[i]; h.byFeed {
			h.byFeed, h.lost = false, j.now
		}
	}
}

func (j *Judge) isState() market.State {
	if len(j.hours) == 0 {
		return market.Unknown
	}
	return j.hours[0].state
}

func (j *Judge) isOpen() bool { return j.isState() == market.Open }

// nextChange is when the first segment is expected to open or to close. It is
// sought once a minute at most.
func (j *Judge) nextChange() time.Time {
	if len(j.hours) == 0 || j.sought {
		return j.next
	}
	j.sought = true
	server := j.now.Add(j.opened.Offset)
	if j.isOpen() {
		j.next = j.days.NextClose(server, j.hours[0].segment)
	} else {
		j.next = j.days.NextOpen(server, j.hours[0].segment)
	}
	return j.next
}
