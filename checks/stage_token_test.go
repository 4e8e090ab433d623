package checks

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/redact"
	"upstox-doctor/checks/token"
	"upstox-doctor/checks/upstox"
)

var (
	tonight   = time.Date(2026, 11, 24, 3, 30, 0, 0, market.IST)
	yesterday = jwt(monday.AddDate(0, 0, -1), monday.Add(-6*time.Hour-45*time.Minute))
	today     = jwt(monday.Add(-90*time.Minute), tonight)
	other     = jwt(monday.Add(-80*time.Minute), tonight)
	third     = jwt(monday.Add(-70*time.Minute), tonight)
	analytics = jwt(monday.AddDate(0, -1, 0), monday.AddDate(0, 11, 0), `"isExtended":true`, `"isPlusPlan":false`)
)

const opaque = "an-opaque-token-of-some-length"

func fromEnv(raw string) CredentialSource {
	return CredentialSource{Name: varToken, Where: "environment", Value: raw, Token: token.Parse(raw)}
}

func fromFile(raw string, modified time.Time) CredentialSource {
	return CredentialSource{Name: ".upstox_token", Where: ".upstox_token", Value: raw, Token: token.Parse(raw), File: ".upstox_token", Modified: modified}
}

func holding(first CredentialSource, others ...CredentialSource) ActiveToken {
	return ActiveToken{Token: first.Token, Source: first, Others: others}
}

func world(now time.Time) World {
	none := func(string) (string, bool) { return "", false }
	return World{Now: at(now), Secrets: new(redact.Set), Env: none, Home: "."}.WithDefaults()
}

func TestTokenPresent(t *testing.T) {
	t.Parallel()
	sample := CredentialSource{Name: varToken, Where: "environment", Value: "YOUR_ACCESS_TOKEN", Sample: true}
	app := map[string][]CredentialSource{varKey: {{Name: varKey}}, varSecret: {{Name: varSecret}}}
	with := func(tokens ...CredentialSource) Credentials {
		return Credentials{Sources: map[string][]CredentialSource{varKey: app[varKey], varSecret: app[varSecret], varToken: tokens}}
	}
	for _, tc := range []struct {
		name   string
		c      Credentials
		want   string
		others int
	}{
		{"a login token", with(fromEnv(today)),
			"pass | oauth token from environment | source=environment, variable=UPSTOX_ACCESS_TOKEN, kind=oauth, issued=2026-11-23T08:45:00+05:30, expires=2026-11-24T03:30:00+05:30", 0},
		{"an Analytics token tells its plan", with(fromEnv(analytics)),
			"pass | analytics token from environment | source=environment, variable=UPSTOX_ACCESS_TOKEN, kind=analytics, issued=2026-10-23T10:15:00+05:30, expires=2027-10-23T10:15:00+05:30, plus_plan=false", 0},
		{"an opaque token", with(fromFile(opaque, monday)),
			"pass | opaque token from .upstox_token | source=.upstox_token, variable=.upstox_token, file=.upstox_token, kind=opaque", 0},
		{"the same token twice is one", with(fromEnv(opaque), fromFile(opaque, monday)),
			"pass | opaque token from environment | source=environment, variable=UPSTOX_ACCESS_TOKEN, kind=opaque", 0},
		{"others are named, sample text is not", with(fromEnv(opaque), sample, fromFile(other, monday), CredentialSource{Name: "UPSTOX_ANALYTICS_TOKEN", Where: ".env line 3", Value: third}),
			"pass | opaque token from environment | source=environment, variable=UPSTOX_ACCESS_TOKEN, kind=opaque, other_tokens=[.upstox_token UPSTOX_ANALYTICS_TOKEN (.env line 3)]", 2},
		{"a token gives way to none that is sample text", with(sample, fromFile(opaque, monday)),
			"pass | opaque token from .upstox_token | source=.upstox_token, variable=.upstox_token, file=.upstox_token, kind=opaque", 0},
		{"an authorization code", with(fromEnv("mk404x")),
			"fail token-malformed UPSTOX_ACCESS_TOKEN certain | UPSTOX_ACCESS_TOKEN (environment): 6 characters: that is the length of an authorization code or an API secret, not of a token | source=environment, variable=UPSTOX_ACCESS_TOKEN, kind=", 0},
		{"a token cut off", with(fromFile(today[:60], monday)),
			"fail token-malformed .upstox_token certain | .upstox_token: two parts where a token has three: it was cut | source=.upstox_token, variable=.upstox_token, file=.upstox_token, kind=", 0},
		{"nothing, though a login is possible", with(), "fail token-missing UPSTOX_ACCESS_TOKEN certain | no source holds an access token", 0},
		{"nothing, and no login is possible", Credentials{}, "fail token-missing UPSTOX_ACCESS_TOKEN certain because environment.credentials | no source holds an access token", 0},
		{"nothing, and a file could not be read", Credentials{Unreadable: true}, "fail token-missing UPSTOX_ACCESS_TOKEN certain because environment.files | no source holds an access token", 0},
		{"only sample text", with(sample), "fail token-missing UPSTOX_ACCESS_TOKEN certain because environment.values | no source holds an access token, only sample text", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			res, r := runCheck(t, world(monday).tokenPresent(), newWorld(credentials, tc.c))
			wantLine(t, res, tc.want)
			active, ok := accessToken.Of(r)
			if ok != (res.Status == doctor.Pass) || len(active.Others) != tc.others {
				t.Errorf("hands on a token: %t, with %d others", ok, len(active.Others))
			}
		})
	}
}

