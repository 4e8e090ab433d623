package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
)

// readBack is the document as another machine reads it.
func readBack(t *testing.T, r doctor.Report) Document {
	t.Helper()
	d, err := ReadDocument(bytes.NewReader(written(t, document(r))))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// changing is the healthy report with changes.
func changing(change func(rs []doctor.Result)) doctor.Report {
	r := healthyReport()
	change(r.Results)
	return r
}

func failing(id, target, code string) func([]doctor.Result) {
	return func(rs []doctor.Result) {
		res := at(rs, id, target)
		res.Status, res.Code = doctor.Fail, code
	}
}

func upgraded(r doctor.Report, t *testing.T) Document {
	d := readBack(t, r)
	d.Tool.Version, d.Tool.OS, d.Tool.Arch = "v0.2.0", "windows", "arm64"
	return d
}

func TestFault(t *testing.T) {
	t.Parallel()
	healthy, expired := healthyReport, expiredReport
	later := func(r doctor.Report, by time.Duration) doctor.Report {
		r.Started = r.Started.Add(by)
		return r
	}
	skipped := changing(func(rs []doctor.Result) { skipFrom(rs, "token.expiry", "", "not asked for") })
	blind := changing(func(rs []doctor.Result) { skipFrom(rs, "handshake", "", "not asked for") })
	short := healthyReport()
	short.Results = short.Results[:10]
	for _, tc := range []struct {
		name string
		a, b doctor.Report
		side string
		same bool
		says string
	}{
		{"both healthy", healthy(), healthy(), "none", true, "Nothing fails"},
		{"only B fails", healthy(), expired(), "b", false, "B's side, at token.expiry (token-expired)"},
		{"only A fails", expired(), healthy(), "a", false, "A's side, at token.expiry (token-expired)"},
		{"hours between", healthy(), later(expired(), 3*time.Hour), "b", false, "3 h apart"},
		{"minutes between", healthy(), later(expired(), 59*time.Minute), "b", false, "does not fail."},
		{"the other side skipped it", skipped, expired(), "unknown", false, "A did not run that check"},
		{"the other side lacks it", expired(), short, "unknown", false, "B did not run that check"},
		{"skipped behind what fails", blind, expired(), "b", false, "token.expiry"},
		{"interrupted, nothing failing", healthy(), interruptedReport(), "unknown", false, "B did not come to its end"},
		{"both interrupted", interruptedReport(), interruptedReport(), "unknown", true, "each of them"},
		{"warnings only", healthy(), warningsReport(), "none", false, "Nothing fails"},
		{"the same warnings", warningsReport(), warningsReport(), "none", true, "Nothing fails"},
		{"alike, the token", expired(), expired(), "neither", true, "the account, the token or Upstox"},
		{"alike, the way", changing(failing("network.tcp", api, "tcp-timeout")), changing(failing("network.tcp", api, "tcp-timeout")),
			"neither", true, "between both of them and Upstox"},
		{"alike, set up so", changing(failing("environment.credentials", "", "env-missing-credentials")),
			changing(failing("environment.credentials", "", "env-missing-credentials")), "both", true, "set up with the same fault"},
		{"no token on either", changing(failing("token.present", "", "token-missing")),
			changing(failing("token.present", "", "token-missing")), "both", true, "set up with the same fault"},
		{"no roots on either", changing(failing("network.tls", api, "no-ca-roots")),
			changing(failing("network.tls", api, "no-ca-roots")), "both", true, "set up with the same fault"},
		{"another host each", changing(failing("network.tcp", api, "tcp-timeout")), changing(failing("network.tcp", feed, "tcp-timeout")),
			"both", false, "differently: A at network.tcp (tcp-timeout), B at network.tcp"},
		{"another cause each", changing(failing("network.tcp", api, "tcp-timeout")), changing(failing("token.accepted", "", "token-rejected")),
			"both", false, "B at token.accepted (token-rejected)"},
		{"one in common, one more on B", expired(), twoCausesReport(), "both", false, "A at token.expiry"},
		{"another file that holds the token", changing(failing("token.expiry", "", "token-expired")), changing(func(rs []doctor.Result) {
			failing("token.expiry", "", "token-expired")(rs)
			at(rs, "token.expiry", "").Target = "/home/me/.upstox_token"
		}), "neither", true, "neither machine"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := Compare("a", readBack(t, tc.a), "b", readBack(t, tc.b))
			if c.Fault.Side != tc.side || c.Same != tc.same || !strings.Contains(c.Fault.Message, tc.says) {
				t.Errorf("side %q, same %v: %s", c.Fault.Side, c.Same, c.Fault.Message)
			}
			if strings.Contains(c.Fault.Message, "apart") != strings.HasPrefix(tc.name, "hours") {
				t.Errorf("tells of the time between: %s", c.Fault.Message)
			}
			if (c.ExitCode == 0) != tc.same {
				t.Errorf("exit code %d", c.ExitCode)
			}
		})
	}
}

