package watch

import (
	"fmt"
	"slices"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
)

// episode is an episode with what the patterns need.
type episode struct {
	Episode
	before, after string        // our address on the connection before and after
	ends          time.Time     // of the token, as known when it began
	peers         int           // sockets of other programs to the feed when it began
	priced        time.Duration // from the first prices of the connection to its end; zero without prices
	tries         int           // refused attempts
	conclusive    bool          // later events do not change the finding
	explained     string        // the code that the doctor's own checks have examined
	endText       string        // on how the stream ended; empty if it never opened
}

func (t *Tracker) lastEpisode() *episode { return &t.episodes[len(t.episodes)-1] }

// episodeCopies returns the episodes in their exported form.
func (t *Tracker) episodeCopies() []Episode {
	if t.episodesView == nil {
		t.episodesView = make([]Episode, len(t.episodes))
		for i := range t.episodes {
			t.episodesView[i] = t.episodes[i].Episode
		}
	}
	return t.episodesView
}

// beginEpisode opens an episode and reports it to the sink.
func (t *Tracker) beginEpisode(b episode) {
	t.disconnects++
	b.N, b.Open = t.disconnects, t.isOpen()
	b.ends = t.opened.TokenEnds
	b.Permanent = Permanent(b.Finding.Code)
	t.episodes = keepNewest(append(t.episodes, b))
	t.episodeOpen = true
	t.tellEpisode(Disconnected, b.Finding.Message)
}

func (t *Tracker) tellEpisode(kind NoticeKind, text string) {
	e := t.lastEpisode().Episode
	t.notify(Notice{Kind: kind, Text: text, Episode: &e})
}

// handleClosed handles the end of a connection.
func (t *Tracker) handleClosed(e Event) {
	end := End{Words: "the connection has ended"}
	if e.End != nil {
		end = *e.End
	}
	at := t.now
	switch {
	case t.conn.frozen:
		at = t.lastTick()
		t.confirm()
	case t.conn.silent, t.lastSuspend.explains(e.At):
		at = t.stats.lastConfirmed(t.now)
		t.stats.discardUnconfirmed(t.now, t.isOpen())
	default:
		t.confirm()
	}
	age := at.Sub(t.conn.since)
	kind, res := t.classifyEnd(e, end, age)
	again := t.episodeOpen // prices had not returned yet
	t.setLink(LinkWaiting)
	if again {
		b := t.lastEpisode()
		b.Finding.Evidence.Add(fmt.Sprintf("return_%d_ended", b.Attempts), end.Words)
	} else {
		var priced time.Duration
		if !t.conn.pricedAt.IsZero() {
			priced = at.Sub(t.conn.pricedAt)
		}
		t.beginEpisode(episode{
			priced:  priced,
			Episode: Episode{Kind: kind, Finding: res, Began: at, ConnectionAge: age},
			before:  t.opened.Local, peers: e.Peers, endText: res.Message,
			conclusive: kind == ByServer || kind == Starved || res.Code == catalog.MachineAsleep.Code,
		})
	}
	t.feedLost()
	t.findPatterns()
}

// handleRefused handles an attempt that did not open the feed.
func (t *Tracker) handleRefused(e Event) {
	t.answered = true
	res := doctor.Result{Status: doctor.Fail, Code: catalog.NotKnown.Code, Message: "the attempt failed"}
	if e.Finding != nil {
		res = *e.Finding
	}
	countInRow(&t.forbidden, res.Code == catalog.HandshakeForbidden.Code)
	countInRow(&t.limited, res.Code == catalog.ConnectionLimit.Code)
	// A refused upgrade may be for a connection that is still counted, so only
	// the third in a row is final, or if the server names the limit, the cause.
	const maxRefused = 3
	stop := Permanent(res.Code) || t.forbidden >= maxRefused
	t.setLink(LinkWaiting)
	switch {
	case !t.episodeOpen:
		t.beginEpisode(episode{Episode: Episode{Kind: NeverOpened, Finding: res, Began: t.now, Attempts: 1}, peers: e.Peers})
	case stop:
		t.failPermanently(res)
	case t.limited == maxRefused:
		t.blameRefusal(res, false)
	default:
		t.noteRefusal(res)
	}
	t.lastEpisode().tries++
	t.findPatterns()
}

// countInRow adds one more of a row, or ends the row.
func countInRow(n *int, more bool) {
	if *n++; !more {
		*n = 0
	}
}

