package report

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/market"
)

var newYork = time.FixedZone("EST", -5*3600)

// oauthToken was issued in the morning and ends the next morning.
func oauthToken(standing checks.Role) checks.TokenSource {
	return checks.TokenSource{
		Source: "UPSTOX_ACCESS_TOKEN (environment)", Role: standing, Kind: "oauth",
		Issued: began.Add(-time.Hour), Expires: time.Date(2026, 11, 24, 3, 30, 0, 0, market.IST), Plus: new(false),
	}
}

// validStatus is a token that Upstox has accepted.
func validStatus() checks.TokenStatus {
	return checks.TokenStatus{
		Report: report(passing()[:16]), Now: began, ByServer: true, Accepted: new(true),
		Sources: []checks.TokenSource{
			oauthToken(checks.Active),
			{Source: ".upstox_token", Role: checks.Duplicate, Kind: "oauth", Expires: time.Date(2026, 11, 24, 3, 30, 0, 0, market.IST)},
		},
		File: checks.TokenFile{Name: ".upstox_token", Exists: true, Mode: 0o600, Modified: began.Add(-time.Hour), Age: time.Hour},
	}
}

func expiredStatus() checks.TokenStatus {
	s := validStatus()
	s.Report, s.Accepted = expiredReport(), new(false)
	s.Results = s.Results[:16]
	end := time.Date(2026, 11, 23, 3, 30, 0, 0, market.IST)
	s.Sources = []checks.TokenSource{
		{Source: ".upstox_token", Role: checks.Active, Kind: "oauth", Issued: end.Add(-17 * time.Hour), Expires: end, Plus: new(true)},
	}
	s.File.Mode, s.File.Age, s.File.Modified = 0o644, 23*time.Hour, began.Add(-23*time.Hour)
	return s
}

// opaqueStatus is a token without readable claims, of which Upstox was not asked.
func opaqueStatus() checks.TokenStatus {
	rs := passing()
	e := at(rs, "token.expiry", "")
	e.Status, e.Message = doctor.Skip, "an opaque token does not tell its end"
	return checks.TokenStatus{
		Report: report([]doctor.Result{rs[0], rs[1], rs[2], *at(rs, "token.present", ""), *e}), Now: began, Offline: true,
		Sources: []checks.TokenSource{{Source: "UPSTOX_ACCESS_TOKEN (.env line 4)", Role: checks.Active, Kind: "opaque"}},
		File:    checks.TokenFile{Name: ".upstox_token"},
	}
}

// tokenPage builds with the stand-in catalog.
func tokenPage(s checks.TokenStatus, local *time.Location) TokenStatus {
	m := Meta{ExitCode: ExitCode(s.Report, false), OS: "linux", Scrub: func(s string) string { return strings.ReplaceAll(s, secret, "[secret]") }}
	return builder{lookup, cleaner{m.Scrub}, m.OS, m.Caller, nil}.tokenStatus(s, m, local)
}

func TestGoldenToken(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]checks.TokenStatus{"valid": validStatus(), "expired": expiredStatus(), "offline-opaque": opaqueStatus()} {
		page := tokenPage(s, newYork)
		for file, o := range map[string]Options{"-80.txt": {}, "-60.txt": {Width: 60}, "-80-colour.txt": {Color: true}} {
			var out bytes.Buffer
			if err := page.Table(&out, o); err != nil {
				t.Fatal(err)
			}
			compareGolden(t, "token/"+name+file, out.Bytes())
		}
		var out bytes.Buffer
		if err := page.JSON(&out); err != nil {
			t.Fatal(err)
		}
		compareGolden(t, "token/"+name+".json", out.Bytes())
	}
}

