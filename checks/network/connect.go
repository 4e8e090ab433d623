package network

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"time"

	"upstox-doctor/checks/catalog"
)

// An Attempt is one try to connect to one address.
type Attempt struct {
	Addr netip.AddrPort
	// Kind is empty if it succeeded, else one of the catalog's, or "no-network",
	// or "unfinished" when another was faster.
	Kind string
	Err  error
	Took time.Duration

	began time.Time
}

// Kinds of attempts only.
const (
	kindNoNetwork  = "no-network" // network is unreachable
	kindUnfinished = "unfinished"
)

// attemptDelay is the delay before the next attempt starts in parallel (RFC
// 8305, Connection Attempt Delay).
const attemptDelay = 250 * time.Millisecond

// Connect tries the addresses as a browser does: the families in turn,
// beginning with the first address, the next after 250 ms or as soon as one
// fails. It returns the first connection and all attempts in the order in
// which they started. If all fail, the error is that of the address that
// verdict chooses.
func (n *Network) Connect(ctx context.Context, host string, addrs []netip.Addr, port uint16) (_ net.Conn, tried []Attempt, fault error) {
	if n.Observe != nil {
		defer n.beginHop(HopTrace{Hop: catalog.HopTCP, Host: host}, func(t *HopTrace) { t.Attempts, t.Err = tried, fault })()
	}
	conn, attempts := n.race(ctx, interleave(normalizeAddrs(addrs)), port)
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		if conn != nil {
			conn.Close()
		}
		return nil, attempts, ctx.Err()
	case conn != nil:
		return conn, attempts, nil
	case len(attempts) == 0:
		return nil, nil, &Error{Hop: catalog.HopTCP, Kind: catalog.KindOther, Host: host, Reason: "no address to connect to"}
	}
	a := representative(attempts)
	e := &Error{Hop: catalog.HopTCP, Kind: a.Kind, Host: host, Addr: a.Addr.String(), Err: a.Err}
	if a.Kind == kindNoNetwork {
		e.Kind = catalog.KindUnreachable
		if !n.routed() {
			e.Kind = catalog.KindOffline
		}
	}
	return nil, attempts, e
}

// attemptResult is how attempt number i ended.
type attemptResult struct {
	i    int
	conn net.Conn
	err  error
	at   time.Time
}

// race runs the attempts. Those that are still under way when one succeeds
// are cancelled, and closed if they succeed nevertheless.
func (n *Network) race(ctx context.Context, addrs []netip.Addr, port uint16) (net.Conn, []Attempt) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		attempts []Attempt
		outcomes = make(chan attemptResult, len(addrs))
		next     = time.NewTimer(0) // the first attempt starts at once
		running  int
	)
	defer next.Stop()
	start := func() {
		i, addr := len(attempts), netip.AddrPortFrom(addrs[len(attempts)], port)
		attempts = append(attempts, Attempt{Addr: addr, Kind: kindUnfinished, began: n.now()})
		running++
		next.Reset(attemptDelay)
		go func() {
			conn, err := n.dial(ctx, addr)
			outcomes <- attemptResult{i, conn, err, n.now()}
		}()
	}
	for running > 0 || len(attempts) < len(addrs) {
		select {
		case <-next.C:
			if len(attempts) < len(addrs) && (len(attempts) == 0 || ctx.Err() == nil) {
				start()
			}
		case o := <-outcomes:
			running--
			attempts[o.i].end(o)
			if o.err == nil {
				go closeLosers(outcomes, running)
				return o.conn, attempts
			}
			if ctx.Err() != nil && running == 0 {
				return nil, attempts
			}
			next.Reset(0)
		}
	}
	return nil, attempts
}

func (a *Attempt) end(o attemptResult) {
	a.Kind, a.Err, a.Took = "", o.err, o.at.Sub(a.began)
	if o.err != nil {
		a.Kind = kindOfConnect(o.err, a.Addr.Addr().Is6())
	}
}

// closeLosers waits for the n other attempts and closes what they opened.
func closeLosers(outcomes <-chan attemptResult, n int) {
	for range n {
		if o := <-outcomes; o.conn != nil {
			o.conn.Close()
		}
	}
}

// interleave orders addresses so that the families take turns, beginning with
// that of the first.
func interleave(addrs []netip.Addr) []netip.Addr {
	var first, second []netip.Addr
	for _, a := range addrs {
		if a.Is4() == addrs[0].Is4() {
			first = append(first, a)
		} else {
			second = append(second, a)
		}
	}
	var out []netip.Addr
	for i := range max(len(first), len(second)) {
		if i < len(first) {
			out = append(out, first[i])
		}
		if i < len(second) {
			out = append(out, second[i])
		}
	}
	return out
}

// representative chooses the attempt to report when none succeeded. Those
// without a network (most often IPv6 on a machine that has none) count only if
// there is no other. Of the rest, the family with more attempts counts, in a
// tie that of the first attempt. Within it a refusal ranks before an
// unreachable host, that before a timeout, and an unknown error last. Among
// equals the first attempt is chosen.
func representative(attempts []Attempt) Attempt {
	var answers []Attempt
	for _, a := range attempts {
		if a.Kind != kindNoNetwork {
			answers = append(answers, a)
		}
	}
	if len(answers) == 0 {
		lost := func(a Attempt) bool { return conditionOf(a.Err) == condNoNetwork }
		return attempts[max(slices.IndexFunc(attempts, lost), 0)] // preferred to "cannot assign an address"
	}
	like := 0
	for _, a := range answers {
		if a.Addr.Addr().Is4() == answers[0].Addr.Addr().Is4() {
			like++
		}
	}
	family := answers[0].Addr.Addr().Is4() == (2*like >= len(answers))
	for _, kind := range []string{catalog.KindExhausted, catalog.KindRefused, catalog.KindUnreachable, catalog.KindTimeout, catalog.KindOther} {
		for _, a := range answers {
			if a.Kind == kind && a.Addr.Addr().Is4() == family {
				return a
			}
		}
	}
	return answers[0]
}
