package watch

import (
	"fmt"
	"slices"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/token"
)

// A history is the input of the patterns.
type history struct {
	episodes []episode // oldest first
	openUp   time.Duration
	offset   time.Duration // server's clock less the local one
}

// patternRules are the patterns. Each names at most one cause that several
// episodes have in common, and none if it is not sure.
var patternRules = []func(history) *Pattern{constantAge, onlyOutOfHours, atRollover, networkChange, rivalClients}

// findPatterns looks for patterns again and reports each once.
func (t *Tracker) findPatterns() {
	h := history{t.episodes, t.stats.openUp, t.opened.Offset}
	for _, find := range patternRules {
		p := find(h)
		if p == nil {
			continue
		}
		i := slices.IndexFunc(t.patterns, func(old Pattern) bool { return old.Finding.Code == p.Finding.Code })
		if i < 0 {
			t.patterns = append(t.patterns, *p)
			t.notify(Notice{Kind: PatternFound, Text: p.Finding.Message, Pattern: p})
			continue
		}
		t.patterns[i] = *p
	}
	t.dropRefuted(h)
}

// refutableRules are the patterns that a later episode can refute.
var refutableRules = map[string]func(history) *Pattern{
	catalog.StreamOutOfHours.Code: onlyOutOfHours, catalog.NetworkChanged.Code: networkChange,
}

// dropRefuted removes the patterns that later episodes have refuted.
func (t *Tracker) dropRefuted(h history) {
	t.patterns = slices.DeleteFunc(t.patterns, func(p Pattern) bool {
		find := refutableRules[p.Finding.Code]
		return find != nil && find(h) == nil
	})
}

// pattern is a finding over the episodes.
func pattern(e *catalog.Entry, message string, sure doctor.Confidence, ev doctor.Evidence, of []episode) *Pattern {
	res := finding(e, message, ev)
	res.Confidence = sure
	p := &Pattern{Finding: res}
	for _, b := range of {
		p.Episodes = append(p.Episodes, b.N)
	}
	return p
}

// isLoss reports whether a connection that had been up was lost for a cause
// outside this program.
func (b episode) isLoss() bool { return b.Kind != NeverOpened && b.Kind != Starved }

// maxShortAge is the age below which a connection is short-lived.
const maxShortAge = 10 * time.Second

// mayBeAgeLimit reports whether the loss may come from a limit of age. What ends
// within a second of the first prices fails for another reason, and so does what
// names its reason itself. A short-lived connection that the server closes while
// other programs hold one may be pushed off by them. What comes back after a day
// is the time of day, not an age.
func (b episode) mayBeAgeLimit() bool {
	const minPriced, maxAge = time.Second, 12 * time.Hour
	switch b.Finding.Code {
	case catalog.ConnectionLimit.Code, catalog.FrameTooBig.Code, catalog.FrameCorrupt.Code, catalog.FrameUndecodable.Code, catalog.NoLiveTicks.Code:
		return false
	}
	pushedOff := b.Kind == ByServer && b.peers > 0 && b.ConnectionAge < maxShortAge
	return b.isLoss() && !pushedOff && b.priced > minPriced && b.ConnectionAge <= maxAge
}

// constantAge finds connections in a row that lived equally long: three, and of
// less than ten seconds five, since what fails soon fails soon each time.
func constantAge(h history) *Pattern {
	var best, row lifeRow
	for i, b := range h.episodes {
		if !b.mayBeAgeLimit() {
			row = lifeRow{}
			continue
		}
		if row = row.with(i, b.ConnectionAge); !row.alike() {
			row = lifeRow{}.with(i, b.ConnectionAge)
		}
		enough := 3
		if row.mean() < maxShortAge {
			enough = 5
		}
		if row.n >= enough && row.n >= best.n {
			best = row
		}
	}
	if best.n == 0 {
		return nil
	}
	var ev doctor.Evidence
	ev.Add("life_seconds", int(best.mean().Round(time.Second).Seconds()))
	ev.Add("connections", best.n)
	sure := doctor.Likely
	if best.n >= 5 {
		sure = doctor.Certain
	}
	text := fmt.Sprintf("%d connections in a row ended at the age of %s", best.n, humanize.Duration(best.mean()))
	return pattern(catalog.StreamLifetimeLimit, text, sure, ev, h.episodes[best.first:best.first+best.n])
}

// A lifeRow is a row of connections that follow one another.
type lifeRow struct {
	first, n         int // index of the first, and how many
	sum, least, most time.Duration
}

func (r lifeRow) with(i int, age time.Duration) lifeRow {
	if r.n == 0 {
		return lifeRow{i, 1, age, age, age}
	}
	return lifeRow{r.first, r.n + 1, r.sum + age, min(r.least, age), max(r.most, age)}
}

