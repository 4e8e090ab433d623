package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/fixtures/valid"
)

// loginOf is the page of a login that ended so.
func loginOf(r LoginResult, exit int) *LoginReport {
	return new(NewLoginReport(r, Meta{OS: "linux", ExitCode: exit, Scrub: func(s string) string { return strings.ReplaceAll(s, secret, "[secret]") }}))
}

var newToken = LoginResult{Kind: "oauth", Expires: nextEnd, Saved: []string{".upstox_token"}}

// afterLogin is the document of a run with the one before it.
func afterLogin(now doctor.Report, l *LoginReport) Document {
	d := document(now)
	d.Before, d.Login = new(document(expiredReport())), l
	return d
}

func repairedRun() Document { return afterLogin(healthyReport(), loginOf(newToken, 0)) }

// shadowedRun is the run after a login whose token does not win.
func shadowedRun() Document {
	r := expiredReport()
	e := at(r.Results, "token.expiry", "")
	e.Code, e.Message = "token-shadowed", "the token in UPSTOX_ACCESS_TOKEN has ended, that in .upstox_token is accepted"
	l := newToken
	l.Finding, l.Seen = catalog.TokenShadowed, "still wins over the new token: UPSTOX_ACCESS_TOKEN (environment)"
	d := afterLogin(r, loginOf(l, 1))
	d.Login.Diagnoses[0].Cause, d.Login.Diagnoses[0].Fix = "Two sources hold different tokens.", Fix{Steps: []Step{{"Unset the old one.", "unset UPSTOX_ACCESS_TOKEN"}}}
	c := d.RootCause // a stand-in for the catalog's words
	c.Title, c.Cause, c.Fix.Steps = "An old token hides a good one", "Two sources hold different tokens.", []Step{{"Unset the old one.", "unset UPSTOX_ACCESS_TOKEN"}}
	return d
}

func failedLogin() Document {
	d := document(expiredReport())
	d.Login = loginOf(LoginResult{Failed: true, Finding: catalog.LoginCodeInvalid, Seen: "401 UDAPI100057 " + secret}, 1)
	it := &d.Login.Diagnoses[0] // a stand-in for the catalog's words
	it.Title, it.Cause, it.Fix.Steps = "The code is used or too old", "A code works once.", []Step{{"Log in again.", "upstox-doctor login"}}
	return d
}

// untriedLogin is one that ended with words instead of a diagnosis.
func untriedLogin() Document {
	d := document(expiredReport())
	d.Login = loginOf(LoginResult{Failed: true, Seen: "UPSTOX_API_KEY: not set, " + secret}, 2)
	return d
}

var repairs = []struct {
	name string
	make func() Document
}{
	{"repaired", repairedRun},
	{"still-shadowed", shadowedRun},
	{"login-failed", failedLogin},
	{"login-untried", untriedLogin},
}

func TestGoldenRepairs(t *testing.T) {
	t.Parallel()
	for _, tc := range repairs {
		d := tc.make()
		compareGolden(t, "json/"+tc.name+".json", written(t, d))
		for _, columns := range []int{60, 80, 120} {
			compareGolden(t, fmt.Sprintf("table/%s-%d.txt", tc.name, columns), []byte(table(t, d, Options{Width: columns})))
		}
		compareGolden(t, "table/"+tc.name+"-80-colour.txt", []byte(table(t, d, Options{Color: true})))
	}
}

func TestRepairsFitSchema(t *testing.T) {
	t.Parallel()
	s := valid.Schema("report")
	for _, tc := range repairs {
		data := written(t, tc.make())
		if err := s.Validate(decoded(t, data)); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		for _, shown := range []string{string(data), table(t, tc.make(), Options{Verbose: true})} {
			if strings.Contains(shown, secret) {
				t.Errorf("%s shows the secret", tc.name)
			}
		}
	}
	data := written(t, repairedRun())
	for name, corrupt := range map[string]func(map[string]any){
		"a run before the run before": func(d map[string]any) {
			d["before"].(map[string]any)["before"] = decoded(t, data).(map[string]any)["before"]
		},
		"a run before without a login":   func(d map[string]any) { delete(d, "login") },
		"a run before that is no report": func(d map[string]any) { delete(d["before"].(map[string]any), "checks") },
		"a login of another schema":      func(d map[string]any) { d["login"].(map[string]any)["schema"] = "x" },
		"a login that ended oddly":       func(d map[string]any) { d["login"].(map[string]any)["status"] = "error" },
		"a login without files":          func(d map[string]any) { d["login"].(map[string]any)["saved"] = nil },
		"a login of null":                func(d map[string]any) { d["login"] = nil },
	} {
		d := decoded(t, data).(map[string]any)
		corrupt(d)
		if s.Validate(d) == nil {
			t.Errorf("%s is valid", name)
		}
	}
}

