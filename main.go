// Command upstox-doctor finds out why a program gets no live prices from
// Upstox, and says what to do about it.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"

	"upstox-doctor/checks"
	"upstox-doctor/checks/redact"
	"upstox-doctor/fixtures/rehearsal"
	"upstox-doctor/report"
	"upstox-doctor/report/command"
	"upstox-doctor/report/help"
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
	a := command.App{In: in, Out: out, Errs: errs, Version: version(), Caller: command.FindCaller(args[0]), Overrun: func(err error) { overrun(err, errs) },
		Rehearsals: rehearsal.Store{Places: rehearsal.OfUser(), Version: version(), Now: time.Now}}
	if command.DoubleClicked(args) {
		a.DoubleClicked, args = true, append(args, "serve")
	}
	app := commandLine(a)
	args, all := command.CutAll(args)
	var printed error // of a printer, which returns none to the library
	cli.HelpPrinter = func(_ io.Writer, _ string, of any) {
		name := ""
		if c, ok := of.(*cli.Command); ok {
			name = c.Name
		}
		printed = a.HelpPage(help.Read(app), name, all)
	}
	cli.VersionPrinter = func(*cli.Context) { printed = a.PrintVersion() }
	ctx, release := untilSignal()
	defer release()
	err := app.RunContext(ctx, reorderArgs(app, args))
	return tell(cmp.Or(err, printed), errs)
}

// tell says the error, if there is one to say, and returns the exit status.
func tell(err error, errs io.Writer) int {
	var e command.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &e):
		e = command.ExitError{Status: command.ExitUsage, Err: err}
	}
	if e.Err != nil {
		// The words of a wrong command line may hold a token, and the names of
		// files what a terminal obeys.
		said := e.Error()
		if file, ok := errors.AsType[*fs.PathError](e.Err); ok {
			shown := redact.FileName(file.Path) + ":"
			said = strings.NewReplacer(" "+file.Path+":", " "+shown, "="+file.Path+":", "="+shown).Replace(said)
		}
		lines := strings.Split(said, "\n")
		for i := range lines {
			lines[i] = redact.Printable(lines[i], 0)
		}
		fmt.Fprintln(errs, "upstox-doctor:", environmentSecrets().String(strings.Join(lines, "\n")))
	}
	return e.Status
}

// environmentSecrets are those of the variables whose names tell that they hold
// one: a script may write such a variable where a flag has a word.
func environmentSecrets() *redact.Set {
	known := new(redact.Set)
	for _, pair := range os.Environ() {
		if name, value, _ := strings.Cut(pair, "="); redact.IsSecretName(name) {
			known.Add(value)
		}
	}
	return known
}

// The version is -V, since -v is --verbose.
func init() {
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Aliases: []string{"V"}, Usage: "print the version"}
}

