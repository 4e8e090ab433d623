package report

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

func TestGoldenTable(t *testing.T) {
	t.Parallel()
	for _, tc := range reports {
		for _, columns := range []int{60, 80, 120, 200} {
			for _, colour := range []bool{false, true} {
				name := fmt.Sprintf("table/%s-%d.txt", tc.name, columns)
				if colour {
					name = fmt.Sprintf("table/%s-%d-colour.txt", tc.name, columns)
				}
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					compareGolden(t, name, []byte(table(t, document(tc.report()), Options{Width: columns, Color: colour})))
				})
			}
		}
	}
}

func TestGoldenVerboseTable(t *testing.T) {
	t.Parallel()
	compareGolden(t, "table/two-causes-80-verbose.txt", []byte(table(t, document(twoCausesReport()), Options{Verbose: true})))
}

func TestColourOnlyAdds(t *testing.T) {
	t.Parallel()
	for _, tc := range reports {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := document(tc.report())
			plain, coloured := table(t, d, Options{}), table(t, d, Options{Color: true})
			if got := colours.ReplaceAllString(coloured, ""); got != plain {
				t.Errorf("without its colour the coloured table is\n%s\nwant\n%s", got, plain)
			}
			if plain == coloured {
				t.Error("there is no colour")
			}
		})
	}
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestLocaleDoesNotMatter(t *testing.T) {
	want := table(t, document(expiredReport()), Options{})
	for _, v := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		t.Setenv(v, "ja_JP.UTF-8")
	}
	t.Setenv("RUNEWIDTH_EASTASIAN", "1")
	if got := table(t, document(expiredReport()), Options{}); got != want {
		t.Errorf("in a Japanese locale got\n%s\nwant\n%s", got, want)
	}
}

// TestHostileTable holds random reports to the promises about any table: it
// keeps to the width, save commands and addresses that stand alone, and holds
// nothing that a terminal obeys, nor a secret.
func TestHostileTable(t *testing.T) {
	t.Parallel()
	for seed := range uint64(15) {
		d := document(hostileReport(seed))
		for _, columns := range []int{40, 60, 72, 80, 200} {
			o := Options{Width: columns, Verbose: seed%2 == 0}
			out := table(t, d, o)
			for line := range strings.Lines(out) {
				line = strings.TrimSuffix(line, "\n")
				alone := strings.HasPrefix(line, "    ") && line[4] != ' '
				if width(line) > columns && !alone {
					t.Fatalf("seed %d, %d columns: line of %d: %q", seed, columns, width(line), line)
				}
				if strings.ContainsFunc(line, obeyed) {
					t.Fatalf("seed %d: line holds what a terminal obeys: %q", seed, line)
				}
			}
			if strings.Contains(out, secret) {
				t.Fatalf("seed %d: the secret is shown:\n%s", seed, out)
			}
		}
	}
}

// obeyed reports whether a terminal does something on the character other
// than show it.
func obeyed(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
}

func TestCommandsAreWholeAtAnyWidth(t *testing.T) {
	t.Parallel()
	d := document(twoCausesReport())
	for columns := 0; columns <= 200; columns += 7 {
		lines := strings.Split(table(t, d, Options{Width: columns, Verbose: true}), "\n")
		for _, want := range []string{
			"    curl -sv --connect-timeout 5 https://api.upstox.com/ -o /dev/null",
			"    https://account.upstox.com/developer/apps",
			"    upstox-doctor login",
		} {
			if !contains(lines, want) {
				t.Errorf("%d columns: no line is %q", columns, want)
			}
		}
	}
}

func contains(lines []string, want string) bool {
	for _, l := range lines {
		if l == want {
			return true
		}
	}
	return false
}

