package command

import (
	"context"
	"net"
	"path/filepath"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
	"upstox-doctor/report/serve"
)

// ServeOptions is what to run at an interval, and where to show it.
type ServeOptions struct {
	RunOptions
	Metrics string        // address to listen on
	Every   time.Duration // between two runs
	Public  bool          // the address may be one that others reach

	NoBrowser bool // only print the address
	NoHistory bool // keep nothing of the last days
}

// Serve runs the checks at an interval and serves the last report until the
// context ends, which is its normal end.
func (a App) Serve(ctx context.Context, o ServeOptions) error {
	if err := o.parse(); err != nil {
		return err
	}
	w, session, err := a.openWorld(o.WorldOptions, sim.Options{Redirect: o.Credentials["UPSTOX_REDIRECT_URI"]})
	if err != nil {
		return err
	}
	defer session.Close()
	if o.Instrument, err = a.findInstrument(ctx, o.Instrument, w, false); err != nil {
		return err
	}
	w = o.world(w)
	a.Overrun = nil // one run that is stuck does not end the others
	o.Quiet = true  // progress is for those who wait
	chosen, err := doctor.Select(checks.All(w), o.Only, o.Skip)
	if err != nil {
		return choiceError(err)
	}
	p := pageOf{app: a, options: o, world: w, session: session, ledger: filepath.Join(filepath.Dir(w.TokenPath()), ledgerName)}
	ln, err := net.Listen("tcp", o.Metrics)
	if err != nil {
		return p.join(ctx, err)
	}
	s := p.server(chosen)
	if a.DoubleClicked && !report.IsTerminal(a.Errs) { // which could end it by Ctrl-C
		ctx, s.Quit = context.WithCancel(ctx)
		defer s.Quit()
	}
	defer p.tell(s, ln.Addr().String())()
	if err := s.Serve(ctx, ln); err != nil {
		return fault(err)
	}
	return nil
}

// parse looks at the words before any work is done.
func (o *ServeOptions) parse() error {
	host, _, err := net.SplitHostPort(o.Metrics)
	switch {
	case err != nil:
		return UsageError("--metrics %q is no address such as 127.0.0.1:9469", o.Metrics)
	case !o.Public && !serve.Loopback(host):
		return UsageError("--metrics %s can be reached by other machines, to which the report names hosts and files; allow it with --public", o.Metrics)
	case o.Every < serve.MinInterval:
		return UsageError("--every %s is below %s", o.Every, serve.MinInterval)
	}
	return o.RunOptions.parse()
}
