package watch

import (
	"time"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
)

// hours tracks the market status of one segment: as the feed sends it while a
// feed is open, else by the calendar.
type hours struct {
	segment  string
	state    market.State
	calendar market.State // by the calendar
	byFeed   bool         // state was sent by the feed that is open
	heard    bool         // the feed has sent a status
	lost     time.Time    // when that feed ended
}

// faith is how long after a disconnect the feed's last market status takes
// precedence over the calendar.
const faith = 30 * time.Minute

func (j *Judge) follow(segment string) {
	for _, h := range j.hours {
		if h.segment == segment {
			return
		}
	}
	j.hours = append(j.hours, hours{segment: segment, state: market.Unknown, calendar: market.Unknown})
}

// advance moves the Judge's time to at, minute by minute, since sessions begin
// and end on whole minutes. An earlier time changes nothing.
func (j *Judge) advance(at time.Time) {
	for !at.Before(j.edge) && !j.edge.IsZero() {
		j.spend(j.edge)
		j.edge = j.edge.Add(time.Minute)
		j.calendar()
		j.tokenEnds()
	}
	j.spend(at)
}

// rule sets the next minute boundary by the server's clock.
func (j *Judge) rule() {
	server := j.now.Add(j.opened.Offset)
	j.edge = j.now.Add(server.Truncate(time.Minute).Add(time.Minute).Sub(server))
	j.calendar()
}

// calendar updates each segment from the calendar.
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

// segments applies the statuses of a market_info frame.
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

// set changes a segment's state and reports the change.
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

// opens returns in words when the segment opens next.
func (j *Judge) opens(segment string) string {
	next := j.days.NextOpen(j.now.Add(j.opened.Offset), segment)
	if next.IsZero() {
		return ""
	}
	return "; it opens " + humanize.Moment(next) + ", in " + humanize.Duration(next.Sub(j.now.Add(j.opened.Offset)))
}

// await reports when the market opens, if the first segment is not open.
func (j *Judge) await() {
	if len(j.hours) == 0 || j.isOpen() || j.hours[0].state == market.Unknown {
		return
	}
	h := j.hours[0]
	j.news(News{Kind: Waiting, Text: "waiting: " + h.segment + " " + stateWords[h.state] + j.opens(h.segment)})
}

// unplug marks the feed's market statuses as those of a lost connection.
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
// computed at most once a minute.
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