// failPermanently makes a refusal that no retry can solve the episode's cause.
func (t *Tracker) failPermanently(res doctor.Result) {
	if t.forbidden >= 3 {
		res.Evidence.Add("fresh_urls_refused", t.forbidden)
	}
	t.blameRefusal(res, true)
}

// blameRefusal makes a refusal the episode's cause.
func (t *Tracker) blameRefusal(res doctor.Result, permanent bool) {
	b := t.lastEpisode()
	b.keepEnd(&res)
	if b.Kind != NeverOpened {
		b.Kind = RefusedOnReturn
	}
	b.Finding, b.Permanent, b.conclusive = res, permanent, true
	t.tellEpisode(Disconnected, res.Message)
}

// noteRefusal records a refusal that may be temporary. It replaces an ambiguous
// finding in two cases: if the feed never opened, by the newest refusal, unless
// the cause of this refusal has been found; and if the network is unavailable
// on reconnect, since that explains why the stream ended.
func (t *Tracker) noteRefusal(res doctor.Result) {
	b := t.lastEpisode()
	same := b.Finding.Code == res.Code
	switch {
	case b.Kind == NeverOpened && !(b.conclusive && b.explained == res.Code):
		b.Finding, b.conclusive = res, false
		if !same {
			t.tellEpisode(Disconnected, res.Message)
		}
	case !b.conclusive && isNetworkCode(res.Code) && !same && (b.tries == 0 || isNetworkCode(b.Finding.Code)):
		t.replaceFinding(res)
	default:
		b.Finding.Evidence = setEvidence(b.Finding.Evidence, "last_refusal", res.Code+": "+res.Message)
	}
}

// replaceFinding makes a later finding the cause of how the stream ended. It is
// settled if it is unambiguous.
func (t *Tracker) replaceFinding(res doctor.Result) {
	b := t.lastEpisode()
	b.keepEnd(&res)
	if b.Kind != NeverOpened {
		res.Confidence = doctor.Likely
	}
	b.Finding, b.conclusive = res, !isAmbiguous(res.Code)
	t.tellEpisode(Disconnected, res.Message)
}

// keepEnd adds how the stream ended to the evidence of another cause.
func (b *episode) keepEnd(cause *doctor.Result) {
	if b.endText != "" {
		cause.Evidence = append(cause.Evidence[:len(cause.Evidence):len(cause.Evidence)], doctor.Item{Name: "stream_ended", Value: b.endText})
	}
}

// handleExamined applies what the doctor's own checks found.
func (t *Tracker) handleExamined(e Event) {
	if e.Finding == nil || !t.episodeOpen {
		return
	}
	res := *e.Finding
	b := t.lastEpisode()
	b.explained = b.Finding.Code
	switch {
	case Permanent(res.Code):
		t.failPermanently(res)
	case b.conclusive || b.Finding.Code == res.Code:
		b.Finding.Evidence = setEvidence(b.Finding.Evidence, "examined", res.Code+": "+res.Message)
		b.conclusive = true
	default:
		t.replaceFinding(res)
	}
}

// endEpisode ends the episode: prices are back.
func (t *Tracker) endEpisode() {
	if !t.episodeOpen {
		t.notify(Notice{Kind: Subscribed, Text: fmt.Sprintf("prices have come for %s", humanize.Count(t.known(), "key"))})
		t.announceWaiting()
		return
	}
	b := t.lastEpisode()
	first := b.Kind == NeverOpened
	b.Ended, t.episodeOpen, t.episodesView = t.now, false, nil
	t.tellEpisode(Recovered, fmt.Sprintf("prices are back after %s and %s", humanize.Duration(b.Ended.Sub(b.Began)), humanize.Count(b.Attempts, "attempt")))
	if first {
		t.announceWaiting()
	}
	t.findPatterns()
}

// known returns how many keys have been seen.
func (t *Tracker) known() int {
	n := 0
	for i := range t.reader.Ticks {
		if t.reader.Ticks[i].Seen {
			n++
		}
	}
	return n
}

// setEvidence adds a value to the evidence or replaces the one of that name.
func setEvidence(ev doctor.Evidence, name string, value any) doctor.Evidence {
	ev = slices.Clone(ev)
	for i := range ev {
		if ev[i].Name == name {
			ev[i].Value = value
			return ev
		}
	}
	ev.Add(name, value)
	return ev
}
