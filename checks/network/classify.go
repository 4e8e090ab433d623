package network

import (
	"crypto/tls"
	"errors"
	"net"
	"runtime"
	"strings"
	"syscall"

	"upstox-doctor/checks/catalog"
)

// kindOfLookup returns the kind of a resolver's error. Package net keeps the
// cause as text: Go's resolver uses fixed English, the system's resolver its own
// language. condNoNetwork is reported apart, because then the route decides.
func kindOfLookup(err error) (kind string, c osCondition) {
	return kindOfLookupOn(runtime.GOOS, err, syscall.Errno.Error)
}

func kindOfLookupOn(goos string, err error, text func(syscall.Errno) string) (string, osCondition) {
	var lookup *net.DNSError
	if !errors.As(err, &lookup) {
		if family := new(net.AddrError); errors.As(err, &family) {
			return catalog.KindNotFound, condUnknownName
		}
		return catalog.KindOther, conditionOn(goos, err)
	}
	if lookup.IsNotFound {
		return catalog.KindNotFound, condUnknownName
	}
	for _, words := range []string{
		"server misbehaving", "lame referral", "no answer from DNS server",
		"cannot unmarshal DNS message", "invalid DNS response",
		"on-recoverable failure in name resolution", // EAI_FAIL of macOS
	} {
		if strings.Contains(lookup.Err, words) {
			return catalog.KindServerFailure, condBadResolver
		}
	}
	switch c := conditionIn(lookup.Err, errnosOf(goos), text); c {
	case condUnknownName:
		return catalog.KindNotFound, c
	case condBadResolver:
		return catalog.KindServerFailure, c
	case condExhausted:
		return catalog.KindExhausted, c
	case condUnknown:
	default:
		return catalog.KindUnreachable, c
	}
	if lookup.IsTimeout || lookup.IsTemporary || strings.HasSuffix(lookup.Err, "EOF") {
		return catalog.KindUnreachable, condTimeout
	}
	return catalog.KindOther, condUnknown
}

// kindOfConnect says what the error of one connect means. v6 tells that the
// address is of that family: a machine without any IPv6 address says that it
// cannot assign one, which over IPv4 means that its ports are used up.
// "no-network" is a kind of attempts only.
func kindOfConnect(err error, v6 bool) string { return kindOfConnectOn(runtime.GOOS, err, v6) }

func kindOfConnectOn(goos string, err error, v6 bool) string {
	switch conditionOn(goos, err) {
	case condNoNetwork:
		return kindNoNetwork
	case condNoAddress:
		if v6 {
			return kindNoNetwork
		}
		return catalog.KindExhausted
	case condExhausted:
		return catalog.KindExhausted
	case condRefused, condReset:
		return catalog.KindRefused
	case condNoHost, condProhibited:
		return catalog.KindUnreachable
	case condTimeout:
		return catalog.KindTimeout
	}
	return catalog.KindOther
}

// kindOfHandshake returns the kind of an error during the TLS handshake, except
// for a certificate that is not accepted: see Network.classifyCertError. Alerts
// become "version" only if the two sides have no parameters in common, which
// includes "no application protocol". The others, such as a demand for a client
// certificate or an unknown name, show that another server answers, but not
// which, and are "other".
func kindOfHandshake(err error) string {
	var (
		record tls.RecordHeaderError
		op     *net.OpError
	)
	if errors.As(err, &record) {
		return catalog.KindNotTLS
	}
	if errors.As(err, &op) && op.Op == "remote error" {
		for _, alert := range []tls.AlertError{handshakeFailure, protocolVersion, insufficientSecurity, noApplicationProtocol} {
			if op.Err.Error() == alert.Error() {
				return catalog.KindVersion
			}
		}
		return catalog.KindOther
	}
	for _, words := range []string{
		"tls: server selected unsupported protocol version",
		"tls: server chose an unconfigured cipher suite",
		"tls: server selected unsupported group",
		"tls: server selected unsupported curve",
	} {
		if strings.HasPrefix(err.Error(), words) {
			return catalog.KindVersion
		}
	}
	switch conditionOf(err) {
	case condTimeout:
		return catalog.KindTimeout
	case condReset, condRefused, condEOF:
		return catalog.KindReset
	}
	return catalog.KindOther
}

// Alerts by number, from RFC 8446 section 6 and RFC 7301.
const (
	handshakeFailure      tls.AlertError = 40
	protocolVersion       tls.AlertError = 70
	insufficientSecurity  tls.AlertError = 71
	noApplicationProtocol tls.AlertError = 120
)
