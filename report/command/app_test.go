package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/login"
	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/fixtures/valid"
	"upstox-doctor/report"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type streams struct{ out, errs bytes.Buffer }

func testApp(in string) (App, *streams) {
	s := new(streams)
	return App{In: strings.NewReader(in), Out: &s.out, Errs: &s.errs, Version: "test", memory: true}, s
}

var plain = OutputOptions{Color: "never"}

func asJSON() OutputOptions { return OutputOptions{Color: "never", Outputs: []string{"json"}} }

// defaultLimits are those of the flags, with less time for a check.
var defaultLimits = LimitOptions{FailOn: "fail", Timeout: 5 * time.Second, Deadline: time.Minute, TokenTTL: 30 * time.Minute}

// defaultRun has the options of a run without flags.
func defaultRun(scenario string) RunOptions {
	return RunOptions{
		OutputOptions: plain, WorldOptions: WorldOptions{Simulate: scenario}, LimitOptions: defaultLimits,
	}
}

// statusOf is the exit status that an error asks for.
func statusOf(t *testing.T, err error) int {
	t.Helper()
	if err == nil {
		return 0
	}
	var e ExitError
	if !errors.As(err, &e) {
		t.Fatalf("%v is no Exit", err)
	}
	return e.Status
}

// testStatus runs a command where there is no terminal. It must end with the
// status and print the words; no words mean nothing at all.
func testStatus(t *testing.T, command func(context.Context, App) error, status int, prints string) {
	t.Helper()
	simtest.Bubble(t, func(t *testing.T) {
		a, s := testApp("")
		if got := statusOf(t, command(t.Context(), a)); got != status {
			t.Errorf("status %d, want %d", got, status)
		}
		if got := s.out.String(); !strings.Contains(got, prints) || prints == "" && got != "" {
			t.Errorf("prints %q, want %q", got, prints)
		}
		if s.errs.Len() > 0 {
			t.Errorf("says %q where there is no terminal", s.errs.String())
		}
	})
}

func TestDiagnoseStatuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*RunOptions)
		status int
		prints string
	}{
		{"healthy", func(o *RunOptions) {}, 0, "All six stages pass"},
		{"quiet when healthy", func(o *RunOptions) { o.Quiet = true }, 0, ""},
		{"expired", func(o *RunOptions) { o.Simulate = "token-expired" }, 1, "token-expired"},
		{"warning", func(o *RunOptions) { o.Simulate = "clock-ahead" }, 0, "clock-skew"},
		{"warning that counts", func(o *RunOptions) { o.Simulate, o.FailOn = "clock-ahead", "warn" }, 3, "clock-skew"},
		{"no socket", func(o *RunOptions) { o.Simulate, o.NoStream = "handshake-forbidden", true }, 0, "authorize"},
		{"only a part", func(o *RunOptions) { o.Simulate, o.Only = "token-expired", []string{"network.clock"} }, 0, "Only network ran, and all passed."},
		{"another instrument", func(o *RunOptions) { o.Instrument = "NSE_EQ|INE000000000" }, 1, "instrument-unknown"},
		{"a mode beyond the plan", func(o *RunOptions) { o.Mode = "full_d30" }, 1, "plan-limit"},
		{"a token on the command line wins", func(o *RunOptions) {
			o.Credentials = map[string]string{"UPSTOX_ACCESS_TOKEN": "mk404x"}
		}, 1, "token-malformed"},
		{"out of time", func(o *RunOptions) { o.Simulate, o.Deadline = "tls-timeout", 200*time.Millisecond }, 4, "not finished"},
		{"unwritable output", func(o *RunOptions) { o.Outputs = []string{"json=no/such/place"} }, 4, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := defaultRun("healthy")
			tc.change(&o)
			testStatus(t, func(ctx context.Context, a App) error { return a.Run(ctx, o) }, tc.status, tc.prints)
		})
	}
}

func TestWrongUsageDoesNothing(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*RunOptions){
		`--fail-on "maybe"`:         func(o *RunOptions) { o.FailOn = "maybe" },
		`--mode "FULL"`:             func(o *RunOptions) { o.Mode = "FULL" },
		`--instrument "RELIANSE"`:   func(o *RunOptions) { o.Instrument = "RELIANSE" },
		`--instrument "|NIFTY"`:     func(o *RunOptions) { o.Instrument = "|NIFTY" },
		"--timeout 0s":              func(o *RunOptions) { o.Timeout = 0 },
		"--deadline -1s":            func(o *RunOptions) { o.Deadline = -time.Second },
		`--color "blue"`:            func(o *RunOptions) { o.Color = "blue" },
		"yaml":                      func(o *RunOptions) { o.Outputs = []string{"yaml"} },
		`no scenario is called "x"`: func(o *RunOptions) { o.Simulate = "x" },
		`called "tokens"`:           func(o *RunOptions) { o.Only = []string{"tokens"} },
	} {
		a, s := testApp("")
		o := defaultRun("healthy")
		change(&o)
		err := a.Run(t.Context(), o)
		if statusOf(t, err) != ExitUsage || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
		if s.out.Len() > 0 {
			t.Errorf("%s: prints %q", want, s.out.String())
		}
	}
}

