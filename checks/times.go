package checks

import (
	"fmt"
	"time"

	"upstox-doctor/checks/market"
)

// ist is the zone of the exchanges and of the token's end.
var ist = market.IST

// span says a duration as people do, in its two largest units.
func span(d time.Duration) string {
	d = d.Abs()
	switch {
	case d < time.Minute:
		return seconds(d)
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

func seconds(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%d s", int(d.Seconds()))
}

// moment says a time in India, with its date.
func moment(t time.Time) string { return t.In(ist).Format("Mon 2 Jan 15:04 IST") }