func commandLine(a command.App) *cli.App {
	return &cli.App{
		Name: "upstox-doctor", Version: a.Version,
		Usage:           "find out why no live prices come from Upstox, and what to do",
		HideHelpCommand: true,
		Writer:          a.Out, ErrWriter: a.Errs,
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   wrong,
		Flags:          append(slices.Clone(checkFlags), cli.HelpFlag), // which the library adds only if no command is called help
		Action:         noSuchCommand(diagnose(a)),
		Commands: []*cli.Command{
			{Name: "check", Category: "Check", Usage: "run all checks, as without a command", OnUsageError: wrong, HideHelpCommand: true,
				Flags:  checkFlags,
				Action: withoutCommand("check takes no argument, got %q (--only chooses checks)", diagnose(a))},
			{Name: "explain", Category: "Check", Usage: "name the cause behind a code, an error or a log", OnUsageError: wrong,
				ArgsUsage: "[CODE, NUMBER, TEXT or FILE]", Flags: outputFlags,
				Action: explain(a)},
			{Name: "compare", Category: "Check", Usage: "tell two JSON reports apart: which side is at fault", OnUsageError: wrong,
				ArgsUsage: "A B", Flags: outputFlags,
				Action: func(c *cli.Context) error { return a.Compare(outputOptions(c), c.Args().Slice()) }},
			{Name: "init", Category: "Token", Usage: "first run: write .env, log in, show live prices", OnUsageError: wrong,
				Flags:  slices.Concat(initFlags, credentialFlags),
				Action: withoutCommand("init takes no argument, got %q", initialize(a))},
			{Name: "login", Aliases: []string{"refresh"}, Category: "Token", Usage: "log in to Upstox and save the new access token", OnUsageError: wrong,
				Flags:  slices.Concat(outputFlags, loginFlags, loginWayFlags, credentialFlags),
				Action: withoutCommand("login takes no argument, got %q", logIn(a))},
			{Name: "token", Aliases: []string{"status"}, Category: "Token", Usage: "show the access token, and ask Upstox whether it works", OnUsageError: wrong,
				Flags:  slices.Concat(outputFlags, tokenFlags, limitFlags, credentialFlags),
				Action: withoutCommand("token takes no argument, got %q", showToken(a))},
			{Name: "watch", Category: "Watch", Usage: "hold the live stream, and explain each disconnect", OnUsageError: wrong,
				Flags:  slices.Concat(watchFlags, recordFlags, outputFlags[1:], credentialFlags),
				Action: withoutCommand("watch takes no argument, got %q", watch(a))},
			{Name: "serve", Category: "Watch", Usage: "show it all as a page in the browser, and as metrics", OnUsageError: wrong,
				Flags:  slices.Concat(serveFlags, runFlags, limitFlags, credentialFlags),
				Action: withoutCommand("serve takes no argument, got %q", serve(a))},
			{Name: "schedule", Category: "Watch", Usage: "print the entry that runs the checks each morning", OnUsageError: wrong,
				ArgsUsage: "[cron, systemd, launchd or windows]", Flags: slices.Concat(outputFlags, scheduleFlags), Action: schedule(a)},
			{Name: "bundle", Category: "Share", Usage: "make one zip file for a support ticket, no secrets", OnUsageError: wrong,
				ArgsUsage: "[FILE.zip]", Flags: slices.Concat(bundleFlags, runFlags, limitFlags, credentialFlags), Action: bundle(a)},
			{Name: "replay", Category: "Share", Usage: "judge a tape again, offline", OnUsageError: wrong,
				ArgsUsage: "TAPE", Flags: slices.Concat(reportFlags, replayFlags), Action: replay(a)},
			{Name: "simulate", Category: "Test", Usage: "serve the built-in Upstox, to test programs on it", OnUsageError: wrong,
				ArgsUsage: "SCENARIO, or run SCENARIO -- COMMAND, or --list [STAGE or WORD]", Flags: slices.Concat(outputFlags, simulateFlags), Action: simulate(a)},
			{Name: "list", Category: "More", Usage: "list the checks and the diagnoses", Flags: outputFlags, OnUsageError: wrong,
				Action: withoutCommand("list takes no argument, got %q", func(c *cli.Context) error { return a.List(outputOptions(c)) })},
			{Name: "schema", Category: "More", Usage: "print the JSON Schema of what is written as JSON", OnUsageError: wrong,
				ArgsUsage: "[SCHEMA]",
				Action:    func(c *cli.Context) error { return a.Schema(strings.Join(c.Args().Slice(), " ")) }},
			{Name: "completion", Category: "More", Usage: "print the script that makes a shell complete words", OnUsageError: wrong,
				ArgsUsage: "bash, zsh, fish or powershell",
				Action:    func(c *cli.Context) error { return a.Completion(c.Args().Slice()) }},
			{Name: "man", Category: "More", Usage: "list, print or write the manual pages", OnUsageError: wrong,
				ArgsUsage: "[PAGE]", Flags: manFlags,
				Action: func(c *cli.Context) error {
					return a.Man(help.Read(c.App), command.ManOptions{Pages: c.Args().Slice(), Dir: c.String("dir")})
				}},
			{Name: "help", Category: "More", Usage: "show help on a command or a topic", OnUsageError: wrong, HideHelpCommand: true,
				ArgsUsage: "[NAME]",
				Action:    func(c *cli.Context) error { return a.Help(help.Read(c.App), c.Args().First()) }},
			{Name: "version", Category: "More", Usage: "print the version", OnUsageError: wrong, HideHelpCommand: true,
				Action: withoutCommand("version takes no argument, got %q", func(*cli.Context) error { return a.PrintVersion() })},
			{Name: command.CompleteName, Hidden: true, SkipFlagParsing: true, HideHelpCommand: true,
				Action: func(c *cli.Context) error { return a.Complete(help.Read(c.App), c.Args().Slice()) }},
		},
	}
}

// checkFlags are those of a run of the checks.
var checkFlags = slices.Concat(reportFlags, runFlags, waitFlags, recordFlags, limitFlags, repairFlags, loginWayFlags, morningFlags, credentialFlags)

