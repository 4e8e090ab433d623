package watch

import (
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// feedTarget is the target of findings about the stream.
const feedTarget = "wsfeeder-api.upstox.com"

// finding is the result for an entry of the catalog.
func finding(e *catalog.Entry, message string, ev doctor.Evidence) doctor.Result {
	status := doctor.Fail
	if e.Grade == catalog.Warns {
		status = doctor.Warn
	}
	sure := doctor.Certain
	if e.Several {
		sure = doctor.Likely
	}
	return doctor.Result{
		Status: status, Code: e.Code, Target: feedTarget, Message: message, Evidence: ev,
		Confidence: sure, ID: catalog.StageWatch,
	}
}

// Permanent reports whether trying again cannot help until the user has acted.
// Warnings are never final.
func Permanent(code string) bool {
	e := catalog.Lookup(code)
	return e != nil && e.Retry == catalog.Never && e.Grade != catalog.Warns
}

// isNetworkCode reports whether the code names a fault of the network itself.
func isNetworkCode(code string) bool {
	e := catalog.Lookup(code)
	return e != nil && e.Stage == catalog.StageNetwork && e.Owner != catalog.Upstox
}

// isAmbiguous reports whether the code alone does not identify the cause.
func isAmbiguous(code string) bool {
	e := catalog.Lookup(code)
	return e != nil && e.Retry == catalog.Ask
}
