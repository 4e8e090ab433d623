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

func desk(in string) (Desk, *streams) {
	s := new(streams)
	return Desk{In: strings.NewReader(in), Out: &s.out, Errs: &s.errs, Version: "test", memory: true}, s
}

var plain = Style{Color: "never"}

func asJSON() Style { return Style{Color: "never", Outputs: []string{"json"}} }

// usual is a run as the flags give it when none is set.
func usual(scenario string) Diagnosis {
	return Diagnosis{
		Style: plain, Place: Place{Simulate: scenario}, FailOn: "fail",
		Timeout: 5 * time.Second, Deadline: time.Minute, TokenTTL: 30 * time.Minute,
	}
}

// statusOf is the exit status that an error asks for.
func statusOf(t *testing.T, err error) int {
	t.Helper()
	if err == nil {
		return 0
	}
	var e Exit
	if !errors.As(err, &e) {
		t.Fatalf("%v is no Exit", err)
	}
	return e.Status
}

func TestDiagnoseStatuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*Diagnosis)
		status int
		prints string
	}{
		{"healthy", func(o *Diagnosis) {}, 0, "All six stages pass"},
		{"quiet when healthy", func(o *Diagnosis) { o.Quiet = true }, 0, ""},
		{"expired", func(o *Diagnosis) { o.Simulate = "token-expired" }, 1, "token-expired"},
		{"warning", func(o *Diagnosis) { o.Simulate = "clock-ahead" }, 0, "clock-skew"},
		{"warning that counts", func(o *Diagnosis) { o.Simulate, o.FailOn = "clock-ahead", "warn" }, 3, "clock-skew"},
		{"no socket", func(o *Diagnosis) { o.Simulate, o.NoStream = "handshake-forbidden", true }, 0, "authorize"},
		{"only a part", func(o *Diagnosis) { o.Simulate, o.Only = "token-expired", []string{"network.clock"} }, 0, "clock"},
		{"another instrument", func(o *Diagnosis) { o.Instrument = "NSE_EQ|INE000000000" }, 1, "instrument-unknown"},
		{"a mode beyond the plan", func(o *Diagnosis) { o.Mode = "full_d30" }, 1, "plan-limit"},
		{"a token on the command line wins", func(o *Diagnosis) {
			o.Credentials = map[string]string{"UPSTOX_ACCESS_TOKEN": "mk404x"}
		}, 1, "token-malformed"},
		{"out of time", func(o *Diagnosis) { o.Simulate, o.Deadline = "tls-timeout", 200*time.Millisecond }, 4, "not finished"},
		{"unwritable output", func(o *Diagnosis) { o.Outputs = []string{"json=no/such/place"} }, 4, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			simtest.Bubble(t, func(t *testing.T) {
				d, s := desk("")
				o := usual("healthy")
				tc.change(&o)
				if got := statusOf(t, d.Diagnose(t.Context(), o)); got != tc.status {
					t.Errorf("status %d, want %d", got, tc.status)
				}
				if got := s.out.String(); !strings.Contains(got, tc.prints) || tc.prints == "" && got != "" {
					t.Errorf("prints %q, want %q", got, tc.prints)
				}
				if s.errs.Len() > 0 {
					t.Errorf("says %q where there is no terminal", s.errs.String())
				}
			})
		})
	}
}

