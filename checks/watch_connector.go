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
	o.Now, o.Wall, o.Uptime, o.Control = w.steady().Now, w.Now, w.Uptime, ControlKey
	l := &connector{World: w, streamNow: o.Now, mode: o.Mode, keys: len(o.Keys), stream: w.Net.Wrapped(rawio.Conn)}
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

// connector is the watch.Connector for Upstox. Its methods are called one at a
// time, but for Quotes.
type connector struct {
	World
	streamNow func() time.Time // measures the stream; that of the World may be set meanwhile
	mode      string
	keys      int
	stream    *network.Network // the network for the feed's own connection

	token      string   // of the last attempt
	tokens     []string // that were used, in that order
	holidays   []market.Holiday
	holidaysOf string // day in India of which the holidays are
	addrs      []netip.Addr
}

// Connect implements watch.Connector. Each attempt opens new connections: a
// kept one may fail together with the stream, and its error would be reported
// as the cause.
func (c *connector) Connect(ctx context.Context) (*feed.Stream, watch.Opened, *watch.Refusal) {
	active, res := c.tokenNow(ctx)
	if res == nil {
		if beyond, over := watch.ExceedsPlan(c.mode, c.keys); over {
			res = &beyond
		}
	}
	if res != nil {
		return nil, watch.Opened{}, &watch.Refusal{Finding: withCode(*res)}
	}
	c.token = active.Value()
	c.hideProxies()
	transport := c.apiTransport()
	defer transport.Close()
	api := c.apiOver(transport)
	holidays := c.askHolidays(ctx, api)
	raw, offset, refusal := c.authorizeNow(ctx, api, active)
	if refusal != nil {
		holidays()
		return nil, watch.Opened{}, refusal
	}
	opened := watch.Opened{
		Host: hostOf(raw), TokenKind: active.Kind(), TokenEnds: active.Expires, Source: active.Source.String(),
		Token: c.tokenNumber(active.Value()), Plus: active.Plus, Offset: offset + c.ahead(),
	}
	s, err := c.upgrade(ctx, raw, &opened)
	opened.Holidays = holidays()
	if err == nil {
		return s, opened, nil
	}
	c.resolve(ctx)
	finding := withCode(c.handshakeFailure(err, false, opened.Host, active, c.addrs))
	return nil, watch.Opened{}, &watch.Refusal{Finding: finding, Head: upgradeHead(err, c.Now()), Authorized: true}
}

// ahead is by how much the machine's clock is ahead of the one of the stream.
func (c *connector) ahead() time.Duration { return c.Now().Round(0).Sub(c.streamNow().Round(0)) }

// tokenNow reads the token from its sources. If none can be used, the result is
// that of the doctor's own checks of them, which send no request.
func (c *connector) tokenNow(ctx context.Context) (ActiveToken, *doctor.Result) {
	creds := c.read(c.readFiles())
	active, found := creds.active()
	if !found || active.Form == token.Malformed {
		res, told := c.examine(ctx, Options{Only: []string{catalog.StageEnvironment, IDTokenPresent}})
		if !told {
			res = noToken(creds, c.unseen(creds))
		}
		return ActiveToken{}, &res
	}
	return active, nil
}

// upgrade opens the feed on a new connection and notes our own address.
func (c *connector) upgrade(ctx context.Context, raw string, opened *watch.Opened) (*feed.Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, upgradeWait)
	defer cancel()
	return c.openBy(ctx, raw, func(ctx context.Context, host string, port uint16) (net.Conn, error) {
		conn, err := c.stream.Open(ctx, host, port, "http/1.1")
		if err != nil {
			return nil, err
		}
		if local, err := netip.ParseAddrPort(conn.LocalAddr().String()); err == nil {
			opened.Local = local.Addr().String()
		}
		if remote, err := netip.ParseAddrPort(conn.RemoteAddr().String()); err == nil && !slices.Contains(c.addrs, remote.Addr()) {
			c.addrs = append(c.addrs, remote.Addr())
		}
		return conn, nil
	})
}

// askHolidays requests the holidays in parallel with the attempt, once a day.
// Answered ends the request and returns the known holidays; it waits no longer
// than the attempt has taken.
func (c *connector) askHolidays(ctx context.Context, api *upstox.Client) (answered func() []market.Holiday) {
	today := c.Now().In(market.IST).Format(time.DateOnly)
	if c.holidaysOf == today {
		return func() []market.Holiday { return c.holidays }
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
				c.holidays, c.holidaysOf = days, today
			}
		case <-time.After(min(max(time.Since(began), minHolidaysWait), maxHolidaysWait)):
			cancel()
			<-answer
		}
		return c.holidays
	}
}

// tokenNumber is which of the tokens this is, counted from one.
func (c *connector) tokenNumber(value string) int {
	i := slices.Index(c.tokens, value)
	if i < 0 {
		i = len(c.tokens)
		c.tokens = append(c.tokens, value)
	}
	return i + 1
}

// hideProxies makes the passwords of the proxies on the way secrets.
func (c *connector) hideProxies() {
	for _, host := range []string{APIHost, FeedHost} {
		if proxy, err := c.Net.Route(host); err == nil && proxy != nil {
			c.hidePassword(proxy)
		}
	}
}

// resolve looks up the feed's addresses, unless only a proxy resolves the name.
func (c *connector) resolve(ctx context.Context) {
	if proxy, err := c.Net.Route(FeedHost); err != nil || proxy != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, resolveWait)
	defer cancel()
	if names, err := c.Net.Resolve(ctx, FeedHost); err == nil {
		c.addrs = names.Addrs
	}
}

// Peers implements watch.Connector.
func (c *connector) Peers() int {
	n, _ := c.Net.LocalPeers(c.addrs, httpsPort)
	return n
}

// Programs implements watch.Connector.
func (c *connector) Programs() []string {
	return programNames(c.Net.LocalPrograms(c.addrs, httpsPort))
}

// Quotes implements watch.Connector, by the token that opened the stream.
func (c *connector) Quotes(ctx context.Context, keys []string) (quotes []watch.Quote, ok bool) {
	transport := c.apiTransport()
	defer transport.Close()
	prices, a := c.apiOver(transport).LTPs(ctx, c.token, keys)
	for _, key := range keys {
		if price := prices[key]; price > 0 {
			quotes = append(quotes, watch.Quote{Key: key, Price: price})
		}
	}
	return quotes, a.OK()
}

// Examine implements watch.Connector: all checks but those that would open the
// feed.
func (c *connector) Examine(ctx context.Context) (doctor.Result, bool) {
	return c.examine(ctx, Options{Skip: []string{IDHandshake, catalog.StageTicks}, Timeout: authorizeWait})
}
