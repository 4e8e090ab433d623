// Command upstox-doctor finds out why a program gets no live prices from
// Upstox, and says what to do about it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/cli/browser"
	"github.com/urfave/cli/v2"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/login"
	"upstox-doctor/checks/redact"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// mostLog is how much of standard input explain reads, in bytes.
const mostLog = 64 << 20

// Exit statuses of the contract that do not come from a report.
const (
	exitUnknown = 1 // explain could not place the text
	exitUsage   = 2
	exitFault   = 4

	exitInterrupted = 130
)

func main() {
	log.SetOutput(io.Discard) // libraries log what servers send unasked
	// A reader that goes away must give an error, not kill the process.
	signal.Ignore(syscall.SIGPIPE)
	// An empty variable means none; the library would take it for a value.
	for _, pair := range os.Environ() {
		if name, value, _ := strings.Cut(pair, "="); value == "" && strings.HasPrefix(name, "UPSTOX_DOCTOR_") {
			os.Unsetenv(name)
		}
	}
	os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr))
}

// exit carries the exit status through the command line library.
type exit struct {
	status int
	err    error
}

func (e exit) Error() string { return fmt.Sprint(e.err) }

func run(args []string, in io.Reader, out, errs io.Writer) int {
	app := commandLine(in, out, errs)
	err := app.Run(arrange(app, args))
	var e exit
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &e):
		e = exit{exitUsage, err}
	}
	if e.err != nil {
		// The words of a wrong command line may hold a token.
		fmt.Fprintln(errs, "upstox-doctor:", new(redact.Set).String(e.Error()))
	}
	return e.status
}

func commandLine(in io.Reader, out, errs io.Writer) *cli.App {
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Aliases: []string{"V"}, Usage: "print the version"}
	usage := func(_ *cli.Context, err error, _ bool) error { return exit{exitUsage, err} }
	d := doorman{in, out, errs}
	return &cli.App{
		Name: "upstox-doctor", Version: version(),
		Usage:           "find out why no live prices come from Upstox, and what to do",
		Description:     "Without a command it runs all checks. Exit status: 0 healthy or only warnings, 1 a check failed, 2 wrong usage, 3 warnings with --fail-on warn, 4 the run could not be completed, 130 interrupted.",
		HideHelpCommand: true,
		Writer:          out, ErrWriter: errs,
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   usage,
		Flags:          slices.Concat(outputFlags, runFlags, credentialFlags),
		Action:         d.diagnose,
		Commands: []*cli.Command{
			{Name: "login", Usage: "log in to Upstox in the browser and save the new access token",
				Flags: slices.Concat(outputFlags, loginFlags, credentialFlags), Action: d.login, OnUsageError: usage},
			{Name: "explain", Usage: "name the diagnoses behind a code, an error line, or a log on standard input", ArgsUsage: "[CODE or TEXT]",
				Flags: outputFlags, Action: d.explain, OnUsageError: usage},
			{Name: "list", Usage: "list the checks and the diagnoses", Flags: outputFlags, Action: d.list, OnUsageError: usage},
			{Name: "simulate", Usage: "serve the embedded Upstox, to test programs against it", ArgsUsage: "SCENARIO",
				Flags: slices.Concat(outputFlags, simulateFlags), Action: d.simulate, OnUsageError: usage},
			{Name: "schema", Usage: "print the JSON Schema of the report", Action: d.schema, OnUsageError: usage},
		},
	}
}

var outputFlags = []cli.Flag{
	&cli.StringSliceFlag{Name: "output", Aliases: []string{"o"}, EnvVars: env("OUTPUT"), Usage: "`FORMAT` or FORMAT=FILE: " + strings.Join(report.Formats(), ", ") + " (repeatable)"},
	&cli.StringFlag{Name: "color", Value: "auto", EnvVars: env("COLOR"), Usage: "auto, always or never; NO_COLOR is obeyed"},
	&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, EnvVars: env("QUIET"), Usage: "no progress, and no table when all is well"},
	&cli.BoolFlag{Name: "verbose", EnvVars: env("VERBOSE"), Usage: "every check with all its evidence"},
}

