package command

import (
	"context"
	"fmt"
	"net"

	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// SimulateOptions is what to serve, and where.
type SimulateOptions struct {
	OutputOptions
	List      bool     // the scenarios, and serve none
	Scenarios []string // just one
	Listen    string   // address
	Plain     bool     // without TLS
	CAFile    string   // where to write the authority; empty for nowhere
	Rate      int      // moves of each key in a second; zero for as the scenario has it
}

// Simulate serves the embedded Upstox until the context ends.
func (a App) Simulate(ctx context.Context, o SimulateOptions) error {
	if err := o.parse(); err != nil {
		return err
	}
	if o.List {
		return a.scenarios(o.OutputOptions)
	}
	if o.Rate < 0 {
		return UsageError("--rate %d is below zero", o.Rate)
	}
	if len(o.Scenarios) != 1 {
		return UsageError("simulate takes one scenario (simulate --list names them)")
	}
	sc, err := findScenario(o.Scenarios[0])
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return fault(err)
	}
	var load *sim.Load
	if o.Rate > 0 {
		load = &sim.Load{Rate: o.Rate}
	}
	tell := func(line string) { fmt.Fprintln(a.Errs, line) }
	if err := sim.Serve(ctx, ln, sc, sim.ServeOptions{Plain: o.Plain, CAFile: o.CAFile, Log: tell, Busy: load}); err != nil {
		return fault(err)
	}
	return nil
}

func (a App) scenarios(s OutputOptions) error {
	var list report.List
	for _, sc := range sim.Scenarios() {
		list.Scenarios = append(list.Scenarios, report.ScenarioInfo{Name: sc.Name, About: sc.About, Code: sc.Want.Code, Exit: sc.Want.Exit})
	}
	return a.write(s, list)
}