func TestTokenExpiry(t *testing.T) {
	t.Parallel()
	const known = "source=environment, variable=UPSTOX_ACCESS_TOKEN, kind=oauth, issued=2026-11-23T08:45:00+05:30, expires=2026-11-24T03:30:00+05:30, clock="
	talks := newWorld(answers, true)
	byServer := func(d time.Duration) doctor.Check { return newWorld(clock, Clock{d}) }
	living := map[string]reply{ltpPath + " " + other: goodQuote, ltpPath: deadToken}
	for _, tc := range []struct {
		name    string
		now     time.Time
		active  ActiveToken
		answers map[string]reply // nil: the API was not reached
		known   []doctor.Check
		want    string
		goes    bool
		asked   int
	}{
		{name: "hours are left", now: monday, active: holding(fromEnv(today)), known: []doctor.Check{byServer(0)}, goes: true,
			want: "pass | ends Tue 24 Nov 03:30 IST, in 17 h 15 min | " + known + "server, left_seconds=62100"},
		{name: "thirty minutes are left", now: tonight.Add(-30 * time.Minute), active: holding(fromEnv(today)), known: []doctor.Check{byServer(0)}, goes: true,
			want: "pass | ends Tue 24 Nov 03:30 IST, in 30 min | " + known + "server, left_seconds=1800"},
		{name: "less than thirty minutes are left", now: tonight.Add(-30*time.Minute + time.Second), active: holding(fromEnv(today)), known: []doctor.Check{byServer(0)}, goes: true,
			want: "warn token-expiring-soon UPSTOX_ACCESS_TOKEN certain | the token ends at Tue 24 Nov 03:30 IST, in 29 min 59 s | " + known + "server, left_seconds=1799"},
		{name: "the server's clock is later than the local one", now: monday, active: holding(fromEnv(today)), known: []doctor.Check{byServer(17 * time.Hour)}, goes: true,
			want: "warn token-expiring-soon UPSTOX_ACCESS_TOKEN certain | the token ends at Tue 24 Nov 03:30 IST, in 15 min | " + known + "server, left_seconds=900"},
		{name: "the end itself is too late", now: tonight, active: holding(fromEnv(today)), known: []doctor.Check{byServer(0)},
			want: "fail token-expired UPSTOX_ACCESS_TOKEN certain | the token in UPSTOX_ACCESS_TOKEN (environment) ended Tue 24 Nov 03:30 IST, 0 s ago | " + known + "server, expired_seconds_ago=0"},
		{name: "ended, by the server's clock only", now: monday, active: holding(fromEnv(today)), known: []doctor.Check{byServer(24 * time.Hour)},
			want: "fail token-expired UPSTOX_ACCESS_TOKEN certain | the token in UPSTOX_ACCESS_TOKEN (environment) ended Tue 24 Nov 03:30 IST, 6 h 45 min ago | " + known + "server, expired_seconds_ago=24300"},
		{name: "ended, by the local clock only, is less sure", now: tonight.Add(time.Minute), active: holding(fromEnv(today)),
			want: "fail token-expired UPSTOX_ACCESS_TOKEN likely | the token in UPSTOX_ACCESS_TOKEN (environment) ended Tue 24 Nov 03:30 IST, 1 min ago | " + known + "local, expired_seconds_ago=60"},
		{name: "an opaque token does not say", now: monday, active: holding(fromEnv(opaque)), known: []doctor.Check{byServer(0)}, goes: true,
			want: "skip | an opaque token does not tell its end"},
		{name: "ended, and another source has one that lives", now: tonight.Add(-time.Hour), active: holding(fromEnv(yesterday), fromFile(other, monday)), answers: living, known: []doctor.Check{byServer(0), talks}, asked: 1,
			want: "fail token-shadowed UPSTOX_ACCESS_TOKEN certain | the token in UPSTOX_ACCESS_TOKEN (environment) is dead and wins over the living one in .upstox_token | source=environment, variable=UPSTOX_ACCESS_TOKEN, kind=oauth, issued=2026-11-22T10:15:00+05:30, expires=2026-11-23T03:30:00+05:30, clock=server, expired_seconds_ago=82800, accepted_token=.upstox_token, accepted_source=.upstox_token, accepted_variable=.upstox_token, accepted_file=.upstox_token"},
		{name: "ended, and Upstox does not answer, so no other is tried", now: tonight, active: holding(fromEnv(today), fromFile(other, monday)), answers: living, known: []doctor.Check{byServer(0)},
			want: "fail token-expired UPSTOX_ACCESS_TOKEN certain | the token in UPSTOX_ACCESS_TOKEN (environment) ended Tue 24 Nov 03:30 IST, 0 s ago | " + known + "server, expired_seconds_ago=0"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			api := &scripted{answers: tc.answers}
			known := append(tc.known, newWorld(accessToken, tc.active))
			if tc.answers != nil {
				known = append(known, newWorld(client, api.client()))
			}
			res, r := runCheck(t, world(tc.now).tokenExpiry(), known...)
			wantLine(t, res, tc.want)
			if _, goes := unexpired.Of(r); goes != tc.goes {
				t.Errorf("hands on that it lives: %t", goes)
			}
			if len(api.asked) != tc.asked {
				t.Errorf("asked %d times: want %d", len(api.asked), tc.asked)
			}
		})
	}
}

