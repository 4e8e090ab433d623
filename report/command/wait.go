package command

import (
	"context"
	"slices"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/retry"
	"upstox-doctor/report"
)

// pauses space the runs: far below any limit of Upstox, of which the nearest is
// 2000 calls in half an hour.
var pauses = retry.Backoff{First: time.Second, Max: 30 * time.Second}

// A retrier repeats the checks until all pass or another run cannot help.
type retrier struct {
	run        func(ctx context.Context, only []string) (checks.Report, error)
	failOnWarn bool // warnings count as well
	pauses     retry.Backoff
	begun      time.Time
	until      time.Time
	showStatus func(line string) // between two runs; an empty one clears it

	runs, bans int
}

// wait is the document of the last run, with how it came to it. The first run
// has been made.
func (e runner) wait(ctx context.Context, begun time.Time, found checks.Report) report.Document {
	prompter := report.NewPrompter(e.app.In, e.app.Errs, e.world.Secrets.String)
	v := retrier{
		run: func(ctx context.Context, only []string) (checks.Report, error) {
			again := e
			if len(only) > 0 {
				again.options.Only = only
			}
			return again.run(ctx)
		},
		failOnWarn: e.options.FailOn == "warn", pauses: pauses,
		begun: begun, until: begun.Add(e.options.Wait), showStatus: func(string) {}, runs: 1,
	}
	if !e.options.Quiet && report.IsTerminal(e.app.Errs) {
		v.showStatus = prompter.Wait
	}
	last, how := v.untilHealthy(ctx, found)
	doc := e.document(last)
	doc.Wait = &how
	return doc
}

// untilHealthy makes the runs. Each has what failed before and what hangs on
// it, with all that these need, since a connection or an address of the run
// before is stale by then; what else there is stands as it was found.
func (v *retrier) untilHealthy(ctx context.Context, found checks.Report) (checks.Report, report.Wait) {
	tell := func(end report.WaitEnd, codes ...string) (checks.Report, report.Wait) {
		return found, report.Wait{Runs: v.runs, WaitedMS: time.Since(v.begun).Milliseconds(), Ended: end, Codes: codes}
	}
	for {
		open := v.unresolved(found.Report)
		permanent := slices.DeleteFunc(codes(open), func(code string) bool { return !notRetryable(code) })
		switch {
		case ctx.Err() != nil:
			found.End = doctor.Interrupted
			return tell(report.WaitInterrupted)
		case found.End == doctor.Faulty:
			return tell(report.WaitFaulty)
		case found.End == doctor.Complete && len(open) == 0:
			return tell(report.WaitHealthy)
		case len(permanent) > 0:
			return tell(report.WaitNotRetryable, permanent...)
		}
		left := time.Until(v.until)
		pause, asked := v.pause(found.Report)
		if left <= 0 || asked > left {
			return tell(report.WaitTimeUp)
		}
		if !v.sleep(ctx, max(asked, min(pause, left)), codes(open)) {
			continue
		}
		again, err := v.run(ctx, v.checksToRepeat(found.Report))
		if err != nil {
			return tell(report.WaitTimeUp) // the same choice of checks was good before
		}
		v.runs++
		found = mergeReports(found, again)
	}
}

// unresolved are the root causes that keep the report from being well.
func (v *retrier) unresolved(r doctor.Report) []doctor.RootCause {
	if r.Status() == doctor.Fail || v.failOnWarn {
		return r.RootCauses()
	}
	return nil
}

func codes(causes []doctor.RootCause) []string {
	var all []string
	for _, c := range causes {
		if !slices.Contains(all, c.Code) {
			all = append(all, c.Code)
		}
	}
	return all
}

// notRetryable reports whether waiting cannot solve what the code names.
func notRetryable(code string) bool {
	e := catalog.Lookup(code)
	return e != nil && e.Retry == catalog.Never
}

// pause is the time until the next run, and that which a server asked for.
func (v *retrier) pause(r doctor.Report) (usual, asked time.Duration) {
	usual = v.pauses.After(v.runs - 1)
	for _, res := range r.Results {
		if n, ok := res.Evidence.Find("retry_after_seconds").(int); ok && res.Status == doctor.Fail {
			asked = max(asked, time.Duration(n)*time.Second)
		}
		if res.Code == catalog.EdgeRateLimited.Code {
			asked = max(asked, retry.Ban.After(v.bans))
		}
	}
	if slices.Contains(codes(v.unresolved(r)), catalog.EdgeRateLimited.Code) {
		v.bans++
	}
	return usual, asked
}

// sleep reports whether the pause went by without an interruption.
func (v *retrier) sleep(ctx context.Context, pause time.Duration, codes []string) bool {
	defer v.showStatus("")
	end := time.NewTimer(pause)
	defer end.Stop()
	second := time.NewTicker(time.Second)
	defer second.Stop()
	next := time.Now().Add(pause)
	for time.Until(next) > 0 {
		v.showStatus(report.WaitLine(codes, v.runs, seconds(time.Until(next)), seconds(time.Until(v.until))))
		select {
		case <-ctx.Done():
			return false
		case <-end.C:
		case <-second.C:
		}
	}
	return true
}

func seconds(d time.Duration) int64 { return int64(max(0, d.Round(time.Second)) / time.Second) }
