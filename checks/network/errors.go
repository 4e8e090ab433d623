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

// An Error is one fault in connecting to a host.
type Error struct {
	Hop  string // catalog.HopProxy, HopDNS, HopTCP or HopTLS
	Kind string // one of the catalog's kinds
	Host string // the host that was wanted, also when a proxy failed
	Addr string // address and port that failed: the host's, the resolver's or the proxy's; for hijacked the addresses
	Err  error  // the cause; optional

	Status int    // of the proxy's answer to CONNECT
	Reason string // what else was seen: the proxy's reason, the schemes that a 407 offers, the issuer, the first bytes

	// Certs are what the other side presented, its own first, when they were
	// not accepted.
	Certs []*x509.Certificate
}

// Error names operation, host, address and what was seen. It never contains a
// proxy's user or password.
func (e *Error) Error() string {
	act := map[string]string{catalog.HopDNS: "resolve ", catalog.HopTCP: "connect ", catalog.HopTLS: "secure ", catalog.HopProxy: "tunnel to "}[e.Hop] + e.Host
	switch {
	case e.Addr == "":
	case e.Hop == catalog.HopProxy:
		act += " through " + e.Addr
	case e.Kind == catalog.KindHijacked:
		act += " to " + e.Addr
	case e.Hop == catalog.HopDNS:
		act += " at " + e.Addr
	default:
		act += " " + e.Addr
	}
	var seen []string
	if e.Status != 0 {
		seen = append(seen, strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))))
	}
	if e.Err != nil {
		seen = append(seen, innermostText(e.Err))
	}
	if e.Reason != "" && e.Reason != http.StatusText(e.Status) {
		seen = append(seen, e.Reason)
	}
	if len(seen) == 0 {
		seen = append(seen, e.Kind)
	}
	return act + ": " + strings.Join(seen, ": ")
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Symptom returns what the catalog recognises the fault by.
func (e *Error) Symptom() catalog.Symptom {
	return catalog.Symptom{Hop: e.Hop, Kind: e.Kind, HTTP: e.Status}
}

// innermostText is the innermost message: package net repeats act and address
// around it, which stand in the Error already.
func innermostText(err error) string {
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
	case errors.As(err, &op) && op.Op != "remote error": // a TLS alert comes from the peer
		return op.Err.Error()
	case conditionOf(err) == condTimeout:
		return "no answer in time"
	}
	return err.Error()
}