func TestTableSays(t *testing.T) {
	t.Parallel()
	fault := healthyReport()
	at(fault.Results, "handshake", "").Status = doctor.Fail
	at(fault.Results, "handshake", "").Code = doctor.CodeFault
	fault.End = doctor.Faulty

	some := healthyReport()
	some.Results = some.Results[:13]

	closed := healthyReport()
	*at(closed.Results, "ticks.live", "") = result("ticks.live", feed, doctor.Pass, 3, "the market is closed; opens Tue 24 Nov 09:15 IST, in 15 h")

	because := warningsReport()
	tls := at(because.Results, "network.tls", api)
	tls.Status, tls.Code, tls.CausedBy, tls.Message = doctor.Fail, "tls-not-yet-valid", "network.clock", "valid from tomorrow"
	clock := at(because.Results, "network.clock", "")
	clock.Status, clock.Code, clock.Message = doctor.Fail, "clock-skew", "a year behind"

	half := healthyReport()
	at(half.Results, "network.tcp", feed).Status, at(half.Results, "network.tcp", feed).Message = doctor.Skip, "not needed here"

	many := healthyReport()
	for i := range 5 {
		many.Results[i].ID = fmt.Sprintf("environment.x%d", i)
		many.Results[i].Status, many.Results[i].Code = doctor.Fail, fmt.Sprintf("unheard-%d", i)
	}

	for _, tc := range []struct {
		name   string
		report doctor.Report
		want   []string
		no     []string
	}{
		{"a price when healthy", healthyReport(), []string{"All six stages pass. NIFTY 50 24,513.05, 0.4 s old. Next:\n    upstox-doctor watch\n"}, []string{"What to do", "Also"}},
		{"the opening time when closed", closed, []string{"All six stages pass. The market is closed; opens Tue 24 Nov 09:15 IST"}, nil},
		{"which stages ran", some, []string{"Only environment and network ran, and all passed. Next:\n    upstox-doctor\n", "- skip  token        not part of this run\n"}, []string{"six"}},
		{"that nothing ran", report(nil), []string{"No check has run."}, []string{"pass"}},
		{"that the doctor failed", fault, []string{"STOP  A check of the doctor itself failed", "Exit status 4"}, []string{"All six"}},
		{"an interruption", interruptedReport(), []string{"STOP  Interrupted", "Exit status 130: interrupted"}, []string{"All six"}},
		{"warnings as warnings", warningsReport(), []string{"Nothing fails. NIFTY 50", "Warning 1 of 2: Others"}, []string{"Root cause", "All six"}},
		{"a consequence without steps", because, []string{
			"FAIL  clock-skew", "FAIL  tls-not-yet-valid: valid from tomorrow (a consequence of network.clock)",
			"upstox-doctor explain token-expiring-soon"}, []string{"explain tls-not-yet-valid", "FAIL  tls-not-yet-valid: The"}},
		{"hosts apart that fare differently", half, []string{"api.upstox.com: 104.18.22.7:443 answers\n", "not needed here\n"}, nil},
		{"how many causes there are", many, []string{"      and 2 more\nNext:\n", "Root cause 5 of 5"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			out := table(t, document(tc.report), Options{Width: 120, Verbose: true})
			for _, want := range tc.want {
				if !strings.Contains(out, want) {
					t.Errorf("no %q in\n%s", want, out)
				}
			}
			for _, no := range tc.no {
				if strings.Contains(out, no) {
					t.Errorf("%q in\n%s", no, out)
				}
			}
		})
	}
}

