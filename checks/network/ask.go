package network

import (
	"context"
	"net"
	"net/netip"
	"time"

	"upstox-doctor/checks/catalog"
)

// impatience is how long both address families may take together. After it
// each is asked on its own, because a resolver that drops the question for one
// must not hide the answer for the other; and once one is answered, courtesy
// is how much longer the other may take (RFC 8305, Resolution Delay).
const (
	impatience = time.Second
	courtesy   = 50 * time.Millisecond
)

// ask asks for both families at once; if that is not answered within
// impatience, also for each alone, of whoever other asks, and takes what comes
// first. Package net gives one error for two questions, either one's: so "no
// such host" stands only when the question for IPv4 alone has the same answer.
func ask(ctx context.Context, lookup, other lookupFunc, name string) ([]netip.Addr, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answers := make(chan answer, 3)
	put := func(l lookupFunc, network string) { answers <- l.answer(ctx, network, name) }
	go put(lookup, "ip")
	again := time.NewTimer(impatience)
	defer again.Stop()
	var q inquiry
	for !q.over() {
		select {
		case <-again.C:
			q.late, q.asked = true, true
			go put(other, "ip4")
			go put(other, "ip6")
		case a := <-answers:
			if len(a.addrs) > 0 {
				return a.withOther(answers, q.late && q.v4 == nil), nil
			}
			if q.doubts(a) {
				again.Stop()
				go put(lookup, "ip4")
			}
		}
	}
	return nil, q.verdict()
}

// withOther adds the other family's addresses, if that question is open and
// its answer does not take long.
func (a answer) withOther(answers <-chan answer, open bool) []netip.Addr {
	if a.network == "ip" || !open {
		return a.addrs
	}
	enough := time.NewTimer(courtesy)
	defer enough.Stop()
	for {
		select {
		case <-enough.C:
			return a.addrs
		case b := <-answers:
			if b.network != a.network {
				return tidy(append(a.addrs, b.addrs...))
			}
		}
	}
}

// An inquiry is what has been asked and what is known, as long as there is no
// address.
type inquiry struct {
	late  bool  // the question for both families was not answered at once
	asked bool  // the question for IPv4 alone was put
	both  error // what the first said
	v4    error // what the second said
}

func (q *inquiry) over() bool { return q.both != nil && (!q.asked || q.v4 != nil) }

// doubts takes an answer and reports whether IPv4 is now to be asked for.
func (q *inquiry) doubts(a answer) bool {
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

// verdict chooses between the two errors. A "no such host" that came late may
// be that of IPv6 beside silence about IPv4.
func (q *inquiry) verdict() error {
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

// An answer is what one question brought: addresses or an error.
type answer struct {
	network string
	addrs   []netip.Addr
	err     error
}

func (l lookupFunc) answer(ctx context.Context, network, name string) answer {
	addrs, err := l(ctx, network, name)
	if err == nil && len(addrs) == 0 {
		err = &net.DNSError{Err: "no address", Name: name, IsNotFound: true}
	}
	return answer{network, tidy(addrs), err}
}
