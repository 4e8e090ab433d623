package watch

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExceedsPlan(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		mode   string
		keys   int
		beyond bool
	}{
		{"ltpc", 5000, false},
		{"ltpc", 5001, true},
		{"full", 2000, false},
		{"full", 2001, true},
		{"option_greeks", 3001, true},
		{"full_d30", 50, false},
		{"full_d30", 51, true},
	} {
		t.Run(fmt.Sprintf("%d keys in %s", tc.keys, tc.mode), func(t *testing.T) {
			t.Parallel()
			res, beyond := ExceedsPlan(tc.mode, tc.keys)
			if beyond != tc.beyond || beyond && (res.Code != "plan-limit" || !Permanent(res.Code)) {
				t.Errorf("%t %+v", beyond, res)
			}
		})
	}
}

// The control key takes no room that the other keys need, and adds no second
// mode where that would lower their limit.
func TestSubscriptions(t *testing.T) {
	t.Parallel()
	const control = "NSE_INDEX|Nifty 50"
	for _, tc := range []struct {
		name, mode string
		keys       int
		asked      []string // of them
		want       []string // mode and number of keys
	}{
		{name: "one share", mode: "ltpc", keys: 1, want: []string{"ltpc 1", "ltpc 1"}},
		{name: "the control key itself", mode: "full", asked: []string{control}, want: []string{"full 1"}},
		{name: "two requests", mode: "full", keys: 501, want: []string{"ltpc 1", "full 500", "full 1"}},
		{name: "one left in ltpc", mode: "ltpc", keys: 4999, want: append([]string{"ltpc 1"}, append(times(9, "ltpc 500"), "ltpc 499")...)},
		{name: "none left in ltpc", mode: "ltpc", keys: 5000, want: times(10, "ltpc 500")},
		{name: "room beside ltpc", mode: "full", keys: 1500, want: append([]string{"ltpc 1"}, times(3, "full 500")...)},
		{name: "no room beside ltpc", mode: "full", keys: 1501, want: append(times(3, "full 500"), "full 1")},
		{name: "thirty levels", mode: "full_d30", keys: 50, want: []string{"ltpc 1", "full_d30 50"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := Options{Mode: tc.mode, Control: control, Keys: tc.asked}
			for i := range tc.keys {
				o.Keys = append(o.Keys, fmt.Sprintf("NSE_EQ|%d", i))
			}
			var got []string
			for _, s := range o.subscriptions() {
				got = append(got, fmt.Sprintf("%s %d", s.mode, len(s.keys)))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func times(n int, what string) []string {
	var all []string
	for range n {
		all = append(all, what)
	}
	return all
}