func TestFirstScreenLeavesOut(t *testing.T) {
	t.Parallel()
	many := healthyReport()
	for i := range 5 {
		many.Results[i].ID = fmt.Sprintf("environment.x%d", i)
		many.Results[i].Status, many.Results[i].Code = doctor.Fail, fmt.Sprintf("unheard-%d", i)
	}
	doubted := expiredReport()
	at(doubted.Results, "token.expiry", "").Confidence = doctor.Possible
	for _, tc := range []struct {
		name     string
		report   doctor.Report
		want, no []string
	}{
		{"evidence", expiredReport(), []string{"✗ FAIL  token        The access token has expired\n", "Seen: the token from .upstox_token ended", "Also: WARN token-file-permissions. Shown with --verbose."},
			[]string{"Confidence", "Who acts", "Exit status", "clock skew", "What to do"}},
		{"no doubt", doubted, []string{"\nPossibly: Upstox ends every access token"}, nil},
		{"the third cause", many, []string{"(unheard-1)", "Also: unheard-2, unheard-3, unheard-4. Shown with --verbose."}, []string{"(unheard-2)"}},
		{"the second target", twoCausesReport(), []string{"✗ FAIL  network      The host does not answer\n"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			out := table(t, document(tc.report), Options{})
			for _, want := range tc.want {
				if !strings.Contains(out, want) {
					t.Errorf("no %q in\n%s", want, out)
				}
			}
			for _, no := range tc.no {
				if strings.Contains(out, no) {
					t.Errorf("%q in\n%s", no, out)
				}
			}
		})
	}
}

func TestASCIITable(t *testing.T) {
	t.Parallel()
	out := table(t, document(twoCausesReport()), Options{ASCII: true}) + table(t, document(healthyReport()), Options{ASCII: true})
	for _, want := range []string{"+ pass", "x FAIL", "! WARN", "- skip"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "    ") && strings.ContainsFunc(line, func(r rune) bool { return r > unicode.MaxASCII }) {
			t.Errorf("not ASCII: %q", line)
		}
	}
}

func TestWidthIsWithinReason(t *testing.T) {
	t.Parallel()
	d := document(twoCausesReport())
	for columns, as := range map[int]int{-1: defaultWidth, 0: defaultWidth, 1: minWidth, 39: minWidth} {
		if table(t, d, Options{Width: columns}) != table(t, d, Options{Width: as}) {
			t.Errorf("a width of %d is not taken as %d", columns, as)
		}
	}
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	if got := table(t, document(healthyReport()), Options{Quiet: true}); got != "" {
		t.Errorf("a healthy report says %q", got)
	}
	for _, tc := range reports[1:] {
		if d := document(tc.report()); table(t, d, Options{Quiet: true}) != table(t, d, Options{}) {
			t.Errorf("%s: the report is not whole", tc.name)
		}
	}
}

func TestClosedPipe(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	r.Close()
	broken := errors.New("the reader is gone")
	d := document(expiredReport())
	x := Explain([]catalog.Match{{Entry: fakes[0]}}, Meta{})
	l := List{Checks: []CheckInfo{{ID: "authorize"}}, Diagnoses: fakes}
	for name, write := range map[string]func(*brokenWriter) error{
		"table":           func(w *brokenWriter) error { return d.Table(w, Options{}) },
		"json":            func(w *brokenWriter) error { return d.JSON(w) },
		"explain":         func(w *brokenWriter) error { return x.Table(w, Options{}) },
		"explain as json": func(w *brokenWriter) error { return x.JSON(w) },
		"list":            func(w *brokenWriter) error { return l.Table(w, Options{}) },
		"list as json":    func(w *brokenWriter) error { return l.JSON(w) },
	} {
		if err := write(&brokenWriter{broken}); !errors.Is(err, broken) {
			t.Errorf("%s: got error %v, want that of the writer", name, err)
		}
	}
	if err := d.Table(w, Options{}); err == nil {
		t.Error("a real pipe without a reader gives no error")
	}
}

type brokenWriter struct{ err error }

func (b *brokenWriter) Write([]byte) (int, error) { return 0, b.err }

func TestFewWrites(t *testing.T) {
	t.Parallel()
	var n counter
	if err := document(twoCausesReport()).Table(&n, Options{}); err != nil || n != 1 {
		t.Errorf("the table came in %d writes, error %v; a reader could see half of it", n, err)
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) { *c++; return len(p), nil }

func BenchmarkTable(b *testing.B) {
	d := document(expiredReport())
	for b.Loop() {
		d.Table(&bytes.Buffer{}, Options{})
	}
}