func TestInterruptedDiagnosisIsWritten(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		a, s := testApp("")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		o := defaultRun("healthy")
		o.OutputOptions = asJSON()
		if got := statusOf(t, a.Run(ctx, o)); got != ExitInterrupted {
			t.Errorf("status %d", got)
		}
		var doc report.Document
		if err := json.Unmarshal(s.out.Bytes(), &doc); err != nil || doc.ExitCode != ExitInterrupted {
			t.Errorf("document with exit code %d: %v", doc.ExitCode, err)
		}
	})
}

func TestListAndSchemaAreJSON(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		run    func(App) error
		schema string // that it fits
	}{
		"list": {func(a App) error { return a.List(asJSON()) }, "list"},
		"scenarios": {func(a App) error {
			return a.Simulate(t.Context(), SimulateOptions{OutputOptions: asJSON(), List: true})
		}, "list"},
		"schema":         {func(a App) error { return a.Schema("") }, ""},
		"schema of list": {func(a App) error { return a.Schema("list") }, ""},
	} {
		a, s := testApp("")
		if err := tc.run(a); err != nil || !json.Valid(s.out.Bytes()) {
			t.Errorf("%s: %v", name, err)
		}
		if tc.schema != "" {
			if _, err := valid.JSON(tc.schema, s.out.Bytes()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		a.Out = brokenPipe{}
		if got := statusOf(t, tc.run(a)); got != ExitFault {
			t.Errorf("%s into a broken pipe: status %d", name, got)
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestSimulateUsage(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		o    SimulateOptions
		want int
	}{
		"none":       {SimulateOptions{OutputOptions: plain, Listen: "127.0.0.1:0"}, ExitUsage},
		"two":        {SimulateOptions{OutputOptions: plain, Listen: "127.0.0.1:0", Scenarios: []string{"healthy", "offline"}}, ExitUsage},
		"unknown":    {SimulateOptions{OutputOptions: plain, Listen: "127.0.0.1:0", Scenarios: []string{"x"}}, ExitUsage},
		"public":     {SimulateOptions{OutputOptions: plain, Listen: "0.0.0.0:0", Scenarios: []string{"healthy"}}, ExitUsage},
		"not served": {SimulateOptions{OutputOptions: plain, Listen: "127.0.0.1:0", Scenarios: []string{"offline"}}, ExitFault},
		"plain CA":   {SimulateOptions{OutputOptions: plain, Listen: "127.0.0.1:0", Scenarios: []string{"healthy"}, Plain: true, CADir: "ca"}, ExitUsage},
		"no stage":   {SimulateOptions{OutputOptions: plain, List: true, Scenarios: []string{"x-y-z"}}, ExitUsage},
		"no address": {SimulateOptions{OutputOptions: plain, Scenarios: []string{"healthy"}, Listen: "nowhere:-1", Public: true}, ExitFault},
		"no place":   {SimulateOptions{OutputOptions: plain, Scenarios: []string{"healthy"}, Listen: "127.0.0.1:0", CAFile: filepath.Join(t.TempDir(), "no", "ca")}, ExitFault},
	} {
		a, _ := testApp("")
		if got := statusOf(t, a.Simulate(t.Context(), tc.o)); got != tc.want {
			t.Errorf("%s: status %d, want %d", name, got, tc.want)
		}
	}
}

func TestLoginResult(t *testing.T) {
	t.Parallel()
	failure := &login.Failure{Entry: catalog.LoginCodeInvalid, Seen: "401"}
	for _, tc := range []struct {
		name   string
		done   checks.LoggedIn
		err    error
		status int
		code   string // of the finding; "-" for no page at all
	}{
		{"done", checks.LoggedIn{}, nil, 0, ""},
		{"shadowed", checks.LoggedIn{Shadows: []string{"UPSTOX_ACCESS_TOKEN (environment)"}}, nil, 1, "token-shadowed"},
		{"diagnosed", checks.LoggedIn{}, failure, 1, "login-code-invalid"},
		{"interrupted", checks.LoggedIn{}, context.Canceled, ExitInterrupted, "-"},
		{"something missing", checks.LoggedIn{}, new(checks.MissingError), ExitUsage, "-"},
		{"nobody to ask", checks.LoggedIn{}, login.ErrNoTerminal, ExitUsage, "login-no-terminal"},
		{"a fault", checks.LoggedIn{}, errors.New("disk full"), ExitFault, "-"},
	} {
		page, status := loginResult(tc.done, tc.err)
		code := "-"
		if page != nil {
			code = ""
			if page.Finding != nil {
				code = page.Finding.Code
			}
		}
		if status != tc.status || code != tc.code {
			t.Errorf("%s: status %d and %q, want %d and %q", tc.name, status, code, tc.status, tc.code)
		}
	}
}

func TestLoginUsage(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]LoginOptions{
		"no time":        {OutputOptions: plain, WorldOptions: WorldOptions{Simulate: "healthy"}},
		"no such file":   {OutputOptions: plain, WorldOptions: WorldOptions{Simulate: "healthy"}, Deadline: time.Minute, CodeFrom: "no/such/file"},
		"no such place":  {OutputOptions: plain, WorldOptions: WorldOptions{Simulate: "x"}, Deadline: time.Minute},
		"no such colour": {OutputOptions: OutputOptions{Color: "blue"}, Deadline: time.Minute},
	} {
		a, s := testApp("")
		if got := statusOf(t, a.LogIn(t.Context(), o)); got != ExitUsage || s.out.Len() > 0 {
			t.Errorf("%s: status %d, prints %q", name, got, s.out.String())
		}
	}
}
