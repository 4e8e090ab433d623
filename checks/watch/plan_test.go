package watch

import "testing"

func TestBeyond(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for _, tc := range []struct {
		name   string
		mode   string
		keys   int
		plus   *bool
		beyond bool
	}{
		{"all that ltpc takes", "ltpc", 5000, &no, false},
		{"one more", "ltpc", 5001, &yes, true},
		{"full", "full", 2000, nil, false},
		{"too many in full", "full", 2001, nil, true},
		{"greeks", "option_greeks", 3001, nil, true},
		{"thirty levels with Plus", "full_d30", 50, &yes, false},
		{"thirty levels without", "full_d30", 1, &no, true},
		{"thirty levels, and the token does not tell", "full_d30", 50, nil, false},
		{"too many of thirty levels", "full_d30", 51, &yes, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			res, beyond := Beyond(tc.mode, tc.keys, tc.plus)
			if beyond != tc.beyond || beyond && (res.Code != "plan-limit" || !Final(res.Code)) {
				t.Errorf("%t %+v", beyond, res)
			}
		})
	}
	if Known("full_d5") || !Known("full") {
		t.Error("the modes are not the feed's")
	}
}
