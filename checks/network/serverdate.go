package network

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// maxResponseHead bounds the head of any answer that is read here, in bytes.
const maxResponseHead = 64 << 10

// ServerDate asks the host for its clock on a new connection whose
// certificates are not verified, and returns them as well. It sends one
// HEAD / without anything secret. It is for the one case in which trust
// depends on the answer: certificates that are refused for their dates. The
// certificates are returned even if the Date is missing.
func (n *Network) ServerDate(ctx context.Context, host string, port uint16) (time.Time, []*x509.Certificate, error) {
	conn, err := n.connectHost(ctx, host, port)
	if err != nil {
		return time.Time{}, nil, err
	}
	client := tls.Client(conn, &tls.Config{
		ServerName:         host,
		InsecureSkipVerify: true, // only the date is read, and nothing secret is sent
		MinVersion:         tls.VersionTLS12,
		NextProtos:         []string{"http/1.1"},
	})
	if err := handshake(ctx, client); err != nil {
		return time.Time{}, nil, n.handshakeError(ctx, client, host, err)
	}
	defer client.Close()
	defer interruptOnDone(ctx, conn)()
	certs := client.ConnectionState().PeerCertificates
	date, err := n.serverDateOver(client, host, port)
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return time.Time{}, certs, ctx.Err()
	case err != nil:
		return time.Time{}, certs, fmt.Errorf("ask %s for its date: %w", host, err)
	}
	return date, certs, nil
}

// serverDateOver sends one HEAD / and returns the Date of the answer, whatever
// its status.
func (n *Network) serverDateOver(conn net.Conn, host string, port uint16) (time.Time, error) {
	at := host
	if port != 443 {
		at = net.JoinHostPort(host, strconv.Itoa(int(port)))
	}
	if _, err := fmt.Fprintf(conn, "HEAD / HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nConnection: close\r\n\r\n", at, n.agent()); err != nil {
		return time.Time{}, err
	}
	answer, err := http.ReadResponse(bufio.NewReader(io.LimitReader(conn, maxResponseHead)), &http.Request{Method: http.MethodHead})
	if err != nil {
		return time.Time{}, err
	}
	answer.Body.Close()
	return http.ParseTime(answer.Header.Get("Date"))
}

func (n *Network) agent() string { return cmp.Or(n.Agent, "upstox-doctor") }
