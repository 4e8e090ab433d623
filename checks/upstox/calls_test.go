package upstox

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jarcoal/httpmock"

	"upstox-doctor/checks/instruments"
	"upstox-doctor/checks/market"
)

// asked returns the request that a call sends.
func asked(t *testing.T, call func(*Client)) *http.Request {
	t.Helper()
	var req *http.Request
	c := mocked(func(r *http.Request) (*http.Response, error) {
		req = r
		return httpmock.NewStringResponse(500, ""), nil
	})
	c.Base += "/"
	call(c)
	if req == nil {
		t.Fatal("nothing was sent")
	}
	return req
}

func TestRequests(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, url string
		token     bool
		call      func(*Client)
	}{
		{"holidays", "/v2/market/holidays", false, func(c *Client) { c.Holidays(t.Context()) }},
		{"profile", "/v2/user/profile", true, func(c *Client) { c.Profile(t.Context(), token) }},
		{"ltp", "/v3/market-quote/ltp?instrument_key=NSE_INDEX%7CNifty%2050", true, func(c *Client) { c.LTP(t.Context(), token, "NSE_INDEX|Nifty 50") }},
		{"ltp of several keys", "/v3/market-quote/ltp?instrument_key=A%7C1%2CB%7C2", true, func(c *Client) { c.LTPs(t.Context(), token, []string{"A|1", "B|2"}) }},
		{"ltp of a key made to break out", "/v3/market-quote/ltp?instrument_key=a%26b%3D%2Bc%23", true, func(c *Client) { c.LTP(t.Context(), token, "a&b=+c#") }},
		{"status", "/v2/market/status/NSE", true, func(c *Client) { c.MarketStatus(t.Context(), token, "NSE") }},
		{"status of a name made to break out", "/v2/market/status/..%2Fx%3Fy", true, func(c *Client) { c.MarketStatus(t.Context(), token, "../x?y") }},
		{"search", "/v2/instruments/search?page_number=1&query=m%26m&records=30&segments=EQ%2CINDEX", true, func(c *Client) { c.SearchInstruments(t.Context(), token, "m&m", "EQ,INDEX") }},
		{"search in all segments", "/v2/instruments/search?page_number=1&query=tcs&records=30", true, func(c *Client) { c.SearchInstruments(t.Context(), token, "tcs", "") }},
		{"authorize", "/v3/feed/market-data-feed/authorize", true, func(c *Client) { c.Authorize(t.Context(), token) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			req := asked(t, tc.call)
			if got, want := req.URL.String(), base+tc.url; got != want || req.Method != http.MethodGet {
				t.Errorf("asked %s %s, want %s", req.Method, got, want)
			}
			want := http.Header{"Accept": {"application/json"}, "User-Agent": {"upstox-doctor/test"}}
			if tc.token {
				want.Set("Authorization", "Bearer "+token)
			}
			if diff := cmp.Diff(want, req.Header); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBaseThatIsNoURL(t *testing.T) {
	t.Parallel()
	_, a := (&Client{HTTP: httpmock.NewMockTransport(), Base: "://"}).Profile(t.Context(), token)
	if a.Err == nil || a.OK() || a.Symptom().Kind != "" {
		t.Errorf("%s: %+v", a, a.Symptom())
	}
}

const (
	holiday = `{"date":"2026-11-24","description":"Guru\nNanak","holiday_type":"TRADING_HOLIDAY","closed_exchanges":["NSE"],"open_exchanges":[{"exchange":"MCX","start_time":1795426200000,"end_time":1795457700000}]}`
	quote   = `{"last_price":24513.05,"instrument_token":"NSE_INDEX|Nifty 50","ltq":0,"volume":0,"cp":24401.1}`
)

// TestData gives the data of a success and tells what each call makes of it.
// A value of nil means that the answer is not as documented.
func TestData(t *testing.T) {
	t.Parallel()
	holidays := func(c *Client) (any, Response) { return both(c.Holidays(t.Context())) }
	profile := func(c *Client) (any, Response) { return both(c.Profile(t.Context(), token)) }
	ltp := func(c *Client) (any, Response) { return both(c.LTP(t.Context(), token, "NSE_INDEX|Nifty 50")) }
	ltps := func(c *Client) (any, Response) { return both(c.LTPs(t.Context(), token, []string{"A|1", "B|2"})) }
	search := func(c *Client) (any, Response) { return both(c.SearchInstruments(t.Context(), token, "x", "")) }
	status := func(c *Client) (any, Response) { return both(c.MarketStatus(t.Context(), token, "NSE")) }
	authorize := func(c *Client) (any, Response) { return both(c.Authorize(t.Context(), token)) }
	for _, tc := range []struct {
		name string
		call func(*Client) (any, Response)
		data string
		want any
	}{
		{"a holiday", holidays, "[" + holiday + "]", []market.Holiday{{
			Date: "2026-11-24", Description: "Guru Nanak", Type: "TRADING_HOLIDAY", Closed: []string{"NSE"},
			Open: []market.Session{{Exchange: "MCX", Start: 1795426200000, End: 1795457700000}}}}},
		{"no holidays", holidays, "[]", []market.Holiday{}},
		{"null in place of holidays", holidays, " null ", nil},
		{"holidays as an object", holidays, "{}", nil},
		{"a holiday without a date", holidays, `[{"description":"x"}]`, nil},
		{"a holiday with a list in place of a date", holidays, `[{"date":[]}]`, nil},

		{"an account", profile, `{"user_id":"XX1234","is_active":true,"new_field":{}}`, true},
		{"a dormant account", profile, `{"user_id":"XX1234","is_active":false}`, false},
		{"an account that does not say", profile, `{"user_id":"XX1234"}`, true},
		{"an account without a user", profile, `{}`, nil},
		{"a yes in place of true", profile, `{"user_id":"XX1234","is_active":"yes"}`, nil},

		{"a quote by its token", ltp, `{"X:Y":{"last_price":1,"instrument_token":"X|Y"},"NSE_INDEX:Nifty 50":` + quote + `}`, 24513.05},
		{"a quote of something else", ltp, `{"NSE_INDEX|Nifty 50":{"last_price":1,"instrument_token":"X|Y"}}`, 0.0},
		{"no quote", ltp, `{}`, 0.0},
		{"several quotes", ltps, `{"B":{"last_price":2,"instrument_token":"B|2"},"C":{"last_price":3,"instrument_token":"C|3"},"A":{"last_price":1,"instrument_token":"A|1"}}`, map[string]float64{"A|1": 1, "B|2": 2}},
		{"several quotes, one without a price", ltps, `{"B":{"instrument_token":"B|2"},"A":{"last_price":1,"instrument_token":"A|1"}}`, nil},
		{"a quote without a price", ltp, `{"a":{"instrument_token":"NSE_INDEX|Nifty 50"}}`, nil},
		{"a quote in words", ltp, `{"a":{"instrument_token":"NSE_INDEX|Nifty 50","last_price":"24513"}}`, nil},
		{"quotes as a list", ltp, "[" + quote + "]", nil},

		{"an instrument", search, `[{"instrument_key":"NSE_EQ|INE002A01018","trading_symbol":"RELIANCE","name":"RELIANCE\nINDUSTRIES","lot_size":1}]`,
			[]instruments.Instrument{{Key: "NSE_EQ|INE002A01018", Symbol: "RELIANCE", Name: "RELIANCE INDUSTRIES"}}},
		{"no instrument", search, `[]`, []instruments.Instrument(nil)},
		{"an instrument without a key", search, `[{"trading_symbol":"RELIANCE"}]`, nil},
		{"an instrument whose key breaks the line", search, `[{"instrument_key":"NSE_EQ|A\nB"}]`, nil},
		{"an instrument as an object", search, `{"instrument_key":"NSE_EQ|A"}`, nil},

		{"a status", status, `{"exchange":"NSE","status":"NORMAL_OPEN","last_updated":1795409100000,"cas_eligible_status":{}}`, "NORMAL_OPEN"},
		{"a status without its time", status, `{"exchange":"NSE","status":"CLOSING_END"}`, "CLOSING_END"},
		{"no status", status, `{"exchange":"NSE"}`, nil},
		{"a status as text", status, `"NORMAL_OPEN"`, nil},

		{"snake case first", authorize, `{"authorizedRedirectUri":"wss://camel","authorized_redirect_uri":"wss://snake"}`, "wss://snake"},
		{"camel case only", authorize, `{"authorizedRedirectUri":"wss://camel"}`, "wss://camel"},
		{"snake case empty", authorize, `{"authorizedRedirectUri":"wss://camel","authorized_redirect_uri":""}`, "wss://camel"},
		{"an odd URL is the caller's to judge", authorize, `{"authorized_redirect_uri":"http://evil.example/?a b"}`, "http://evil.example/?a b"},
		{"no URL", authorize, `{}`, ""},
		{"URL is null", authorize, `{"authorized_redirect_uri":null}`, ""},
		{"null in place of a URL's object", authorize, `null`, nil},
		{"URL is a number", authorize, `{"authorized_redirect_uri":5}`, nil},
		{"URL without an object", authorize, `"wss://snake"`, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, a := tc.call(mocked(reply(200, nil, `{"status":"success","data":`+tc.data+`}`)))
			if tc.want == nil {
				if a.OK() || a.Symptom().Kind != "unexpected" || a.Symptom().Responder != "upstox" {
					t.Errorf("got %v, %s, %+v; want it unexpected", got, a, a.Symptom())
				}
				return
			}
			if !a.OK() {
				t.Errorf("%s", a)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("value (-want +got):\n%s", diff)
			}
		})
	}
}

func both[T any](v T, a Response) (any, Response) { return v, a }

func TestStringHasNoQuery(t *testing.T) {
	t.Parallel()
	_, a := mocked(reply(500, nil, "x")).LTP(t.Context(), token, "NSE_INDEX|Nifty 50")
	if want := "GET /v3/market-quote/ltp: 500 with 1 bytes of unnamed type"; a.String() != want {
		t.Errorf("got %q, want %q", a, want)
	}
}

// A refusal's data is not read, whatever it holds.
func TestRefusalHasNoData(t *testing.T) {
	t.Parallel()
	body := `{"status":"error","data":{"authorized_redirect_uri":"wss://x"},"errors":[{"error_code":"UDAPI100050"}]}`
	for _, status := range []int{200, 401} {
		if u, a := mocked(reply(status, nil, body)).Authorize(t.Context(), token); u != "" || a.OK() {
			t.Errorf("%d: got %q, %s", status, u, a)
		}
	}
}

// The one-time URL is in the body, and must not get out with the line.
func TestStringHidesTheFeedURL(t *testing.T) {
	t.Parallel()
	u, a := mocked(reply(200, nil, `{"status":"success","data":{"authorized_redirect_uri":"wss://f.upstox.com/feeds?code=s3cret"}}`)).Authorize(t.Context(), token)
	if u == "" || a.String() != "GET /v3/feed/market-data-feed/authorize: 200" {
		t.Errorf("got %q, %s", u, a)
	}
}
