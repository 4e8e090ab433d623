package report

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
)

// units are the parts of names of evidence that say what a number counts.
var units = []struct{ part, unit string }{{"_ms", " ms"}, {"_bytes", " bytes"}, {"_percent", " %"}}

// evidenceText returns a piece of evidence as people write it:
// expired_seconds_ago 24300 is "expired ago", "6 h 45 min".
func evidenceText(it doctor.Item) (name, value string) {
	name, value = it.Name, valueText(it.Value)
	if t, err := time.Parse(time.RFC3339, value); err == nil {
		value = humanize.Timestamp(t)
	}
	if base, ok := without(name, "_seconds"); ok && value != "" {
		name, value = base, seconds(value)
	}
	for _, u := range units {
		if base, ok := without(name, u.part); ok && value != "" {
			name, value = base, value+u.unit
			break
		}
	}
	return printable(strings.ReplaceAll(name, "_", " ")), printable(value)
}

// without takes the part out of the name where it is a whole word.
func without(name, part string) (string, bool) {
	before, after, ok := strings.Cut(name+"_", part+"_")
	if !ok || before == "" {
		return name, false
	}
	return strings.TrimSuffix(before+"_"+after, "_"), true
}

// maxSeconds bounds what a number of seconds may be to be told in other units.
const maxSeconds = 1e9

// seconds tells a number of seconds, in larger units if it is large. What is
// recorded in parts of a second keeps them.
func seconds(s string) string {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n != math.Trunc(n) || math.Abs(n) > maxSeconds {
		return s + " s"
	}
	return humanize.Duration(time.Duration(n) * time.Second)
}

func valueText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, valueText(x))
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		var parts []string
		for k, x := range v {
			parts = append(parts, strings.ReplaceAll(k, "_", " ")+" "+valueText(x))
		}
		slices.Sort(parts)
		return strings.Join(parts, ", ")
	case json.Number:
		return v.String()
	}
	return fmt.Sprint(v)
}
