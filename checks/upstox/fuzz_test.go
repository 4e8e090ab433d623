package upstox

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzAnswer holds what is true of every answer, whatever a server sends.
func FuzzAnswer(f *testing.F) {
	for _, body := range []string{
		"", profile, refusal401("UDAPI100050", "Invalid token used to access API"),
		refusal401("UDAPI1154", "Access to this API is blocked due to static IP restrictions."),
		`{"status":"success","data":{"NSE_INDEX:Nifty 50":` + quote + `}}`,
		`{"status":"success","data":[` + holiday + `]}`,
		`{"status":"success","data":{"authorized_redirect_uri":"wss://wsfeeder-api.upstox.com/market-data-feeder/v3/upstox-developer-api/feeds?requestId=1&code=2"}}`,
		`{"status":"success","data":{"exchange":"NSE","status":"NORMAL_OPEN","last_updated":1795409100000}}`,
		`{"status":"partial_success","data":null,"errors":[null,{"error_code":7,"message":[]}]}`,
		"error code: 1010", `<html><title>Error 1015</title>`, `{"status":403,"error_code":1010}`, "\x1f\x8b\b", "\ufeff<!doctype html>",
	} {
		for _, status := range []uint16{200, 403, 503} {
			f.Add(body, status, "application/json", "8f1c")
		}
	}
	f.Fuzz(func(t *testing.T, body string, status uint16, media, ray string) {
		code := 200 + int(status)%400
		headers := []string{"Content-Type: " + media}
		if ray != "" {
			headers = append(headers, "CF-RAY: "+ray)
		}
		c := mocked(reply(code, headers, body))
		_, h := c.Holidays(t.Context())
		_, p := c.Profile(t.Context(), token)
		_, q := c.LTP(t.Context(), token, "NSE_INDEX|Nifty 50")
		_, m := c.MarketStatus(t.Context(), token, "NSE")
		_, u := c.Authorize(t.Context(), token)
		for _, a := range []Response{h, p, q, m, u} {
			holds(t, a, code)
		}
	})
}

func holds(t *testing.T, a Response, code int) {
	t.Helper()
	s := a.Symptom()
	if a.Err != nil || s.HTTP != code || s.Responder == "" {
		t.Errorf("%s: %+v", a, s)
	}
	if a.OK() && (code/100 != 2 || s.Responder != "upstox" || s.Kind != "") {
		t.Errorf("OK, yet %+v", s)
	}
	if s.Responder == "upstox" && code < 400 && !json.Valid(a.Body) || s.Responder == "edge" && code < 400 {
		t.Errorf("%+v did not send %q", s, a.Body)
	}
	if code/100 <= 3 && !a.OK() && s.Kind == "" && s.Upstox == "" && len(a.Problems) == 0 {
		t.Errorf("nothing is said of %s", a)
	}
	line := a.String()
	if n := utf8.RuneCountInString(line); n > 400 || strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Errorf("line of %d runes: %q", n, line)
	}
}
