package checks

import (
	"cmp"
	"context"
	"slices"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// examine runs checks on behalf of a watch that met a failure whose cause the
// wire does not show, and returns the cause that they find, if they find one.
func (w World) examine(ctx context.Context, o Options) (doctor.Result, bool) {
	w.Tape = nil // which records the watch, not the checks behind it
	d, err := Diagnose(ctx, w, o)
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

// rootCause is the failure to mend first, as a finding that can stand alone.
func rootCause(r doctor.Report) (doctor.Result, bool) {
	if r.End != doctor.Complete || r.Status() != doctor.Fail {
		return doctor.Result{}, false
	}
	return whole(r.RootCauses()[0].Result), true
}

// whole makes a result a finding that can stand alone: what is not known has
// a code too.
func whole(res doctor.Result) doctor.Result {
	if res.Code == "" {
		res.Status, res.Code = doctor.Fail, catalog.NotKnown.Code
	}
	res.Confidence = cmp.Or(res.Confidence, doctor.Certain)
	res.CausedBy, res.ID = "", cmp.Or(res.ID, catalog.StageWatch)
	return res
}
