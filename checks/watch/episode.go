package watch

import (
	"fmt"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
)

// broken is an episode with what the patterns need.
type broken struct {
	Episode
	before, after string    // our address on the connection before and after
	ends          time.Time // of the token, as known when it began
	peers         int       // sockets of other programs to the feed when it began
	code          int       // of the close frame
	tries         int       // refused attempts
	settled       bool      // later events do not change the finding
	explained     string    // the code that the doctor's own checks have examined
	words         string    // on how the stream ended; empty if it never opened
}

func (j *Judge) last() *broken { return &j.episodes[len(j.episodes)-1] }

// shown returns the episodes in their exported form.
func (j *Judge) shown() []Episode {
	if j.view == nil {
		j.view = make([]Episode, len(j.episodes))
		for i := range j.episodes {
			j.view[i] = j.episodes[i].Episode
		}
	}
	return j.view
}

// begins opens an episode and reports it to the sink.
func (j *Judge) begins(b broken) {
	j.broke++
	b.N, b.Open = j.broke, j.isOpen()
	b.ends = j.opened.TokenEnds
	b.Final = Final(b.Finding.Code)
	j.episodes = bounded(append(j.episodes, b))
	j.current = true
	j.tellEpisode(Broke, b.Finding.Message)
}

func (j *Judge) tellEpisode(kind NewsKind, text string) {
	e := j.last().Episode
	j.news(News{Kind: kind, Text: text, Episode: &e})
}

// closed handles the end of a connection.
func (j *Judge) closed(e Event) {
	end := End{Words: "the connection has ended"}
	if e.End != nil {
		end = *e.End
	}
	at := j.now
	switch {
	case j.conn.frozen:
		at = j.lastTick()
		j.alive()
	case j.conn.silent, j.sleep.after(e.At):
		at = j.dead()
	default:
		j.alive()
	}
	lived := at.Sub(j.conn.since)
	kind, res := j.verdict(e, end, lived)
	again := j.current // prices had not returned yet
	j.turn(LinkWaiting)
	if again {
		b := j.last()
		b.Finding.Evidence.Add(fmt.Sprintf("return_%d_ended", b.Attempts), end.Words)
	} else {
		code := 0
		if end.Clean {
			code = end.Code
		}
		j.begins(broken{
			Episode: Episode{Kind: kind, Finding: res, Began: at, ConnectionAge: lived},
			before:  j.opened.Local, peers: e.Peers, code: code, words: res.Message,
			settled: kind == ByServer || kind == Starved || res.Code == catalog.MachineAsleep.Code,
		})
	}
	j.unplug()
	j.recognise()
}

// refused handles an attempt that did not open the feed.
func (j *Judge) refused(e Event) {
	j.answered = true
	res := doctor.Result{Status: doctor.Fail, Code: catalog.NotKnown.Code, Message: "the attempt failed"}
	if e.Finding != nil {
		res = *e.Finding
	}
	if res.Code == catalog.HandshakeForbidden.Code {
		j.forbidden++
	} else {
		j.forbidden = 0
	}
	// A refused upgrade may be for a connection that is still counted, so only
	// the third in a row is final.
	stop := Final(res.Code) || j.forbidden >= 3
	j.turn(LinkWaiting)
	switch {
	case !j.current:
		j.begins(broken{Episode: Episode{Kind: NeverOpened, Finding: res, Began: j.now, Attempts: 1}, peers: e.Peers})
	case stop:
		j.giveUp(res)
	default:
		j.tried(res)
	}
	j.last().tries++
	j.recognise()
}

// giveUp makes a refusal that no retry can solve the episode's cause.
func (j *Judge) giveUp(res doctor.Result) {
	b := j.last()
	b.remember(&res)
	if b.Kind != NeverOpened {
		b.Kind = OnReturn
	}
	if j.forbidden >= 3 {
		res.Evidence.Add("fresh_urls_refused", j.forbidden)
	}
	b.Finding, b.Final = res, true
	j.tellEpisode(Broke, res.Message)
}

// tried records a refusal that may be temporary. It replaces an ambiguous
// finding in two cases: if the feed never opened, by the newest refusal, unless
// the cause of this refusal has been found; and if the network is unavailable
// on reconnect, since that explains why the stream ended.
func (j *Judge) tried(res doctor.Result) {
	b := j.last()
	same := b.Finding.Code == res.Code
	switch {
	case b.Kind == NeverOpened && !(b.settled && b.explained == res.Code):
		b.Finding, b.settled = res, false
		if !same {
			j.tellEpisode(Broke, res.Message)
		}
	case !b.settled && ofNetwork(res.Code) && !same && (b.tries == 0 || ofNetwork(b.Finding.Code)):
		j.explain(res)
	default:
		b.Finding.Evidence = set(b.Finding.Evidence, "last_refusal", res.Code+": "+res.Message)
	}
}

// explain makes a later finding the cause of how the stream ended. It is
// settled if it is unambiguous.
func (j *Judge) explain(res doctor.Result) {
	b := j.last()
	b.remember(&res)
	if b.Kind != NeverOpened {
		res.Confidence = doctor.Likely
	}
	b.Finding, b.settled = res, !unclear(res.Code)
	j.tellEpisode(Broke, res.Message)
}

// remember adds how the stream ended to the evidence of another cause.
func (b *broken) remember(cause *doctor.Result) {
	if b.words != "" {
		cause.Evidence = append(cause.Evidence[:len(cause.Evidence):len(cause.Evidence)], doctor.Item{Name: "stream_ended", Value: b.words})
	}
}

// examined applies what the doctor's own checks found.
func (j *Judge) examined(e Event) {
	if e.Finding == nil || !j.current {
		return
	}
	res := *e.Finding
	b := j.last()
	b.explained = b.Finding.Code
	switch {
	case Final(res.Code):
		j.giveUp(res)
	case b.settled || b.Finding.Code == res.Code:
		b.Finding.Evidence = set(b.Finding.Evidence, "examined", res.Code+": "+res.Message)
		b.settled = true
	default:
		j.explain(res)
	}
}

// returned ends the episode: prices are back.
func (j *Judge) returned() {
	if !j.current {
		j.news(News{Kind: Subscribed, Text: fmt.Sprintf("prices have come for %s", humanize.Count(j.known(), "key"))})
		j.await()
		return
	}
	b := j.last()
	first := b.Kind == NeverOpened
	b.Ended, j.current, j.view = j.now, false, nil
	j.tellEpisode(Returned, fmt.Sprintf("prices are back after %s and %s", humanize.Duration(b.Ended.Sub(b.Began)), humanize.Count(b.Attempts, "attempt")))
	if first {
		j.await()
	}
	j.recognise()
}

// known returns how many keys have been seen.
func (j *Judge) known() int {
	n := 0
	for i := range j.reader.Ticks {
		if j.reader.Ticks[i].Seen {
			n++
		}
	}
	return n
}

// set adds a value to the evidence or replaces the one of that name.
func set(ev doctor.Evidence, name string, value any) doctor.Evidence {
	for i := range ev {
		if ev[i].Name == name {
			ev[i].Value = value
			return ev
		}
	}
	ev.Add(name, value)
	return ev
}