var outputFlags = []cli.Flag{
	&cli.StringSliceFlag{Name: "output", Aliases: []string{"o"}, EnvVars: env("OUTPUT"), Usage: "`FORMAT` or FORMAT=FILE: " + strings.Join(report.Formats(), ", ") + " (repeatable)"},
	&cli.StringFlag{Name: "color", Category: "Output", Value: "auto", EnvVars: env("COLOR"), Usage: "`WHEN` to colour: auto, always or never; NO_COLOR is obeyed"},
	&cli.BoolFlag{Name: "quiet", Category: "Output", Aliases: []string{"q"}, EnvVars: env("QUIET"), Usage: "no progress, and no table when all is well"},
	&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, EnvVars: env("VERBOSE"), Usage: "every check with all its evidence"},
}

// reportFlags are the outputFlags where the report of a run is written.
var reportFlags = append([]cli.Flag{
	&cli.StringSliceFlag{Name: "output", Aliases: []string{"o"}, EnvVars: env("OUTPUT"), Usage: "`FORMAT` or FORMAT=FILE, repeatable; see help formats"},
}, outputFlags[1:]...)

// freshFlag stands beside --simulate.
var freshFlag = &cli.BoolFlag{Name: "fresh", Category: "Simulation", EnvVars: env("FRESH"), Usage: "with --simulate: begin as the scenario is written, whatever an earlier login has left, and keep nothing"}

var runFlags = []cli.Flag{
	&cli.StringFlag{Name: "simulate", EnvVars: env("SIMULATE"), Usage: "examine the built-in Upstox in `SCENARIO`"},
	freshFlag,
	&cli.StringSliceFlag{Name: "only", EnvVars: env("ONLY"), Usage: "only these `CHECKS` or stages, and what they need"},
	&cli.StringSliceFlag{Name: "skip", Category: "Checks", EnvVars: env("SKIP"), Usage: "not these `CHECKS` or stages"},
	&cli.BoolFlag{Name: "no-stream", EnvVars: env("NO_STREAM"), Usage: "stop before a socket is opened"},
	&cli.BoolFlag{Name: "portfolio", Category: "Checks", EnvVars: env("PORTFOLIO"), Usage: "look at the portfolio feed too: authorize, upgrade, close"},
	&cli.StringFlag{Name: "instrument", Value: checks.ControlKey, EnvVars: env("INSTRUMENT"), Usage: "`KEY` or name to watch, as RELIANCE"},
	&cli.StringFlag{Name: "mode", Category: "Checks", Value: "ltpc", EnvVars: env("MODE"), Usage: "`MODE` of the feed: " + strings.Join(command.Modes, ", ")},
}

// waitFlags are of a run that may come again.
var waitFlags = []cli.Flag{
	&cli.DurationFlag{Name: "wait", EnvVars: env("WAIT"), Usage: "run again what failed, for at most this `DURATION`"},
}

var serveFlags = []cli.Flag{
	&cli.StringFlag{Name: "metrics", Value: command.DefaultMetrics, EnvVars: env("METRICS"), Usage: "serve on `ADDRESS`"},
	&cli.DurationFlag{Name: "every", Value: 5 * time.Minute, EnvVars: env("EVERY"), Usage: "`DURATION` between two runs; six times as long while the market is closed"},
	&cli.BoolFlag{Name: "public", EnvVars: env("PUBLIC"), Usage: "allow an address that other machines reach; the report names hosts and files, and holds no secret; the page has no buttons then"},
	&cli.BoolFlag{Name: "no-browser", EnvVars: env("NO_BROWSER"), Usage: "print the address and open no browser"},
	&cli.BoolFlag{Name: "no-history", EnvVars: env("NO_HISTORY"), Usage: "keep no file of the last seven days beside the token file"},
	&cli.BoolFlag{Name: "probe", Usage: "serve nothing; ask what is served at --metrics how the last run was, for health checks: exit status 0 or 1"},
}

var bundleFlags = []cli.Flag{
	&cli.BoolFlag{Name: "yes", Aliases: []string{"y"}, EnvVars: env("YES"), Usage: "write without a question"},
}

