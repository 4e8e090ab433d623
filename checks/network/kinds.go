package network

import (
	"crypto/tls"
	"errors"
	"net"
	"runtime"
	"strings"
	"syscall"
)

// kindOfLookup says what a resolver's error means. Package net keeps the
// cause as text: the resolver's own words are English and fixed, those of the
// system come in its language. noNetwork is told apart because with it the
// route decides.
func kindOfLookup(err error) (kind string, c condition) {
	return kindOfLookupOn(runtime.GOOS, err, syscall.Errno.Error)
}

func kindOfLookupOn(goos string, err error, text func(syscall.Errno) string) (string, condition) {
	var lookup *net.DNSError
	if !errors.As(err, &lookup) {
		if family := new(net.AddrError); errors.As(err, &family) {
			return kindNotFound, unknownName
		}
		return kindOther, conditionOn(goos, err)
	}
	if lookup.IsNotFound {
		return kindNotFound, unknownName
	}
	for _, words := range []string{
		"server misbehaving", "lame referral", "no answer from DNS server",
		"cannot unmarshal DNS message", "invalid DNS response",
		"on-recoverable failure in name resolution", // EAI_FAIL of macOS
	} {
		if strings.Contains(lookup.Err, words) {
			return kindServer, badResolver
		}
	}
	switch c := conditionIn(lookup.Err, errnosOf(goos), text); c {
	case unknownName:
		return kindNotFound, c
	case badResolver:
		return kindServer, c
	case exhausted:
		return kindExhausted, c
	case unknown:
	default:
		return kindUnreachable, c
	}
	if lookup.IsTimeout || lookup.IsTemporary || strings.HasSuffix(lookup.Err, "EOF") {
		return kindUnreachable, silent
	}
	return kindOther, unknown
}

// kindOfConnect says what the error of one connect means. v6 tells that the
// address is of that family: a machine without any IPv6 address says that it
// cannot assign one, which over IPv4 means that its ports are used up.
// "no-network" is a kind of attempts only.
func kindOfConnect(err error, v6 bool) string { return kindOfConnectOn(runtime.GOOS, err, v6) }

func kindOfConnectOn(goos string, err error, v6 bool) string {
	switch conditionOn(goos, err) {
	case noNetwork:
		return kindNoNetwork
	case noAddress:
		if v6 {
			return kindNoNetwork
		}
		return kindExhausted
	case exhausted:
		return kindExhausted
	case refused, reset:
		return kindRefused
	case noHost, prohibited:
		return kindUnreachable
	case silent:
		return kindTimeout
	}
	return kindOther
}

// kindOfHandshake says what an error during the TLS handshake means, except
// that of a certificate that is not accepted: see Stack.judge. Of the alerts
// only those that tell of nothing in common become "version", and among them
// is "no application protocol". The others, such as a demand for a client
// certificate or an unknown name, say that somebody else answers, but not
// who, and stay "other".
func kindOfHandshake(err error) string {
	var (
		record tls.RecordHeaderError
		op     *net.OpError
	)
	if errors.As(err, &record) {
		return kindNotTLS
	}
	if errors.As(err, &op) && op.Op == "remote error" {
		for _, alert := range []tls.AlertError{handshakeFailure, protocolVersion, insufficientSecurity, noApplicationProtocol} {
			if op.Err.Error() == alert.Error() {
				return kindVersion
			}
		}
		return kindOther
	}
	for _, words := range []string{
		"tls: server selected unsupported protocol version",
		"tls: server chose an unconfigured cipher suite",
		"tls: server selected unsupported group",
		"tls: server selected unsupported curve",
	} {
		if strings.HasPrefix(err.Error(), words) {
			return kindVersion
		}
	}
	switch conditionOf(err) {
	case silent:
		return kindTimeout
	case reset, refused, ended:
		return kindReset
	}
	return kindOther
}

// Alerts by number, from RFC 8446 section 6 and RFC 7301.
const (
	handshakeFailure      tls.AlertError = 40
	protocolVersion       tls.AlertError = 70
	insufficientSecurity  tls.AlertError = 71
	noApplicationProtocol tls.AlertError = 120
)
