package watch

import "time"

// Steady returns a clock that begins as now and goes on evenly, through the time
// in which the machine is suspended too, whatever the clock of the machine is set
// to meanwhile: what lies between two of its times is a duration. Uptime is as of
// Options.
func Steady(now func() time.Time, uptime func() time.Duration) func() time.Time {
	if uptime == nil {
		uptime = sinceBoot
	}
	begin, booted := now(), uptime()
	return func() time.Time {
		// Of times of the machine's clock this is the monotonic reading, which may
		// leave suspends out. Of others it is their difference.
		return begin.Add(max(now().Sub(begin), uptime()-booted))
	}
}