var watchFlags = []cli.Flag{
	&cli.StringSliceFlag{Name: "output", Aliases: []string{"o"}, EnvVars: env("OUTPUT"), Usage: "`FORMAT` or FORMAT=FILE: table (the live view, then a summary), jsonl (every tick and event), json (the summary) (repeatable)"},
	&cli.StringFlag{Name: "simulate", EnvVars: env("SIMULATE"), Usage: "watch the built-in Upstox in `SCENARIO`"},
	freshFlag,
	&cli.StringSliceFlag{Name: "instrument", EnvVars: env("INSTRUMENT"), Usage: "instrument `KEY`, or a name such as RELIANCE (repeatable; default: " + checks.ControlKey + ")"},
	&cli.StringFlag{Name: "instruments-file", EnvVars: env("INSTRUMENTS_FILE"), Usage: "`FILE` with an instrument key on each line, up to thousands; # begins a comment"},
	&cli.StringFlag{Name: "mode", Value: "ltpc", EnvVars: env("MODE"), Usage: "`MODE` of the feed: " + strings.Join(command.Modes, ", ")},
	&cli.DurationFlag{Name: "for", EnvVars: env("FOR"), Usage: "end after this `DURATION`, such as 90m"},
	&cli.StringFlag{Name: "until", EnvVars: env("UNTIL"), Usage: "end at this `TIME` of today in India, such as 15:30, or RFC 3339"},
	&cli.BoolFlag{Name: "plain", EnvVars: env("PLAIN"), Usage: "one line for each event, also on a terminal"},
	&cli.StringFlag{Name: "fail-on", Category: "Checks", Value: "fail", EnvVars: env("FAIL_ON"), Usage: "`LEVEL`: fail, or warn for exit status 3 when it broke and came back"},
	endWithInputFlag,
}

// endWithInputFlag is for programs that start this one: however they end, it ends
// with them.
var endWithInputFlag = &cli.BoolFlag{Name: "end-with-stdin", Category: "Unattended", EnvVars: env("END_WITH_STDIN"), Usage: "end when standard input ends, as with the program that writes it"}

// recordFlags are of what can be replayed.
var recordFlags = []cli.Flag{
	&cli.StringFlag{Name: "record", Category: "Output", EnvVars: env("RECORD"), Usage: "keep all that is seen in `FILE`, without secrets, for replay and for a support ticket"},
}

var replayFlags = []cli.Flag{
	&cli.Float64Flag{Name: "speed", EnvVars: env("SPEED"), Usage: "as many `TIMES` as fast as it was, with the live view of a watch; 0 for as fast as can be"},
	&cli.IntFlag{Name: "part", EnvVars: env("PART"), Usage: "`NUMBER` of the recording, if the tape holds several; 0 for the last"},
	&cli.BoolFlag{Name: "plain", EnvVars: env("PLAIN"), Usage: "one line for each event of a watch, also on a terminal"},
	&cli.StringFlag{Name: "fail-on", EnvVars: env("FAIL_ON"), Usage: "`LEVEL`: fail, or warn for exit status 3 on warnings; otherwise as recorded"},
}

var tokenFlags = []cli.Flag{
	&cli.StringFlag{Name: "simulate", EnvVars: env("SIMULATE"), Usage: "show the token of `SCENARIO` to the built-in Upstox"},
	freshFlag,
	&cli.BoolFlag{Name: "offline", EnvVars: env("OFFLINE"), Usage: "ask nobody, and judge the token by the clock of this machine"},
}

// limitFlags say how long may be taken, and what counts as a failure.
var limitFlags = []cli.Flag{
	&cli.StringFlag{Name: "fail-on", Category: "Checks", Value: "fail", EnvVars: env("FAIL_ON"), Usage: "`LEVEL`: fail, or warn for exit status 3 on warnings"},
	&cli.DurationFlag{Name: "timeout", Category: "Limits", Value: 10 * time.Second, EnvVars: env("TIMEOUT"), Usage: "`DURATION` for one check"},
	&cli.DurationFlag{Name: "deadline", Category: "Limits", Value: time.Minute, EnvVars: env("DEADLINE"), Usage: "`DURATION` for the whole run"},
	&cli.DurationFlag{Name: "token-min-ttl", Category: "Limits", Value: 30 * time.Minute, EnvVars: env("TOKEN_MIN_TTL"), Usage: "warn of a token with less than this `DURATION` left"},
}

var repairFlags = []cli.Flag{
	&cli.BoolFlag{Name: "login", EnvVars: env("LOGIN"), Usage: "offer the login if that is the fix, and run again"},
	&cli.BoolFlag{Name: "yes", Category: "Login", Aliases: []string{"y"}, EnvVars: env("YES"), Usage: "with --login: log in without a question"},
	&cli.DurationFlag{Name: "login-deadline", Category: "Limits", Value: loginTime, EnvVars: env("LOGIN_DEADLINE"), Usage: "`DURATION` for the login"},
}

// morningFlags are of a run that nobody looks at.
var morningFlags = []cli.Flag{
	&cli.BoolFlag{Name: "trading-day", Category: "Unattended", EnvVars: env("TRADING_DAY"), Usage: "do nothing on a day on which the exchange does not trade"},
	&cli.StringFlag{Name: "notify", Category: "Unattended", EnvVars: env("NOTIFY"), Usage: "tell of a failed run, and with --login of any: desktop, or a `COMMAND` of the shell"},
}

