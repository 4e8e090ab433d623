package network

import (
	"context"
	"net"
	"runtime"
	"time"
)

// resolver returns the Stack's resolver or the machine's. One of package net is
// changed to stop as soon as its context ends; otherwise its queries go on for
// seconds.
func (s *Stack) resolver() *net.Resolver {
	r := s.Resolver
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
		q := question{conn, ctx}
		guard(ctx, conn)
		if packets, ok := conn.(net.PacketConn); ok {
			return packetQuestion{q, packets}, nil
		}
		return q, nil
	}}
}

// A question is a connection to a resolver that ends with the context of one
// exchange.
type question struct {
	net.Conn
	ctx context.Context
}

// SetDeadline does not lift the end that the context has set already.
func (q question) SetDeadline(t time.Time) error {
	err := q.Conn.SetDeadline(t)
	if q.ctx.Err() != nil {
		return q.Conn.SetDeadline(longAgo)
	}
	return err
}

// A packetQuestion is recognised by package net as one over UDP.
type packetQuestion struct {
	question
	packets net.PacketConn
}

func (q packetQuestion) ReadFrom(b []byte) (int, net.Addr, error) { return q.packets.ReadFrom(b) }

func (q packetQuestion) WriteTo(b []byte, to net.Addr) (int, error) { return q.packets.WriteTo(b, to) }
