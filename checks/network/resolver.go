package network

import (
	"context"
	"net"
	"runtime"
	"time"
)

// resolver returns the Network's resolver or the machine's. One of package net
// is changed to stop as soon as its context ends; otherwise its queries go on
// for seconds.
func (n *Network) resolver() *net.Resolver {
	r := n.Resolver
	switch {
	case r == nil && runtime.GOOS == "linux":
		r = &net.Resolver{PreferGo: true}
	case r == nil:
		return net.DefaultResolver
	case !r.PreferGo:
		return r
	}
	dial := r.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	return &net.Resolver{PreferGo: true, StrictErrors: r.StrictErrors, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		q := contextConn{conn, ctx}
		interruptOnDone(ctx, conn)
		if packets, ok := conn.(net.PacketConn); ok {
			return contextPacketConn{q, packets}, nil
		}
		return q, nil
	}}
}

// A contextConn is a connection to a resolver that ends with the context of one
// exchange.
type contextConn struct {
	net.Conn
	ctx context.Context
}

// SetDeadline does not lift the end that the context has set already.
func (q contextConn) SetDeadline(t time.Time) error {
	err := q.Conn.SetDeadline(t)
	if q.ctx.Err() != nil {
		return q.Conn.SetDeadline(pastDeadline)
	}
	return err
}

// A contextPacketConn is recognised by package net as one over UDP.
type contextPacketConn struct {
	contextConn
	packetConn net.PacketConn
}

func (q contextPacketConn) ReadFrom(b []byte) (int, net.Addr, error) { return q.packetConn.ReadFrom(b) }

func (q contextPacketConn) WriteTo(b []byte, to net.Addr) (int, error) {
	return q.packetConn.WriteTo(b, to)
}