var credentialFlags = []cli.Flag{
	&cli.StringFlag{Name: "env-file", Category: "Credentials", EnvVars: env("ENV_FILE"), Usage: "`FILE` with variables instead of .env"},
	&cli.StringFlag{Name: "token-file", Category: "Credentials", EnvVars: env("TOKEN_FILE"), Usage: "`FILE` with the token instead of .upstox_token"},
	&cli.StringFlag{Name: "api-key", Category: "Credentials", EnvVars: env("API_KEY"), Usage: "`VALUE` instead of UPSTOX_API_KEY"},
	&cli.StringFlag{Name: "api-secret", Category: "Credentials", EnvVars: env("API_SECRET"), Usage: "`VALUE` instead of UPSTOX_API_SECRET (other users of the machine can see it)"},
	&cli.StringFlag{Name: "redirect-uri", Category: "Credentials", EnvVars: env("REDIRECT_URI"), Usage: "`VALUE` instead of UPSTOX_REDIRECT_URI"},
	&cli.StringFlag{Name: "access-token", Category: "Credentials", EnvVars: env("ACCESS_TOKEN"), Usage: "`VALUE` instead of UPSTOX_ACCESS_TOKEN (other users of the machine can see it)"},
}

// loginTime is enough to find the phone and the PIN.
const loginTime = 5 * time.Minute

var loginFlags = []cli.Flag{
	&cli.StringFlag{Name: "simulate", EnvVars: env("SIMULATE"), Usage: "log in to the built-in Upstox in `SCENARIO`"},
	freshFlag,
	&cli.DurationFlag{Name: "deadline", Value: loginTime, EnvVars: env("LOGIN_DEADLINE"), Usage: "`DURATION` for the whole login; with --request until the request ends"},
}

var initFlags = []cli.Flag{
	outputFlags[1],
	&cli.StringFlag{Name: "simulate", EnvVars: env("SIMULATE"), Usage: "rehearse with the built-in Upstox in `SCENARIO`, such as no-credentials"},
	freshFlag,
	&cli.DurationFlag{Name: "deadline", Value: loginTime, EnvVars: env("LOGIN_DEADLINE"), Usage: "`DURATION` for the login"},
	loginWayFlags[0],
}

// loginWayFlags say how a login goes, alone or inside a run.
var loginWayFlags = []cli.Flag{
	&cli.BoolFlag{Name: "no-browser", Category: "Login", EnvVars: env("NO_BROWSER"), Usage: "print the address and open no browser"},
	&cli.BoolFlag{Name: "qr", Category: "Login", EnvVars: env("QR"), Usage: "show the address as a QR code too, on a terminal"},
	&cli.StringFlag{Name: "code-from", Category: "Login", EnvVars: env("CODE_FROM"), Usage: "read the address that the browser landed on, or its code, from `FILE`, or - for standard input"},
	&cli.BoolFlag{Name: "request", Category: "Login", EnvVars: env("REQUEST"), Usage: "have the token sent to the app's notifier URL, and wait for it in the token file"},
	&cli.BoolFlag{Name: "write-env", Category: "Login", EnvVars: env("WRITE_ENV"), Usage: "put the token into .env too"},
}

var scheduleFlags = append([]cli.Flag{
	&cli.StringFlag{Name: "at", EnvVars: env("AT"), Usage: "`TIME` in India, after 03:30 and before 09:00 (default: 08:40, with --login 08:30)"},
	&cli.BoolFlag{Name: "login", EnvVars: env("SCHEDULE_LOGIN"), Usage: "request a new token first (you approve it on the phone), on trading days only"},
	&cli.StringFlag{Name: "notify", EnvVars: env("NOTIFY"), Usage: "tell of a failed run, and with --login of any: desktop, none or a `COMMAND` of the shell (default: desktop with --login, launchd and windows)"},
	&cli.StringFlag{Name: "dir", EnvVars: env("DIR"), Usage: "`DIRECTORY` of .env and .upstox_token instead of this one"},
	&cli.StringFlag{Name: "on-fail", EnvVars: env("ON_FAIL"), Usage: "`COMMAND` of the shell to run when a check fails"},
	&cli.StringFlag{Name: "mail", EnvVars: env("MAIL"), Usage: "`ADDRESS` that cron mails the report to when a check fails"},
}, credentialFlags[:2]...) // the files, and no secret

