// Package command implements the commands: it takes plain options, runs the checks,
// the login or the simulator, writes the report and returns the exit status. It
// does not depend on flags.
package command

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/feed"
	"upstox-doctor/fixtures/rehearsal"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// Exit statuses of the contract that do not come from a report.
const (
	ExitUnknown     = 1 // explain could not place the text
	ExitUsage       = 2
	ExitFault       = 4
	ExitInterrupted = 130
)

// An ExitError ends the program with a status. Err is printed on standard
// error; it is nil if the report has said everything.
type ExitError struct {
	Status int
	Err    error
}

func (e ExitError) Error() string { return fmt.Sprint(e.Err) }

// UsageError is wrong usage.
func UsageError(format string, args ...any) error {
	return ExitError{ExitUsage, fmt.Errorf(format, args...)}
}

func fault(err error) error { return ExitError{ExitFault, err} }

// exit returns the ExitError of a command whose report has said everything.
func exit(status int) error {
	if status == 0 {
		return nil
	}
	return ExitError{Status: status}
}

// An App holds the standard streams.
type App struct {
	In        io.Reader
	Out, Errs io.Writer
	Version   string

	// Caller is how the program was called, for the commands that are printed.
	Caller report.Caller

	// DoubleClicked: a user has clicked on the program, and looks at no terminal.
	DoubleClicked bool

	// Overrun ends the program with the error at once; nil for never. It is for a
	// command that cannot end by its deadline otherwise.
	Overrun func(error)

	// Rehearsals keeps what a simulated login leaves to the next command.
	Rehearsals rehearsal.Store

	prompter *report.Prompter // of a command that asks before it logs in; optional

	memory   bool          // a simulated world has no sockets, so that tests can run in virtual time
	scenario *sim.Scenario // is simulated in place of the named one, in tests
}

// reportMeta is what every page says of this program; its commands are for the
// world.
func (a App) reportMeta(scrub func(string) string, world WorldOptions) report.Meta {
	a.Caller.Flags = world.flags()
	return report.Meta{
		Tool:  report.Tool{Name: "upstox-doctor", Version: a.Version, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH},
		Scrub: scrub, Caller: a.Caller,
	}
}

// OutputOptions is how a page is to be shown, and where.
type OutputOptions struct {
	Outputs        []string // FORMAT or FORMAT=FILE
	Color          string   // auto, always or never
	Quiet, Verbose bool

	outputs []report.Output
}

// parse checks the options before any work is done. The page to be written is of
// one of the kinds, if any are given.
func (s *OutputOptions) parse(kinds ...report.Kind) (err error) {
	if !slices.Contains([]string{"auto", "always", "never"}, s.Color) {
		return UsageError("--color %q is none of auto, always, never", s.Color)
	}
	if s.outputs, err = report.ParseOutputs(s.Outputs, kinds...); err != nil {
		return ExitError{ExitUsage, err}
	}
	return nil
}

func (a App) write(s OutputOptions, page report.Page) error {
	options := report.TerminalOptions(a.Out, s.Color, report.Options{Quiet: s.Quiet, Verbose: s.Verbose, Caller: a.Caller})
	if err := report.Write(s.outputs, a.Out, page, options); err != nil {
		return fault(err)
	}
	return nil
}

// progress shows on a terminal how far the checks are, unless quiet.
func (a App) progress(quiet bool) *report.Progress {
	if !quiet && report.IsDumbTerminal(a.Errs) {
		return report.NewStageLines(a.Errs)
	}
	return report.NewProgress(a.Errs, !quiet && report.IsTerminal(a.Errs))
}

// WorldOptions is where the checks and the login find the user's things.
type WorldOptions struct {
	Simulate           string            // a scenario; empty for the real Upstox
	Fresh              bool              // as it is written, whatever an earlier login has left, and keep nothing
	EnvFile, TokenFile string            // empty for .env and .upstox_token
	Credentials        map[string]string // given on the command line, by variable name
}

// flags are those that choose this world, for a command that is printed.
func (p WorldOptions) flags() []string {
	var all []string
	for _, f := range []struct{ name, value string }{{"--simulate", p.Simulate}, {"--env-file", p.EnvFile}, {"--token-file", p.TokenFile}} {
		if f.value != "" {
			all = append(all, f.name, f.value)
		}
	}
	return all
}

// openWorld makes the world. The session is nil unless it is simulated.
func (a App) openWorld(p WorldOptions, o sim.Options) (w checks.World, session *sim.Session, err error) {
	agent := "upstox-doctor/" + a.Version
	w = checks.Machine(agent)
	if p.Simulate != "" {
		scenario, err := findScenario(p.Simulate)
		if a.scenario != nil {
			scenario, err = *a.scenario, nil
		}
		if err != nil {
			return w, nil, err
		}
		o.Memory, o.Changes = a.memory, a.rehearsed(p)
		if session, err = sim.Start(scenario, o); err != nil {
			return w, nil, fault(fmt.Errorf("start the simulator: %w", err))
		}
		place := w.Place // also of who rehearses
		w = session.World(agent)
		w.Place = place
	}
	w.EnvFile, w.TokenFile, w.Flags = p.EnvFile, p.TokenFile, p.Credentials
	return w, session, nil
}

// LimitOptions is how long may be taken, and what counts as a failure.
type LimitOptions struct {
	FailOn            string        // fail or warn
	Timeout, Deadline time.Duration // for one check, and for the whole command
	TokenTTL          time.Duration // a token with less time left is warned of
}

// parse checks the times; FailOn is for checkWords.
func (l LimitOptions) parse() error {
	switch {
	case l.Timeout <= 0:
		return UsageError("--timeout %s is not above zero", l.Timeout)
	case l.Deadline <= 0:
		return UsageError("--deadline %s is not above zero", l.Deadline)
	}
	return nil
}

// Modes are the request modes of the feed, by their names on the wire.
var Modes = feed.Modes()

// checkWords checks options of several commands; the mode is optional.
func checkWords(failOn, mode string) error {
	switch {
	case !slices.Contains([]string{"fail", "warn"}, failOn):
		return UsageError("--fail-on %q is neither fail nor warn", failOn)
	case mode != "" && !slices.Contains(Modes, mode):
		return UsageError("--mode %q is none of %s", mode, strings.Join(Modes, ", "))
	}
	return nil
}
