package catalog

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
)

// A Finding is what was seen of a diagnosis, as far as its steps depend on it.
// A Finding without evidence is a diagnosis that is only read about.
type Finding struct {
	Code     string
	Target   string         // the host, variable, file or key concerned; may be empty
	Targets  []string       // all that are concerned, Target first
	Evidence map[string]any // by name: strings, numbers, booleans, and lists of them
	// Passed tells whether a check of the same run passed on the target, by the
	// check's ID; nil if nothing is known of others.
	Passed func(id, target string) bool
}

// passed is Passed where it is known.
func (f Finding) passed(id, target string) bool { return f.Passed != nil && f.Passed(id, target) }

// Text returns the evidence of that name as text, or "" if there is none.
func (f Finding) Text(name string) string {
	switch v := f.Evidence[name].(type) {
	case nil, []any, []string, map[string]any:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// Number returns the evidence of that name if it is a number.
func (f Finding) Number(name string) (float64, bool) {
	switch v := f.Evidence[name].(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	case json.Number:
		n, err := strconv.ParseFloat(v.String(), 64)
		return n, err == nil
	}
	return 0, false
}

// List returns the evidence of that name as texts: a list, or one alone.
func (f Finding) List(name string) []string {
	switch v := f.Evidence[name].(type) {
	case []string:
		return v
	case []any:
		var out []string
		for _, x := range v {
			out = append(out, fmt.Sprint(x))
		}
		return out
	}
	if s := f.Text(name); s != "" {
		return []string{s}
	}
	return nil
}

// Seen reports whether there is evidence of that name.
func (f Finding) Seen(name string) bool { return f.Evidence[name] != nil }

// StepsFor returns what to do about the finding, in order.
func (e *Entry) StepsFor(f Finding) []Step {
	if e.Remedy != nil && len(f.Evidence) > 0 {
		if steps := e.Remedy(f); len(steps) > 0 {
			return steps
		}
	}
	return e.Steps
}

// CauseOf returns why the finding is so.
func (e *Entry) CauseOf(f Finding) string {
	if e.Why != nil && len(f.Evidence) > 0 {
		return cmp.Or(e.Why(f), e.Cause)
	}
	return e.Cause
}
