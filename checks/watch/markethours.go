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

// feedStatusTTL is how long after a disconnect the feed's last market status
// takes precedence over the calendar.
const feedStatusTTL = 30 * time.Minute

func (t *Tracker) followSegment(segment string) {
	for _, h := range t.hours {
		if h.segment == segment {
			return
		}
	}
	t.hours = append(t.hours, hours{segment: segment, state: market.Unknown, calendar: market.Unknown})
}

// maxAdvance is the longest time between two events of a watch. A longer one is
// no time that has passed, but a clock that was set, as on a machine that starts
// in 1970, or a damaged record.
const maxAdvance = 366 * 24 * time.Hour

// advanceTo moves the Tracker's time to at, minute by minute, since sessions
// begin and end on whole minutes. An earlier time changes nothing.
func (t *Tracker) advanceTo(at time.Time) {
	if at.Sub(t.now) > maxAdvance && !t.nextMinute.IsZero() {
		t.now = at
		t.alignMinute()
	}
	for !at.Before(t.nextMinute) && !t.nextMinute.IsZero() {
		t.account(t.nextMinute)
		t.nextMinute = t.nextMinute.Add(time.Minute)
		t.applyCalendar()
		t.warnTokenEnd()
	}
	t.account(at)
}

// account moves the Tracker's time to to.
func (t *Tracker) account(to time.Time) {
	if to.After(t.now) {
		t.stats.account(t.now, to, situation{t.link == LinkUp, t.isOpen(), t.episodeOpen})
		t.now = to
	}
}

// alignMinute sets the next minute boundary by the server's clock.
func (t *Tracker) alignMinute() {
	server := t.now.Add(t.opened.Offset)
	t.nextMinute = t.now.Add(server.Truncate(time.Minute).Add(time.Minute).Sub(server))
	t.applyCalendar()
}

// applyCalendar updates each segment from the calendar.
func (t *Tracker) applyCalendar() {
	t.nextCached = false
	server := t.now.Add(t.opened.Offset)
	for i := range t.hours {
		h := &t.hours[i]
		says := t.calendar.State(server, h.segment)
		changed := says != h.calendar
		h.calendar = says
		if !h.byFeed && (changed || t.now.Sub(h.lost) > feedStatusTTL) {
			t.setState(h, says, t.stats.frames == 0)
		}
	}
}

// updateSegments applies the statuses of a market_info frame.
func (t *Tracker) updateSegments(m *feed.Message) {
	for i := range m.Segments {
		s := &m.Segments[i]
		for k := range t.hours {
			if h := &t.hours[k]; h.segment == string(s.Name) {
				first := !h.heard
				h.byFeed, h.heard = true, true
				t.setState(h, market.StateOf(s.Status.String()), first)
			}
		}
	}
}

// setState changes a segment's state and reports the change.
func (t *Tracker) setState(h *hours, to market.State, quietly bool) {
	was := h.state
	h.state, t.nextCached = to, false
	if quietly || was == to || was == market.Unknown || to == market.Unknown {
		return
	}
	text := h.segment + " " + stateWords[to]
	if to != market.Open {
		text += t.nextOpenText(h.segment)
	}
	t.notify(Notice{Kind: MarketNotice, Text: text})
}

var stateWords = map[market.State]string{
	market.Open: "is open", market.PreOpen: "is in its pre-open session", market.Closed: "is closed",
}

// nextOpenText returns in words when the segment opens next.
func (t *Tracker) nextOpenText(segment string) string {
	next := t.calendar.NextOpen(t.now.Add(t.opened.Offset), segment)
	if next.IsZero() {
		return ""
	}
	return "; it opens " + humanize.Moment(next) + ", in " + humanize.Duration(next.Sub(t.now.Add(t.opened.Offset)))
}

// announceWaiting reports when the market opens, if the first segment is not
// open.
func (t *Tracker) announceWaiting() {
	if len(t.hours) == 0 || t.isOpen() || t.hours[0].state == market.Unknown {
		return
	}
	h := t.hours[0]
	t.notify(Notice{Kind: Waiting, Text: "waiting: " + h.segment + " " + stateWords[h.state] + t.nextOpenText(h.segment)})
}

// feedLost marks the feed's market statuses as those of a lost connection.
func (t *Tracker) feedLost() {
	for i := range t.hours {
		if h := &t.hours[i]; h.byFeed {
			h.byFeed, h.lost = false, t.now
		}
	}
}

func (t *Tracker) marketState() market.State {
	if len(t.hours) == 0 {
		return market.Unknown
	}
	return t.hours[0].state
}

func (t *Tracker) isOpen() bool { return t.marketState() == market.Open }

// nextChange is when the first segment is expected to open or to close. It is
// computed at most once a minute.
func (t *Tracker) nextChange() time.Time {
	if len(t.hours) == 0 || t.nextCached {
		return t.next
	}
	t.nextCached = true
	server := t.now.Add(t.opened.Offset)
	if t.isOpen() {
		t.next = t.calendar.NextClose(server, t.hours[0].segment)
	} else {
		t.next = t.calendar.NextOpen(server, t.hours[0].segment)
	}
	return t.next
}
