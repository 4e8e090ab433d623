package checks

import "testing"

func TestShownDir(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ dir, home, want string }{
		{"/home/asha/bot", "/home/asha", "~/bot"},
		{"/home/asha", "/home/asha", "~"},
		{"/home/asha2", "/home/asha", "/home/asha2"},
		{"/srv/bot", "/home/asha", "/srv/bot"},
		{"/srv/bot", "", "/srv/bot"},
		{"", "/home/asha", ""},
	} {
		if got := ShownDir(tc.dir, tc.home); got != tc.want {
			t.Errorf("%s is shown as %q, want %q", tc.dir, got, tc.want)
		}
	}
}
