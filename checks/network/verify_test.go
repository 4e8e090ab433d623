package network

import (
	"crypto/x509"
	"io/fs"
	"syscall"
	"testing"
	"time"
)

func TestValidAt(t *testing.T) {
	t.Parallel()
	ca := root(t, "Test Root")
	between := ca.below(t, "Test Intermediate")
	leaf := between.issue(t, nil).Leaf
	chain := []*x509.Certificate{leaf, between.cert}
	for _, tc := range []struct {
		name  string
		certs []*x509.Certificate
		host  string
		at    time.Time
		kind  string
	}{
		{"today", chain, host, now, ""},
		{"in its last second", chain, host, leaf.NotAfter, ""},
		{"clock days ahead", chain, host, now.Add(61 * day), "expired"},
		{"clock of 1970", chain, host, time.Unix(0, 0), "not-yet-valid"},
		{"another host", chain, "evil.example", now, "name-mismatch"},
		{"without the intermediate", chain[:1], host, now, "untrusted"},
		{"without any", nil, host, now, "other"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &Network{Roots: pool(ca), Now: clockAt(time.Unix(0, 0))} // the local clock has no say
			err := s.ValidAt(tc.certs, tc.host, tc.at)
			if tc.kind == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			fault(t, err, "tls", tc.kind)
		})
	}
}

func TestLegacyName(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		cert *x509.Certificate
		want bool
	}{
		{"common name only", selfSigned(t, named()).Leaf, true},
		{"with alternative names", selfSigned(t).Leaf, false},
		{"common name of another", selfSigned(t, named(), func(c *x509.Certificate) { c.Subject.CommonName = "router" }).Leaf, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := legacyName(tc.cert, host); got != tc.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

// A root store that cannot be opened for want of files is not a missing one.
func TestRootsThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	for number, want := range map[syscall.Errno]string{syscall.ENOENT: "no-roots", syscall.EMFILE: "exhausted"} {
		err := x509.SystemRootsError{Err: &fs.PathError{Op: "open", Path: "ca.pem", Err: number}}
		if e := new(Network).classifyCertError(nil, host, time.Now(), err); e.Kind != want {
			t.Errorf("%v: %s, want %s", number, e.Kind, want)
		}
	}
}