func (r lifeRow) mean() time.Duration { return r.sum / time.Duration(max(r.n, 1)) }

// alike reports whether all lives are within 3 % of each other, which is at
// least two seconds, or an eighth of a life below sixteen, and at most a minute.
func (r lifeRow) alike() bool {
	room := min(max(min(2*time.Second, r.mean()/8), r.mean()*3/100), time.Minute)
	return r.most-r.least <= room
}

// onlyOutOfHours finds a stream that is lost outside trading hours only.
func onlyOutOfHours(h history) *Pattern {
	const minEpisodes, minHeld = 3, time.Hour
	if len(h.episodes) < minEpisodes || h.openUp < minHeld {
		return nil
	}
	for _, b := range h.episodes {
		if b.Open || !b.isLoss() || b.Kind == RefusedOnReturn {
			return nil
		}
	}
	var ev doctor.Evidence
	ev.Add("episodes", len(h.episodes))
	ev.Add("market_open_up_minutes", int(h.openUp.Minutes()))
	text := fmt.Sprintf("all %d losses came while the market was closed; it held for %s of trading", len(h.episodes), humanize.Duration(h.openUp))
	return pattern(catalog.StreamOutOfHours, text, doctor.Likely, ev, h.episodes)
}

// atRollover finds losses at 03:30 in India, when tokens of the login end.
func atRollover(h history) *Pattern {
	const window = 2 * time.Minute
	var at []episode
	days := map[string]bool{}
	var byToken, refused bool
	for _, b := range h.episodes {
		server := b.Began.Add(h.offset).In(market.IST)
		end := token.LastEnd(server.Add(window)) // the nearest one, if any is within the window
		if !b.isLoss() || server.Sub(end).Abs() > window || b.Ended.IsZero() && !b.Permanent {
			continue // or it is not known yet whether the token is still accepted
		}
		at = append(at, b)
		days[server.Format(time.DateOnly)] = true
		byToken = byToken || b.ends.Sub(server).Abs() <= window
		refused = refused || b.Kind == RefusedOnReturn && (b.Finding.Code == catalog.TokenExpired.Code || b.Finding.Code == catalog.TokenRejected.Code)
	}
	// A single loss at that minute proves nothing if the token stays valid.
	if at == nil || !byToken && !refused && len(days) < 2 {
		return nil
	}
	var ev doctor.Evidence
	ev.Add("episodes", len(at))
	ev.Add("days", len(days))
	switch {
	case refused:
		return pattern(catalog.TokenExpired, "the stream ended at 03:30 IST, and its token is refused since", doctor.Certain, ev, at)
	case byToken:
		return pattern(catalog.TokenRollover, "the stream ended at 03:30 IST, together with its token", doctor.Likely, ev, at)
	}
	return pattern(catalog.TokenRollover, fmt.Sprintf("the stream ended at 03:30 IST on %d days", len(days)), doctor.Possible, ev, at)
}

// networkChange finds losses after each of which the machine had another
// address.
func networkChange(h history) *Pattern {
	const minEpisodes = 2
	var moved []episode
	var addresses []string
	for _, b := range h.episodes {
		if !b.isLoss() || b.Ended.IsZero() {
			continue
		}
		if b.before == "" || b.after == "" || b.before == b.after {
			return nil
		}
		moved = append(moved, b)
		addresses = append(addresses, b.before+" → "+b.after)
	}
	if len(moved) < minEpisodes {
		return nil
	}
	var ev doctor.Evidence
	ev.Add("addresses", addresses[:min(len(addresses), 10)])
	text := fmt.Sprintf("after each of %d losses this machine had another address", len(moved))
	return pattern(catalog.NetworkChanged, text, doctor.Likely, ev, moved)
}

// rivalClients finds a server that closes young connections again and again
// while other programs of this machine hold one.
func rivalClients(h history) *Pattern {
	const minEpisodes, maxAge = 3, 10 * time.Minute
	var row []episode
	for _, b := range slices.Backward(h.episodes) {
		if b.Kind != ByServer || b.peers == 0 || b.ConnectionAge > maxAge {
			break
		}
		row = append(row, b)
	}
	slices.Reverse(row)
	var lives lifeRow
	for i, b := range row {
		lives = lives.with(i, b.ConnectionAge)
	}
	if len(row) < minEpisodes || lives.alike() && lives.mean() >= maxShortAge {
		return nil
	}
	var ev doctor.Evidence
	ev.Add("closed_by_server", len(row))
	ev.Add("other_local_connections", row[len(row)-1].peers)
	text := fmt.Sprintf("the server closed %d connections in a row while this machine held %s to the feed",
		len(row), humanize.Count(row[len(row)-1].peers, "other connection"))
	return pattern(catalog.CompetingConnections, text, doctor.Likely, ev, row)
}
