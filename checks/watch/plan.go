package watch

import (
	"fmt"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// room is how many keys a connection may hold in a mode, if it is the only
// mode in use. Source: Upstox's documentation of the v3 feed.
var room = map[string]int{"ltpc": 5000, "option_greeks": 3000, "full": 2000, "full_d30": 50}

// Known reports whether the feed has the mode.
func Known(mode string) bool { return room[mode] > 0 }

// Beyond reports what of a plan does not allow the subscription. Plus is nil
// if the token does not tell its plan.
func Beyond(mode string, keys int, plus *bool) (doctor.Result, bool) {
	var ev doctor.Evidence
	ev.Add("mode", mode)
	ev.Add("keys", keys)
	switch limit := room[mode]; {
	case mode == "full_d30" && plus != nil && !*plus:
		ev.Add("plus_plan", false)
		return finding(catalog.PlanLimit, "mode full_d30 needs Upstox Plus, and the token is of another plan", ev), true
	case keys > limit:
		ev.Add("limit", limit)
		return finding(catalog.PlanLimit, fmt.Sprintf("%d keys in mode %s; a connection takes %d", keys, mode, limit), ev), true
	}
	return doctor.Result{}, false
}
