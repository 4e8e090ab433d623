package report

import (
	"bytes"
	"cmp"
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"upstox-doctor/checks/doctor"
)

// evidence is doctor.Evidence after cleaning: values are what JSON knows.
type evidence []doctor.Item

// MarshalJSON implements json.Marshaler.
func (e evidence) MarshalJSON() ([]byte, error) { return doctor.Evidence(e).MarshalJSON() }

// UnmarshalJSON implements json.Unmarshaler, so that a document can be read back.
func (e *evidence) UnmarshalJSON(data []byte) error {
	return (*doctor.Evidence)(e).UnmarshalJSON(data)
}

func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSpace(out.Bytes()), err
}

// evidence cleans names and values. A name that comes again gets a number, as
// JSON objects must not hold it twice.
func (c cleaner) evidence(e doctor.Evidence) evidence {
	out, seen := evidence{}, map[string]bool{}
	for _, it := range e {
		base := c.text(it.Name, maxName)
		base = cmp.Or(base, "unnamed")
		name := base
		for n := 2; seen[name]; n++ {
			name = fmt.Sprintf("%s_%d", base, n)
		}
		seen[name] = true
		out = append(out, doctor.Item{Name: name, Value: c.value(base, it.Value)})
	}
	return out
}

// value turns any value into what JSON knows, clean to the last string. The
// secrets are taken out of the JSON text too, where names stand beside values
// and tell that something is secret.
func (c cleaner) value(name string, v any) any {
	data, err := marshal(map[string]any{name: plain(v)})
	if err != nil {
		return c.text(fmt.Sprint(v), maxValue)
	}
	for _, text := range []string{c.secrets(string(data)), string(data)} {
		dec := json.NewDecoder(strings.NewReader(text))
		dec.UseNumber()
		var object map[string]any
		if dec.Decode(&object) == nil && len(object) == 1 {
			for _, v := range object {
				return c.deep(v, 0)
			}
		}
	}
	return c.text(string(data), maxValue)
}

// plain prefers the text of a value where JSON would show its inside.
func plain(v any) any {
	switch v := v.(type) {
	case []byte:
		return string(v)
	case time.Time:
		return v.Format(timeLayout)
	case json.Marshaler, encoding.TextMarshaler:
		return v
	case error:
		return v.Error()
	case fmt.Stringer: // a duration, an address
		return v.String()
	}
	return v
}

// Bounds of lists and objects in the evidence.
const (
	maxItems = 50
	maxDepth = 5
)

func (c cleaner) deep(v any, depth int) any {
	if depth > maxDepth {
		return "…"
	}
	switch v := v.(type) {
	case string:
		return c.text(v, maxValue)
	case []any:
		more := len(v) - maxItems
		out := []any{}
		for _, x := range v[:min(len(v), maxItems)] {
			out = append(out, c.deep(x, depth+1))
		}
		if more > 0 {
			out = append(out, fmt.Sprintf("… and %d more", more))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for i, k := range slices.Sorted(maps.Keys(v)) {
			if i == maxItems {
				out["…"] = fmt.Sprintf("and %d more", len(v)-maxItems)
				break
			}
			out[c.text(k, maxName)] = c.deep(v[k], depth+1)
		}
		return out
	}
	return v
}
