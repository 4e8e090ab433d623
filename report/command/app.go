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

	"upstox-doctor/checks"
	"upstox-doctor/checks/feed"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// Exit statuses of the contract that do not come from a report.
const (
	Unknown     = 1 // explain could not place the text
	Usage       = 2
	Fault       = 4
	Interrupted = 130
)

// An Exit ends the program with a status. Err is printed on standard error; it is
// nil if the report has said everything.
type Exit struct {
	Status int
	Err    error
}

func (e Exit) Error() string { return fmt.Sprint(e.Err) }

// Wrong is wrong usage.
func Wrong(format string, args ...any) error { return Exit{Usage, fmt.Errorf(format, args...)} }

func fault(err error) error { return Exit{Fault, err} }

// exit returns the Exit of a command whose report has said everything.
func exit(status int) error {
	if status == 0 {
		return nil
	}
	return Exit{Status: status}
}

// A Desk holds the standard streams.
type Desk struct {
	In        io.Reader
	Out, Errs io.Writer
	Version   string

	// Overrun ends the program with the error at once; nil for never. It is for a
	// command that cannot end by its deadline otherwise.
	Overrun func(error)

	memory bool // a simulated world has no sockets, so that tests can run in virtual time
}

// meta is what every page says of this program.
func (d Desk) meta(scrub func(string) string) report.Meta {
	return report.Meta{
		Tool:  report.Tool{Name: "upstox-doctor", Version: d.Version, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH},
		Scrub: scrub,
	}
}

// Style is how a page is to be shown, and where.
type Style struct {
	Outputs        []string // FORMAT or FORMAT=FILE
	Color          string   // auto, always or never
	Quiet, Verbose bool

	outputs []report.Output
}

// parse checks the options before any work is done. The page to be written is of
// one of the kinds, if any are given.
func (s *Style) parse(kinds ...report.Kind) (err error) {
	if !slices.Contains([]string{"auto", "always", "never"}, s.Color) {
		return Wrong("--color %q is none of auto, always, never", s.Color)
	}
	if s.outputs, err = report.ParseOutputs(s.Outputs, kinds...); err != nil {
		return Exit{Usage, err}
	}
	return nil
}

func (d Desk) write(s Style, page report.Page) error {
	look := report.TerminalOptions(d.Out, s.Color, report.Options{Quiet: s.Quiet, Verbose: s.Verbose})
	if err := report.Write(s.outputs, d.Out, page, look); err != nil {
		return fault(err)
	}
	return nil
}

// Place is where the checks and the login find the user's things.
type Place struct {
	Simulate           string            // a scenario; empty for the real Upstox
	EnvFile, TokenFile string            // empty for .env and .upstox_token
	Credentials        map[string]string // given on the command line, by variable name
}

// open makes the world. The session is nil unless it is simulated.
func (d Desk) open(p Place, o sim.Options) (w checks.World, session *sim.Session, err error) {
	agent := "upstox-doctor/" + d.Version
	w = checks.Machine(agent)
	if p.Simulate != "" {
		scenario, ok := sim.Find(p.Simulate)
		if !ok {
			return w, nil, Wrong("no scenario is called %q (simulate --list names them)", p.Simulate)
		}
		o.Memory = d.memory
		if session, err = sim.Start(scenario, o); err != nil {
			return w, nil, fault(fmt.Errorf("start the simulator: %w", err))
		}
		w = session.World(agent)
	}
	w.EnvFile, w.TokenFile, w.Flags = p.EnvFile, p.TokenFile, p.Credentials
	return w, session, nil
}

// Modes are the request modes of the feed, by their names on the wire.
var Modes = feed.Modes()

// known checks options of several commands; the mode is optional.
func known(failOn, mode string) error {
	switch {
	case !slices.Contains([]string{"fail", "warn"}, failOn):
		return Wrong("--fail-on %q is neither fail nor warn", failOn)
	case mode != "" && !slices.Contains(Modes, mode):
		return Wrong("--mode %q is none of %s", mode, strings.Join(Modes, ", "))
	}
	return nil
}