func TestReportsWithoutLoginHaveNoNewFields(t *testing.T) {
	t.Parallel()
	for _, name := range []string{`"before"`, `"login":`} {
		if bytes.Contains(written(t, document(expiredReport())), []byte(name)) {
			t.Errorf("has %s", name)
		}
	}
	var back Document
	if err := json.Unmarshal(written(t, repairedRun()), &back); err != nil || back.Before.RootCause.Code != "token-expired" || back.Login.Status != "pass" {
		t.Errorf("read back as %+v: %v", back, err)
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	check := func(id, target string, s doctor.Status, code string) Check {
		return Check{ID: id, Stage: "s", Target: target, Status: s, Code: code}
	}
	for _, tc := range []struct {
		name        string
		before, now []Check
		want        []string
	}{
		{"nothing", []Check{check("a", "", doctor.Pass, "")}, []Check{check("a", "", doctor.Pass, "")}, nil},
		{"a status", []Check{check("a", "", doctor.Fail, "x")}, []Check{check("a", "", doctor.Pass, "")}, []string{"a|FAIL x|→ pass"}},
		{"only a code", []Check{check("a", "", doctor.Fail, "x")}, []Check{check("a", "", doctor.Fail, "y")}, []string{"a|FAIL x|→ FAIL y"}},
		{"another target of one question", []Check{check("a", "old", doctor.Warn, "x")}, []Check{check("a", "new", doctor.Skip, "")}, []string{"a|WARN x|→ skip"}},
		{"one of two targets",
			[]Check{check("a", "t", doctor.Fail, "x"), check("a", "u", doctor.Pass, "")},
			[]Check{check("a", "t", doctor.Fail, "x"), check("a", "u", doctor.Fail, "x")}, []string{"a u|pass|→ FAIL x"}},
		{"a check that is new, and one that is gone", []Check{check("a", "", doctor.Pass, "")}, []Check{check("b", "", doctor.Pass, "")}, []string{"b|-|→ pass", "a|pass|→ -"}},
	} {
		var got []string
		for _, row := range changes(Document{Checks: tc.before}, Document{Checks: tc.now}) {
			got = append(got, strings.Join(row, "|"))
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestTableAfterALogin(t *testing.T) {
	t.Parallel()
	same := afterLogin(expiredReport(), loginOf(newToken, 0))
	half := newToken
	half.Failed, half.Seen = true, "the token is saved in .upstox_token: write .env: disk full"
	for _, tc := range []struct {
		name   string
		d      Document
		o      Options
		prints []string // nil for nothing at all
	}{
		{"repaired", repairedRun(), Options{}, []string{"All six stages pass.", "→ pass", "Token is valid and working!", "until Tue 24 Nov 2026 03:30 IST.", "Start your program again"}},
		{"nothing changed", same, Options{}, []string{"The login has changed nothing"}},
		{"quiet, and all is well", repairedRun(), Options{Quiet: true}, nil},
		{"quiet, and not all is saved", afterLogin(healthyReport(), loginOf(half, 4)), Options{Quiet: true}, []string{"Login failed: the token is saved in .upstox_token: write .env: disk full."}},
		{"shadowed", shadowedRun(), Options{Width: 120}, []string{"→ FAIL token-shadowed", "WARN  token-shadowed: still wins over the new token: UPSTOX_ACCESS_TOKEN (environment)"}},
		{"a failed login", failedLogin(), Options{}, []string{"Login failed.\n", "(login-code-invalid)", "401 UDAPI100057"}},
	} {
		got := table(t, tc.d, tc.o)
		if tc.prints == nil && got != "" {
			t.Errorf("%s: prints %q", tc.name, got)
		}
		for _, want := range tc.prints {
			if !strings.Contains(got, want) {
				t.Errorf("%s: lacks %q:\n%s", tc.name, want, got)
			}
		}
	}
	if got := table(t, shadowedRun(), Options{Verbose: true}); strings.Count(got, "What to do") != 1 {
		t.Errorf("the shadow is explained twice:\n%s", got)
	}
}

// TestTableOfTwoHostileRuns keeps the promises about any table when two runs
// stand in it.
func TestTableOfTwoHostileRuns(t *testing.T) {
	t.Parallel()
	for seed := range uint64(15) {
		d := document(hostileReport(seed))
		d.Before = new(document(hostileReport(seed + 100)))
		d.Login = loginOf(LoginResult{Failed: true, Finding: catalog.LoginTimeout, Seen: strings.Repeat("x\x1b"+secret, 99)}, 1)
		for _, columns := range []int{40, 60, 80, 200} {
			out := table(t, d, Options{Width: columns})
			for line := range strings.Lines(out) {
				line = strings.TrimSuffix(line, "\n")
				alone := strings.HasPrefix(line, "    ") && line[4] != ' '
				if width(line) > columns && !alone || strings.ContainsFunc(line, obeyed) {
					t.Fatalf("seed %d, %d columns: %q", seed, columns, line)
				}
			}
			if strings.Contains(out, secret) {
				t.Fatalf("seed %d: the secret is shown", seed)
			}
		}
	}
}

func TestVerdictAlone(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := document(twoCausesReport()).Verdict(&b, Options{}); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != "FAIL  tcp-timeout: The host does not answer\nFAIL  token-expired: The access token has expired\n" {
		t.Errorf("got %q", got)
	}
}