func TestWrongUsageDoesNothing(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Diagnosis){
		`--fail-on "maybe"`:         func(o *Diagnosis) { o.FailOn = "maybe" },
		`--mode "FULL"`:             func(o *Diagnosis) { o.Mode = "FULL" },
		`--instrument "NIFTY"`:      func(o *Diagnosis) { o.Instrument = "NIFTY" },
		`--instrument "|NIFTY"`:     func(o *Diagnosis) { o.Instrument = "|NIFTY" },
		"--timeout 0s":              func(o *Diagnosis) { o.Timeout = 0 },
		"--deadline -1s":            func(o *Diagnosis) { o.Deadline = -time.Second },
		`--color "blue"`:            func(o *Diagnosis) { o.Color = "blue" },
		"yaml":                      func(o *Diagnosis) { o.Outputs = []string{"yaml"} },
		`no scenario is called "x"`: func(o *Diagnosis) { o.Simulate = "x" },
		`called "tokens"`:           func(o *Diagnosis) { o.Only = []string{"tokens"} },
	} {
		d, s := desk("")
		o := usual("healthy")
		change(&o)
		err := d.Diagnose(t.Context(), o)
		if statusOf(t, err) != Usage || !strings.Contains(err.Error(), want) {
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
		d, s := desk("")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		o := usual("healthy")
		o.Style = asJSON()
		if got := statusOf(t, d.Diagnose(ctx, o)); got != Interrupted {
			t.Errorf("status %d", got)
		}
		var doc report.Document
		if err := json.Unmarshal(s.out.Bytes(), &doc); err != nil || doc.ExitCode != Interrupted {
			t.Errorf("document with exit code %d: %v", doc.ExitCode, err)
		}
	})
}

func TestListAndSchemaAreJSON(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		run    func(Desk) error
		schema string // that it fits
	}{
		"list":           {func(d Desk) error { return d.List(asJSON()) }, "list"},
		"scenarios":      {func(d Desk) error { return d.Simulate(t.Context(), Simulation{Style: asJSON(), List: true}) }, "list"},
		"schema":         {func(d Desk) error { return d.Schema("") }, ""},
		"schema of list": {func(d Desk) error { return d.Schema("list") }, ""},
	} {
		d, s := desk("")
		if err := tc.run(d); err != nil || !json.Valid(s.out.Bytes()) {
			t.Errorf("%s: %v", name, err)
		}
		if tc.schema != "" {
			if _, err := valid.JSON(tc.schema, s.out.Bytes()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		d.Out = brokenPipe{}
		if got := statusOf(t, tc.run(d)); got != Fault {
			t.Errorf("%s into a broken pipe: status %d", name, got)
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestSimulateUsage(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		o    Simulation
		want int
	}{
		"none":       {Simulation{Style: plain}, Usage},
		"two":        {Simulation{Style: plain, Scenarios: []string{"healthy", "offline"}}, Usage},
		"unknown":    {Simulation{Style: plain, Scenarios: []string{"x"}}, Usage},
		"no address": {Simulation{Style: plain, Scenarios: []string{"healthy"}, Listen: "nowhere:-1"}, Fault},
		"no place":   {Simulation{Style: plain, Scenarios: []string{"healthy"}, Listen: "127.0.0.1:0", CAFile: filepath.Join(t.TempDir(), "no", "ca")}, Fault},
	} {
		d, _ := desk("")
		if got := statusOf(t, d.Simulate(t.Context(), tc.o)); got != tc.want {
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
		{"shadowed", checks.LoggedIn{Shadows: []string{"UPSTOX_ACCESS_TOKEN (environment)"}}, nil, 0, "token-shadowed"},
		{"diagnosed", checks.LoggedIn{}, failure, 1, "login-code-invalid"},
		{"interrupted", checks.LoggedIn{}, context.Canceled, Interrupted, "-"},
		{"something missing", checks.LoggedIn{}, new(checks.MissingError), Usage, "-"},
		{"nobody to ask", checks.LoggedIn{}, login.ErrNoTerminal, Usage, "-"},
		{"a fault", checks.LoggedIn{}, errors.New("disk full"), Fault, "-"},
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
	for name, o := range map[string]Login{
		"no time":        {Style: plain, Place: Place{Simulate: "healthy"}},
		"no such file":   {Style: plain, Place: Place{Simulate: "healthy"}, Deadline: time.Minute, CodeFrom: "no/such/file"},
		"no such place":  {Style: plain, Place: Place{Simulate: "x"}, Deadline: time.Minute},
		"no such colour": {Style: Style{Color: "blue"}, Deadline: time.Minute},
	} {
		d, s := desk("")
		if got := statusOf(t, d.LogIn(t.Context(), o)); got != Usage || s.out.Len() > 0 {
			t.Errorf("%s: status %d, prints %q", name, got, s.out.String())
		}
	}
}
