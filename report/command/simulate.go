package command

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"upstox-doctor/checks/files"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
	"upstox-doctor/report/serve"
)

// SimulateOptions is what to serve, and where.
type SimulateOptions struct {
	OutputOptions
	List      bool     // the scenarios, and serve none
	Reset     bool     // forget what simulated logins have left, and serve none
	Scenarios []string // just one; for a list the stages or parts of names to be shown, none for all
	Listen    string   // address
	Public    bool     // the address may be one that others reach
	Plain     bool     // without TLS
	CAFile    string   // where to write the authority; empty for nowhere
	CADir     string   // that keeps the authority between starts; empty for none
	StaticIP  bool     // orders are taken
	Rate      int      // moves of each key in a second; zero for as the scenario has it
	At        string   // hour of India at which it begins; empty for now
	Speed     float64  // of its clock
	Seed      string   // of the moves of prices
	Prices    string   // file of prices to be served; empty for none
	Tape      string   // that is served again; empty for none
	NoLimits  bool     // sockets and calls are not counted
	Facts     bool     // the numbers that it keeps to, and serve none
	Strict    bool     // only keys in the list exist

	EndWithInput bool // end when standard input does

	at        time.Duration  // At, as it was read
	recording *sim.Recording // of Prices or Tape
}

// Simulate serves the embedded Upstox until the context ends. Once it serves it
// says so: to a program in one line of JSON on standard output, to people on
// standard error.
func (a App) Simulate(ctx context.Context, o SimulateOptions) error {
	if err := o.parse(); err != nil {
		return err
	}
	if o.List {
		return a.scenarios(o)
	}
	if o.Facts {
		return a.facts()
	}
	if o.Reset {
		return a.reset(o)
	}
	if len(o.Scenarios) != 1 {
		return UsageError("simulate takes one scenario (simulate --list names them)")
	}
	sc, err := findScenario(o.Scenarios[0])
	if err != nil {
		return err
	}
	release, err := o.placeCA()
	if err != nil {
		return fault(err)
	}
	defer release()
	ln, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return fault(err)
	}
	control, err := startControl()
	if err != nil {
		return fault(errors.Join(err, ln.Close()))
	}
	defer control.stop()
	if o.EndWithInput {
		var cancel context.CancelFunc
		ctx, cancel = a.untilInputEnds(ctx)
		defer cancel()
	}
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	if err := sim.Serve(ctx, ln, sc, a.serving(o, sc, control, giveUp)); err != nil {
		return fault(err)
	}
	if e, ok := errors.AsType[ExitError](context.Cause(ctx)); ok {
		return e
	}
	return nil
}

// serving is how the simulator is to serve, and to tell. It gives up where the
// ready line cannot be written, for which a program waits.
func (a App) serving(o SimulateOptions, sc sim.Scenario, control *control, giveUp func(error)) sim.ServeOptions {
	var load *sim.Load
	if o.Rate > 0 {
		load = &sim.Load{Rate: o.Rate}
	}
	return sim.ServeOptions{
		At: o.at, Speed: o.Speed, Seed: o.Seed, Recording: o.recording, Strict: o.Strict, Limits: !o.NoLimits && o.Rate == 0,
		Plain: o.Plain, CAFile: o.CAFile, CADir: o.CADir, Busy: load, StaticIP: o.StaticIP, Control: control.Control,
		Log: func(line string) { fmt.Fprintln(a.Errs, line) },
		Ready: func(r sim.Ready) {
			control.tell(r)
			fmt.Fprintln(a.Errs, "control at "+control.url)
			if err := a.writeReady(o.OutputOptions, sc, r); err != nil {
				giveUp(err)
			}
		},
	}
}

// writeReady writes the ready line to where the outputs say; without any, to a
// standard output that is no terminal.
func (a App) writeReady(s OutputOptions, sc sim.Scenario, r sim.Ready) error {
	if len(s.outputs) == 0 {
		if report.IsTerminal(a.Out) {
			return nil
		}
		s.outputs = []report.Output{{Format: "json"}}
	}
	line := report.SimulateReady{Scenario: sc.Name, URL: r.URL, Control: r.Env[controlVariable], CA: r.CA, Env: r.Env}
	if r.Feed != "" {
		line.FeedURL = "wss://" + r.Feed
	}
	return a.write(s, report.NewSimulateReady(line))
}

// parse checks the options before any work is done.
func (o *SimulateOptions) parse() error {
	host, _, err := net.SplitHostPort(o.Listen)
	switch {
	case o.Rate < 0:
		return UsageError("--rate %d is below zero", o.Rate)
	case !o.List && err != nil:
		return UsageError("--listen %q is no address such as 127.0.0.1:8443", o.Listen)
	case !o.List && !o.Public && !serve.Loopback(host):
		return UsageError("--listen %s can be reached by other machines, and its tokens are known to all; allow it with --public", o.Listen)
	case o.Plain && (o.CAFile != "" || o.CADir != ""):
		return UsageError("--plain has no authority for --ca-file or --ca-dir")
	}
	if err := o.parseMarket(); err != nil {
		return err
	}
	return o.OutputOptions.parse()
}

// placeCA makes the names of the authority's files such that programs in other
// directories find them. Without a name the authority is kept in a temporary
// directory until the returned function is called.
func (o *SimulateOptions) placeCA() (release func(), err error) {
	release = func() {}
	if o.Plain {
		return release, nil
	}
	if o.CAFile == "" && o.CADir == "" {
		temp, err := files.MkdirTemp("upstox-ca-")
		if err != nil {
			return nil, err
		}
		o.CAFile = filepath.Join(temp, "ca.pem")
		return func() { os.RemoveAll(temp) }, nil
	}
	for _, name := range []*string{&o.CAFile, &o.CADir} {
		if *name == "" {
			continue
		}
		if *name, err = filepath.Abs(*name); err != nil {
			return nil, err
		}
	}
	return release, nil
}
