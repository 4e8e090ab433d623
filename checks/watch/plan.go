package watch

import (
	"fmt"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// ModeFullD30 is the mode that needs Upstox Plus.
const ModeFullD30 = "full_d30"

// modes are the request modes of the feed by their names on the wire, with how
// many keys a connection may hold if it uses no other. Source: Upstox's
// documentation of the v3 feed.
var modes = []struct {
	name    string
	maxKeys int
}{{"ltpc", 5000}, {"option_greeks", 3000}, {"full", 2000}, {ModeFullD30, 50}}

// Modes are the names of the modes.
func Modes() []string {
	var names []string
	for _, m := range modes {
		names = append(names, m.name)
	}
	return names
}

// Known reports whether the feed has the mode.
func Known(mode string) bool { return maxKeys(mode) > 0 }

// maxKeys is 0 for a mode that the feed does not have.
func maxKeys(mode string) int {
	for _, m := range modes {
		if m.name == mode {
			return m.maxKeys
		}
	}
	return 0
}

// Beyond reports what of a plan does not allow the subscription. Plus is nil
// if the token does not tell its plan.
func Beyond(mode string, keys int, plus *bool) (doctor.Result, bool) {
	var ev doctor.Evidence
	ev.Add("mode", mode)
	ev.Add("keys", keys)
	switch limit := maxKeys(mode); {
	case mode == ModeFullD30 && plus != nil && !*plus:
		ev.Add("plus_plan", false)
		return finding(catalog.PlanLimit, "mode full_d30 needs Upstox Plus, and the token is of another plan", ev), true
	case keys > limit:
		ev.Add("limit", limit)
		return finding(catalog.PlanLimit, fmt.Sprintf("%d keys in mode %s; a connection takes %d", keys, mode, limit), ev), true
	}
	return doctor.Result{}, false
}
