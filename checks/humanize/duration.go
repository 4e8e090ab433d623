// Package humanize writes durations, moments, prices and counts for people.
// Every table, page, log line and message has them from here, so that one value
// reads the same wherever it is shown. Formats for programs (JSON, RFC 3339)
// are not made here.
package humanize

import (
	"strconv"
	"time"
)

const day = 24 * time.Hour

// Duration writes d in its two largest units and leaves out a part that is
// zero. Below ten seconds it writes tenths: "0.3 s", "5 s", "1 min 30 s",
// "1 h 30 min", "1 day 2 h". It rounds before it chooses the units, so 59.9 s
// is "1 min". A negative duration has a minus in front: "-1 h 30 min".
func Duration(d time.Duration) string {
	size := d.Abs()
	text := positive(size)
	if d < 0 && text != "0 s" {
		return "-" + text
	}
	return text
}

func positive(d time.Duration) string {
	if tenths := d.Round(time.Second / 10); tenths < 10*time.Second {
		return strconv.FormatFloat(tenths.Seconds(), 'f', -1, 64) + " s"
	}
	if s := d.Round(time.Second); s < time.Minute {
		return unit(s, time.Second, "s")
	} else if s < time.Hour {
		return twoUnits(s, time.Minute, "min", time.Second, "s")
	}
	if m := d.Round(time.Minute); m < day {
		return twoUnits(m, time.Hour, "h", time.Minute, "min")
	}
	h := d.Round(time.Hour)
	text := Count(int(h/day), "day")
	if rest := h % day; rest > 0 {
		text += " " + unit(rest, time.Hour, "h")
	}
	return text
}

func twoUnits(d, large time.Duration, largeName string, small time.Duration, smallName string) string {
	text := unit(d, large, largeName)
	if rest := d % large; rest > 0 {
		text += " " + unit(rest, small, smallName)
	}
	return text
}

func unit(d, size time.Duration, name string) string {
	return strconv.FormatInt(int64(d/size), 10) + " " + name
}

// Elapsed writes how long something was measured to take: below a second in
// milliseconds, "230 ms", and from there on as Duration does. Anything shorter
// than a millisecond is "<1 ms", also a clock that went back.
func Elapsed(d time.Duration) string {
	switch ms := d.Round(time.Millisecond); {
	case ms < time.Millisecond:
		return "<1 ms"
	case ms < time.Second:
		return unit(ms, time.Millisecond, "ms")
	}
	return Duration(d)
}