var simulateFlags = []cli.Flag{
	&cli.BoolFlag{Name: "list", EnvVars: env("SIMULATE_LIST"), Usage: "list the scenarios by stage, or those of a stage or with a word in their names"},
	&cli.BoolFlag{Name: "reset", EnvVars: env("SIMULATE_RESET"), Usage: "forget what simulated logins have left to later commands"},
	&cli.StringFlag{Name: "listen", Value: "127.0.0.1:8443", EnvVars: env("LISTEN"), Usage: "serve on `ADDRESS`"},
	&cli.BoolFlag{Name: "public", EnvVars: env("PUBLIC"), Usage: "allow an address that other machines reach"},
	&cli.BoolFlag{Name: "plain", EnvVars: env("PLAIN"), Usage: "without TLS"},
	&cli.StringFlag{Name: "ca-file", EnvVars: env("CA_FILE"), Usage: "write the certificate authority to `FILE`"},
	&cli.StringFlag{Name: "ca-dir", EnvVars: env("CA_DIR"), Usage: "keep the certificate authority in `DIRECTORY`, so that the next start has the same"},
	&cli.IntFlag{Name: "rate", EnvVars: env("RATE"), Usage: "move every key `N` times a second, as for load; NSE_EQ|SIM00001 to NSE_EQ|SIM10000 exist for it"},
	&cli.BoolFlag{Name: "static-ip", EnvVars: env("STATIC_IP"), Usage: "take and fill orders, as if they came from the registered static IP"},
	&cli.StringFlag{Name: "at", EnvVars: env("AT"), Usage: "begin at `HH:MM` in India, with the market's hours"},
	&cli.Float64Flag{Name: "speed", EnvVars: env("SPEED"), Value: 1, Usage: "run the clock `N` times as fast"},
	&cli.StringFlag{Name: "seed", EnvVars: env("SEED"), Usage: "`WORD` that decides how prices move"},
	&cli.StringFlag{Name: "prices", EnvVars: env("PRICES"), Usage: "prices in `FILE`: key,time,price,quantity"},
	&cli.StringFlag{Name: "tape", EnvVars: env("TAPE"), Usage: "serve the prices of a tape in `FILE` again"},
	&cli.BoolFlag{Name: "no-limits", EnvVars: env("NO_LIMITS"), Usage: "count neither sockets nor calls, as with --rate"},
	&cli.BoolFlag{Name: "facts", Usage: "list its limits, and how sure each is"},
	&cli.BoolFlag{Name: "strict", EnvVars: env("STRICT"), Usage: "know only the listed instruments, not every key"},
	endWithInputFlag,
}

var manFlags = []cli.Flag{
	&cli.StringFlag{Name: "dir", EnvVars: env("MAN_DIR"), Usage: "write all pages below `DIRECTORY`, as man1/… and man7/…"},
}

func env(name string) []string { return []string{"UPSTOX_DOCTOR_" + name} }

func diagnose(a command.App) cli.ActionFunc {
	return func(c *cli.Context) error {
		var repair *command.LoginOptions
		if c.Bool("login") {
			repair = new(loginOptions(c, c.Duration("login-deadline")))
		}
		o := runOptions(c)
		o.OutputOptions, o.Login, o.Yes = outputOptions(c), repair, c.Bool("yes")
		o.Record, o.Wait = c.String("record"), c.Duration("wait")
		o.TradingDay, o.Notify = c.Bool("trading-day"), c.String("notify")
		return a.Run(c.Context, o)
	}
}

// runOptions is what to examine.
func runOptions(c *cli.Context) command.RunOptions {
	return command.RunOptions{
		WorldOptions: worldOptions(c), Only: c.StringSlice("only"), Skip: c.StringSlice("skip"),
		NoStream: c.Bool("no-stream"), Portfolio: c.Bool("portfolio"), LimitOptions: limitOptions(c),
		Instrument: ifSet(c, "instrument"), Mode: ifSet(c, "mode"),
	}
}

func serve(a command.App) cli.ActionFunc {
	return func(c *cli.Context) error {
		if c.Bool("probe") {
			return a.Probe(c.Context, c.String("metrics"))
		}
		o := command.ServeOptions{RunOptions: runOptions(c), Metrics: c.String("metrics"), Every: c.Duration("every"), Public: c.Bool("public"), NoBrowser: c.Bool("no-browser"), NoHistory: c.Bool("no-history")}
		o.Color = "never" // there is no page for this terminal
		return a.Serve(c.Context, o)
	}
}

func bundle(a command.App) cli.ActionFunc {
	return func(c *cli.Context) error {
		o := command.BundleOptions{RunOptions: runOptions(c), Files: c.Args().Slice()}
		o.Color, o.Yes = "never", c.Bool("yes")
		return a.Bundle(c.Context, o)
	}
}