func tokenText(t *testing.T, s checks.TokenStatus, o Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := tokenPage(s, nil).Table(&out, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestTokenPageSays holds what a reader acts upon: the guide's words stand
// only under a token that was accepted and works as it is set, and a fault on
// the way is never called one of the token.
func TestTokenPageSays(t *testing.T) {
	t.Parallel()
	const valid = "Token is valid and working!"
	nothing, itself := "nothing against the token itself", "accepts the token itself"
	change := func(s checks.TokenStatus, f func(*checks.TokenStatus)) checks.TokenStatus { f(&s); return s }
	blocked := func(id string) func(*checks.TokenStatus) {
		return func(s *checks.TokenStatus) {
			s.Accepted = nil
			r := at(s.Results, id, "")
			r.Status, r.Code, r.Message = doctor.Fail, "tcp-timeout", "no answer"
			skipFrom(s.Results, "token.accepted", id, "not run: "+id+" failed")
		}
	}
	for _, tc := range []struct {
		name      string
		status    checks.TokenStatus
		want, not []string
	}{
		{"valid", validStatus(), []string{valid, "which wins", ".upstox_token: the same token", "18 h 18 min left\n", "asked: Upstox accepts it"}, []string{nothing, itself, "by this machine"}},
		{"a warning", change(validStatus(), func(s *checks.TokenStatus) {
			r := at(s.Results, "token.expiry", "")
			r.Status, r.Code = doctor.Warn, "clock-skew"
		}), []string{"WARN  clock-skew", valid, "WARN  "}, []string{nothing, itself}},
		{"no way to Upstox", change(validStatus(), blocked("network.tcp")), []string{"FAIL  tcp-timeout", nothing + ": Upstox could not be asked", "could not be asked: network.tcp failed"}, []string{valid}},
		{"no way, and judged by the local clock", change(validStatus(), func(s *checks.TokenStatus) { blocked("network.tcp")(s); s.ByServer = false }),
			[]string{"18 h 18 min left, by this machine's clock\n"}, []string{valid}},
		{"a fault of Upstox", change(validStatus(), func(s *checks.TokenStatus) {
			s.Accepted = nil
			r := at(s.Results, "token.accepted", "")
			r.Status, r.Code, r.Message = doctor.Fail, "tcp-timeout", "GET /v2/user/profile: no answer"
		}), []string{nothing + ": Upstox has not judged it", "Online      GET /v2/user/profile: no answer"}, []string{valid}},
		{"stray characters", change(validStatus(), func(s *checks.TokenStatus) {
			r := at(s.Results, "environment.values", "")
			r.Status, r.Code = doctor.Fail, "clock-skew"
		}), []string{"FAIL  ", "Upstox " + itself}, []string{valid, nothing}},
		{"stray characters and no way", change(validStatus(), func(s *checks.TokenStatus) {
			r := at(s.Results, "environment.values", "")
			r.Status, r.Code = doctor.Fail, "clock-skew"
			blocked("network.tcp")(s)
		}), []string{"FAIL  "}, []string{valid, nothing, itself}},
		{"past its end", expiredStatus(), []string{"FAIL  token-expired", "[--------------------] ended 5 h 42 min ago\n", "nothing to ask: Upstox refuses every token"}, []string{valid, nothing}},
		{"past its end, and another is not", change(expiredStatus(), func(s *checks.TokenStatus) {
			s.ByServer = false
			s.Sources = append(s.Sources, oauthToken(checks.Shadowed))
		}), []string{"Another token has not ended: that in UPSTOX_ACCESS_TOKEN", "another token, which ends Tue 24 Nov 2026 03:30"}, []string{valid}},
		{"past its end, and so is another", change(expiredStatus(), func(s *checks.TokenStatus) {
			s.ByServer = false
			other := s.Sources[0]
			other.Role, other.Source = checks.Shadowed, ".env"
			s.Sources = append(s.Sources, other)
		}), []string{".env: another token, which ended Mon 23 Nov 2026 03:30 IST"}, []string{"has not ended"}},
		{"offline", change(opaqueStatus(), func(s *checks.TokenStatus) { s.Sources[0] = oauthToken(checks.Active) }),
			[]string{"By this machine's clock the token is not past its end", "nobody was asked (--offline)"}, []string{valid, nothing, "which wins"}},
		{"offline and opaque", opaqueStatus(), []string{"it does not tell its end", "only Upstox knows when", "there is no .upstox_token"}, []string{valid, "Issued", "Plan"}},
		{"not a token", change(expiredStatus(), func(s *checks.TokenStatus) {
			s.Sources = []checks.TokenSource{{Source: "x", Role: checks.Active, Why: "two parts where a token has three: it was cut"}, {Source: "y", Role: checks.Shadowed}, {Source: "z", Role: checks.Shadowed, Kind: "opaque"}}
			skipFrom(s.Results, "token.accepted", "token.present", "not run")
		}), []string{"Kind        none: two parts", "y: another text, which has not the form", "z: another token, which does not tell its end", "nothing to ask: there is no token"}, []string{"Left", valid}},
		{"sample text only", change(expiredStatus(), func(s *checks.TokenStatus) {
			s.Sources = []checks.TokenSource{{Source: ".env", Role: checks.Placeholder}}
		}), []string{"Token       none", "Instead     .env: sample text"}, []string{"Kind", nothing}},
		{"interrupted", change(validStatus(), func(s *checks.TokenStatus) {
			s.Accepted, s.End = nil, doctor.Interrupted
			skipFrom(s.Results, "token.accepted", "", "not finished: interrupted")
		}), []string{"STOP  Interrupted", "Online      not finished: interrupted", "STOP  Interrupted: "}, []string{valid}},
		{"interrupted offline", change(opaqueStatus(), func(s *checks.TokenStatus) { s.End = doctor.Interrupted }),
			[]string{"STOP  Interrupted", "nobody was asked"}, []string{nothing, valid}},
		{"at its very end", change(expiredStatus(), func(s *checks.TokenStatus) { s.Now = s.Sources[0].Expires }), []string{"] ended 0 s ago"}, []string{" left"}},
		{"a file from the future, without a token", change(validStatus(), func(s *checks.TokenStatus) { s.File.Age, s.File.Empty = -time.Hour, true }),
			[]string{"mode 0600, written Mon 23 Nov 2026 08:12 IST, without a token"}, []string{"ago"}},
		{"a hostile name", change(validStatus(), func(s *checks.TokenStatus) { s.Sources[0].Source, s.File.Name = "a\x1b[31m"+secret, "\r\n"+secret }),
			[]string{"a[secret]"}, []string{"\x1b", "\r", secret}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := tokenText(t, tc.status, Options{Width: 120})
			for _, want := range tc.want {
				if !strings.Contains(got, want) {
					t.Errorf("lacks %q:\n%s", want, got)
				}
			}
			for _, not := range tc.not {
				if strings.Contains(got, not) {
					t.Errorf("says %q:\n%s", not, got)
				}
			}
		})
	}
}

func TestQuietTokenPage(t *testing.T) {
	t.Parallel()
	if got := tokenText(t, validStatus(), Options{Quiet: true}); got != "" {
		t.Errorf("quiet, and says %q", got)
	}
	if got := tokenText(t, expiredStatus(), Options{Quiet: true}); got == "" {
		t.Error("a failure is lost when quiet")
	}
}

func TestTokenMoment(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 11, 24, 3, 30, 0, 0, market.IST)
	for name, tc := range map[string]struct {
		at    time.Time
		local *time.Location
		want  string
	}{
		"no zone":         {end, nil, "Tue 24 Nov 2026 03:30 IST"},
		"in India":        {end, time.FixedZone("Kolkata", 19800), "Tue 24 Nov 2026 03:30 IST"},
		"in Israel's IST": {end, time.FixedZone("IST", 7200), "Tue 24 Nov 2026 03:30 IST, here Tue 24 Nov 00:00 (UTC+02:00)"},
		"the day before":  {end, newYork, "Tue 24 Nov 2026 03:30 IST, here Mon 23 Nov 17:00 (UTC-05:00)"},
		"not known":       {time.Time{}, newYork, ""},
	} {
		if got := (TokenStatus{local: tc.local}).moment(tc.at); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}

func TestBar(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		share float64
		want  int
	}{{-3, 0}, {0, 0}, {0.0001, 1}, {0.24, 5}, {0.5, 10}, {0.9999, 19}, {1, 20}, {1.5, 20}} {
		got := bar(tc.share)
		if strings.Count(got, "#") != tc.want || len(got) != 22 {
			t.Errorf("%v: %s, want %d of 20", tc.share, got, tc.want)
		}
	}
}

