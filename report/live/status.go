package live

import (
	"strings"
	"time"

	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// status writes how the connection, the ticks, the market, the token and the
// delay stand, as many of them as leave room for the episodes.
func (l *layout) status() {
	stream, market, token := link(&l.State), trading(&l.State), token(&l.State)
	if l.columns < narrow {
		stream, market = linkShort(&l.State), tradingShort(&l.State)
		token, _, _ = strings.Cut(token, ", ")
	}
	rows := [][]span{
		{{"Stream", dim}, {stream, l.linkColor()}},
		l.ticks(),
		{{"Market", dim}, {market, l.marketColor()}},
		{{"Token", dim}, {token, l.tokenColor()}},
		{{"Delay", dim}, {l.delay(), ""}},
	}
	for _, pieces := range rows[:min(len(rows), max(1, l.rows-len(l.lines)-4))] {
		pieces[0].text = padded(pieces[0].text, l.label())
		l.row(pieces...)
	}
}

// label is the width of the column of labels.
func (l *layout) label() int {
	if l.columns < narrow {
		return 9
	}
	return 10
}

func (l *layout) ticks() []span {
	text := padded(rate(&l.State), len("1,00,000 ticks a second"))
	all := "  " + humanize.Grouped(l.Ticks) + " in all"
	if l.columns < narrow {
		text, all = strings.Replace(rate(&l.State), "ticks a second", "a second", 1), ""
	}
	room := min(60, l.columns-l.label()-report.Width(text+all)-2)
	return []span{{"Ticks", dim}, {text + "  ", ""}, {spark(l.PerSecond, room, l.ASCII), cyan}, {all, dim}}
}

func (l *layout) linkColor() color {
	switch l.Link {
	case watch.LinkUp:
		return green
	case watch.LinkStopped:
		return red
	}
	return yellow
}

func (l *layout) marketColor() color {
	if l.Market == market.Open {
		return green
	}
	return ""
}

// tokenColor warns half an hour ahead, like the check token-expiring-soon.
func (l *layout) tokenColor() color {
	switch left := l.TokenEnds.Sub(l.Now); {
	case l.TokenEnds.IsZero():
		return ""
	case left <= 0:
		return red
	case left < 30*time.Minute:
		return yellow
	}
	return ""
}

// delay says no more than is known: the server's clock, to half a second.
func (l *layout) delay() string {
	text, from := "under 0.5 s", ""
	if l.Delay >= time.Second/2 {
		text = "about " + humanize.Duration(l.Delay)
	}
	if l.columns >= narrow {
		from = " from Upstox's stamp to this machine"
	}
	if l.Ticks == 0 {
		return "not known yet"
	}
	if l.Backpressure > 0 {
		from += "; unread for " + humanize.Duration(l.Backpressure) + " in all: the output is too slow"
	}
	return text + from
}
