package network

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"

	"upstox-doctor/checks/catalog"
)

// Handshake runs the TLS handshake with host on conn, which from then on
// belongs to the result; if the handshake fails it is closed. It offers protos
// by ALPN and accepts TLS 1.2 and later.
func (n *Network) Handshake(ctx context.Context, conn net.Conn, host string, protos ...string) (secured *tls.Conn, fault error) {
	if n.Observe != nil {
		defer n.beginHop(HopTrace{Hop: catalog.HopTLS, Host: host}, func(t *HopTrace) {
			if t.Err = fault; secured != nil {
				t.TLS = new(secured.ConnectionState())
			}
		})()
	}
	demanded := false
	client := tls.Client(conn, &tls.Config{
		ServerName: host,
		RootCAs:    n.Roots,
		Time:       n.now,
		MinVersion: tls.VersionTLS12,
		NextProtos: protos,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			demanded = true // Upstox never does
			return new(tls.Certificate), nil
		},
	})
	err := handshake(ctx, client)
	if err == nil {
		return client, nil
	}
	err = n.handshakeError(ctx, client, host, err)
	// "Handshake failure" is also how a server refuses a client that has no
	// certificate to show.
	if e := new(Error); demanded && errors.As(err, &e) && e.Kind == catalog.KindVersion {
		e.Kind, e.Reason = catalog.KindOther, "a client certificate was asked for"
	}
	return nil, err
}

// handshake closes the connection if it fails.
func handshake(ctx context.Context, client *tls.Conn) error {
	err := client.HandshakeContext(ctx)
	if err != nil {
		client.NetConn().Close()
	}
	return err
}

func (n *Network) handshakeError(ctx context.Context, client *tls.Conn, host string, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	var refusal *tls.CertificateVerificationError
	e := &Error{Hop: catalog.HopTLS, Host: host, Err: err}
	if errors.As(err, &refusal) {
		e = n.classifyCertError(refusal.UnverifiedCertificates, host, n.now(), refusal.Err)
	} else {
		e.Kind = kindOfHandshake(err)
	}
	if ctx.Err() != nil && e.Kind == catalog.KindOther {
		e.Kind = catalog.KindTimeout
	}
	e.Addr = remoteAddr(client.NetConn())
	if record := (tls.RecordHeaderError{}); errors.As(err, &record) {
		e.Reason = fmt.Sprintf("the answer begins with %q", strings.TrimRight(string(record.RecordHeader[:]), "\x00"))
	}
	return e
}

// remoteAddr returns the address of the other side, or "" where there is none,
// as on a pipe. Through a tunnel that is the proxy.
func remoteAddr(conn net.Conn) string {
	if t, ok := conn.(*tunnel); ok {
		return "through " + t.proxy
	}
	if tcp, ok := conn.RemoteAddr().(*net.TCPAddr); ok {
		return tcp.String()
	}
	return ""
}