func initialize(a command.App) cli.ActionFunc {
	return func(c *cli.Context) error {
		return a.Init(c.Context, command.InitOptions{
			OutputOptions: outputOptions(c), WorldOptions: worldOptions(c), Deadline: c.Duration("deadline"), NoBrowser: c.Bool("no-browser"),
		})
	}
}

func logIn(a command.App) cli.ActionFunc {
	return func(c *cli.Context) error {
		o := loginOptions(c, c.Duration("deadline"))
		if o.Request && !c.IsSet("deadline") {
			o.Deadline = 24 * time.Hour // the request itself ends at the next 03:30 in India
		}
		return a.LogIn(c.Context, o)
	}
}

func showToken(a command.App) cli.ActionFunc {
	return func(c *cli.Context) error {
		return a.Token(c.Context, command.TokenOptions{
			OutputOptions: outputOptions(c), WorldOptions: worldOptions(c), LimitOptions: limitOptions(c), Offline: c.Bool("offline"),
		})
	}
}

func loginOptions(c *cli.Context, deadline time.Duration) command.LoginOptions {
	return command.LoginOptions{
		OutputOptions: outputOptions(c), WorldOptions: worldOptions(c), Deadline: deadline,
		NoBrowser: c.Bool("no-browser"), QR: c.Bool("qr"), CodeFrom: c.String("code-from"), Request: c.Bool("request"), WriteEnv: c.Bool("write-env"),
	}
}

func simulate(a command.App) cli.ActionFunc {
	return func(c *cli.Context) error {
		o := command.SimulateOptions{
			OutputOptions: outputOptions(c), List: c.Bool("list"), Reset: c.Bool("reset"), Scenarios: c.Args().Slice(),
			Listen: c.String("listen"), Public: c.Bool("public"), Plain: c.Bool("plain"),
			CAFile: c.String("ca-file"), CADir: c.String("ca-dir"), Rate: c.Int("rate"), StaticIP: c.Bool("static-ip"), EndWithInput: c.Bool("end-with-stdin"),
			At: c.String("at"), Speed: c.Float64("speed"), Seed: c.String("seed"), Prices: c.String("prices"), Tape: c.String("tape"), Strict: c.Bool("strict"), NoLimits: c.Bool("no-limits"), Facts: c.Bool("facts"),
		}
		if c.Args().First() != "run" {
			return a.Simulate(c.Context, o)
		}
		return a.SimulateRun(c.Context, o, c.Args().Tail())
	}
}

func schedule(a command.App) cli.ActionFunc {
	return func(c *cli.Context) error {
		return a.Schedule(command.ScheduleOptions{
			OutputOptions: outputOptions(c), Kinds: c.Args().Slice(), At: c.String("at"), Dir: c.String("dir"),
			EnvFile: c.String("env-file"), TokenFile: c.String("token-file"), OnFail: c.String("on-fail"), Mail: c.String("mail"),
			Login: c.Bool("login"), Notify: c.String("notify"),
		})
	}
}

// watch sets GOMAXPROCS to 1: a stream is handled sequentially, and passing
// each frame between processors costs about 17 % more processor time.
func watch(a command.App) cli.ActionFunc {
	return func(c *cli.Context) error {
		if os.Getenv("GOMAXPROCS") == "" {
			runtime.GOMAXPROCS(1)
		}
		return a.Watch(c.Context, command.WatchOptions{
			OutputOptions: outputOptions(c), WorldOptions: worldOptions(c), Instruments: c.StringSlice("instrument"), InstrumentsFile: c.String("instruments-file"), Mode: ifSet(c, "mode"),
			For: c.Duration("for"), Until: c.String("until"), Plain: c.Bool("plain"), FailOn: c.String("fail-on"), Record: c.String("record"),
			EndWithInput: c.Bool("end-with-stdin"),
		})
	}
}

func replay(a command.App) cli.ActionFunc {
	return func(c *cli.Context) error {
		return a.Replay(c.Context, command.ReplayOptions{
			OutputOptions: outputOptions(c), Files: c.Args().Slice(), Part: c.Int("part"), Speed: c.Float64("speed"),
			Plain: c.Bool("plain"), FailOn: ifSet(c, "fail-on"),
		})
	}
}

func outputOptions(c *cli.Context) command.OutputOptions {
	return command.OutputOptions{Outputs: c.StringSlice("output"), Color: c.String("color"), Quiet: c.Bool("quiet"), Verbose: c.Bool("verbose")}
}

// limitOptions reads the limitFlags.
func limitOptions(c *cli.Context) command.LimitOptions {
	return command.LimitOptions{
		FailOn:  c.String("fail-on"),
		Timeout: c.Duration("timeout"), Deadline: c.Duration("deadline"), TokenTTL: c.Duration("token-min-ttl"),
	}
}

