package report

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// comparedEvidence is the evidence that distinguishes two machines: addresses
// and resolvers, proxies, certificate issuers, and credentials. Prices, ages
// and counts are left out, since they differ in every run. With alone, a value
// counts as a difference also if the other side has none; the others are then
// only part of a failure's evidence.
var comparedEvidence = []struct {
	name  string
	alone bool
}{
	{"addresses", true}, {"resolver", true}, {"resolvers", true}, {"proxy", true},
	{"issuer", true}, {"subject", false}, {"names", false}, {"version", false}, {"answered_by", true},
	{"skew_seconds", true},
	{"source", false}, {"variable", false}, {"kind", false}, {"token_kind", false}, {"plus_plan", true}, {"expires", true}, {"other_tokens", true},
	{"api_key_from", true}, {"api_secret_from", true}, {"redirect_uri_from", true}, {"access_token_from", true}, {"file", false},
	{"address", false}, {"host", false}, {"status", false}, {"upstox_code", true}, {"location", true}, {"close_code", true}, {"close_reason", true},
	{"instrument", false}, {"mode", false},
}

// evidences are the pieces of evidence that differ in checks of both reports.
func evidences(a, b Document) []Difference {
	var all []Difference
	told := map[string]bool{}
	for i, c := range a.Checks {
		other, found := counterpart(c, a.Checks, b.Checks)
		if !found || c.Status == doctor.Skip || other.Status == doctor.Skip {
			continue
		}
		for _, t := range comparedEvidence {
			name := t.name
			x, y := doctor.Evidence(c.Evidence).Find(name), doctor.Evidence(other.Evidence).Find(name)
			if alikeValues(name, x, y) || !t.alone && (x == nil || y == nil) {
				continue
			}
			// Several checks have the same evidence about a token.
			key := c.Stage + " " + c.Target + " " + name + " " + valueText(x) + " " + valueText(y)
			if c.Stage == catalog.StageToken {
				key = name + " " + valueText(x) + " " + valueText(y)
			}
			if !told[key] {
				told[key] = true
				all = append(all, Difference{"evidence", c.ID, c.Target, name, x, y, i})
			}
		}
	}
	return all
}

// maxClockDiff is the most by which two clocks differ that are equally right,
// in seconds.
const maxClockDiff = 5

// alikeValues reports whether the two values agree. A lookup of a name with many
// addresses returns some of them each time, so one in common is enough.
func alikeValues(name string, x, y any) bool {
	switch name {
	case "addresses":
		xs, ys := list(x), list(y)
		return len(xs) == 0 && len(ys) == 0 ||
			slices.ContainsFunc(xs, func(s string) bool { return slices.Contains(ys, s) })
	case "skew_seconds":
		p, okX := number(x)
		q, okY := number(y)
		return okX == okY && math.Abs(p-q) <= maxClockDiff
	}
	return reflect.DeepEqual(x, y)
}

func list(v any) []string {
	var all []string
	items, _ := v.([]any)
	for _, x := range items {
		all = append(all, valueText(x))
	}
	return all
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// When a check took longer on one side: so many times as long, and by so many
// milliseconds. Smaller differences are normal on a network.
const (
	minDurationRatio  = 3
	minDurationDiffMS = 500
)

// durations are those of the checks that ended alike, and took much longer in
// one of the reports.
func durations(a, b Document) []Difference {
	var all []Difference
	for i, c := range a.Checks {
		other, found := counterpart(c, a.Checks, b.Checks)
		if !found || c.Status != other.Status || c.Code != other.Code || c.Status == doctor.Skip {
			continue
		}
		short, long := min(c.DurationMS, other.DurationMS), max(c.DurationMS, other.DurationMS)
		if long-short >= minDurationDiffMS && long >= minDurationRatio*short {
			all = append(all, Difference{"duration", c.ID, c.Target, "duration_ms", c.DurationMS, other.DurationMS, i})
		}
	}
	return all
}
