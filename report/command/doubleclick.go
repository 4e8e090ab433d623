package command

import (
	"os"
	"slices"
	"strings"

	"upstox-doctor/checks/login"
)

// A start is what tells how this program was started.
type start struct {
	terminal  bool   // there is one, to print to
	collected bool   // another program or a file takes what is printed, or gives what is read
	logged    bool   // what is printed goes to the log of the desktop session
	service   bool   // a unit of a service manager, or a CI job
	desktop   bool   // there is one, with a browser
	parent    string // the name of the program that started this one, in lower case
}

// fileManagers are programs that start what their user clicks on. Names are cut to
// 15 letters, as Linux has them.
var fileManagers = []string{
	"nautilus", "org.gnome.nauti", "nemo", "nemo-desktop", "caja", "thunar", "xfdesktop", "dolphin", "konqueror", "krusader",
	"pcmanfm", "pcmanfm-qt", "spacefm", "doublecmd", "files", "io.elementary.f", "gnome-shell", "cinnamon", "plasmashell",
	"kioworker", "kioslave5", "xfce4-panel", "mate-panel", "lxqt-panel", "gio", "gio-launch-desk", "explorer.exe",
}

// byDoubleClick reports whether a user has clicked on the program. Whatever another
// program may wait for stays a run: the parent must be one that starts things for a
// user and does not wait. A program whose parent has ended is given to the manager
// of the user's session; it then counts if its output goes to the session's log,
// where it goes by itself, and not if somebody has thrown it away.
func (s start) byDoubleClick() bool {
	if s.terminal || s.collected || s.service || !s.desktop {
		return false
	}
	return slices.Contains(fileManagers, s.parent) || s.logged && slices.Contains([]string{"systemd", "init"}, s.parent)
}

// DoubleClicked reports whether the program was started by a click, without an
// argument.
func DoubleClicked(args []string) bool { return len(args) == 1 && thisStart().byDoubleClick() }

// inService reports a unit of systemd, which names its process, or a CI job.
func inService() bool {
	return os.Getenv("CI") != "" || os.Getenv("SYSTEMD_EXEC_PID") == pidText()
}

func hasDesktop() bool { return !login.FindPlace().NoBrowser }

func parentIs(name string) string { return strings.ToLower(strings.TrimSpace(name)) }
