package network

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"sync"
	"testing"
	"time"
)

// now is the time of all certificates here, far from the machine's own.
var now = time.Date(2031, 3, 4, 5, 6, 7, 0, time.UTC)

func clockAt(at time.Time) func() time.Time { return func() time.Time { return at } }

// An authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// Keys are slow to make and their values do not matter, but authority and
// host need different ones.
var authorityKey, hostKey = sync.OnceValue(newKey), sync.OnceValue(newKey)

func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
}

// A certChange makes a certificate differ from a good one.
type certChange func(*x509.Certificate)

func validBetween(from, to time.Duration) certChange {
	return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.Add(from), now.Add(to) }
}

func named(names ...string) certChange {
	return func(c *x509.Certificate) { c.DNSNames = names }
}

const (
	day  = 24 * time.Hour
	year = 365 * day
)

func root(t *testing.T, name string, changes ...certChange) authority {
	t.Helper()
	return authority{key: authorityKey()}.sign(t, name, authorityKey(), true, changes)
}

// below makes an intermediate authority.
func (a authority) below(t *testing.T, name string, changes ...certChange) authority {
	t.Helper()
	return a.sign(t, name, newKey(), true, changes)
}

// issue makes a certificate for host, and sends chain along with it.
func (a authority) issue(t *testing.T, chain []authority, changes ...certChange) tls.Certificate {
	t.Helper()
	leaf := a.sign(t, host, hostKey(), false, changes)
	c := tls.Certificate{Certificate: [][]byte{leaf.cert.Raw}, PrivateKey: leaf.key, Leaf: leaf.cert}
	for _, between := range chain {
		c.Certificate = append(c.Certificate, between.cert.Raw)
	}
	return c
}

func (a authority) sign(t *testing.T, name string, key *ecdsa.PrivateKey, ca bool, changes []certChange) authority {
	t.Helper()
	c := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    now.Add(-30 * day), NotAfter: now.Add(60 * day),
		BasicConstraintsValid: true, IsCA: ca,
	}
	if ca {
		c.NotBefore, c.NotAfter = now.Add(-5*year), now.Add(5*year)
		c.KeyUsage = x509.KeyUsageCertSign
	} else {
		c.DNSNames = []string{host, "*.upstox.com"}
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	for _, change := range changes {
		change(c)
	}
	parent := a.cert
	if parent == nil {
		parent = c
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert, key}
}

// selfSigned makes a certificate that is signed with its own key.
func selfSigned(t *testing.T, changes ...certChange) tls.Certificate {
	t.Helper()
	return authority{key: hostKey()}.issue(t, nil, changes...)
}

func pool(trusted ...authority) *x509.CertPool {
	p := x509.NewCertPool()
	for _, a := range trusted {
		p.AddCert(a.cert)
	}
	return p
}
