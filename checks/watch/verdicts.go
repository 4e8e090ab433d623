package watch

import (
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// feedTarget is what a finding about the stream speaks of.
const feedTarget = "wsfeeder-api.upstox.com"

// finding is the result for an entry of the catalog.
func finding(code, message string, ev doctor.Evidence) doctor.Result {
	status := doctor.Fail
	if e := catalog.Lookup(code); e != nil && e.Grade == catalog.Warns {
		status = doctor.Warn
	}
	return doctor.Result{
		Status: status, Code: code, Target: feedTarget, Message: message, Evidence: ev,
		Confidence: doctor.Certain, ID: "watch",
	}
}

// cureless are the diagnoses that no further attempt can cure, beside those of
// the environment: the user must act first. All trouble of networks and
// servers may pass, and a refused handshake may have been a connection that is
// still counted, so that only the third counts.
var cureless = map[string]bool{
	"token-missing": true, "token-malformed": true, "token-expired": true, "token-rejected": true,
	"token-shadowed": true, "token-not-permitted": true,
	"account-inactive": true, "app-inactive": true, "static-ip-required": true,
	"authorize-unauthorized": true, "authorize-forbidden": true, "authorize-untrusted-url": true,
	"endpoint-gone": true, "edge-blocked": true,
	"handshake-unauthorized": true, "handshake-redirected": true,
	"plan-limit": true, "instrument-unknown": true,
	"no-ca-roots": true, "proxy-invalid": true, "proxy-auth-required": true,
}

// final reports whether retrying cannot cure what the code names.
func final(code string) bool { return cureless[code] || strings.HasPrefix(code, "env-") }

// Final reports whether trying again cannot cure what the code names: the
// user must act first.
func Final(code string) bool { return final(code) }

// ofNetwork reports whether the code names trouble of the network itself.
func ofNetwork(code string) bool {
	e := catalog.Lookup(code)
	return e != nil && e.Stage == "network" && e.Owner != catalog.Upstox
}

// unclear are refusals whose cause is not evident from the wire.
func unclear(code string) bool {
	switch code {
	case "not-known", "api-unexpected-response", "authorize-no-url", "handshake-invalid", "handshake-not-upgraded", "no-snapshot",
		"tls-expired", "tls-not-yet-valid": // the local clock may be wrong
		return true
	}
	return strings.HasSuffix(code, "-timeout") || strings.HasSuffix(code, "-dropped") && code != "stream-dropped"
}
