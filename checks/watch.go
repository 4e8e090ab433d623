package checks

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/token"
	"upstox-doctor/checks/upstox"
	"upstox-doctor/checks/watch"
)

// Watch holds the feed and explains each time it breaks. An error is a wrong
// choice of keys or mode; whatever happens to the feed is in the Summary.
func (w World) Watch(ctx context.Context, o watch.Options, s watch.Sink) (watch.Summary, error) {
	w = w.WithDefaults()
	o.Mode = cmp.Or(o.Mode, w.Mode)
	if len(o.Keys) == 0 {
		o.Keys = []string{w.Instrument}
	}
	for _, key := range o.Keys {
		if segment, name, found := strings.Cut(key, "|"); !found || segment == "" || name == "" {
			return watch.Summary{}, fmt.Errorf("instrument %q: a key has the form SEGMENT|name", key)
		}
	}
	if !watch.Known(o.Mode) {
		return watch.Summary{}, fmt.Errorf("mode %q: the feed has ltpc, option_greeks, full and full_d30", o.Mode)
	}
	o.Now, o.Uptime = w.Now, w.Uptime
	rest, hangUp := w.dialing()
	defer hangUp()
	l := &feedLine{World: w, mode: o.Mode, keys: len(o.Keys), rest: rest, hangUp: hangUp}
	return watch.Hold(ctx, l, o, s), nil
}

// How long the steps of one attempt may take.
const (
	authorizeWait = 10 * time.Second
	holidaysWait  = 3 * time.Second
	upgradeWait   = 20 * time.Second
	resolveWait   = 3 * time.Second
)

// feedLine is the watch's way to Upstox. Its methods are called one at a time.
type feedLine struct {
	World
	mode   string
	keys   int
	rest   *upstox.Client
	hangUp func()

	tokens []string // that were used, in that order
	days   []market.Holiday
	asked  string // day in India of which the holidays are
	addrs  []netip.Addr
}

// Connect implements watch.Line. Each attempt goes the whole way anew: a
// connection that is kept may die with the stream, and its death would be
// blamed for keeping the stream away.
func (l *feedLine) Connect(ctx context.Context) (*feed.Stream, watch.Opened, *watch.Refusal) {
	defer l.hangUp()
	held, res := l.tokenNow(ctx)
	if res == nil {
		if beyond, over := watch.Beyond(l.mode, l.keys, held.Plus); over {
			res = &beyond
		}
	}
	if res != nil {
		return nil, watch.Opened{}, &watch.Refusal{Finding: whole(*res)}
	}
	l.hideProxies()
	learned := l.learn(ctx)
	raw, offset, refusal := l.authorizeNow(ctx, held)
	learned.Wait()
	if refusal != nil {
		return nil, watch.Opened{}, refusal
	}
	opened := watch.Opened{
		Host: hostOf(raw), TokenKind: held.Kind(), TokenEnds: held.Expires, Source: held.Source.String(),
		Token: l.number(held.Value()), Offset: offset, Holidays: l.days,
	}
	s, err := l.upgrade(ctx, raw, &opened)
	if err == nil {
		return s, opened, nil
	}
	l.resolve(ctx)
	finding := whole(l.handshakeFailure(err, false, opened.Host, held, l.addrs))
	return nil, watch.Opened{}, &watch.Refusal{Finding: finding, Head: upgradeHead(err, l.Now()), Authorized: true}
}

// tokenNow reads the token from its sources. If they hold none that can be
// used, the doctor's own checks of them, which ask nobody, say why.
func (l *feedLine) tokenNow(ctx context.Context) (Held, *doctor.Result) {
	c := l.read(l.readEnvFile(), l.readTokenFile())
	source, t, found := c.token()
	if !found || t.Form == token.Malformed {
		res, told := l.diagnose(ctx, Options{Only: []string{"environment", "token.present"}})
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
		conn, err := l.Net.Open(ctx, host, port, "http/1.1")
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

// learn asks for the holidays beside the attempt, once a day.
func (l *feedLine) learn(ctx context.Context) *sync.WaitGroup {
	var asking sync.WaitGroup
	today := l.Now().In(market.IST).Format(time.DateOnly)
	if l.asked == today {
		return &asking
	}
	asking.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, holidaysWait)
		defer cancel()
		if days, a := l.rest.Holidays(ctx); a.OK() {
			l.days, l.asked = days, today
		}
	})
	return &asking
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

// resolve learns where the feed's name leads, unless a proxy knows it alone.
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

// Peers implements watch.Line.
func (l *feedLine) Peers() int {
	n, _ := l.Net.LocalPeers(l.addrs, httpsPort)
	return n
}

// Examine implements watch.Line: all checks but those that would open the feed.
func (l *feedLine) Examine(ctx context.Context) (doctor.Result, bool) {
	return l.diagnose(ctx, Options{Skip: []string{"handshake", "ticks"}, Timeout: authorizeWait})
}

// diagnose returns the root cause that the checks find.
func (l *feedLine) diagnose(ctx context.Context, o Options) (doctor.Result, bool) {
	w := l.World
	w.Tape = nil // the tape of a watch holds what Hold tells it
	d, err := Diagnose(ctx, w, o)
	if err != nil || d.End != doctor.Complete || d.Status() != doctor.Fail {
		return doctor.Result{}, false
	}
	return whole(d.RootCauses()[0].Result), true
}
