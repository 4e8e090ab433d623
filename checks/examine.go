package checks

import (
	"cmp"
	"context"
	"slices"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// examine runs checks for a watch after a failure whose cause is ambiguous, and
// returns the cause, if they find one.
func (w World) examine(ctx context.Context, o Options) (doctor.Result, bool) {
	w.Tape = nil // it records the watch, not these checks
	d, err := Run(ctx, w, o)
	if err != nil {
		return doctor.Result{}, false
	}
	return rootCause(d.Report)
}

// examineAPI is examine for a login: the checks of the way to the API's host.
func (w World) examineAPI(ctx context.Context) (doctor.Result, bool) {
	w.Tape = nil
	way := slices.DeleteFunc(All(w), func(c doctor.Check) bool {
		return c.Stage() != catalog.StageNetwork || c.Target == FeedHost
	})
	return rootCause(doctor.Runner{Checks: way, Timeout: authorizeWait, Now: w.Now}.Run(ctx))
}

// rootCause returns the failure to solve first, as a finding with a code.
func rootCause(r doctor.Report) (doctor.Result, bool) {
	if r.End != doctor.Complete || r.Status() != doctor.Fail {
		return doctor.Result{}, false
	}
	return withCode(r.RootCauses()[0].Result), true
}

// withCode replaces an empty code by not-known, so that the result can be used
// without a report.
func withCode(res doctor.Result) doctor.Result {
	if res.Code == "" {
		res.Status, res.Code = doctor.Fail, catalog.NotKnown.Code
	}
	res.Confidence = cmp.Or(res.Confidence, doctor.Certain)
	res.CausedBy, res.ID = "", cmp.Or(res.ID, catalog.StageWatch)
	return res
}