var runFlags = []cli.Flag{
	&cli.StringFlag{Name: "simulate", EnvVars: env("SIMULATE"), Usage: "examine the embedded Upstox in `SCENARIO` instead of the real one"},
	&cli.StringSliceFlag{Name: "only", EnvVars: env("ONLY"), Usage: "only these `CHECKS` or stages, and what they need"},
	&cli.StringSliceFlag{Name: "skip", EnvVars: env("SKIP"), Usage: "not these `CHECKS` or stages"},
	&cli.BoolFlag{Name: "no-stream", EnvVars: env("NO_STREAM"), Usage: "stop before a socket is opened"},
	&cli.StringFlag{Name: "fail-on", Value: "fail", EnvVars: env("FAIL_ON"), Usage: "fail, or warn for exit status 3 on warnings"},
	&cli.DurationFlag{Name: "timeout", Value: 10 * time.Second, EnvVars: env("TIMEOUT"), Usage: "time for one check"},
	&cli.DurationFlag{Name: "deadline", Value: time.Minute, EnvVars: env("DEADLINE"), Usage: "time for the whole run"},
	&cli.StringFlag{Name: "instrument", Value: checks.ControlKey, EnvVars: env("INSTRUMENT"), Usage: "instrument `KEY` to watch"},
	&cli.StringFlag{Name: "mode", Value: "ltpc", EnvVars: env("MODE"), Usage: strings.Join(modes, ", ")},
	&cli.DurationFlag{Name: "token-min-ttl", Value: 30 * time.Minute, EnvVars: env("TOKEN_MIN_TTL"), Usage: "warn of a token with less time left"},
}

var credentialFlags = []cli.Flag{
	&cli.StringFlag{Name: "env-file", EnvVars: env("ENV_FILE"), Usage: "`FILE` with variables instead of .env"},
	&cli.StringFlag{Name: "token-file", EnvVars: env("TOKEN_FILE"), Usage: "`FILE` with the token instead of .upstox_token"},
	&cli.StringFlag{Name: "api-key", EnvVars: env("API_KEY"), Usage: "instead of UPSTOX_API_KEY"},
	&cli.StringFlag{Name: "api-secret", EnvVars: env("API_SECRET"), Usage: "instead of UPSTOX_API_SECRET (other users of the machine can see it)"},
	&cli.StringFlag{Name: "redirect-uri", EnvVars: env("REDIRECT_URI"), Usage: "instead of UPSTOX_REDIRECT_URI"},
	&cli.StringFlag{Name: "access-token", EnvVars: env("ACCESS_TOKEN"), Usage: "instead of UPSTOX_ACCESS_TOKEN (other users of the machine can see it)"},
}

var loginFlags = []cli.Flag{
	&cli.StringFlag{Name: "simulate", EnvVars: env("SIMULATE"), Usage: "log in to the embedded Upstox in `SCENARIO` instead of the real one"},
	&cli.DurationFlag{Name: "deadline", Value: 5 * time.Minute, EnvVars: env("LOGIN_DEADLINE"), Usage: "time for the whole login"},
	&cli.BoolFlag{Name: "no-browser", EnvVars: env("NO_BROWSER"), Usage: "print the address and open no browser"},
	&cli.StringFlag{Name: "code-from", EnvVars: env("CODE_FROM"), Usage: "read the address that the browser landed on, or its code, from `FILE`, or - for standard input"},
	&cli.BoolFlag{Name: "write-env", EnvVars: env("WRITE_ENV"), Usage: "put the token into .env too"},
}

var simulateFlags = []cli.Flag{
	&cli.BoolFlag{Name: "list", EnvVars: env("SIMULATE_LIST"), Usage: "list the scenarios"},
	&cli.StringFlag{Name: "listen", Value: "127.0.0.1:8443", EnvVars: env("LISTEN"), Usage: "serve on `ADDRESS`"},
	&cli.BoolFlag{Name: "plain", EnvVars: env("PLAIN"), Usage: "without TLS"},
	&cli.StringFlag{Name: "ca-file", EnvVars: env("CA_FILE"), Usage: "write the certificate authority to `FILE`"},
}

// modes are the request modes of the feed, by their names on the wire.
var modes = []string{"ltpc", "option_greeks", "full", "full_d30"}

func env(name string) []string { return []string{"UPSTOX_DOCTOR_" + name} }

