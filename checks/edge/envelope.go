package edge

import (
	"encoding/json"
	"slices"
	"strings"

	"upstox-doctor/checks/lazyregexp"
)

// An Envelope is the JSON object that every documented answer of the API is
// wrapped in, except the token endpoint's.
type Envelope struct {
	Status string          `json:"status"` // "success", "error" or "partial_success"
	Data   json.RawMessage `json:"data"`
	Errors json.RawMessage `json:"errors"`
}

// A Problem is one error of an envelope, as it came.
type Problem struct{ Code, Message string }

// ParseEnvelope reports whether the body is an envelope: one of the three
// statuses, and data or errors. Cloudflare's JSON errors and those of common
// frameworks have a status too, but it is a number.
func ParseEnvelope(body []byte) (Envelope, bool) {
	var e Envelope
	if json.Unmarshal(body, &e) != nil || e.Data == nil && e.Errors == nil {
		return Envelope{}, false
	}
	return e, slices.Contains([]string{"success", "error", "partial_success"}, e.Status)
}

// maxProblems is how many errors of one envelope are kept.
const maxProblems = 16

// cutCode finds a code in an envelope that broke off, and so is no JSON.
var cutCode = lazyregexp.New(`(?s)^\s*\{.*?"error_?[cC]ode"\s*:\s*"(UDAPI\d+)"`)

// cutOff returns the code of an envelope that broke off, or "".
func cutOff(body []byte) string {
	if m := cutCode.FindSubmatch(body[:min(len(body), maxPage)]); m != nil && !json.Valid(body) {
		return string(m[1])
	}
	return ""
}

// Problems returns the errors of an envelope, or what is left of them in one
// that broke off.
func Problems(body []byte) []Problem {
	if e, ok := ParseEnvelope(body); ok {
		return e.problems()
	}
	if code := cutOff(body); code != "" {
		return []Problem{{Code: code}}
	}
	return nil
}

// problems returns the envelope's errors. Upstox sends each code in two
// spellings, of which the camelCase one is deprecated, so either may be
// missing. A list of another shape yields none.
func (e Envelope) problems() []Problem {
	var list []struct {
		Snake   any `json:"error_code"`
		Camel   any `json:"errorCode"`
		Message any `json:"message"`
	}
	if json.Unmarshal(e.Errors, &list) != nil {
		return nil
	}
	var problems []Problem
	for _, p := range list[:min(len(list), maxProblems)] {
		code := text(p.Snake)
		if code == "" {
			code = text(p.Camel)
		}
		if message := text(p.Message); code != "" || message != "" {
			problems = append(problems, Problem{code, message})
		}
	}
	return problems
}

// UpstoxCode returns the first code of Upstox's own, or "".
func UpstoxCode(problems []Problem) string {
	for _, p := range problems {
		if strings.HasPrefix(p.Code, "UDAPI") {
			return p.Code
		}
	}
	return ""
}

func text(v any) string {
	s, _ := v.(string)
	return strings.TrimSpace(s)
}
