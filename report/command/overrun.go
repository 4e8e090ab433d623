package command

import (
	"fmt"
	"time"
)

// overrunGrace is how long a command may go on after its deadline: long enough
// for an output that takes nothing to be given up (2 s to open it and 2 s for a
// write, see checks/files) and named in the error.
const overrunGrace = 5 * time.Second

// within ends the program if what is being done has not ended soon after the
// limit, counted from the start; done says that it has. A read or write that
// blocks, as of a pipe that nobody reads, does not heed a context.
func (a App) within(s OutputOptions, start time.Time, limit time.Duration, doing string) (done func()) {
	if a.Overrun == nil {
		return func() {}
	}
	late := time.AfterFunc(max(0, time.Until(start.Add(limit)))+overrunGrace, func() {
		a.Overrun(s.asPlugin(fault(fmt.Errorf("%s does not end: the deadline of %s is over", doing, limit))))
	})
	return func() { late.Stop() }
}
