package watch

import (
	"fmt"
	"slices"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// room is how many keys a connection may hold in a mode, if it is the only
// mode in use. Source: Upstox's documentation of the v3 feed.
var room = map[string]int{"ltpc": 5000, "option_greeks": 3000, "full": 2000, "full_d30": 50}

// Known reports whether the feed has the mode.
func Known(mode string) bool { return room[mode] > 0 }

// combinedRoom is how many keys a connection may hold in a mode beside keys in
// another. Source: as above.
var combinedRoom = map[string]int{"ltpc": 2000, "option_greeks": 2000, "full": 1500, "full_d30": 1500}

// Beyond reports that a connection does not take so many keys in a mode.
// Whether the plan includes the mode shows only when nothing comes: a token
// tells of the plan that was booked when it was issued.
func Beyond(mode string, keys int) (doctor.Result, bool) {
	limit := room[mode]
	if keys <= limit {
		return doctor.Result{}, false
	}
	var ev doctor.Evidence
	ev.Add("mode", mode)
	ev.Add("keys", keys)
	ev.Add("limit", limit)
	return finding(catalog.PlanLimit, fmt.Sprintf("%d keys in mode %s; a connection takes %d", keys, mode, limit), ev), true
}

// control is the key that is asked for beside the others: none if it is one of
// them or if the connection has no room for it.
func (o Options) control() string {
	fits := len(o.Keys) < room[o.Mode]
	if o.Mode != "ltpc" {
		fits = len(o.Keys) <= min(room[o.Mode], combinedRoom[o.Mode])
	}
	if !fits || slices.Contains(o.Keys, o.Control) {
		return ""
	}
	return o.Control
}

// A subscription is one request to the feed.
type subscription struct {
	mode string
	keys []string
}

// subscriptions are the requests for all keys, and the control key first.
func (o Options) subscriptions() []subscription {
	var all []subscription
	if control := o.control(); control != "" {
		all = append(all, subscription{"ltpc", []string{control}})
	}
	for keys := range slices.Chunk(o.Keys, chunk) {
		all = append(all, subscription{o.Mode, keys})
	}
	return all
}
