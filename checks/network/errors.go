package network

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"

	"upstox-doctor/checks/catalog"
)

// The hops, in order.
const (
	hopProxy = "proxy"
	hopDNS   = "dns"
	hopTCP   = "tcp"
	hopTLS   = "tls"
)

// The kinds of fault, in the catalog's words. kindOther is the kind of what
// is not known: a wrong one would be worse.
const (
	kindOther        = "other"
	kindOffline      = "offline"        // dns, tcp: this machine has no route at all
	kindNoNetwork    = "no-network"     // tcp: network is unreachable; of attempts only
	kindNotFound     = "not-found"      // dns: no such name, or no address record
	kindServer       = "server-failure" // dns: the resolver answered, and not usefully
	kindHijacked     = "hijacked"       // dns: addresses that cannot be the host's
	kindUnreachable  = "unreachable"    // dns, tcp, proxy
	kindExhausted    = "exhausted"      // dns, tcp, tls: this machine has no file or socket to give
	kindRefused      = "refused"        // tcp: refused, or reset during connect
	kindTimeout      = "timeout"        // tcp, tls
	kindUntrusted    = "untrusted"      // tls: the chain ends in an unknown authority
	kindNoRoots      = "no-roots"       // tls: this machine trusts no authority
	kindExpired      = "expired"        // tls
	kindNotYetValid  = "not-yet-valid"  // tls
	kindNameMismatch = "name-mismatch"  // tls
	kindReset        = "reset"          // tls: reset or end of file
	kindNotTLS       = "not-tls"        // tls: something else answered
	kindVersion      = "version"        // tls: nothing in common
	kindInvalid      = "invalid"        // proxy: the setting cannot be used
	kindAuthRequired = "auth-required"  // proxy
	kindDenied       = "denied"         // proxy: any other refusal
)

// An Error is one fault on the way to a host.
type Error struct {
	Hop  string // "proxy", "dns", "tcp" or "tls"
	Kind string // what happened there, in the words of catalog.Symptom; "other" if it is not known
	Host string // the host that was wanted, also when a proxy failed
	Addr string // address and port that failed: the host's, the resolver's or the proxy's; for hijacked the addresses
	Err  error  // what was said below; may be nil

	Status int    // of the proxy's answer to CONNECT
	Reason string // what else was seen: the proxy's reason, the schemes that a 407 offers, the issuer, the first bytes

	// Certs are what the other side presented, its own first, when they were
	// not accepted.
	Certs []*x509.Certificate
}

// Error tells act, host, address and what was seen. It never holds a proxy's
// user or password.
func (e *Error) Error() string {
	act := map[string]string{hopDNS: "resolve ", hopTCP: "connect ", hopTLS: "secure ", hopProxy: "tunnel to "}[e.Hop] + e.Host
	switch {
	case e.Addr == "":
	case e.Hop == hopProxy:
		act += " through " + e.Addr
	case e.Kind == kindHijacked:
		act += " to " + e.Addr
	case e.Hop == hopDNS:
		act += " at " + e.Addr
	default:
		act += " " + e.Addr
	}
	var seen []string
	if e.Status != 0 {
		seen = append(seen, strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))))
	}
	if e.Err != nil {
		seen = append(seen, said(e.Err))
	}
	if e.Reason != "" && e.Reason != http.StatusText(e.Status) {
		seen = append(seen, e.Reason)
	}
	if len(seen) == 0 {
		seen = append(seen, e.Kind)
	}
	return act + ": " + strings.Join(seen, ": ")
}

// Unwrap returns what was said below.
func (e *Error) Unwrap() error { return e.Err }

// Symptom returns what the catalog recognises the fault by.
func (e *Error) Symptom() catalog.Symptom {
	return catalog.Symptom{At: e.Hop, Kind: e.Kind, HTTP: e.Status}
}

// said is the innermost message: package net repeats act and address around
// it, which stand in the Error already.
func said(err error) string {
	var (
		lookup *net.DNSError
		op     *net.OpError
		call   *os.SyscallError
		ours   *Error
	)
	switch {
	case errors.As(err, &ours):
		return ours.Error()
	case errors.As(err, &lookup):
		for _, act := range []string{"dial ", "read ", "write "} {
			if i := strings.LastIndex(lookup.Err, ": "); i >= 0 && strings.HasPrefix(lookup.Err, act) {
				return lookup.Err[i+2:]
			}
		}
		return lookup.Err
	case errors.As(err, &call):
		return call.Err.Error()
	case errors.As(err, &op) && op.Op != "remote error": // a TLS alert is not what this side says
		return op.Err.Error()
	case conditionOf(err) == silent:
		return "no answer in time"
	}
	return err.Error()
}
