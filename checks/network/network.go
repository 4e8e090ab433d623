// Package network connects to a host hop by hop: resolve, connect, a proxy's
// tunnel, TLS. It turns the errors of the operating system, the resolver and the
// TLS library into one Error per fault; it never decides what a user should do
// about it.
//
// A context that is cancelled gives its own error, not a diagnosis. A context
// whose deadline passes gives the timeout of the present hop, so every call needs
// a context with a deadline.
package network

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"time"
)

// A Network is a network as the program sees it. The zero Network is the
// machine's, without a proxy. A Network may be used by several goroutines at
// once; its fields must not change meanwhile.
type Network struct {
	// Resolver answers for names. Nil is the machine's: on Linux the resolver
	// of package net, whose errors are precise, elsewhere the system's.
	Resolver *net.Resolver
	// Zone is a domain below which every name is asked for; empty for none. Package
	// net answers from the machine's hosts file before it asks the Resolver, and
	// no hosts file holds a name of the zone: so a simulated Network has one.
	Zone string
	// Dial opens a TCP connection to an IP address and port, and gives up when
	// the context ends. Nil is net.Dialer.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Roots are the trusted authorities. Nil is the system's; an empty pool
	// counts as a machine without root certificates.
	Roots *x509.CertPool
	// Now is the local clock, not corrected. Nil is time.Now.
	Now func() time.Time
	// Proxy chooses the proxy for a URL, nil for none; see ProxyFromEnv.
	Proxy func(*url.URL) (*url.URL, error)
	// Routed reports whether there is a default route. Nil asks the kernel,
	// without sending a packet. A simulated Network must set it: what the
	// simulator calls a network is not what the machine is connected to.
	Routed func() bool
	// HostsFile is where a hosts file may have given an address. Empty is the
	// machine's.
	HostsFile string
	// Sockets holds the kernel's tables of TCP sockets, "tcp" and "tcp6".
	// Nil is /proc/net on Linux, and nothing elsewhere.
	Sockets fs.FS
	// Owners finds the processes that hold the sockets with these inodes. Nil
	// reads /proc on Linux unless Sockets is set, and finds none elsewhere.
	Owners func(inodes []string) []Process
	// Observe is called with each hop, successful or not; optional. It is called
	// from the goroutine that connects, and may keep the HopTrace.
	Observe func(HopTrace)
	// Agent is the User-Agent sent to a proxy and by ServerDate.
	Agent string
}

// Open connects to a host: through the proxy's tunnel if there is one, else by
// resolve and connect, then TLS. It offers protos by ALPN. An *Error names the
// hop that failed.
func (n *Network) Open(ctx context.Context, host string, port uint16, protos ...string) (*tls.Conn, error) {
	conn, err := n.connectHost(ctx, host, port)
	if err != nil {
		return nil, err
	}
	return n.Handshake(ctx, conn, host, protos...)
}

// Wrapped returns the same network whose TCP connections go through wrap.
func (n *Network) Wrapped(wrap func(net.Conn) net.Conn) *Network {
	wrapped := *n
	wrapped.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		dial := n.Dial
		if dial == nil {
			dial = new(net.Dialer).DialContext
		}
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return wrap(conn), nil
	}
	return &wrapped
}

// connectHost is Open without the last hop.
func (n *Network) connectHost(ctx context.Context, host string, port uint16) (net.Conn, error) {
	proxy, err := n.Route(host)
	if err != nil {
		return nil, err
	}
	if proxy != nil {
		return n.Tunnel(ctx, proxy, host, port)
	}
	names, err := n.Resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	conn, _, err := n.Connect(ctx, host, names.Addrs, port)
	return conn, err
}

func (n *Network) now() time.Time {
	if n.Now != nil {
		return n.Now()
	}
	return time.Now()
}

func (n *Network) dial(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
	if n.Dial != nil {
		return n.Dial(ctx, "tcp", addr.String())
	}
	return new(net.Dialer).DialContext(ctx, "tcp", addr.String())
}

// routed reports whether the kernel has a default route. To connect a UDP
// socket makes the kernel choose a route and sends nothing; the addresses are
// those reserved for documentation. Only "network is unreachable" counts: a
// route that prohibits is a route.
func (n *Network) routed() bool {
	if n.Routed != nil {
		return n.Routed()
	}
	for _, addr := range []string{"192.0.2.1:9", "[2001:db8::1]:9"} {
		conn, err := net.Dial("udp", addr)
		if err == nil {
			from := conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr()
			conn.Close()
			if isRoutableSource(from) {
				return true
			}
			continue
		}
		if c := conditionOf(err); c != condNoNetwork && c != condNoAddress {
			return true
		}
	}
	return false
}

// isRoutableSource reports whether the source address can be used beyond the
// local network. An IPv6 route may remain when its interface has no address;
// the kernel then uses the loopback or a link-local one, and no answer arrives.
func isRoutableSource(from netip.Addr) bool {
	return !from.IsLoopback() && !(from.Is6() && from.IsLinkLocalUnicast())
}

// interruptOnDone makes the end of ctx interrupt all reading and writing on
// conn until release is called. If release returns false, the context ended
// before and the connection cannot be used.
func interruptOnDone(ctx context.Context, conn net.Conn) (release func() bool) {
	return context.AfterFunc(ctx, func() { conn.SetDeadline(pastDeadline) })
}

var pastDeadline = time.Unix(1, 0)