// doorman holds the standard streams and leads each command to its package.
type doorman struct {
	in        io.Reader
	out, errs io.Writer
}

func (d doorman) diagnose(c *cli.Context) error {
	outputs, err := d.outputs(c)
	if err != nil {
		return err
	}
	w, end, err := world(c)
	if err != nil {
		return err
	}
	defer end()
	ctx, stop := signal.NotifyContext(c.Context, os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, c.Duration("deadline"))
	defer cancel()
	skip := c.StringSlice("skip")
	if c.Bool("no-stream") {
		skip = append(skip, "handshake", "ticks")
	}
	progress := report.NewProgress(d.errs, !c.Bool("quiet") && report.IsTerminal(d.errs))
	found, err := checks.Diagnose(ctx, w, checks.Options{
		Only: c.StringSlice("only"), Skip: skip, Timeout: c.Duration("timeout"), Observe: progress.Observe,
	})
	progress.Done()
	if err != nil {
		return exit{exitUsage, err}
	}
	status := report.ExitCode(found.Report, c.String("fail-on") == "warn")
	doc := report.New(found.Report, report.Meta{
		Tool:     report.Tool{Name: "upstox-doctor", Version: version(), Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH},
		Market:   report.Market{State: string(found.Market.State), NextOpen: found.Market.NextOpen},
		ExitCode: status, Scrub: w.Secrets.String,
	})
	if err := d.write(c, outputs, doc); err != nil {
		return err
	}
	if status != 0 {
		return exit{status: status}
	}
	return nil
}

// world is the machine's, or the simulated one, with what the flags say.
func world(c *cli.Context) (checks.World, func(), error) {
	if err := validate(c); err != nil {
		return checks.World{}, nil, exit{exitUsage, err}
	}
	w, session, err := place(c, sim.Options{})
	if err != nil {
		return w, nil, err
	}
	if w.Instrument == "" || c.IsSet("instrument") {
		w.Instrument = c.String("instrument")
	}
	if w.Mode == "" || c.IsSet("mode") {
		w.Mode = c.String("mode")
	}
	w.TokenTTL = c.Duration("token-min-ttl")
	return w, session.Close, nil
}

// place is the world without what only the checks need. The session is nil
// unless it is simulated.
func place(c *cli.Context, o sim.Options) (w checks.World, session *sim.Session, err error) {
	agent := "upstox-doctor/" + version()
	w = checks.Machine(agent)
	if name := c.String("simulate"); name != "" {
		scenario, ok := sim.Find(name)
		if !ok {
			return w, nil, exit{exitUsage, fmt.Errorf("no scenario is called %q (simulate --list names them)", name)}
		}
		if session, err = sim.Start(scenario, o); err != nil {
			return w, nil, exit{exitFault, fmt.Errorf("start the simulator: %w", err)}
		}
		w = session.World(agent)
	}
	w.EnvFile, w.TokenFile = c.String("env-file"), c.String("token-file")
	w.Flags = map[string]string{}
	for _, name := range checks.Variables {
		w.Flags[name] = c.String(strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, "UPSTOX_")), "_", "-"))
	}
	return w, session, nil
}

func validate(c *cli.Context) error {
	switch {
	case c.Args().Len() > 0:
		return fmt.Errorf("%q is neither a command nor a flag", c.Args().First())
	case !slices.Contains([]string{"fail", "warn"}, c.String("fail-on")):
		return fmt.Errorf("--fail-on %q is neither fail nor warn", c.String("fail-on"))
	case !slices.Contains(modes, c.String("mode")):
		return fmt.Errorf("--mode %q is none of %s", c.String("mode"), strings.Join(modes, ", "))
	case !strings.Contains(c.String("instrument"), "|"):
		return fmt.Errorf("--instrument %q is no instrument key such as %s", c.String("instrument"), checks.ControlKey)
	}
	for _, name := range []string{"timeout", "deadline"} {
		if c.Duration(name) <= 0 {
			return fmt.Errorf("--%s %s is not above zero", name, c.Duration(name))
		}
	}
	return nil
}

func (d doorman) outputs(c *cli.Context) ([]report.Output, error) {
	if color := c.String("color"); !slices.Contains([]string{"auto", "always", "never"}, color) {
		return nil, exit{exitUsage, fmt.Errorf("--color %q is none of auto, always, never", color)}
	}
	outputs, err := report.ParseOutputs(c.StringSlice("output"))
	if err != nil {
		return nil, exit{exitUsage, err}
	}
	return outputs, nil
}

