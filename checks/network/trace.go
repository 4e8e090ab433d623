package network

import (
	"crypto/tls"
	"time"
)

// A Step is one hop on the way to a host, as passed to Stack.Observe.
type Step struct {
	Hop   string // "dns", "tcp", "tls" or "proxy"
	Host  string // the one that was wanted
	Began time.Time
	Took  time.Duration
	Err   error // nil on success

	Names    Names                // of dns
	Attempts []Attempt            // of tcp
	Proxy    string               // of proxy: scheme, host and port
	TLS      *tls.ConnectionState // of tls, on success
}

// tell starts a step and returns the function that ends and reports it; fill
// adds the result.
func (s *Stack) tell(t Step, fill func(*Step)) func() {
	t.Began = s.now()
	return func() {
		t.Took = s.now().Sub(t.Began)
		fill(&t)
		s.Observe(t)
	}
}
