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
func (d *drawing) status() {
	stream, market, token := link(&d.State), trading(&d.State), token(&d.State)
	if d.columns < narrow {
		stream, market = linkShort(&d.State), tradingShort(&d.State)
		token, _, _ = strings.Cut(token, ", ")
	}
	rows := [][]piece{
		{{"Stream", dim}, {stream, d.linkInk()}},
		d.ticks(),
		{{"Market", dim}, {market, d.marketInk()}},
		{{"Token", dim}, {token, d.tokenInk()}},
		{{"Delay", dim}, {d.delay(), ""}},
	}
	for _, pieces := range rows[:min(len(rows), max(1, d.rows-len(d.lines)-4))] {
		pieces[0].text = padded(pieces[0].text, d.label())
		d.row(pieces...)
	}
}

// label is the width of the column of labels.
func (d *drawing) label() int {
	if d.columns < narrow {
		return 9
	}
	return 10
}

func (d *drawing) ticks() []piece {
	text := padded(rate(&d.State), len("1,00,000 ticks a second"))
	all := "  " + humanize.Grouped(d.Ticks) + " in all"
	if d.columns < narrow {
		text, all = strings.Replace(rate(&d.State), "ticks a second", "a second", 1), ""
	}
	room := min(60, d.columns-d.label()-report.Width(text+all)-2)
	return []piece{{"Ticks", dim}, {text + "  ", ""}, {spark(d.PerSecond, room, d.ASCII), cyan}, {all, dim}}
}

func (d *drawing) linkInk() ink {
	switch d.Link {
	case watch.LinkUp:
		return green
	case watch.LinkStopped:
		return red
	}
	return yellow
}

func (d *drawing) marketInk() ink {
	if d.Market == market.Open {
		return green
	}
	return ""
}

// tokenInk warns half an hour ahead, like the check token-expiring-soon.
func (d *drawing) tokenInk() ink {
	switch left := d.TokenEnds.Sub(d.Now); {
	case d.TokenEnds.IsZero():
		return ""
	case left <= 0:
		return red
	case left < 30*time.Minute:
		return yellow
	}
	return ""
}

// delay says no more than is known: the server's clock, to half a second.
func (d *drawing) delay() string {
	text, from := "under 0.5 s", ""
	if d.Delay >= time.Second/2 {
		text = "about " + humanize.Duration(d.Delay)
	}
	if d.columns >= narrow {
		from = " from Upstox's stamp to this machine"
	}
	if d.Ticks == 0 {
		return "not known yet"
	}
	if d.Backpressure > 0 {
		from += "; unread for " + humanize.Duration(d.Backpressure) + " in all: the output is too slow"
	}
	return text + from
}