// found names the differences of a kind in short.
func found(c Comparison, kind string) (all []string) {
	for _, d := range c.Differences {
		if d.Kind == kind {
			all = append(all, fmt.Sprintf("%s %s: %s / %s", d.Check, d.Name, valueText(d.A), valueText(d.B)))
		}
	}
	return all
}

func TestEvidenceThatTells(t *testing.T) {
	t.Parallel()
	with := func(id, name string, value any) func([]doctor.Result) {
		return func(rs []doctor.Result) { at(rs, id, "").Evidence.Add(name, value) }
	}
	for _, tc := range []struct {
		name string
		a, b func([]doctor.Result)
		want []string
	}{
		{"another issuer", with("network.tls", "issuer", "CN=Real"), with("network.tls", "issuer", "CN=Gateway"),
			[]string{"network.tls issuer: CN=Real / CN=Gateway"}},
		{"a proxy on one side", func([]doctor.Result) {}, with("network.proxy", "proxy", "http://p:3128"),
			[]string{"network.proxy proxy:  / http://p:3128"}},
		{"what only a failure tells", func([]doctor.Result) {}, with("network.tls", "host", api), nil},
		{"one address in common", with("network.dns", "addresses", []string{"1.1.1.1", "2.2.2.2"}),
			with("network.dns", "addresses", []string{"3.3.3.3", "2.2.2.2"}), nil},
		{"other addresses", with("network.dns", "addresses", []string{"1.1.1.1"}), with("network.dns", "addresses", []string{"10.0.0.1"}),
			[]string{"network.dns addresses: 1.1.1.1 / 10.0.0.1"}},
		{"clocks that agree", with("network.clock", "skew_seconds", 1), with("network.clock", "skew_seconds", -3), nil},
		{"clocks that do not", with("network.clock", "skew_seconds", 1), with("network.clock", "skew_seconds", 600),
			[]string{"network.clock skew_seconds: 1 / 600"}},
		{"a price", with("ticks.live", "price", 1.5), with("ticks.live", "price", 2.5), nil},
		{"the token, told twice", func(rs []doctor.Result) {
			with("token.present", "kind", "oauth")(rs)
			with("token.accepted", "kind", "oauth")(rs)
		}, func(rs []doctor.Result) {
			with("token.present", "kind", "analytics")(rs)
			with("token.accepted", "kind", "analytics")(rs)
		}, []string{"token.present kind: oauth / analytics"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := Compare("a", readBack(t, changing(tc.a)), "b", readBack(t, changing(tc.b)))
			if got := found(c, "evidence"); !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestDurationsThatTell(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		a, b time.Duration
		want int
	}{
		{"five times and a second", 200 * time.Millisecond, 1200 * time.Millisecond, 1},
		{"on the other side", 1200 * time.Millisecond, 200 * time.Millisecond, 1},
		{"many times and still short", time.Millisecond, 499 * time.Millisecond, 0},
		{"long, but not three times", time.Second, 2900 * time.Millisecond, 0},
		{"just three times", 250 * time.Millisecond, 750 * time.Millisecond, 1},
	} {
		took := func(d time.Duration) doctor.Report {
			return changing(func(rs []doctor.Result) { at(rs, "network.http", "").Duration = d })
		}
		if got := found(Compare("a", readBack(t, took(tc.a)), "b", readBack(t, took(tc.b))), "duration"); len(got) != tc.want {
			t.Errorf("%s: %q", tc.name, got)
		}
	}
}

func TestRunsAndEndings(t *testing.T) {
	t.Parallel()
	without := healthyReport()
	without.Results = without.Results[1:]
	c := Compare("a", upgraded(without, t), "b", readBack(t, warningsReport()))
	want := []string{" version: v0.2.0 / v0.1.0", " os: windows/arm64 / linux/amd64"}
	if got := found(c, "run"); !slices.Equal(got, want) {
		t.Errorf("runs: got %q", got)
	}
	want = []string{"token.expiry : pass / WARN token-expiring-soon", "environment.files :  / WARN token-file-permissions"}
	if got := found(c, "result"); !slices.Equal(got, want) {
		t.Errorf("endings: got %q", got)
	}
}

func TestDiffersUpToTheFault(t *testing.T) {
	t.Parallel()
	a := changing(func(rs []doctor.Result) {
		at(rs, "network.proxy", api).Evidence.Add("proxy", "http://old:1")
		at(rs, "authorize", "").Evidence.Add("host", feed)
	})
	b := changing(func(rs []doctor.Result) {
		failing("token.accepted", "", "token-rejected")(rs)
		at(rs, "network.proxy", api).Evidence.Add("proxy", "http://new:1")
		at(rs, "authorize", "").Evidence.Add("host", "other.upstox.com")
	})
	b.Results = slices.Delete(b.Results, 0, 2) // the order counts, not the place
	for _, c := range []Comparison{
		Compare("a", readBack(t, a), "b", readBack(t, b)), Compare("a", readBack(t, b), "b", readBack(t, a)),
	} {
		if len(c.Fault.Differs) != 1 || c.Fault.Differs[0].Name != "proxy" {
			t.Errorf("side %s: %v", c.Fault.Side, c.Fault.Differs)
		}
	}
}

var comparisons = []struct {
	name string
	make func(t *testing.T) Comparison
}{
	{"alike", func(t *testing.T) Comparison {
		return Compare("monday.json", readBack(t, expiredReport()), "-", readBack(t, expiredReport()))
	}},
	{"server-at-fault", func(t *testing.T) Comparison {
		a, b := healthyReport(), changing(failing("network.tcp", feed, "tcp-timeout"))
		for i, proxy := range []string{"", "http://proxy.example.net:3128"} {
			rs := [][]doctor.Result{a.Results, b.Results}[i]
			for _, host := range []string{api, feed} {
				if proxy != "" {
					at(rs, "network.proxy", host).Evidence.Add("proxy", proxy)
				}
				at(rs, "network.dns", host).Evidence.Add("addresses", []string{fmt.Sprintf("10.%d.0.1", i), fmt.Sprintf("10.%d.0.2", i)})
			}
		}
		at(b.Results, "authorize", "").Duration = 3 * time.Second
		skipFrom(b.Results, "handshake", "network.tcp", "not run: network.tcp failed")
		return Compare("laptop.json", readBack(t, a), "server.json", upgraded(b, t))
	}},
	{"each-its-own", func(t *testing.T) Comparison {
		return Compare("a.json", readBack(t, expiredReport()), "b.json", readBack(t, changing(failing("network.tcp", feed, "tcp-timeout"))))
	}},
}

func TestGoldenComparisons(t *testing.T) {
	t.Parallel()
	for _, tc := range comparisons {
		c := tc.make(t)
		var text, wide, doc bytes.Buffer
		c.Table(&text, Options{Width: 60})
		c.Table(&wide, Options{Width: 80, Color: true})
		c.JSON(&doc)
		compareGolden(t, "compare/"+tc.name+"-60.txt", text.Bytes())
		compareGolden(t, "compare/"+tc.name+"-80-colour.txt", wide.Bytes())
		compareGolden(t, "compare/"+tc.name+".json", doc.Bytes())
		for line := range strings.Lines(text.String()) {
			if width(strings.TrimSuffix(line, "\n")) > 60 {
				t.Errorf("%s: too wide: %q", tc.name, line)
			}
		}
		var back Comparison
		if err := json.Unmarshal(doc.Bytes(), &back); err != nil || back.Schema != CompareSchema {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

func TestQuietComparison(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	Compare("a", readBack(t, healthyReport()), "b", readBack(t, healthyReport())).Table(&out, Options{Quiet: true})
	if out.Len() > 0 {
		t.Errorf("says %q", out.String())
	}
}

// TestHostileComparison lets both reports come from somebody who means harm.
func TestHostileComparison(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		a, b := document(hostileReport(seed)), document(hostileReport(seed+100))
		for i := range a.Checks { // what our own writer would never let out
			a.Checks[i].Target += "\x1b[2J\u202e"
			a.Checks[i].Evidence = append(a.Checks[i].Evidence, doctor.Item{Name: "issuer", Value: "\x1b]0;x\a " + evil})
		}
		a.Tool.Version, a.Market.State = "\x1b[31m", evil
		c := Compare("\x1b[1m"+evil, a, "b", b)
		var out bytes.Buffer
		c.Table(&out, Options{Width: 60})
		c.JSON(&out)
		if i := bytes.IndexFunc(out.Bytes(), func(r rune) bool { return r != '\n' && obeyed(r) }); i >= 0 {
			t.Fatalf("seed %d: not printable: %q", seed, out.Bytes()[max(0, i-20):i+20])
		}
		if bytes.Contains(out.Bytes(), []byte(evil)) {
			t.Fatalf("seed %d: shows a token", seed)
		}
	}
}

// evil has the form of a token.
const evil = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJBQjEyMzQiLCJpYXQiOjE3NjM4Nzg1MDB9.Zm9yZ2VkLXNpZ25hdHVyZS1mb3ItdGVzdHM"