// TestJudgeDeadToken: why a token that Upstox refuses is refused.
func TestJudgeDeadToken(t *testing.T) {
	t.Parallel()
	cut := today[:len(today)-8]
	lastEnd := time.Date(2026, 11, 23, 3, 30, 0, 0, market.IST)
	for _, tc := range []struct {
		name    string
		active  ActiveToken
		answers map[string]reply
		offline bool
		want    string
		asked   []string
	}{
		{name: "nothing speaks against it, and its end is far", active: holding(fromEnv(today)),
			want: "fail token-rejected UPSTOX_ACCESS_TOKEN | Upstox refuses the token in UPSTOX_ACCESS_TOKEN (environment), though it would last until Tue 24 Nov 03:30 IST"},
		{name: "an opaque token in a variable may be anything", active: holding(fromEnv(opaque)),
			want: "fail token-rejected UPSTOX_ACCESS_TOKEN likely | Upstox refuses the token in UPSTOX_ACCESS_TOKEN (environment)"},
		{name: "an opaque token in a file from before the last end", active: holding(fromFile(opaque, lastEnd.Add(-time.Second))),
			want: "fail token-expired .upstox_token likely | Upstox refuses the token, and .upstox_token was written before the last end of tokens, Mon 23 Nov 03:30 IST"},
		{name: "an opaque token in a file from after the last end", active: holding(fromFile(opaque, lastEnd)),
			want: "fail token-rejected .upstox_token likely | Upstox refuses the token in .upstox_token"},
		{name: "a JWT in an old file says its end itself", active: holding(fromFile(analytics, lastEnd.AddDate(0, -1, 0))),
			want: "fail token-rejected .upstox_token | Upstox refuses the token in .upstox_token, though it would last until Sat 23 Oct 10:15 IST"},
		{name: "a JWT that was cut", active: holding(fromEnv(cut)),
			want: "fail token-malformed UPSTOX_ACCESS_TOKEN likely | Upstox refuses the token in UPSTOX_ACCESS_TOKEN (environment), and its signature has 26 bytes where HS256 gives 32: it was cut, or text was added"},
		{name: "a JWT that was cut and has ended", active: holding(fromEnv(yesterday[:len(yesterday)-8])),
			want: "fail token-expired UPSTOX_ACCESS_TOKEN | the token in UPSTOX_ACCESS_TOKEN (environment) ended Mon 23 Nov 03:30 IST, 6 h 45 min ago"},
		{name: "no other is accepted", active: holding(fromEnv(today), fromFile(other, monday)), answers: map[string]reply{ltpPath: deadToken}, asked: []string{other},
			want: "fail token-rejected UPSTOX_ACCESS_TOKEN | Upstox refuses the token in UPSTOX_ACCESS_TOKEN (environment), though it would last until Tue 24 Nov 03:30 IST"},
		{name: "the last of the others is accepted", active: holding(fromEnv(today), fromFile(other, monday), CredentialSource{Name: varToken, Where: ".env line 2", Value: third, Token: token.Parse(third)}),
			answers: map[string]reply{ltpPath: deadToken, ltpPath + " " + third: goodQuote}, asked: []string{other, third},
			want: "fail token-shadowed UPSTOX_ACCESS_TOKEN | the token in UPSTOX_ACCESS_TOKEN (environment) is dead and wins over the living one in UPSTOX_ACCESS_TOKEN (.env line 2) | accepted_token=UPSTOX_ACCESS_TOKEN (.env line 2), accepted_source=.env line 2, accepted_variable=UPSTOX_ACCESS_TOKEN"},
		{name: "the first that is accepted is enough", active: holding(fromEnv(today), fromFile(other, monday), fromEnv(third)), answers: map[string]reply{ltpPath: goodQuote}, asked: []string{other},
			want: "fail token-shadowed UPSTOX_ACCESS_TOKEN | the token in UPSTOX_ACCESS_TOKEN (environment) is dead and wins over the living one in .upstox_token | accepted_token=.upstox_token, accepted_source=.upstox_token, accepted_variable=.upstox_token, accepted_file=.upstox_token"},
		{name: "what cannot live is not tried", active: holding(fromEnv(today), fromEnv(yesterday), fromEnv("mk404x")), answers: map[string]reply{ltpPath: goodQuote},
			want: "fail token-rejected UPSTOX_ACCESS_TOKEN | Upstox refuses the token in UPSTOX_ACCESS_TOKEN (environment), though it would last until Tue 24 Nov 03:30 IST"},
		{name: "the same token in two further sources is tried once", active: holding(fromEnv(today), fromEnv(other), fromFile(other, monday)), answers: map[string]reply{ltpPath: deadToken}, asked: []string{other},
			want: "fail token-rejected UPSTOX_ACCESS_TOKEN | Upstox refuses the token in UPSTOX_ACCESS_TOKEN (environment), though it would last until Tue 24 Nov 03:30 IST"},
		{name: "a ban of the edge ends the trying", active: holding(fromEnv(today), fromEnv(other), fromEnv(third)), answers: map[string]reply{ltpPath: cloudflareError(429, 1015)}, asked: []string{other},
			want: "fail token-rejected UPSTOX_ACCESS_TOKEN | Upstox refuses the token in UPSTOX_ACCESS_TOKEN (environment), though it would last until Tue 24 Nov 03:30 IST"},
		{name: "without Upstox none is tried", active: holding(fromEnv(today), fromEnv(other)), offline: true,
			want: "fail token-rejected UPSTOX_ACCESS_TOKEN | Upstox refuses the token in UPSTOX_ACCESS_TOKEN (environment), though it would last until Tue 24 Nov 03:30 IST"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			api := &scripted{answers: tc.answers}
			c := api.client()
			if tc.offline {
				c = nil
			}
			wantLine(t, judgeDeadToken(t.Context(), c, tc.active, monday, nil), tc.want)
			var asked []string
			for _, a := range api.asked {
				asked = append(asked, strings.TrimPrefix(a, ltpPath+" "))
			}
			if !slices.Equal(asked, tc.asked) {
				t.Errorf("tried %d tokens, want %d", len(asked), len(tc.asked))
			}
		})
	}
}

