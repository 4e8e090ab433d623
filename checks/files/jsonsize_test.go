package files

import (
	"strings"
	"testing"
)

func TestTooManyValues(t *testing.T) {
	t.Parallel()
	const n = MaxJSONValues
	for _, tc := range []struct {
		name, text string
		want       bool
	}{
		{"nothing", "", false},
		{"a long string of commas", `["` + strings.Repeat(",", 2*n) + `"]`, false},
		{"commas behind an escaped quote", `["\"` + strings.Repeat(`,\\`, n) + `"]`, false},
		{"one list less than the limit", "[" + strings.Repeat("1,", n-1) + "1]", false},
		{"one value more", "[" + strings.Repeat("1,", n) + "1]", true},
		{"empty objects", "[" + strings.Repeat("{},", n/2) + "{}]", true},
		{"lists in lists", strings.Repeat("[", n+1), true},
		{"behind a string", `["` + strings.Repeat(",", n) + `",` + strings.Repeat("1,", n) + "1]", true},
	} {
		if got := TooManyValues([]byte(tc.text)); got != tc.want {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
}
