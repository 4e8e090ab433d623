package network

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"syscall"
	"testing"

	"upstox-doctor/checks/catalog"
)

// wrapped is an error as package net gives it.
func wrapped(call string, number syscall.Errno) error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError(call, number)}
}

func TestConnectErrnos(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		goos   string
		number syscall.Errno
		v6     bool
		want   string
	}{
		{"linux refused", "linux", 111, false, "refused"},
		{"linux reset during connect", "linux", 104, false, "refused"},
		{"linux timed out", "linux", 110, false, "timeout"},
		{"linux network unreachable", "linux", 101, false, "no-network"},
		{"linux network down", "linux", 100, false, "no-network"},
		{"linux no route to host", "linux", 113, false, "unreachable"},
		{"linux host down", "linux", 112, false, "unreachable"},
		{"linux prohibit route", "linux", 13, false, "unreachable"},
		{"linux firewall", "linux", 1, false, "unreachable"},
		{"linux blackhole route", "linux", 22, false, "unreachable"},
		{"linux no IPv6 address", "linux", 99, true, "no-network"},
		{"linux no IPv6 at all", "linux", 97, true, "no-network"},
		{"linux out of ports", "linux", 99, false, "exhausted"},
		{"linux out of files", "linux", 24, false, "exhausted"},
		{"mac refused", "darwin", 61, false, "refused"},
		{"mac reset", "darwin", 54, false, "refused"},
		{"mac timed out", "darwin", 60, false, "timeout"},
		{"mac network unreachable", "darwin", 51, false, "no-network"},
		{"mac network down", "darwin", 50, false, "no-network"},
		{"mac no route to host", "darwin", 65, false, "unreachable"},
		{"mac host down", "darwin", 64, false, "unreachable"},
		{"mac not permitted", "darwin", 1, false, "unreachable"},
		{"mac no IPv6 address", "darwin", 49, true, "no-network"},
		{"mac out of files", "darwin", 24, false, "exhausted"},
		{"windows refused", "windows", 10061, false, "refused"},
		{"windows refused, below winsock", "windows", 1225, false, "refused"},
		{"windows reset", "windows", 10054, false, "refused"},
		{"windows aborted", "windows", 10053, false, "refused"},
		{"windows timed out", "windows", 10060, false, "timeout"},
		{"windows timed out, below winsock", "windows", 121, false, "timeout"},
		{"windows network unreachable", "windows", 10051, false, "no-network"},
		{"windows network unreachable, below winsock", "windows", 1231, false, "no-network"},
		{"windows network down", "windows", 10050, false, "no-network"},
		{"windows host unreachable", "windows", 10065, false, "unreachable"},
		{"windows host unreachable, below winsock", "windows", 1232, false, "unreachable"},
		{"windows host down", "windows", 10064, false, "unreachable"},
		{"windows firewall", "windows", 10013, false, "unreachable"},
		{"windows no IPv6 address", "windows", 10049, true, "no-network"},
		{"windows out of buffers", "windows", 10055, false, "exhausted"},
		{"linux a number without a meaning", "linux", 2, false, "other"},
		{"a Linux number on Windows", "windows", 111, false, "other"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := kindOfConnectOn(tc.goos, wrapped("connect", tc.number), tc.v6); got != tc.want {
				t.Errorf("errno %d gives %s, want %s", tc.number, got, tc.want)
			}
		})
	}
}

// The table of this machine must agree with its kernel's names.
func TestErrnosOfThisMachine(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("package syscall gives invented numbers to POSIX names on Windows")
	}
	for number, want := range map[syscall.Errno]osCondition{
		syscall.ENETUNREACH: condNoNetwork, syscall.ENETDOWN: condNoNetwork,
		syscall.EADDRNOTAVAIL: condNoAddress, syscall.EAFNOSUPPORT: condNoAddress,
		syscall.EHOSTUNREACH: condNoHost, syscall.EHOSTDOWN: condNoHost,
		syscall.EACCES: condProhibited, syscall.EPERM: condProhibited,
		syscall.ECONNREFUSED: condRefused, syscall.ETIMEDOUT: condTimeout,
		syscall.ECONNRESET: condReset, syscall.ECONNABORTED: condReset, syscall.EPIPE: condReset,
		syscall.EMFILE: condExhausted, syscall.ENFILE: condExhausted, syscall.ENOBUFS: condExhausted, syscall.ENOMEM: condExhausted,
		syscall.ENOENT: condUnknown,
	} {
		if got := conditionOf(wrapped("connect", number)); got != want {
			t.Errorf("%v is %q, want %q", number, got, want)
		}
	}
}

func TestConditionOfOtherErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		err  error
		want osCondition
	}{
		{"deadline of the context", fmt.Errorf("handshake: %w", context.DeadlineExceeded), condTimeout},
		{"deadline of the connection", &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, condTimeout},
		{"a resolver's time-out", &net.DNSError{IsTimeout: true}, condTimeout},
		{"end of file", io.EOF, condEOF},
		{"end of file within", fmt.Errorf("read: %w", io.ErrUnexpectedEOF), condEOF},
		{"anything else", errors.New("connection refused, it says"), condUnknown},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := conditionOf(tc.err); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// winText stands for the text that Windows gives, here in German, to show
// that the language does not matter.
func winText(number syscall.Errno) string {
	switch number {
	case 11001:
		return "Der angegebene Host ist unbekannt."
	case 11002:
		return "Dies ist normalerweise ein temporärer Fehler."
	case 11003:
		return "Ein nicht behebbarer Fehler ist aufgetreten."
	case 11004:
		return "Der angeforderte Name ist gültig, es wurden jedoch keine Daten gefunden."
	case 10051:
		return "Ein Socketvorgang bezog sich auf ein nicht verfügbares Netzwerk."
	}
	return fmt.Sprintf("winapi error #%d", uintptr(number))
}

func TestLookupErrors(t *testing.T) {
	t.Parallel()
	unix := syscall.Errno.Error
	for _, tc := range []struct {
		name string
		goos string
		err  error
		text func(syscall.Errno) string
		kind string
		c    osCondition
	}{
		{"no such host", "linux", &net.DNSError{Err: "no such host", IsNotFound: true}, unix, "not-found", condUnknownName},
		{"an address of the other family only", "linux", &net.AddrError{Err: "no suitable address found"}, unix, "not-found", condUnknownName},
		{"SERVFAIL or REFUSED", "linux", &net.DNSError{Err: "server misbehaving", IsTemporary: true}, unix, "server-failure", condBadResolver},
		{"lame referral", "linux", &net.DNSError{Err: "lame referral"}, unix, "server-failure", condBadResolver},
		{"garbage", "linux", &net.DNSError{Err: "cannot unmarshal DNS message"}, unix, "server-failure", condBadResolver},
		{"no socket to ask by", "linux", &net.DNSError{Err: "dial udp 192.0.2.53:53: socket: too many open files", IsTemporary: true}, unix, "exhausted", condExhausted},
		{"silence", "linux", &net.DNSError{Err: "i/o timeout", IsTimeout: true}, unix, "unreachable", condTimeout},
		{"deadline", "linux", &net.DNSError{Err: "context deadline exceeded", IsTimeout: true}, unix, "unreachable", condTimeout},
		{"stream cut", "linux", &net.DNSError{Err: "EOF"}, unix, "unreachable", condTimeout},
		{"something new", "linux", &net.DNSError{Err: "the moon is full"}, unix, "other", condUnknown},
		{"not of the resolver", "linux", errors.New("boom"), unix, "other", condUnknown},
		{"mac: temporary", "darwin", &net.DNSError{Err: "Temporary failure in name resolution", IsTemporary: true}, unix, "unreachable", condTimeout},
		{"mac: for good", "darwin", &net.DNSError{Err: "Non-recoverable failure in name resolution"}, unix, "server-failure", condBadResolver},
		{"windows 11001 by text", "windows", &net.DNSError{Err: "getaddrinfow: " + winText(11001)}, winText, "not-found", condUnknownName},
		{"windows 11002", "windows", &net.DNSError{Err: "getaddrinfow: " + winText(11002), IsTemporary: true}, winText, "unreachable", condNoResolver},
		{"windows 11003", "windows", &net.DNSError{Err: "getaddrinfow: " + winText(11003)}, winText, "server-failure", condBadResolver},
		{"windows 11004", "windows", &net.DNSError{Err: "getaddrinfow: " + winText(11004)}, winText, "not-found", condUnknownName},
		{"windows 10051", "windows", &net.DNSError{Err: "getaddrinfow: " + winText(10051)}, winText, "unreachable", condNoNetwork},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			kind, c := kindOfLookupOn(tc.goos, tc.err, tc.text)
			if kind != tc.kind || c != tc.c {
				t.Errorf("got %s, %q; want %s, %q", kind, c, tc.kind, tc.c)
			}
		})
	}
}

// What the kernel says while a resolver is asked arrives as text only.
func TestLookupErrorsOfTheKernel(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the resolver of package net is used on Linux only")
	}
	for number, want := range map[syscall.Errno]osCondition{
		syscall.ECONNREFUSED: condRefused, syscall.ENETUNREACH: condNoNetwork,
		syscall.EHOSTUNREACH: condNoHost, syscall.EPERM: condProhibited,
	} {
		err := &net.DNSError{Err: wrapped("connect", number).Error(), IsTemporary: true}
		if kind, c := kindOfLookup(err); kind != catalog.KindUnreachable || c != want {
			t.Errorf("%v gives %s, %q; want unreachable, %q", err, kind, c, want)
		}
	}
}
