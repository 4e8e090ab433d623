package report

import (
	"bytes"
	"strings"
	"testing"

	"upstox-doctor/checks/catalog"
)

func TestCallerCommand(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name       string
		caller     Caller
		line, want string
		rules      catalog.Shell
	}{
		{"installed", Caller{}, "upstox-doctor login", "upstox-doctor login", catalog.POSIX},
		{"by its path", Caller{Program: "./upstox-doctor"}, "upstox-doctor", "./upstox-doctor", catalog.POSIX},
		{"from source", Caller{Program: "go run ."}, "sleep 60; upstox-doctor", "sleep 60; go run .", catalog.POSIX},
		{"a path with a space", Caller{Program: "/opt/my tools/ud"}, "upstox-doctor token", "'/opt/my tools/ud' token", catalog.POSIX},
		{"a path with a space in PowerShell", Caller{Program: `C:\My Tools\ud.exe`}, "upstox-doctor token", `& 'C:\My Tools\ud.exe' token`, catalog.PowerShell},
		{"a world", Caller{Flags: []string{"--env-file", "my bot.env"}}, "upstox-doctor login --request", "upstox-doctor login --env-file 'my bot.env' --request", catalog.POSIX},
		{"a world and a run with flags", Caller{Flags: []string{"--simulate", "healthy"}}, "upstox-doctor --only network", "upstox-doctor --simulate healthy --only network", catalog.POSIX},
		{"a page and its world", Caller{Flags: []string{"--token-file", "bot/token"}}, "upstox-doctor serve --metrics 127.0.0.1:80", "upstox-doctor serve --token-file bot/token --metrics 127.0.0.1:80", catalog.POSIX},
		{"a command without a world", Caller{Flags: []string{"--simulate", "healthy"}}, "upstox-doctor explain x", "upstox-doctor explain x", catalog.POSIX},
		{"no call of the program", Caller{Program: "./ud"}, "grep -n upstox-doctor /etc/hosts", "grep -n upstox-doctor /etc/hosts", catalog.POSIX},
		{"PowerShell from cmd.exe", Caller{Shell: catalog.Cmd}, `icacls ".env" /grant "${env:USERNAME}:R"`,
			`powershell -NoProfile -Command "icacls \".env\" /grant \"${env:USERNAME}:R\""`, catalog.PowerShell},
		{"cmd.exe's own", Caller{Shell: catalog.Cmd}, "set UPSTOX_ACCESS_TOKEN=", "set UPSTOX_ACCESS_TOKEN=", catalog.Cmd},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := tc.caller.command(tc.line, tc.rules); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

// TestCallerOnPages has the pages that name a code print the command for it as
// the program was called.
func TestCallerOnPages(t *testing.T) {
	t.Parallel()
	caller := Caller{Program: "./ud"}
	pages := map[string]Page{
		"a table":      document(expiredReport()),
		"a comparison": Compare("a", readBack(t, healthyReport()), "b", readBack(t, expiredReport())),
	}
	for name, p := range pages {
		var out bytes.Buffer
		if err := p.Table(&out, Options{Verbose: true, Caller: caller}); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); !strings.Contains(got, "    ./ud explain ") || strings.Contains(got, "upstox-doctor explain") {
			t.Errorf("%s does not call it ./ud:\n%s", name, got)
		}
	}
}
