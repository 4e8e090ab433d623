// Package checks examines the six stages between a program and Upstox's live
// prices: environment, network, token, authorize, handshake, ticks.
package checks

import (
	"context"
	"slices"
	"time"

	"upstox-doctor/checks/doctor"
)

// All is every check in the order in which it is reported, that of the portfolio
// feed if it is asked for. A check runs as
// soon as the facts it needs exist.
func All(w World) []doctor.Check {
	all := []doctor.Check{
		w.files(),
		w.credentials(),
		w.values(),

		w.proxy(APIHost), w.proxy(FeedHost),
		w.dns(APIHost), w.dns(FeedHost),
		w.tcp(APIHost), w.tcp(FeedHost),
		w.tlsAPI(), w.tlsFeed(),
		w.http(),
		w.clock(),

		w.tokenPresent(),
		w.tokenExpiry(),
		w.tokenAccepted(),

		w.authorize(),
		w.handshake(),
		w.snapshot(),
		w.live(),
	}
	if w.Portfolio {
		after := slices.IndexFunc(all, func(c doctor.Check) bool { return c.ID == IDHandshake })
		all = slices.Insert(all, after+1, w.portfolio())
	}
	return all
}

// Options is how a run is to be done.
type Options struct {
	Only, Skip []string      // check or stage IDs
	Timeout    time.Duration // of one check
	Observe    func(doctor.Event)
}

// A Report is the report of one run and the state of the market.
type Report struct {
	doctor.Report
	Market MarketState
}

// Run runs the checks in the World. The error is an invalid choice of
// checks; what the checks found is in the Report.
func Run(ctx context.Context, w World, o Options) (Report, error) {
	w = w.WithDefaults().steady().observed()
	chosen, err := doctor.Select(All(w), o.Only, o.Skip)
	if err != nil {
		return Report{}, err
	}
	w.read(w.readFiles()) // so that all secrets are known before a peer can repeat one
	tape := w.recorder()
	o.Observe = tape.begin(beginRecord{Instrument: w.Instrument, Mode: w.Mode}, chosen, o.Observe)
	r := doctor.Runner{Checks: chosen, Timeout: o.Timeout, Now: w.Now, Observe: o.Observe}.Run(ctx)
	tape.add(recMarket, w.marketEvidenceOf(r))
	tape.add(recStop, stopRecord{r.Started.UTC(), r.Duration, r.End})
	return Report{r, w.marketOf(r)}, nil
}
