package network

import (
	"context"
	"errors"
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"
)

// An osCondition is what the operating system said, whatever its number for it.
type osCondition string

const (
	condNoNetwork   osCondition = "no-network" // network is unreachable, or down
	condNoAddress   osCondition = "no-address" // no local address of that family
	condNoHost      osCondition = "no-host"    // no route to host, host is down
	condProhibited  osCondition = "prohibited" // a firewall or route forbids it
	condRefused     osCondition = "refused"    // the connect was answered with a reset
	condReset       osCondition = "reset"      // an open connection was ended from outside
	condTimeout     osCondition = "silent"     // no answer in time
	condEOF         osCondition = "ended"      // end of file
	condExhausted   osCondition = "exhausted"  // no file, buffer or memory for another socket
	condUnknownName osCondition = "unknown-name"
	condNoResolver  osCondition = "no-resolver"
	condBadResolver osCondition = "bad-resolver"
	condUnknown     osCondition = ""
)

// The numbers stand here as plain numbers, so that each table can be tested
// on any machine. Linux numbers are those of amd64 and arm64; a blackhole
// route answers EINVAL (22). Sources: include/uapi/asm-generic/errno.h,
// sys/errno.h of Darwin, winsock2.h, winerror.h and windns.h.
var (
	linuxErrnos = map[syscall.Errno]osCondition{
		1: condProhibited, 13: condProhibited, 22: condProhibited,
		32: condReset, 103: condReset, 104: condReset,
		64: condNoNetwork, 100: condNoNetwork, 101: condNoNetwork,
		97: condNoAddress, 99: condNoAddress,
		12: condExhausted, 23: condExhausted, 24: condExhausted, 105: condExhausted,
		110: condTimeout, 111: condRefused, 112: condNoHost, 113: condNoHost,
	}
	bsdErrnos = map[syscall.Errno]osCondition{
		1: condProhibited, 13: condProhibited,
		32: condReset, 53: condReset, 54: condReset,
		50: condNoNetwork, 51: condNoNetwork,
		47: condNoAddress, 49: condNoAddress,
		12: condExhausted, 23: condExhausted, 24: condExhausted, 55: condExhausted,
		60: condTimeout, 61: condRefused, 64: condNoHost, 65: condNoHost,
	}
	// Winsock's own numbers, those of the system below it (ConnectEx gives
	// either), and those of the resolver. WSATRY_AGAIN (11002) says that no
	// server answered or that it failed; the first is far more common.
	windowsErrnos = map[syscall.Errno]osCondition{
		10013: condProhibited, 5: condProhibited, 1260: condProhibited,
		10050: condNoNetwork, 10051: condNoNetwork, 1231: condNoNetwork,
		10047: condNoAddress, 10049: condNoAddress,
		10024: condExhausted, 10055: condExhausted, 4: condExhausted, 1450: condExhausted,
		10053: condReset, 10054: condReset, 10052: condReset, 10058: condReset, 64: condReset, 109: condReset, 1236: condReset,
		10060: condTimeout, 121: condTimeout, 1460: condTimeout,
		10061: condRefused, 1225: condRefused,
		10064: condNoHost, 10065: condNoHost, 1232: condNoHost,
		11001: condUnknownName, 11004: condUnknownName, 9003: condUnknownName, 9501: condUnknownName,
		11002: condNoResolver, 9852: condNoResolver,
		11003: condBadResolver, 9002: condBadResolver, 9005: condBadResolver,
	}
)

func errnosOf(goos string) map[syscall.Errno]osCondition {
	switch goos {
	case "linux", "android":
		return linuxErrnos
	case "windows":
		return windowsErrnos
	}
	return bsdErrnos
}

// conditionOf returns the condition of an operating system's error, and unknown
// for all others.
func conditionOf(err error) osCondition { return conditionOn(runtime.GOOS, err) }

// Exhausted reports whether an error means that this machine has no file or
// socket left, which says nothing about what was to be opened.
func Exhausted(err error) bool { return conditionOf(err) == condExhausted }

func conditionOn(goos string, err error) osCondition {
	var number syscall.Errno
	if errors.As(err, &number) {
		return errnosOf(goos)[number]
	}
	var timed net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return condTimeout
	case errors.As(err, &timed) && timed.Timeout():
		return condTimeout
	case isPeerClosed(err):
		return condEOF
	}
	return condUnknown
}

// conditionIn finds the condition whose text, in the words and the language
// of this system, is part of s: package net keeps of the resolver's errors
// the text alone. The longest text wins.
func conditionIn(s string, errnos map[syscall.Errno]osCondition, text func(syscall.Errno) string) osCondition {
	found, length := condUnknown, 0
	for number, c := range errnos {
		if t := text(number); len(t) > length && strings.Contains(s, t) {
			found, length = c, len(t)
		}
	}
	return found
}
