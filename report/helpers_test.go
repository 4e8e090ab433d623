package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/fixtures/golden"
)

//go:generate go test . -run Golden -update

// compareGolden compares got with a file under testdata/report.
func compareGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	golden.Compare(t, "../testdata/report/"+name, string(got))
}

func lookup(code string) *catalog.Entry {
	for _, e := range fakes {
		if e.Code == code {
			return e
		}
	}
	return nil
}

// fakes stand for the catalog, whose words may change while these tests do not.
var fakes = []*catalog.Entry{
	{
		Code: "token-expired", Stage: "token", Grade: catalog.Fails, Owner: catalog.You, Repair: "login",
		Title: "The access token has expired",
		Cause: "Upstox ends every access token at 03:30 in the morning, Indian time, however late it was made. There is no refresh token: a new day needs a new login.",
		Guide: "Token is expired or invalid",
		Steps: []catalog.Step{
			{Do: "Log in again. The browser opens, and the new token is written to {file}.", Run: "upstox-doctor login"},
			{Do: "Restart every program that holds the old token."},
			{Do: "Without a browser here, make a token at https://account.upstox.com/developer/apps and set it.",
				Run: "export UPSTOX_ACCESS_TOKEN=…", Windows: "$env:UPSTOX_ACCESS_TOKEN = '…'"},
		},
	},
	{
		Code: "tcp-timeout", Stage: "network", Grade: catalog.Fails, Owner: catalog.Network,
		Title: "The host does not answer",
		Cause: "A firewall drops the packets without a word, or the address is dead. The login works all the same, because the feed has a host of its own.",
		Steps: []catalog.Step{
			{Do: "Try from another network, such as the hotspot of a phone.", Run: "curl -sv --connect-timeout 5 https://{host}/ -o /dev/null",
				Windows: "Test-NetConnection {host} -Port 443"},
			{Do: "Ask for outgoing TCP on port 443 to {target}."},
		},
	},
	{
		Code: "clock-skew", Stage: "network", Grade: catalog.FailsOrWarns, Owner: catalog.You,
		Title: "The clock of this machine is wrong",
		Cause: "Certificates and tokens are judged by the time of day.",
		Steps: []catalog.Step{{Do: "Let the machine set its clock.", Run: "sudo timedatectl set-ntp true", Windows: "w32tm /resync"}},
	},
	{
		Code: "token-file-permissions", Stage: "environment", Grade: catalog.Warns, Owner: catalog.You,
		Title: "Others on this machine can read the token",
		Cause: "The token file is readable by group or others.",
		Steps: []catalog.Step{{Do: "Keep it to yourself.", Run: "chmod 600 {file}"}},
	},
	{
		Code: "token-expiring-soon", Stage: "token", Grade: catalog.Warns, Owner: catalog.You,
		Title: "The access token ends soon", Cause: "Upstox ends every access token at 03:30.",
		Guide: "Token is expired or invalid",
		Steps: []catalog.Step{{Do: "Log in again after 03:30.", Run: "upstox-doctor login"}},
	},
	{
		Code: "doctor-fault", Stage: "any", Grade: catalog.Fails, Owner: catalog.You,
		Title: "The doctor itself failed", Cause: "A check broke off by a mistake of ours.",
		Steps: []catalog.Step{{Do: "Run it again.", Run: "upstox-doctor --verbose"}},
	},
	{
		Code: "market-closed", Stage: "ticks", Grade: catalog.Informs, Owner: catalog.Market,
		Title: "The market is closed", Cause: "Ticks come only while it is open.",
		Steps: []catalog.Step{{Do: "Wait."}},
	},
}

const (
	api  = "api.upstox.com"
	feed = "wsfeeder-api.upstox.com"
)

var began = time.Date(2026, 11, 23, 9, 12, 4, 250e6, time.FixedZone("IST", 19800))

func result(id, target string, s doctor.Status, took time.Duration, message string) doctor.Result {
	return doctor.Result{ID: id, Target: target, Status: s, Title: "Title of " + id, Duration: took * time.Millisecond, Message: message}
}

// passing is a healthy run, which the other reports change.
func passing() []doctor.Result {
	p := doctor.Pass
	return []doctor.Result{
		result("environment.files", "", p, 0, ".env read, 3 variables; .upstox_token read"),
		result("environment.credentials", "", p, 0, "API key and secret from .env"),
		result("environment.values", "", p, 0, "5 values well formed"),
		result("network.proxy", api, p, 0, "no proxy"),
		result("network.proxy", feed, p, 0, "no proxy"),
		result("network.dns", api, p, 21, "104.18.22.7 and 3 more"),
		result("network.dns", feed, p, 34, "13.232.90.11 and 1 more"),
		result("network.tcp", api, p, 17, "104.18.22.7:443 answers"),
		result("network.tcp", feed, p, 18, "13.232.90.11:443 answers"),
		result("network.tls", api, p, 19, "TLS 1.3, certificate by Google Trust Services until 3 Feb 2027"),
		result("network.tls", feed, p, 20, "TLS 1.3, certificate by Amazon until 9 Jul 2027"),
		result("network.http", api, p, 43, "Upstox answers"),
		result("network.clock", api, p, 0, "right to within 1 s"),
		result("token.present", "", p, 0, "from .upstox_token, an OAuth token"),
		result("token.expiry", "", p, 0, "valid until 24 Nov 03:30 IST, 18 h 17 min more"),
		result("token.accepted", api, p, 48, "Upstox accepts it for AB1234"),
		result("authorize", api, p, 51, "a fresh wss address on wsfeeder-api.upstox.com"),
		result("handshake", feed, p, 55, "101 Switching Protocols"),
		result("ticks.snapshot", feed, p, 38, "NIFTY 50 24,513.05"),
		result("ticks.live", feed, p, 412, "NIFTY 50 24,513.05, 0.4 s old"),
	}
}

