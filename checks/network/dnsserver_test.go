package network

import (
	"context"
	"net"
	"net/netip"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// A dnsZone is what a fake DNS server answers with. A server that is silent for
// a type does not answer questions of that type.
type dnsZone struct {
	rcode   dnsmessage.RCode
	a, aaaa []netip.Addr
	silent  map[dnsmessage.Type]bool
	failing map[dnsmessage.Type]bool
	asked   chan<- string // receives every name that is asked for
}

// resolver starts a DNS server on loopback UDP and returns a resolver that
// asks it, whatever the machine is set up with.
func (z dnsZone) resolver(t *testing.T) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		b := make([]byte, 1500)
		for {
			n, from, err := server.ReadFrom(b)
			if err != nil {
				return
			}
			if reply := z.answer(b[:n]); reply != nil {
				server.WriteTo(reply, from)
			}
		}
	}()
	t.Cleanup(func() { server.Close(); <-done })
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

func (z dnsZone) answer(query []byte) []byte {
	var m dnsmessage.Message
	if m.Unpack(query) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	if z.asked != nil {
		z.asked <- q.Name.String()
	}
	if z.silent[q.Type] {
		return nil
	}
	m = dnsmessage.Message{
		Header:    dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true, RCode: z.rcode},
		Questions: m.Questions,
	}
	if z.failing[q.Type] {
		m.RCode = dnsmessage.RCodeServerFailure
	}
	head := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 60}
	switch q.Type {
	case dnsmessage.TypeA:
		for _, a := range z.a {
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AResource{A: a.As4()}})
		}
	case dnsmessage.TypeAAAA:
		for _, a := range z.aaaa {
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
		}
	}
	reply, err := m.Pack()
	if err != nil {
		panic(err)
	}
	return reply
}