// look is how things are to be shown on standard output.
func (d doorman) look(c *cli.Context) report.Options {
	return report.Look(d.out, c.String("color"), report.Options{Quiet: c.Bool("quiet"), Verbose: c.Bool("verbose")})
}

func (d doorman) login(c *cli.Context) error {
	outputs, err := d.outputs(c)
	if err == nil {
		err = noArguments(c)
	}
	if err == nil && c.Duration("deadline") <= 0 {
		err = exit{exitUsage, fmt.Errorf("--deadline %s is not above zero", c.Duration("deadline"))}
	}
	if err != nil {
		return err
	}
	w, session, err := place(c, sim.Options{Redirect: c.String("redirect-uri")})
	if err != nil {
		return err
	}
	defer session.Close()
	options, end, err := d.loginOptions(c, session, w)
	if err != nil {
		return err
	}
	defer end()
	ctx, stop := signal.NotifyContext(c.Context, os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, c.Duration("deadline"))
	defer cancel()
	done, err := w.LogIn(ctx, options)
	result, status := loginResult(done, err)
	if result == nil {
		return exit{status, fmt.Errorf("login: %w", errors.New(w.Secrets.String(err.Error())))}
	}
	if err := d.write(c, outputs, report.NewLogin(*result, report.Meta{ExitCode: status, Scrub: w.Secrets.String})); err != nil || status == 0 {
		return err
	}
	return exit{status: status}
}

// loginOptions gives the login its way to the user: the terminal, the browser,
// and the reader of the code.
func (d doorman) loginOptions(c *cli.Context, session *sim.Session, w checks.World) (o checks.LoginOptions, end func(), err error) {
	talk, end := report.NewTalk(d.in, d.errs, w.Secrets.String), func() {}
	o = checks.LoginOptions{WriteEnv: c.Bool("write-env"), ByHand: c.String("code-from") != ""}
	o.Dialogue = login.Dialogue{Say: talk.Say, Show: talk.Page}
	if talk.Possible() {
		o.AskFor, o.Confirm, o.Dialogue.Ask = talk.AskFor, talk.Confirm, talk.Ask
	}
	switch from := c.String("code-from"); from {
	case "":
	case "-":
		o.Dialogue.Ask = talk.Ask
	default:
		file, err := os.Open(from)
		if err != nil {
			return o, nil, exit{exitUsage, fmt.Errorf("--code-from: %w", err)}
		}
		o.Dialogue.Ask, end = report.NewTalk(file, d.errs, w.Secrets.String).Ask, func() { file.Close() }
	}
	if !c.Bool("no-browser") && !o.ByHand {
		browser.Stdout, browser.Stderr = io.Discard, io.Discard
		o.Dialogue.Open = browser.OpenURL
	}
	if session != nil {
		if o.Page, err = session.LoginPage(); err != nil {
			return o, nil, exit{exitFault, fmt.Errorf("open the simulated login page: %w", err)}
		}
	}
	return o, end, nil
}

// loginResult is what to report of a login, or nil if only the error says it,
// and the exit status.
func loginResult(done checks.LoggedIn, err error) (*report.LoginResult, int) {
	result := report.LoginResult{Kind: done.Token.Kind(), Expires: done.Token.Expires, Saved: done.Saved}
	failure, diagnosed := errors.AsType[*login.Failure](err)
	_, missing := errors.AsType[*checks.MissingError](err)
	switch {
	case diagnosed:
		result.Finding, result.Seen, result.Failed = failure.Entry, failure.Seen, true
		return &result, 1
	case errors.Is(err, context.Canceled):
		return nil, exitInterrupted
	case missing || errors.Is(err, login.ErrNobody):
		return nil, exitUsage
	case err != nil:
		return nil, exitFault
	case len(done.Shadows) > 0:
		result.Finding, result.Seen = catalog.TokenShadowed, "still wins over the new token: "+strings.Join(done.Shadows, ", ")
	}
	return &result, 0
}

