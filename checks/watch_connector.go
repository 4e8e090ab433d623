package checks

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/network"
	"upstox-doctor/checks/rawio"
	"upstox-doctor/checks/token"
	"upstox-doctor/checks/upstox"
	"upstox-doctor/checks/watch"
)

// Watch keeps the feed open and explains each disconnect. An error is a wrong
// choice of keys or mode; what happens to the feed is in the Summary.
func (w World) Watch(ctx context.Context, o watch.Options, s watch.Sink) (watch.Summary, error) {
	w = w.WithDefaults()
	o.Mode = cmp.Or(o.Mode, w.Mode)
	if len(o.Keys) == 0 {
		o.Keys = []string{w.Instrument}
	}
	for _, key := range o.Keys {
		if !market.IsKey(key) {
			return watch.Summary{}, fmt.Errorf("instrument %q: a key has the form SEGMENT|name", key)
		}
	}
	if alone, _ := feed.MaxKeys(o.Mode); alone == 0 {
		return watch.Summary{}, fmt.Errorf("mode %q: the feed has %s", o.Mode, strings.Join(feed.Modes(), ", "))
	}
	o.Now, o.Uptime, o.Control = w.Now, w.Uptime, ControlKey
	l := &feedLine{World: w, mode: o.Mode, keys: len(o.Keys), stream: w.Net.Wrapped(rawio.Conn)}
	return watch.Run(ctx, l, o, s), nil
}

// How long the steps of one attempt may take.
const (
	authorizeWait = 10 * time.Second
	upgradeWait   = 20 * time.Second
	resolveWait   = 3 * time.Second

	minHolidaysWait = 250 * time.Millisecond
	maxHolidaysWait = time.Second
)

// feedLine is the watch.Connector for Upstox. Its methods are called one at a
// time.
type feedLine struct {
	World
	mode   string
	keys   int
	stream *network.Network // the network for the feed's own connection

	tokens []string // that were used, in that order
	days   []market.Holiday
	asked  string // day in India of which the holidays are
	addrs  []netip.Addr
}

// Connect implements watch.Connector. Each attempt opens new connections: a
// kept one may fail together with the stream, and its error would be reported
// as the cause.
func (l *feedLine) Connect(ctx context.Context) (*feed.Stream, watch.Opened, *watch.Refusal) {
	held, res := l.tokenNow(ctx)
	if res == nil {
		if beyond, over := watch.ExceedsPlan(l.mode, l.keys); over {
			res = &beyond
		}
	}
	if res != nil {
		return nil, watch.Opened{}, &watch.Refusal{Finding: whole(*res)}
	}
	l.hideProxies()
	transport := l.apiTransport()
	defer transport.Close()
	api := l.apiOver(transport)
	holidays := l.askHolidays(ctx, api)
	raw, offset, refusal := l.authorizeNow(ctx, api, held)
	if refusal != nil {
		holidays()
		return nil, watch.Opened{}, refusal
	}
	opened := watch.Opened{
		Host: hostOf(raw), TokenKind: held.Kind(), TokenEnds: held.Expires, Source: held.Source.String(),
		Token: l.number(held.Value()), Plus: held.Plus, Offset: offset,
	}
	s, err := l.upgrade(ctx, raw, &opened)
	opened.Holidays = holidays()
	if err == nil {
		return s, opened, nil
	}
	l.resolve(ctx)
	finding := whole(l.handshakeFailure(err, false, opened.Host, held, l.addrs))
	return nil, watch.Opened{}, &watch.Refusal{Finding: finding, Head: upgradeHead(err, l.Now()), Authorized: true}
}

// tokenNow reads the token from its sources. If none can be used, the result is
// that of the doctor's own checks of them, which send no request.
func (l *feedLine) tokenNow(ctx context.Context) (Held, *doctor.Result) {
	c := l.read(l.readEnvFile(), l.readTokenFile())
	source, t, found := c.token()
	if !found || t.Form == token.Malformed {
		res, told := l.examine(ctx, Options{Only: []string{catalog.StageEnvironment, IDTokenPresent}})
		if !told {
			res = noToken(c)
		}
		return Held{}, &res
	}
	return c.held(source, t), nil
}

// upgrade opens the feed on a new connection and notes our own address.
func (l *feedLine) upgrade(ctx context.Context, raw string, opened *watch.Opened) (*feed.Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, upgradeWait)
	defer cancel()
	return l.openBy(ctx, raw, func(ctx context.Context, host string, port uint16) (net.Conn, error) {
		conn, err := l.stream.Open(ctx, host, port, "http/1.1")
		if err != nil {
			return nil, err
		}
		if local, err := netip.ParseAddrPort(conn.LocalAddr().String()); err == nil {
			opened.Local = local.Addr().String()
		}
		if remote, err := netip.ParseAddrPort(conn.RemoteAddr().String()); err == nil && !slices.Contains(l.addrs, remote.Addr()) {
			l.addrs = append(l.addrs, remote.Addr())
		}
		return conn, nil
	})
}

// askHolidays requests the holidays in parallel with the attempt, once a day.
// Answered ends the request and returns the known holidays; it waits no longer
// than the attempt has taken.
func (l *feedLine) askHolidays(ctx context.Context, api *upstox.Client) (answered func() []market.Holiday) {
	today := l.Now().In(market.IST).Format(time.DateOnly)
	if l.asked == today {
		return func() []market.Holiday { return l.days }
	}
	began := time.Now()
	ctx, cancel := context.WithCancel(ctx)
	answer := make(chan []market.Holiday, 1)
	go func() {
		defer close(answer)
		if days, a := api.Holidays(ctx); a.OK() {
			answer <- days
		}
	}()
	return func() []market.Holiday {
		defer cancel()
		select {
		case days, ok := <-answer:
			if ok {
				l.days, l.asked = days, today
			}
		case <-time.After(min(max(time.Since(began), minHolidaysWait), maxHolidaysWait)):
			cancel()
			<-answer
		}
		return l.days
	}
}

// number is which of the tokens this is, counted from one.
func (l *feedLine) number(value string) int {
	i := slices.Index(l.tokens, value)
	if i < 0 {
		i = len(l.tokens)
		l.tokens = append(l.tokens, value)
	}
	return i + 1
}

// hideProxies makes the passwords of the proxies on the way secrets.
func (l *feedLine) hideProxies() {
	for _, host := range []string{APIHost, FeedHost} {
		if proxy, err := l.Net.Route(host); err == nil && proxy != nil {
			l.hidePassword(proxy)
		}
	}
}

// resolve looks up the feed's addresses, unless only a proxy resolves the name.
func (l *feedLine) resolve(ctx context.Context) {
	if proxy, err := l.Net.Route(FeedHost); err != nil || proxy != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, resolveWait)
	defer cancel()
	if names, err := l.Net.Resolve(ctx, FeedHost); err == nil {
		l.addrs = names.Addrs
	}
}

// Peers implements watch.Connector.
func (l *feedLine) Peers() int {
	n, _ := l.Net.LocalPeers(l.addrs, httpsPort)
	return n
}

// Examine implements watch.Connector: all checks but those that would open the
// feed.
func (l *feedLine) Examine(ctx context.Context) (doctor.Result, bool) {
	return l.examine(ctx, Options{Skip: []string{IDHandshake, catalog.StageTicks}, Timeout: authorizeWait})
}
