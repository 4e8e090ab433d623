package network

import (
	"crypto/tls"
	"time"
)

// A HopTrace is one hop on the way to a host, as passed to Network.Observe.
type HopTrace struct {
	Hop   string // "dns", "tcp", "tls" or "proxy"
	Host  string // the one that was wanted
	Began time.Time
	Took  time.Duration
	Err   error // nil on success

	Names    Resolution           // of dns
	Attempts []Attempt            // of tcp
	Proxy    string               // of proxy: scheme, host and port
	TLS      *tls.ConnectionState // of tls, on success
}

// beginHop starts a step and returns the function that ends and reports it;
// fill adds the result.
func (n *Network) beginHop(t HopTrace, fill func(*HopTrace)) func() {
	t.Began = n.now()
	return func() {
		t.Took = n.now().Sub(t.Began)
		fill(&t)
		n.Observe(t)
	}
}
