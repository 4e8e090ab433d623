package command

import "testing"

// TestByDoubleClick: whatever may wait for a run gets one.
func TestByDoubleClick(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		start
		want bool
	}{
		{"a click in a file manager", start{desktop: true, logged: true, parent: "dolphin"}, true},
		{"a click, and the output is thrown away", start{desktop: true, parent: "thunar"}, true},
		{"a click, and the launcher has ended", start{desktop: true, logged: true, parent: "systemd"}, true},
		{"a click in the Explorer", start{desktop: true, parent: "explorer.exe"}, true},
		{"a terminal", start{terminal: true, desktop: true, parent: "bash"}, false},
		{"a terminal that a file manager has opened", start{terminal: true, desktop: true, parent: "nemo"}, false},
		{"a bot that a user has clicked on", start{desktop: true, logged: true, parent: "python3"}, false},
		{"a bot that wants the exit status alone", start{desktop: true, parent: "node"}, false},
		{"a bot that reads", start{desktop: true, collected: true, parent: "python3"}, false},
		{"a pipe in an action of a file manager", start{desktop: true, collected: true, parent: "nemo"}, false},
		{"cron", start{collected: true, parent: "cron"}, false},
		{"a unit of the user's systemd", start{desktop: true, logged: true, service: true, parent: "systemd"}, false},
		{"a daemon", start{desktop: true, parent: "systemd"}, false},
		{"CI", start{desktop: true, service: true, parent: "gnome-shell"}, false},
		{"a click without a browser", start{logged: true, parent: "dolphin"}, false},
		{"the Task Scheduler", start{desktop: true, parent: "svchost.exe"}, false},
		{"cmd", start{desktop: true, parent: "cmd.exe"}, false},
	} {
		if got := tc.byDoubleClick(); got != tc.want {
			t.Errorf("%s: %t", tc.name, got)
		}
	}
	if DoubleClicked([]string{"upstox-doctor", "check"}) || DoubleClicked([]string{"upstox-doctor"}) {
		t.Error("a test is a double click")
	}
}