func (d doorman) explain(c *cli.Context) error {
	outputs, err := d.outputs(c)
	if err != nil {
		return err
	}
	text := strings.Join(c.Args().Slice(), " ")
	if text == "" || text == "-" {
		log, err := io.ReadAll(io.LimitReader(d.in, mostLog))
		if err != nil {
			return exit{exitFault, fmt.Errorf("read standard input: %w", err)}
		}
		text = string(log)
	}
	matches := catalog.Explain(text)
	page := report.Explain(matches, report.Meta{Scrub: new(redact.Set).String})
	if len(matches) > 0 {
		return d.write(c, outputs, page)
	}
	return exit{exitUnknown, errors.New("nothing in this text is known; run upstox-doctor to find out by checks")}
}

func (d doorman) list(c *cli.Context) error {
	outputs, err := d.outputs(c)
	if err == nil {
		err = noArguments(c)
	}
	if err != nil {
		return err
	}
	return d.write(c, outputs, report.List{Checks: report.ChecksOf(checks.All(checks.Machine(""))), Diagnoses: catalog.All()})
}

func (d doorman) simulate(c *cli.Context) error {
	outputs, err := d.outputs(c)
	if err != nil {
		return err
	}
	if c.Bool("list") {
		var list report.List
		for _, sc := range sim.Scenarios() {
			list.Scenarios = append(list.Scenarios, report.ScenarioInfo{Name: sc.Name, About: sc.About, Code: sc.Want.Code, Exit: sc.Want.Exit})
		}
		return d.write(c, outputs, list)
	}
	sc, ok := sim.Find(c.Args().First())
	if !ok || c.Args().Len() > 1 {
		return exit{exitUsage, errors.New("simulate takes one scenario (simulate --list names them)")}
	}
	ln, err := net.Listen("tcp", c.String("listen"))
	if err != nil {
		return exit{exitFault, err}
	}
	ctx, stop := signal.NotifyContext(c.Context, os.Interrupt, syscall.SIGTERM)
	defer stop()
	tell := func(line string) { fmt.Fprintln(d.errs, line) }
	if err := sim.Serve(ctx, ln, sc, sim.ServeOptions{Plain: c.Bool("plain"), CAFile: c.String("ca-file"), Log: tell}); err != nil {
		return exit{exitFault, err}
	}
	return nil
}

func (d doorman) schema(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	if _, err := d.out.Write(report.Schema()); err != nil {
		return exit{exitFault, err}
	}
	return nil
}

func (d doorman) write(c *cli.Context, outputs []report.Output, page report.Page) error {
	if err := report.Write(outputs, d.out, page, d.look(c)); err != nil {
		return exit{exitFault, err}
	}
	return nil
}

func noArguments(c *cli.Context) error {
	if c.Args().Present() {
		return exit{exitUsage, fmt.Errorf("%s takes no argument, got %q", c.Command.Name, c.Args().First())}
	}
	return nil
}

// arrange puts the command first, its flags next and its arguments last, in
// whatever order they were given: the library reads no flag after an argument
// and no flag of a command before it.
func arrange(app *cli.App, args []string) []string {
	valued := map[string]bool{} // flags that take the next word
	flags := slices.Clone(app.Flags)
	for _, c := range app.Commands {
		flags = append(flags, c.Flags...)
	}
	for _, f := range flags {
		_, isSwitch := f.(*cli.BoolFlag)
		for _, name := range f.Names() {
			valued[name] = !isSwitch
		}
	}
	var command, options, rest []string
	for words := args[1:]; len(words) > 0; words = words[1:] {
		word := words[0]
		name := strings.TrimLeft(word, "-")
		switch {
		case word == "--":
			rest = append(rest, words[1:]...)
			words = words[:1]
		case len(word) > 1 && word[0] == '-':
			options = append(options, word)
			if valued[name] && len(words) > 1 {
				options, words = append(options, words[1]), words[1:]
			}
		case command == nil && rest == nil && app.Command(word) != nil:
			command = []string{word}
		default:
			rest = append(rest, word)
		}
	}
	if rest != nil {
		rest = append([]string{"--"}, rest...)
	}
	return slices.Concat(args[:1], command, options, rest)
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && strings.HasPrefix(info.Main.Version, "v") {
		return info.Main.Version[1:]
	}
	return "0.1.0-dev"
}