func TestTokenAccepted(t *testing.T) {
	t.Parallel()
	const (
		login   = "source=environment, variable=UPSTOX_ACCESS_TOKEN, kind=oauth, issued=2026-11-23T08:45:00+05:30, expires=2026-11-24T03:30:00+05:30"
		yearly  = "source=environment, variable=UPSTOX_ACCESS_TOKEN, kind=analytics, issued=2026-10-23T10:15:00+05:30, expires=2027-10-23T10:15:00+05:30, plus_plan=false"
		profile = "request=GET /v2/user/profile, status="
		ltp     = "request=GET /v3/market-quote/ltp, status="
	)
	dated := deadToken
	dated.header = map[string][]string{"Date": {"Tue, 24 Nov 2026 00:00:00 GMT"}} // 05:30 in India
	for _, tc := range []struct {
		name    string
		active  ActiveToken
		answers map[string]reply
		want    string
		quotes  int
	}{
		{"the profile is enough", holding(fromEnv(today)), map[string]reply{profilePath: goodProfile},
			"pass api.upstox.com | accepted for the profile | " + login, 0},
		{"the account is dormant", holding(fromEnv(today)), map[string]reply{profilePath: success(`{"user_id":"A","is_active":false}`)},
			"fail account-inactive api.upstox.com certain | the profile says that the account is not active | " + login, 0},
		{"a static IP restricts the profile, not the market", holding(fromEnv(today)), map[string]reply{profilePath: problem(401, "UDAPI1221"), ltpPath: goodQuote},
			"warn token-ip-restricted api.upstox.com certain | accepted for market data; account calls are refused from this address: GET /v2/user/profile: 401 UDAPI1221 as scripted | " + login + ", " + profile + "401, answered_by=upstox, upstox_code=UDAPI1221", 1},
		{"an Analytics token asks for a price at once", holding(fromEnv(analytics)), map[string]reply{profilePath: problem(401, "UDAPI1221"), ltpPath: goodQuote},
			"warn token-ip-restricted api.upstox.com certain | accepted for market data; account calls are refused from this address: GET /v2/user/profile: 401 UDAPI1221 as scripted | " + yearly + ", " + profile + "401, answered_by=upstox, upstox_code=UDAPI1221", 1},
		{"an extended token may not read the profile", holding(fromEnv(today)), map[string]reply{profilePath: problem(403, "UDAPI100067"), ltpPath: goodQuote},
			"pass api.upstox.com | accepted for market data; the profile is not for this kind of token | " + login + ", " + profile + "403, answered_by=upstox, upstox_code=UDAPI100067", 1},
		{"nor the market", holding(fromEnv(today)), map[string]reply{profilePath: problem(403, "UDAPI100067"), ltpPath: problem(403, "UDAPI100067")},
			"fail token-not-permitted api.upstox.com certain | GET /v3/market-quote/ltp: 403 UDAPI100067 as scripted | " + login + ", " + ltp + "403, answered_by=upstox, upstox_code=UDAPI100067", 1},
		{"the profile is restricted, and the token is dead", holding(fromEnv(today)), map[string]reply{profilePath: problem(401, "UDAPI1221"), ltpPath: deadToken},
			"fail token-rejected UPSTOX_ACCESS_TOKEN certain | Upstox refuses the token in UPSTOX_ACCESS_TOKEN (environment), though it would last until Tue 24 Nov 03:30 IST (GET /v3/market-quote/ltp: 401 UDAPI100050 as scripted) | " + login + ", " + ltp + "401, answered_by=upstox, upstox_code=UDAPI100050", 1},
		{"the token is dead", holding(fromEnv(today)), map[string]reply{profilePath: deadToken},
			"fail token-rejected UPSTOX_ACCESS_TOKEN certain | Upstox refuses the token in UPSTOX_ACCESS_TOKEN (environment), though it would last until Tue 24 Nov 03:30 IST (GET /v2/user/profile: 401 UDAPI100050 as scripted) | " + login + ", " + profile + "401, answered_by=upstox, upstox_code=UDAPI100050", 0},
		{"by the date of the answer the token has ended, and the other is for another check to try", holding(fromEnv(today), fromFile(opaque, monday)), map[string]reply{profilePath: dated, ltpPath: goodQuote},
			"fail token-expired UPSTOX_ACCESS_TOKEN certain | the token in UPSTOX_ACCESS_TOKEN (environment) ended Tue 24 Nov 03:30 IST, 2 h ago (GET /v2/user/profile: 401 UDAPI100050 as scripted) | " + login + ", " + profile + "401, answered_by=upstox, upstox_code=UDAPI100050", 0},
		{"the token is dead, another lives", holding(fromEnv(today), fromFile(other, monday)), map[string]reply{profilePath: deadToken, ltpPath + " " + other: goodQuote},
			"fail token-shadowed UPSTOX_ACCESS_TOKEN certain | the token in UPSTOX_ACCESS_TOKEN (environment) is dead and wins over the living one in .upstox_token (GET /v2/user/profile: 401 UDAPI100050 as scripted) | " + login + ", " + profile + "401, answered_by=upstox, upstox_code=UDAPI100050, accepted_token=.upstox_token, accepted_source=.upstox_token, accepted_variable=.upstox_token, accepted_file=.upstox_token", 1},
		{"the token lives, others are not tried", holding(fromEnv(today), fromFile(other, monday)), map[string]reply{profilePath: goodProfile, ltpPath: goodQuote},
			"pass api.upstox.com | accepted for the profile | " + login, 0},
		{"the profile is in trouble, others are not tried", holding(fromEnv(today), fromFile(other, monday)), map[string]reply{profilePath: problem(503, "UDAPI100500"), ltpPath: goodQuote},
			"pass api.upstox.com | accepted for market data; GET /v2/user/profile: 503 UDAPI100500 as scripted | " + login + ", " + profile + "503, answered_by=upstox, upstox_code=UDAPI100500", 1},
		{"the profile is in trouble, and the token is dead", holding(fromEnv(today)), map[string]reply{profilePath: problem(503, "UDAPI100500"), ltpPath: deadToken},
			"fail token-rejected UPSTOX_ACCESS_TOKEN certain | Upstox refuses the token in UPSTOX_ACCESS_TOKEN (environment), though it would last until Tue 24 Nov 03:30 IST (GET /v3/market-quote/ltp: 401 UDAPI100050 as scripted) | " + login + ", " + ltp + "401, answered_by=upstox, upstox_code=UDAPI100050", 1},
		{"Upstox is in trouble", holding(fromEnv(today)), map[string]reply{profilePath: problem(503, "UDAPI100500"), ltpPath: problem(500, "UDAPI100500")},
			"fail upstox-unavailable api.upstox.com certain | GET /v2/user/profile: 503 UDAPI100500 as scripted | " + login + ", " + profile + "503, answered_by=upstox, upstox_code=UDAPI100500", 1},
		{"the edge bans", holding(fromEnv(today)), map[string]reply{profilePath: cloudflareError(429, 1015)},
			"fail edge-rate-limited api.upstox.com certain | GET /v2/user/profile: 429 from Cloudflare, error code 1015 | " + login + ", " + profile + "429, answered_by=edge, ray_id=8f2d5c1e4b7a9360-BOM", 0},
		{"the connection ends", holding(fromEnv(today)), map[string]reply{profilePath: {err: errors.New("unexpected EOF")}},
			"fail not-known api.upstox.com certain | GET /v2/user/profile: no answer: unexpected EOF | " + login + ", request=GET /v2/user/profile", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			api := &scripted{answers: tc.answers}
			res, r := runCheck(t, world(monday).tokenAccepted(), newWorld(accessToken, tc.active), newWorld(client, api.client()), newWorld(answers, true), newWorld(unexpired, true))
			wantLine(t, res, tc.want)
			if _, goes := accepted.Of(r); goes == (res.Status == doctor.Fail) {
				t.Errorf("hands on that it is accepted: %t", goes)
			}
			if n := api.count(ltpPath); n != tc.quotes {
				t.Errorf("asked for %d quotes, want %d", n, tc.quotes)
			}
			if n := api.count(profilePath); n != 1 {
				t.Errorf("asked for %d profiles", n)
			}
		})
	}
}

