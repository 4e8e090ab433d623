package watch

import (
	"fmt"
	"time"

	"upstox-doctor/checks/market"
)

// span says a duration as people do, in its two largest units.
func span(d time.Duration) string {
	d = d.Abs()
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	d = d.Round(time.Second)
	switch {
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// moment says a time in India, with its date.
func moment(t time.Time) string { return t.In(market.IST).Format("Mon 2 Jan 15:04 IST") }

// count is "1 attempt" or "3 attempts".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