func at(results []doctor.Result, id, target string) *doctor.Result {
	for i := range results {
		if results[i].ID == id && (target == "" || results[i].Target == target) {
			return &results[i]
		}
	}
	panic(id)
}

// beginnings are when the checks of a healthy run begin, in milliseconds: each
// as soon as what it needs is there.
var beginnings = map[string]time.Duration{
	"network.proxy": 1, "network.dns": 1, "network.tcp " + api: 22, "network.tcp " + feed: 35, "network.tls " + api: 39, "network.tls " + feed: 53,
	"network.http": 58, "network.clock": 101, "token.accepted": 58, "authorize": 58, "handshake": 109, "ticks.snapshot": 164, "ticks.live": 202,
}

// withTimes sets when the checks that ran began.
func withTimes(results []doctor.Result) []doctor.Result {
	for i := range results {
		if r := &results[i]; r.Status != doctor.Skip {
			r.Began = began.Add(max(beginnings[r.ID], beginnings[r.ID+" "+r.Target]) * time.Millisecond)
		}
	}
	return results
}

func report(results []doctor.Result) doctor.Report {
	results = withTimes(results)
	return doctor.Report{Started: began, Duration: 641 * time.Millisecond, Results: results, End: doctor.Complete}
}

func healthyReport() doctor.Report { return report(passing()) }

// skipFrom skips all checks from the named one on.
func skipFrom(results []doctor.Result, id, blockedBy, message string) {
	skip := false
	for i := range results {
		if skip = skip || results[i].ID == id; skip {
			results[i].Status, results[i].BlockedBy, results[i].Message, results[i].Duration = doctor.Skip, blockedBy, message, 0
		}
	}
}

func expiredReport() doctor.Report {
	rs := passing()
	e := at(rs, "token.expiry", "")
	e.Status, e.Code, e.Confidence = doctor.Fail, "token-expired", doctor.Certain
	e.Message = "the token from .upstox_token ended 23 Nov 03:30 IST, 5 h 42 min ago"
	e.Evidence.Add("source", ".upstox_token")
	e.Evidence.Add("kind", "oauth")
	e.Evidence.Add("issued_at", "2026-11-22T09:01:44+05:30")
	e.Evidence.Add("expired_at", "2026-11-23T03:30:00+05:30")
	e.Evidence.Add("clock_skew_seconds", 1)
	f := at(rs, "environment.files", "")
	f.Status, f.Code, f.Message, f.Target = doctor.Warn, "token-file-permissions", ".upstox_token has mode 0644", ".upstox_token"
	skipFrom(rs, "token.accepted", "token.expiry", "not run: token.expiry failed")
	return report(rs)
}

func twoCausesReport() doctor.Report {
	r := expiredReport()
	for i := range r.Results {
		if res := &r.Results[i]; res.ID == "network.tcp" {
			res.Status, res.Code, res.Confidence = doctor.Fail, "tcp-timeout", doctor.Likely
			res.Message = "no answer from " + res.Target + " within 5 s"
			res.Duration = 5 * time.Second
			res.Evidence.Add("addresses", []string{"104.18.22.7", "104.18.23.7", "2606:4700::6812:1607"})
			res.Evidence.Add("tried", 3)
			res.Evidence.Add("proxy", nil)
		}
	}
	for i := range r.Results {
		if res := &r.Results[i]; res.ID == "network.tls" || res.ID == "network.http" {
			res.Status, res.BlockedBy, res.Message, res.Began = doctor.Skip, "network.tcp", "not run: network.tcp failed", time.Time{}
		}
	}
	return r
}

func warningsReport() doctor.Report {
	rs := passing()
	f := at(rs, "environment.files", "")
	f.Status, f.Code, f.Message, f.Target = doctor.Warn, "token-file-permissions", ".upstox_token has mode 0644", ".upstox_token"
	e := at(rs, "token.expiry", "")
	e.Status, e.Code, e.Message = doctor.Warn, "token-expiring-soon", "valid until 03:30 IST, 21 min more"
	return report(rs)
}

func interruptedReport() doctor.Report {
	rs := passing()
	skipFrom(rs, "token.accepted", "", "not finished: interrupted")
	r := report(rs)
	r.End = doctor.Interrupted
	return r
}

func outOfTimeReport() doctor.Report {
	r := twoCausesReport()
	r.End, r.Duration = doctor.OutOfTime, time.Minute
	return r
}

var reports = []struct {
	name   string
	report func() doctor.Report
}{
	{"healthy", healthyReport},
	{"expired-token", expiredReport},
	{"two-causes", twoCausesReport},
	{"warnings", warningsReport},
	{"interrupted", interruptedReport},
	{"out-of-time", outOfTimeReport},
}

// document builds with the stand-in catalog.
func document(r doctor.Report) Document {
	m := Meta{
		Tool:     Tool{"upstox-doctor", "v0.1.0", "go1.26", "linux", "amd64"},
		Market:   Market{State: "open"},
		ExitCode: ExitCode(r, false),
		Scrub:    func(s string) string { return strings.ReplaceAll(s, secret, "[secret]") },
		OS:       "linux",
	}
	return builder{lookup, cleaner{m.Scrub}, m.OS, m.Caller, nil}.document(r, m)
}

// secret stands for what redact takes out.
const secret = "eyJsecret.eyJpayload.signature"

func table(t *testing.T, d Document, o Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := d.Table(&out, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