// TestAskAtOnce: a question whose answer is likely to be needed flies while
// the other one is asked; else it is not asked before its answer is wanted.
func TestAskAtOnce(t *testing.T) {
	t.Parallel()
	asked := make(chan bool, 2)
	question := func() upstox.Response { asked <- true; return upstox.Response{Status: 418} }
	now := askLater(question, true)
	<-asked
	if a := now(); a.Status != 418 || len(asked) != 0 {
		t.Errorf("status %d, asked again: %t", a.Status, len(asked) > 0)
	}
	later := askLater(question, false)
	if len(asked) != 0 {
		t.Error("asked too early")
	}
	if a := later(); a.Status != 418 || len(asked) != 1 {
		t.Errorf("status %d, asked: %d", a.Status, len(asked))
	}
}

// TestAnalyticsAsksWhileItWaits: the price is asked for before the profile
// has answered.
func TestAnalyticsAsksWhileItWaits(t *testing.T) {
	t.Parallel()
	gate := &firewallConn{scripted: scripted{answers: map[string]reply{profilePath: problem(401, "UDAPI1221"), ltpPath: goodQuote}}, quoted: make(chan bool)}
	c := gate.client()
	c.HTTP = gate
	res, _ := runCheck(t, world(monday).tokenAccepted(), newWorld(accessToken, holding(fromEnv(analytics))), newWorld(client, c), newWorld(answers, true), newWorld(unexpired, true))
	if res.Code != "token-ip-restricted" {
		t.Error(line(res))
	}
}
