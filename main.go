// Command upstox-doctor finds out why a program gets no live prices from
// Upstox, and says what to do about it.
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"

	"upstox-doctor/checks"
	"upstox-doctor/checks/redact"
	"upstox-doctor/report"
	"upstox-doctor/report/desk"
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

func run(args []string, in io.Reader, out, errs io.Writer) int {
	app := commandLine(desk.Desk{In: in, Out: out, Errs: errs, Version: version()})
	err := app.Run(arrange(app, args))
	var e desk.Exit
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &e):
		e = desk.Exit{Status: desk.Usage, Err: err}
	}
	if e.Err != nil {
		// The words of a wrong command line may hold a token.
		fmt.Fprintln(errs, "upstox-doctor:", new(redact.Set).String(e.Error()))
	}
	return e.Status
}

func commandLine(d desk.Desk) *cli.App {
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Aliases: []string{"V"}, Usage: "print the version"}
	wrong := func(_ *cli.Context, err error, _ bool) error { return desk.Exit{Status: desk.Usage, Err: err} }
	return &cli.App{
		Name: "upstox-doctor", Version: d.Version,
		Usage:           "find out why no live prices come from Upstox, and what to do",
		Description:     "Without a command it runs all checks. Exit status: 0 healthy or only warnings, 1 a check failed, 2 wrong usage, 3 warnings with --fail-on warn, 4 the run could not be completed, 130 interrupted.",
		HideHelpCommand: true,
		Writer:          d.Out, ErrWriter: d.Errs,
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   wrong,
		Flags:          slices.Concat(outputFlags, runFlags, credentialFlags),
		Action:         bare("%q is neither a command nor a flag", interruptible(diagnose(d))),
		Commands: []*cli.Command{
			{Name: "login", Usage: "log in to Upstox in the browser and save the new access token", OnUsageError: wrong,
				Flags:  slices.Concat(outputFlags, loginFlags, credentialFlags),
				Action: bare("login takes no argument, got %q", interruptible(logIn(d)))},
			{Name: "explain", Usage: "name the diagnoses behind a code, an error line, or a log on standard input", OnUsageError: wrong,
				ArgsUsage: "[CODE or TEXT]", Flags: outputFlags,
				Action: func(c *cli.Context) error { return d.Explain(style(c), strings.Join(c.Args().Slice(), " ")) }},
			{Name: "list", Usage: "list the checks and the diagnoses", Flags: outputFlags, OnUsageError: wrong,
				Action: bare("list takes no argument, got %q", func(c *cli.Context) error { return d.List(style(c)) })},
			{Name: "simulate", Usage: "serve the embedded Upstox, to test programs against it", OnUsageError: wrong,
				ArgsUsage: "SCENARIO", Flags: slices.Concat(outputFlags, simulateFlags), Action: interruptible(simulate(d))},
			{Name: "schema", Usage: "print the JSON Schema of the report", OnUsageError: wrong,
				Action: bare("schema takes no argument, got %q", func(*cli.Context) error { return d.Schema() })},
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
	&cli.StringFlag{Name: "mode", Value: "ltpc", EnvVars: env("MODE"), Usage: strings.Join(desk.Modes, ", ")},
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

func env(name string) []string { return []string{"UPSTOX_DOCTOR_" + name} }

func diagnose(d desk.Desk) cli.ActionFunc {
	return func(c *cli.Context) error {
		return d.Diagnose(c.Context, desk.Diagnosis{
			Style: style(c), Place: place(c), Only: c.StringSlice("only"), Skip: c.StringSlice("skip"),
			NoStream: c.Bool("no-stream"), FailOn: c.String("fail-on"),
			Timeout: c.Duration("timeout"), Deadline: c.Duration("deadline"), TokenTTL: c.Duration("token-min-ttl"),
			Instrument: given(c, "instrument"), Mode: given(c, "mode"),
		})
	}
}

func logIn(d desk.Desk) cli.ActionFunc {
	return func(c *cli.Context) error {
		return d.LogIn(c.Context, desk.Login{
			Style: style(c), Place: place(c), Deadline: c.Duration("deadline"),
			NoBrowser: c.Bool("no-browser"), CodeFrom: c.String("code-from"), WriteEnv: c.Bool("write-env"),
		})
	}
}

func simulate(d desk.Desk) cli.ActionFunc {
	return func(c *cli.Context) error {
		return d.Simulate(c.Context, desk.Simulation{
			Style: style(c), List: c.Bool("list"), Scenarios: c.Args().Slice(),
			Listen: c.String("listen"), Plain: c.Bool("plain"), CAFile: c.String("ca-file"),
		})
	}
}

func style(c *cli.Context) desk.Style {
	return desk.Style{Outputs: c.StringSlice("output"), Color: c.String("color"), Quiet: c.Bool("quiet"), Verbose: c.Bool("verbose")}
}

func place(c *cli.Context) desk.Place {
	p := desk.Place{Simulate: c.String("simulate"), EnvFile: c.String("env-file"), TokenFile: c.String("token-file"), Credentials: map[string]string{}}
	for _, name := range checks.Variables {
		p.Credentials[name] = c.String(strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, "UPSTOX_")), "_", "-"))
	}
	return p
}

// given is the value of a flag only if somebody gave it, since a scenario may
// want another than the usual one.
func given(c *cli.Context, name string) string {
	if c.IsSet(name) {
		return c.String(name)
	}
	return ""
}

// bare refuses arguments.
func bare(refusal string, action cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		if c.Args().Present() {
			return desk.Wrong(refusal, c.Args().First())
		}
		return action(c)
	}
}

// interruptible ends the context of a command at Ctrl-C, so that it can say
// what it knows.
func interruptible(action cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		ctx, stop := signal.NotifyContext(c.Context, os.Interrupt, syscall.SIGTERM)
		defer stop()
		c.Context = ctx
		return action(c)
	}
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
