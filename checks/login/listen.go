package login

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/connlimit"
	"upstox-doctor/checks/network"
)

// landing reads the redirect URI, and reports whether this machine can serve
// it: http at a loopback address, with a port. For https no browser would
// trust us.
func landing(redirect string) (*url.URL, bool) {
	u, err := url.Parse(redirect)
	if err != nil || u.Scheme != "http" || u.User != nil || u.Port() == "0" {
		return nil, false
	}
	if strings.EqualFold(u.Hostname(), "localhost") {
		return u, true
	}
	addr, err := netip.ParseAddr(u.Hostname())
	return u, err == nil && addr.IsLoopback() && addr.Zone() == ""
}

// Lands reports whether a browser that is sent to the redirect URI comes to this
// program.
func Lands(redirect string) bool {
	_, local := landing(redirect)
	return local
}

// Bounds of what the listener takes. A browser needs a fraction of each.
const (
	maxConns  = 32
	readWait  = 5 * time.Second
	writeWait = 5 * time.Second
)

// A listener waits on the redirect URI for one answer of Upstox.
type listener struct {
	page   *callback
	server *http.Server
}

// listen opens the port of the redirect URI on the addresses that its host
// means. Another program on one of them would get the browser's answer.
func listen(ctx context.Context, at *url.URL, state string, landing *Landing) (*listener, error) {
	var lns []net.Listener
	var refusal error
	var refused string // the address
	for _, host := range hosts(at) {
		addr := net.JoinHostPort(host, cmp.Or(at.Port(), "80"))
		ln, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
		switch {
		case err == nil:
			lns = append(lns, ln)
		case isRefused(err):
		default:
			refusal, refused = err, addr
		}
	}
	if refusal == nil && len(lns) > 0 {
		return serve(newCallback(at, state, landing), lns), nil
	}
	for _, ln := range lns {
		ln.Close()
	}
	if refusal == nil {
		return nil, failed(catalog.LoginPortBusy, "this machine has no address %s to listen at", at.Hostname())
	}
	if errors.Is(refusal, syscall.EADDRINUSE) || windowsInUse(refusal) {
		return nil, failed(catalog.LoginPortBusy, "%s is %s", refused, portBusyText(refused))
	}
	if errors.Is(refusal, context.Canceled) || errors.Is(refusal, context.DeadlineExceeded) {
		return nil, refusal
	}
	return nil, failed(catalog.LoginPortBusy, "listening at %s is refused: %v", at.Host, root(refusal))
}

// portBusyText names the process that listens on an address, if the system
// tells. It is this machine's own also when Upstox is simulated.
func portBusyText(addr string) string {
	if at, err := netip.ParseAddrPort(addr); err == nil {
		if p, known := network.PortHolder(at); known {
			return heldBy(p)
		}
	}
	return "taken by another program"
}

// heldBy names the process; one of this program is a login that is still open,
// in a terminal or from its page.
func heldBy(p network.Process) string {
	if p.Name == "upstox-doctor" {
		return "held by " + p.String() + ": another login is open"
	}
	return "held by " + p.String()
}

// hosts are the addresses behind the redirect's host. A browser tries both for
// localhost.
func hosts(at *url.URL) []string {
	if strings.EqualFold(at.Hostname(), "localhost") {
		return []string{"127.0.0.1", "::1"}
	}
	return []string{at.Hostname()}
}

// isRefused reports whether this machine has no such address, as one without
// IPv6 has no ::1.
func isRefused(err error) bool {
	return errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT)
}

// windowsInUse recognises WSAEADDRINUSE and WSAEACCES, which Windows answers
// for a port that another program holds alone.
func windowsInUse(err error) bool {
	errno, ok := errors.AsType[syscall.Errno](err)
	return ok && (errno == 10048 || errno == 10013)
}

func root(err error) error {
	for next := err; next != nil; next = errors.Unwrap(next) {
		err = next
	}
	return err
}

func serve(page *callback, lns []net.Listener) *listener {
	l := &listener{page: page, server: &http.Server{
		Handler: page, ReadHeaderTimeout: readWait, ReadTimeout: readWait, WriteTimeout: writeWait,
		ErrorLog: log.New(io.Discard, "", 0), DisableGeneralOptionsHandler: true,
	}}
	l.server.SetKeepAlivesEnabled(false)
	page.landing.listener = l
	limit := connlimit.Apply(l.server, maxConns)
	for _, ln := range lns {
		go l.server.Serve(limit.Listener(ln))
	}
	return l
}
