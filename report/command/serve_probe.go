package command

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"upstox-doctor/checks/redact"
)

const (
	probeWait = 5 * time.Second
	maxProbe  = 200 // characters that are shown of an answer
)

// Probe asks the page that is served at the address how the last run was. Its
// exit status is 0 if it was well, and 1 if not, if there has been none yet, or
// if nothing answers, as the health check of a container wants it.
func (a App) Probe(ctx context.Context, address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return UsageError("--metrics %q is no address such as %s", address, DefaultMetrics)
	}
	// What listens on every address is asked on this machine's own.
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, probeWait)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return UsageError("--metrics %q is no address such as %s", address, DefaultMetrics)
	}
	client := &http.Client{Transport: &http.Transport{Proxy: nil, DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(req)
	if err != nil {
		return ExitError{1, fmt.Errorf("nothing is served at %s: %w", net.JoinHostPort(host, port), err)}
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 4*maxProbe))
	if err != nil {
		return ExitError{1, fmt.Errorf("read the answer of %s: %w", net.JoinHostPort(host, port), err)}
	}
	fmt.Fprintln(a.Out, redact.Line(new(redact.Set).String(string(said)), maxProbe))
	if answer.StatusCode != http.StatusOK {
		return exit(1)
	}
	return nil
}
