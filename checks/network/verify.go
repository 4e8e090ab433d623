package network

import (
	"crypto/x509"
	"errors"
	"slices"
	"time"

	"upstox-doctor/checks/catalog"
)

// ValidAt reports whether the certificates that host presented, its own
// first, are valid at the time: nil, or the *Error that Handshake would give.
func (n *Network) ValidAt(certs []*x509.Certificate, host string, at time.Time) error {
	if len(certs) == 0 {
		return &Error{Hop: catalog.HopTLS, Kind: catalog.KindOther, Host: host, Reason: "no certificate"}
	}
	if err := n.verify(certs, host, at); err != nil {
		return n.classifyCertError(certs, host, at, err)
	}
	return nil
}

// verify checks a chain as crypto/tls does. An empty host is not compared.
func (n *Network) verify(certs []*x509.Certificate, host string, at time.Time) error {
	between := x509.NewCertPool()
	for _, c := range certs[1:] {
		between.AddCert(c)
	}
	_, err := certs[0].Verify(x509.VerifyOptions{Roots: n.Roots, Intermediates: between, DNSName: host, CurrentTime: at})
	return err
}

// classifyCertError returns why certificates were not accepted. Package x509
// stops at the first fault, dates before names before trust, and reports a
// chain with an expired intermediate as unknown. So each condition is checked
// separately, in this order: the machine has root certificates, the certificate
// is for host, the chain is trusted at any time, it is valid at this time.
func (n *Network) classifyCertError(certs []*x509.Certificate, host string, at time.Time, err error) *Error {
	e := &Error{Hop: catalog.HopTLS, Kind: catalog.KindUntrusted, Host: host, Err: err, Certs: certs}
	if n.hasNoRoots(err) {
		e.Kind = catalog.KindNoRoots
		if Exhausted(err) { // the store exists but cannot be opened
			e.Kind = catalog.KindExhausted
		}
		return e
	}
	if len(certs) == 0 {
		return e
	}
	leaf := certs[0]
	trusted := slices.ContainsFunc(validityInstants(certs, at), func(t time.Time) bool { return n.verify(certs, "", t) == nil })
	switch wrong := leaf.VerifyHostname(host); {
	case wrong != nil && (trusted || !legacyName(leaf, host)):
		e.Kind, e.Err = catalog.KindNameMismatch, wrong
		return e
	case trusted:
		e.Kind = kindOfDates(certs, at)
	case n.verify(certs, "", leaf.NotBefore) != nil:
		e.Err = n.verify(certs, "", leaf.NotBefore) // without the dates, which do not matter any more
	}
	if e.Kind == catalog.KindUntrusted {
		e.Reason = "issuer " + leaf.Issuer.String()
	}
	return e
}

// kindOfDates says which date is wrong in a chain that is trusted at another
// time. If no certificate of it is to blame, an authority's own time is over,
// which makes it untrusted.
func kindOfDates(certs []*x509.Certificate, at time.Time) string {
	for _, c := range certs {
		switch {
		case at.Before(c.NotBefore):
			return catalog.KindNotYetValid
		case at.After(c.NotAfter):
			return catalog.KindExpired
		}
	}
	return catalog.KindUntrusted
}

// hasNoRoots reports whether this machine trusts no authority at all, because
// there is no root store or none of its files can be read. SSL_CERT_FILE and
// SSL_CERT_DIR count, as in package x509.
func (n *Network) hasNoRoots(err error) bool {
	if errors.As(err, new(x509.SystemRootsError)) {
		return true
	}
	roots := n.Roots
	if roots == nil {
		var missing error
		if roots, missing = x509.SystemCertPool(); missing != nil {
			return true
		}
	}
	return roots.Equal(x509.NewCertPool())
}

// validityInstants are times at which a chain may have been valid: at, and both
// ends of each certificate's life. Validity changes nowhere else.
func validityInstants(certs []*x509.Certificate, at time.Time) []time.Time {
	times := []time.Time{at}
	for _, c := range certs {
		times = append(times, c.NotBefore, c.NotAfter)
	}
	return times
}

// legacyName reports whether a certificate names the host only in its common
// name, as self-signed ones still do. Then the lack of trust is reported, not the
// outdated form.
func legacyName(c *x509.Certificate, host string) bool {
	return len(c.DNSNames)+len(c.IPAddresses) == 0 && c.Subject.CommonName == host
}
