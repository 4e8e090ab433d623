package checks

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/network"
)

// proxy asks how the host is to be reached, and if by a proxy, opens the
// tunnel through it.
func (w World) proxy(host string) doctor.Check {
	h := hops(host)
	return doctor.Check{
		ID: IDNetworkProxy, Target: host, Title: "The way to the host is open: direct, or through a proxy",
		Provides: facts(h.direct, h.socket),
		Run: func(ctx context.Context, f *doctor.Facts) doctor.Result {
			proxy, err := w.Net.Route(host)
			if err != nil {
				return w.proxyFailure(err, host, nil)
			}
			var ev doctor.Evidence
			if proxy == nil {
				h.direct.Put(f, true)
				if name := network.ProxyVariable(w.Env); name != "" {
					ev.Add("variable", name)
					return pass(ev, "%s is set, but NO_PROXY exempts %s", name, host)
				}
				return pass(nil, "no proxy is set for %s", host)
			}
			ev.Add("proxy", proxy.Scheme+"://"+proxy.Host)
			w.hidePassword(proxy)
			conn, err := w.Net.Tunnel(ctx, proxy, host, httpsPort)
			if err != nil {
				return w.proxyFailure(err, host, ev)
			}
			f.Defer(func() { conn.Close() })
			h.socket.Put(f, conn)
			return pass(append(w.proxyVariable(), ev...), "proxy %s opens a tunnel to %s", proxy.Host, host)
		},
	}
}

// proxyVariable names the variable that sets the proxy.
func (w World) proxyVariable() (ev doctor.Evidence) {
	ev.Add("variable", network.ProxyVariable(w.Env))
	return ev
}

// proxyFailure is a failure of the proxy or of its setting.
func (w World) proxyFailure(err error, host string, seen doctor.Evidence) doctor.Result {
	res := netFailure(err, host)
	ev := append(w.proxyVariable(), seen...)
	if others := network.SameProxy(w.Env); len(others) > 0 {
		ev.Add("other_variables", others)
	}
	ev = append(ev, w.setAtStart(network.ProxyVariable(w.Env)).evidence()...)
	res.Evidence = append(ev, res.Evidence...)
	return res
}

// hidePassword makes the proxy's password a secret.
func (w World) hidePassword(proxy *url.URL) {
	if password, set := proxy.User.Password(); set {
		w.Secrets.Add(password)
	}
}

// dns asks where the name leads.
func (w World) dns(host string) doctor.Check {
	h := hops(host)
	return doctor.Check{
		ID: IDNetworkDNS, Target: host, Title: "The name resolves to a public address",
		Needs: facts(h.direct), Provides: facts(h.addrs, h.file),
		Run: func(ctx context.Context, f *doctor.Facts) doctor.Result {
			names, err := w.Net.Resolve(ctx, host)
			if err != nil {
				res := netFailure(err, host)
				if names.HostsFile != "" {
					res.Evidence.Add("hosts_file", names.HostsFile)
				}
				return res
			}
			h.addrs.Put(f, names.Addrs)
			h.file.Put(f, names.HostsFile)
			var ev doctor.Evidence
			ev.Add("addresses", addrStrings(names.Addrs))
			if names.HostsFile != "" {
				ev.Add("source", "hosts file")
			}
			if names.Took > time.Second {
				ev.Add("took_ms", names.Took.Milliseconds())
				ev.Add("resolvers", names.Resolvers)
				return warn(catalog.DNSSlow, host, fmt.Sprintf("%s resolved after %s", host, humanize.Duration(names.Took)), ev)
			}
			return pass(ev, "%s is %s", host, strings.Join(addrStrings(names.Addrs), ", "))
		},
	}
}