func worldOptions(c *cli.Context) command.WorldOptions {
	p := command.WorldOptions{Simulate: c.String("simulate"), Fresh: c.Bool("fresh"), EnvFile: c.String("env-file"), TokenFile: c.String("token-file"), Credentials: map[string]string{}}
	for _, name := range checks.Variables {
		p.Credentials[name] = c.String(strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, "UPSTOX_")), "_", "-"))
	}
	return p
}

// ifSet is the value of a flag only if somebody gave it, since a scenario may
// want another than the usual one.
func ifSet(c *cli.Context, name string) string {
	if c.IsSet(name) {
		return c.String(name)
	}
	return ""
}

// withoutCommand refuses arguments.
func withoutCommand(refusal string, action cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		if c.Args().Present() {
			return command.UsageError(refusal, c.Args().First())
		}
		return action(c)
	}
}

// noSuchCommand refuses what is left where a command may stand.
func noSuchCommand(action cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		if c.Args().Present() {
			return command.UsageError("%q is neither a command nor a flag%s", c.Args().First(), nearCommand(c))
		}
		return action(c)
	}
}

// nearCommand adds to a refusal of the first argument which command it may be.
func nearCommand(c *cli.Context) string {
	var known []string
	for _, cmd := range c.App.Commands {
		if !cmd.Hidden {
			known = append(known, cmd.Names()...)
		}
	}
	return command.DidYouMean(c.Args().First(), known)
}

// wrong is the error of a command line that the library cannot read. The
// library writes flags with one dash, and knows no near one.
func wrong(c *cli.Context, err error, isCommand bool) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return command.ExitError{Status: command.ExitUsage, Err: err}
	}
	flags := c.App.Flags
	if isCommand {
		flags = c.Command.Flags
	}
	var known []string
	for _, f := range flags {
		for _, name := range f.Names() {
			if len(name) > 1 {
				known = append(known, "--"+name)
			}
		}
	}
	dashes := "--"
	if len(name) == 1 {
		dashes = "-"
	}
	return command.UsageError("there is no flag %s%s", dashes+name, command.DidYouMean("--"+name, known))
}

// explain explains what is given; an empty text is a mistake, such as that of a
// variable that is not set, and not a call for standard input.
func explain(a command.App) cli.ActionFunc {
	return func(c *cli.Context) error {
		words := strings.Join(c.Args().Slice(), " ")
		if c.NArg() > 0 && strings.TrimSpace(words) == "" {
			return command.UsageError("explain: the text is empty; give a code, a number, an error or a file")
		}
		return a.Explain(c.Context, outputOptions(c), words)
	}
}

// endWait is how long the program may take to end after the first Ctrl-C, to
// say what it knows.
const endWait = 900 * time.Millisecond

// untilSignal returns a context that Ctrl-C ends, and a terminal that is closed,
// unless nohup has had that signal ignored. The program ends soon after, whatever
// it is reading or writing, and at once at a second Ctrl-C.
func untilSignal() (ctx context.Context, release func()) {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, restore := signal.NotifyContext(context.Background(), ends...)
	unwatch := context.AfterFunc(ctx, func() {
		restore() // from here on a signal kills
		time.Sleep(endWait)
		os.Exit(command.ExitInterrupted)
	})
	return ctx, func() { unwatch(); restore() }
}

// overrun ends the program, which cannot end by itself. Standard error may be
// what it is stuck at, so that the error is said only if that is soon done.
func overrun(err error, errs io.Writer) {
	status := command.ExitFault
	if e, ok := errors.AsType[command.ExitError](err); ok {
		status = e.Status
	}
	said := make(chan bool)
	go func() { tell(err, errs); close(said) }()
	select {
	case <-said:
	case <-time.After(endWait):
	}
	os.Exit(status)
}

// reorderArgs puts the words in the order that the library reads.
func reorderArgs(app *cli.App, args []string) []string {
	valued := map[string]bool{}
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
	if len(args) > 1 && args[1] == command.CompleteName {
		return args // words that are to be completed stay as they are
	}
	cmd := func(word string) bool { return app.Command(word) != nil }
	return append(args[:1:1], command.ReorderArgs(args[1:], cmd, valued)...)
}

// released is the version of a release, which the linker sets.
var released string

func version() string {
	if released != "" {
		return released
	}
	if info, ok := debug.ReadBuildInfo(); ok && strings.HasPrefix(info.Main.Version, "v") {
		return info.Main.Version[1:]
	}
	return "0.1.0-dev"
}
