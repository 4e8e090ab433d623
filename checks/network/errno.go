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

// A condition is what the operating system said, whatever its number for it.
type condition string

const (
	noNetwork   condition = "no-network" // network is unreachable, or down
	noAddress   condition = "no-address" // no local address of that family
	noHost      condition = "no-host"    // no route to host, host is down
	prohibited  condition = "prohibited" // a firewall or route forbids it
	refused     condition = "refused"    // the connect was answered with a reset
	reset       condition = "reset"      // an open connection was ended from outside
	silent      condition = "silent"     // no answer in time
	ended       condition = "ended"      // end of file
	exhausted   condition = "exhausted"  // no file, buffer or memory for another socket
	unknownName condition = "unknown-name"
	noResolver  condition = "no-resolver"
	badResolver condition = "bad-resolver"
	unknown     condition = ""
)

// The numbers stand here as plain numbers, so that each table can be tested
// on any machine. Linux numbers are those of amd64 and arm64; a blackhole
// route answers EINVAL (22). Sources: include/uapi/asm-generic/errno.h,
// sys/errno.h of Darwin, winsock2.h, winerror.h and windns.h.
var (
	linuxErrnos = map[syscall.Errno]condition{
		1: prohibited, 13: prohibited, 22: prohibited,
		32: reset, 103: reset, 104: reset,
		64: noNetwork, 100: noNetwork, 101: noNetwork,
		97: noAddress, 99: noAddress,
		12: exhausted, 23: exhausted, 24: exhausted, 105: exhausted,
		110: silent, 111: refused, 112: noHost, 113: noHost,
	}
	bsdErrnos = map[syscall.Errno]condition{
		1: prohibited, 13: prohibited,
		32: reset, 53: reset, 54: reset,
		50: noNetwork, 51: noNetwork,
		47: noAddress, 49: noAddress,
		12: exhausted, 23: exhausted, 24: exhausted, 55: exhausted,
		60: silent, 61: refused, 64: noHost, 65: noHost,
	}
	// Winsock's own numbers, those of the system below it (ConnectEx gives
	// either), and those of the resolver. WSATRY_AGAIN (11002) says that no
	// server answered or that it failed; the first is far more common.
	windowsErrnos = map[syscall.Errno]condition{
		10013: prohibited, 5: prohibited, 1260: prohibited,
		10050: noNetwork, 10051: noNetwork, 1231: noNetwork,
		10047: noAddress, 10049: noAddress,
		10024: exhausted, 10055: exhausted, 4: exhausted, 1450: exhausted,
		10053: reset, 10054: reset, 10052: reset, 10058: reset, 64: reset, 109: reset, 1236: reset,
		10060: silent, 121: silent, 1460: silent,
		10061: refused, 1225: refused,
		10064: noHost, 10065: noHost, 1232: noHost,
		11001: unknownName, 11004: unknownName, 9003: unknownName, 9501: unknownName,
		11002: noResolver, 9852: noResolver,
		11003: badResolver, 9002: badResolver, 9005: badResolver,
	}
)

func errnosOf(goos string) map[syscall.Errno]condition {
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
func conditionOf(err error) condition { return conditionOn(runtime.GOOS, err) }

// Exhausted reports whether an error means that this machine has no file or
// socket left, which says nothing about what was to be opened.
func Exhausted(err error) bool { return conditionOf(err) == exhausted }

func conditionOn(goos string, err error) condition {
	var number syscall.Errno
	if errors.As(err, &number) {
		return errnosOf(goos)[number]
	}
	var timed net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return silent
	case errors.As(err, &timed) && timed.Timeout():
		return silent
	case atEnd(err):
		return ended
	}
	return unknown
}

// conditionIn finds the condition whose text, in the words and the language
// of this system, is part of s: package net keeps of the resolver's errors
// the text alone. The longest text wins.
func conditionIn(s string, errnos map[syscall.Errno]condition, text func(syscall.Errno) string) condition {
	found, length := unknown, 0
	for number, c := range errnos {
		if t := text(number); len(t) > length && strings.Contains(s, t) {
			found, length = c, len(t)
		}
	}
	return found
}
