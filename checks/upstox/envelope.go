package upstox

import (
	"encoding/json"
	"slices"
	"strings"
)

// An envelope is the JSON object that every documented answer of the API is
// wrapped in, except the token endpoint's.
type envelope struct {
	Status string          `json:"status"` // "success", "error" or "partial_success"
	Data   json.RawMessage `json:"data"`
	Errors json.RawMessage `json:"errors"`
}

// parseEnvelope reports whether the body is an envelope: one of the three
// statuses, and data or errors. Cloudflare's JSON errors and those of common
// frameworks have a status too, but it is a number.
func parseEnvelope(body []byte) (envelope, bool) {
	var e envelope
	if json.Unmarshal(body, &e) != nil || e.Data == nil && e.Errors == nil {
		return envelope{}, false
	}
	return e, slices.Contains([]string{"success", "error", "partial_success"}, e.Status)
}

// problemLimit is how many errors of one envelope are kept.
const problemLimit = 16

// problems returns the envelope's errors. Upstox sends each code in two
// spellings, of which the camelCase one is deprecated, so either may be
// missing. A list of another shape yields none.
func (e envelope) problems() []Problem {
	var list []struct {
		Snake   any `json:"error_code"`
		Camel   any `json:"errorCode"`
		Message any `json:"message"`
	}
	if json.Unmarshal(e.Errors, &list) != nil {
		return nil
	}
	var problems []Problem
	for _, p := range list[:min(len(list), problemLimit)] {
		code := text(p.Snake)
		if code == "" {
			code = text(p.Camel)
		}
		if message := text(p.Message); code != "" || message != "" {
			problems = append(problems, Problem{printable(code, 40), printable(message, textLimit)})
		}
	}
	return problems
}

func text(v any) string {
	s, _ := v.(string)
	return strings.TrimSpace(s)
}