func TestTokenWithoutIssueHasNoBar(t *testing.T) {
	t.Parallel()
	s := validStatus()
	s.Sources[0].Issued = time.Time{}
	got := tokenText(t, s, Options{})
	if !strings.Contains(got, "Left        18 h 18 min left") || strings.Contains(got, "Issued") {
		t.Errorf("says:\n%s", got)
	}
}

func TestTokenFileOnWindowsHasNoMode(t *testing.T) {
	t.Parallel()
	b := builder{lookup, cleaner{}, "windows", Caller{}, nil}
	f := b.tokenFile(checks.TokenFile{Name: "t", Exists: true, Mode: fs.FileMode(0o666), Age: time.Minute})
	if f.Mode != "" || f.words() != "t, written 1 min ago" {
		t.Errorf("mode %q, says %q", f.Mode, f.words())
	}
}

func TestTokenJSONKnowsNothingOfWhatIsNotTold(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := tokenPage(opaqueStatus(), newYork).JSON(&out); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"schema": "upstox-doctor/token/v1", "status": "pass", "exit_code": 0.0, "kind": "opaque", "clock": "local",
		"accepted": nil, "plus_plan": nil, "expired": nil, "left_seconds": nil, "issued_at": "", "expires_at": "",
	} {
		if v, ok := got[name]; !ok || v != want {
			t.Errorf("%s is %v, want %v", name, v, want)
		}
	}
	if causes, ok := got["root_causes"].([]any); !ok || len(causes) != 0 {
		t.Errorf("root_causes is %v", got["root_causes"])
	}
}
