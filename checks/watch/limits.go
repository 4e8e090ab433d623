package watch

import (
	"fmt"
	"slices"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
)

// ExceedsPlan reports that a connection does not accept so many keys in a mode.
// It does not check the account's plan: a token holds the plan at the time it
// was issued, so a missing plan shows only when no prices come.
func ExceedsPlan(mode string, keys int) (doctor.Result, bool) {
	limit, _ := feed.MaxKeys(mode)
	if keys <= limit {
		return doctor.Result{}, false
	}
	var ev doctor.Evidence
	ev.Add("mode", mode)
	ev.Add("keys", keys)
	ev.Add("limit", limit)
	return finding(catalog.PlanLimit, fmt.Sprintf("%d keys in mode %s; a connection takes %d", keys, mode, limit), ev), true
}

// control returns the key that always has a price and ticks while its market is
// open: one of the watched keys, or subscribed in addition. It is empty if the
// connection has no room for it.
func (o Options) control() string {
	if slices.Contains(o.Keys, o.Control) {
		return o.Control
	}
	alone, withOthers := feed.MaxKeys(o.Mode)
	fits := len(o.Keys) <= withOthers
	if o.Mode == feed.ModeLTPC {
		fits = len(o.Keys) < alone
	}
	if !fits {
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
	if control := o.control(); control != "" && !slices.Contains(o.Keys, control) {
		all = append(all, subscription{feed.ModeLTPC, []string{control}})
	}
	for keys := range slices.Chunk(o.Keys, maxKeysPerRequest) {
		all = append(all, subscription{o.Mode, keys})
	}
	return all
}
