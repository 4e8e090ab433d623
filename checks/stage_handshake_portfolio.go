package checks

import (
	"context"
	"net"
	"net/url"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/network"
	"upstox-doctor/checks/upstox"
)

// PortfolioHost is the host of the portfolio feed, which tells of orders, positions
// and holdings. Source: one project that follows the URL of authorize.
const PortfolioHost = "wsportfolioupdate-api.upstox.com"

// portfolio asks for a URL of the portfolio feed, upgrades on it, and closes. It is
// one check, for those who ask for it: live prices do not need this feed, and each
// of its steps fails as the same step of the market feed does.
func (w World) portfolio() doctor.Check {
	return doctor.Check{
		ID: IDPortfolio, Target: PortfolioHost, Title: "The portfolio feed answers the upgrade with 101",
		Needs: facts(accessToken, client, accepted),
		Run: func(ctx context.Context, f *doctor.Facts) doctor.Result {
			active := accessToken.Get(f)
			host, s, fault := w.openPortfolio(ctx, client.Get(f), active)
			if fault != nil {
				return *fault
			}
			s.Close()
			var ev doctor.Evidence
			ev.Add("host", host)
			return pass(ev, "101 Switching Protocols on %s", host)
		},
	}
}

// openPortfolio opens the feed. A first 403 may come from a URL that was used up
// elsewhere, so one second fresh URL is tried.
func (w World) openPortfolio(ctx context.Context, api *upstox.Client, active ActiveToken) (host string, s *feed.Stream, fault *doctor.Result) {
	for _, twice := range []bool{false, true} {
		raw, a := api.AuthorizePortfolio(ctx, active.Value())
		if !a.OK() {
			return "", nil, new(authorizeRefusal(a, active))
		}
		if host, fault = w.checkStreamURL(raw, a); fault != nil {
			return "", nil, fault
		}
		var err error
		if s, err = w.dialPortfolio(ctx, raw); err == nil {
			return host, s, nil
		}
		if twice || !forbiddenByFeed(err) {
			res := w.handshakeFailure(err, twice, host, active, nil)
			res.Evidence.Add("feed", "portfolio")
			return "", nil, &res
		}
	}
	panic("both attempts return") // the second one returns in every case
}

// dialPortfolio upgrades on a connection of its own. The tape does not record it as
// a handshake, which there means the market feed's.
func (w World) dialPortfolio(ctx context.Context, raw string) (*feed.Stream, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, err // it was read before
	}
	port, _ := network.PortOf(u, httpsPort)
	return feed.Open(ctx, feed.Options{URL: raw, Agent: w.Agent, Conn: func(ctx context.Context) (net.Conn, error) {
		return w.Net.Open(ctx, u.Hostname(), port, "http/1.1")
	}})
}