// tcp asks whether one of the addresses answers.
func (w World) tcp(host string) doctor.Check {
	h := hops(host)
	return doctor.Check{
		ID: IDNetworkTCP, Target: host, Title: "The host accepts connections on port 443",
		Needs: facts(h.addrs), Uses: facts(h.file), Provides: facts(h.socket),
		Run: func(ctx context.Context, f *doctor.Facts) doctor.Result {
			conn, tried, err := w.Net.Connect(ctx, host, h.addrs.Get(f), httpsPort)
			if err != nil {
				res := netFailure(err, host)
				res.Evidence.Add("attempts", attempts(tried))
				return h.sentByHosts(f, res)
			}
			f.Defer(func() { conn.Close() })
			h.socket.Put(f, conn)
			var ev doctor.Evidence
			if len(tried) > 1 {
				ev.Add("attempts", attempts(tried))
			}
			return pass(ev, "%s:%d accepts", host, httpsPort)
		},
	}
}

// sentByHosts adds the hosts file to a failure at an address that comes from it.
func (h hop) sentByHosts(f *doctor.Facts, res doctor.Result) doctor.Result {
	if file, known := h.file.Peek(f); known && file != "" {
		res.Evidence.Add("hosts_file", file)
	}
	return res
}

// tlsAPI proves the API host's certificate; its connection then carries the
// requests.
func (w World) tlsAPI() doctor.Check {
	c := w.tls(APIHost, func(f *doctor.Facts, conn *tls.Conn) error {
		t := w.apiTransport()
		f.Defer(func() { t.Close() })
		if err := t.Use(conn); err != nil {
			return err
		}
		client.Put(f, w.apiOver(t))
		return nil
	}, "h2", "http/1.1")
	c.Provides = append(c.Provides, client)
	return c
}

// tlsFeed proves the feed host's certificate; its connection then carries the
// upgrade, so it must not use HTTP/2.
func (w World) tlsFeed() doctor.Check {
	secured := hops(FeedHost).secured
	c := w.tls(FeedHost, func(f *doctor.Facts, conn *tls.Conn) error {
		secured.Put(f, conn)
		return nil
	}, "http/1.1")
	c.Provides = append(c.Provides, secured)
	return c
}

func (w World) tls(host string, handOver func(*doctor.Facts, *tls.Conn) error, protos ...string) doctor.Check {
	h := hops(host)
	return doctor.Check{
		ID: IDNetworkTLS, Target: host, Title: "The host proves who it is",
		Needs: facts(h.socket), Uses: facts(h.file), Provides: facts(serverDate),
		Run: func(ctx context.Context, f *doctor.Facts) doctor.Result {
			conn, err := w.Net.Handshake(ctx, h.socket.Get(f), host, protos...)
			if err != nil {
				return h.sentByHosts(f, w.tlsFailure(ctx, f, host, err))
			}
			f.Defer(func() { conn.Close() })
			if err := handOver(f, conn); err != nil {
				return netFailure(err, host)
			}
			state := conn.ConnectionState()
			leaf := state.PeerCertificates[0]
			var ev doctor.Evidence
			ev.Add("issuer", leaf.Issuer.String())
			ev.Add("valid_to", leaf.NotAfter.UTC().Format(time.RFC3339))
			ev.Add("version", tls.VersionName(state.Version))
			return pass(ev, "%s, certificate from %s", tls.VersionName(state.Version), issuer(leaf.Issuer.Organization, leaf.Issuer.CommonName))
		},
	}
}

// tlsFailure finds, when a certificate is refused for its dates, whether the
// local clock is wrong.
func (w World) tlsFailure(ctx context.Context, f *doctor.Facts, host string, err error) doctor.Result {
	var e *network.Error
	if !errors.As(err, &e) || e.Kind != catalog.KindExpired && e.Kind != catalog.KindNotYetValid {
		return netFailure(err, host)
	}
	date, certs, dateErr := w.Net.ServerDate(ctx, host, httpsPort)
	local := w.Now()
	if dateErr != nil || date.Sub(local).Abs() <= maxSkew || w.Net.ValidAt(certs, host, date) != nil {
		return netFailure(err, host)
	}
	serverDate.Put(f, ServerDate{Server: date, Local: local, Explains: host})
	res := netFailure(err, host)
	res.Code, res.CausedBy, res.Symptom = catalog.ClockSkew.Code, IDNetworkClock, nil
	res.Message = "the certificate is refused only because the local clock is wrong: " + res.Message
	return res
}

func issuer(organization []string, name string) string {
	if len(organization) > 0 {
		return organization[0]
	}
	return name
}
