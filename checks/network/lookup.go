package network

import (
	"context"
	"net"
	"net/netip"
	"time"

	"upstox-doctor/checks/catalog"
)

// familyTimeout is how long the lookup of both address families may take. After
// it each family is looked up alone, because a resolver may drop the query for
// one and answer the other. resolutionDelay is how much longer the other family may
// take once one is answered (RFC 8305, Resolution Delay).
const (
	familyTimeout   = time.Second
	resolutionDelay = 50 * time.Millisecond
)

// lookupBoth looks up both families at once. Without an answer within
// familyTimeout it also looks up each alone, through other, and takes the first
// answer. Package net returns one error for both queries, of either: so "no
// such host" counts only if the query for IPv4 alone gives it too.
func lookupBoth(ctx context.Context, lookup, other lookupFunc, name string) ([]netip.Addr, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answers := make(chan lookupAnswer, 3)
	put := func(l lookupFunc, network string) { answers <- l.query(ctx, network, name) }
	go put(lookup, "ip")
	again := time.NewTimer(familyTimeout)
	defer again.Stop()
	var q lookupState
	for !q.isDone() {
		select {
		case <-again.C:
			q.late, q.asked = true, true
			go put(other, "ip4")
			go put(other, "ip6")
		case a := <-answers:
			if len(a.addrs) > 0 {
				return a.withOtherFamily(answers, q.late && q.v4 == nil), nil
			}
			if q.needsIPv4Retry(a) {
				again.Stop()
				go put(lookup, "ip4")
			}
		}
	}
	return nil, q.chosenError()
}

// withOtherFamily adds the other family's addresses, if that query is pending
// and answered within resolutionDelay.
func (a lookupAnswer) withOtherFamily(answers <-chan lookupAnswer, open bool) []netip.Addr {
	if a.network == "ip" || !open {
		return a.addrs
	}
	enough := time.NewTimer(resolutionDelay)
	defer enough.Stop()
	for {
		select {
		case <-enough.C:
			return a.addrs
		case b := <-answers:
			if b.network != a.network {
				return normalizeAddrs(append(a.addrs, b.addrs...))
			}
		}
	}
}

// A lookupState is the state of a lookup that has no address yet.
type lookupState struct {
	late  bool  // the query for both families was not answered within impatience
	asked bool  // the query for IPv4 alone was sent
	both  error // of the query for both families
	v4    error // of the query for IPv4 alone
}

func (q *lookupState) isDone() bool { return q.both != nil && (!q.asked || q.v4 != nil) }

// needsIPv4Retry records a, and reports whether its NXDOMAIN must be confirmed
// by a query for IPv4 alone.
func (q *lookupState) needsIPv4Retry(a lookupAnswer) bool {
	switch a.network {
	case "ip4":
		q.v4 = a.err
	case "ip":
		q.both = a.err
		if kind, _ := kindOfLookup(a.err); kind == catalog.KindNotFound && !q.asked {
			q.asked = true
			return true
		}
	}
	return false
}

// chosenError chooses between the two errors. A late "no such host" may be the
// answer for IPv6 while the query for IPv4 is unanswered.
func (q *lookupState) chosenError() error {
	if q.v4 == nil {
		return q.both
	}
	kind, _ := kindOfLookup(q.both)
	switch alone, _ := kindOfLookup(q.v4); {
	case alone == catalog.KindNotFound, alone == catalog.KindServerFailure, alone == catalog.KindExhausted, q.late && kind == catalog.KindNotFound:
		return q.v4
	}
	return q.both
}

// A lookupFunc is net.Resolver.LookupNetIP: network is "ip", "ip4" or "ip6".
type lookupFunc func(ctx context.Context, network, name string) ([]netip.Addr, error)

// A lookupAnswer is the result of one query: addresses or an error.
type lookupAnswer struct {
	network string
	addrs   []netip.Addr
	err     error
}

func (l lookupFunc) query(ctx context.Context, network, name string) lookupAnswer {
	addrs, err := l(ctx, network, name)
	if err == nil && len(addrs) == 0 {
		err = &net.DNSError{Err: "no address", Name: name, IsNotFound: true}
	}
	return lookupAnswer{network, normalizeAddrs(addrs), err}
}
