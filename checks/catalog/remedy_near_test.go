package catalog

import (
	"strings"
	"testing"
)

// filled is the command of a step with the values of the finding.
func filled(s Step, f Finding) string {
	line := s.Run
	for _, name := range Placeholders {
		line = strings.ReplaceAll(line, "{"+name+"}", f.Text(name))
	}
	return line
}

// TestRenaming lets sed give variables their right names.
func TestRenaming(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, file, text, want string
		names, lines, variable []string
	}{
		{"two of .env", ".env", "# API_KEY\nexport API_KEY='k'\nMY_TOKEN=a\nTOKEN=TOKEN\n", "# API_KEY\nexport UPSTOX_API_KEY='k'\nMY_TOKEN=a\nUPSTOX_ACCESS_TOKEN=TOKEN\n",
			[]string{"API_KEY", "TOKEN"}, []string{"2", "4"}, []string{"UPSTOX_API_KEY", "UPSTOX_ACCESS_TOKEN"}},
		{"a table", "secrets.toml", "[kite]\ntoken = \"k\"\n[upstox]\n\"token\" = \"t\"\n", "[kite]\ntoken = \"k\"\n[upstox]\n\"access_token\" = \"t\"\n",
			[]string{"upstox.token"}, []string{"4"}, []string{"UPSTOX_ACCESS_TOKEN"}},
		{"an inline table", "secrets.toml", "upstox = { user_token = \"u\", token = \"t\" }\n", "upstox = { user_token = \"u\", access_token = \"t\" }\n",
			[]string{"upstox.token"}, []string{"1"}, []string{"UPSTOX_ACCESS_TOKEN"}},
		{"the root", "secrets.toml", "token = \"t\"\n", "UPSTOX_ACCESS_TOKEN = \"t\"\n",
			[]string{"token"}, []string{"1"}, []string{"UPSTOX_ACCESS_TOKEN"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, dir, tc.file, tc.text)
			f := Finding{Evidence: map[string]any{"near": "x", "near_kind": "variable", "near_names": tc.names, "near_lines": tc.lines, "near_for": tc.variable, "file": tc.file}}
			shell(t, dir, "", nil, filled(useNear(f)[0], f))
			if got := read(t, dir, tc.file); got != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

// TestNearNamesAreNoCommands: evidence may come from a recording.
func TestNearNamesAreNoCommands(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"A;reboot", "$(reboot)", "A B", "-A", "A'", "A/e", ""} {
		f := Finding{Evidence: map[string]any{"near": name, "near_kind": "variable", "near_names": []string{name}, "near_lines": []string{"1"}, "near_for": []string{"UPSTOX_ACCESS_TOKEN"}}}
		if steps := useNear(f); steps != nil {
			t.Errorf("%q is put into %q", name, steps[0].Run)
		}
	}
}

// TestNearInEachShell holds the commands of Windows, where no shell runs them here.
func TestNearInEachShell(t *testing.T) {
	t.Parallel()
	one := map[string]any{"near": "UPSTOX_TOKEN", "near_kind": "variable", "near_names": []string{"UPSTOX_TOKEN"}, "near_lines": []string{"0"}, "near_for": []string{"UPSTOX_ACCESS_TOKEN"}}
	s := useNear(Finding{Evidence: one})
	for got, want := range map[string]string{
		s[0].Run:     `export UPSTOX_ACCESS_TOKEN="$UPSTOX_TOKEN"`,
		s[0].Windows: `$env:UPSTOX_ACCESS_TOKEN = $env:UPSTOX_TOKEN`,
		s[0].Cmd:     `set "UPSTOX_ACCESS_TOKEN=%UPSTOX_TOKEN%"`,
		s[1].Windows: `[Environment]::SetEnvironmentVariable('UPSTOX_ACCESS_TOKEN', $env:UPSTOX_TOKEN, 'User')`,
		s[1].Cmd:     `setx UPSTOX_ACCESS_TOKEN %UPSTOX_TOKEN%`,
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	one["file"] = ".env"
	if got, want := useNear(Finding{Evidence: one})[0].Windows, `if ($n -eq 0) { $l = $l -replace '^(.*?)\bUPSTOX_TOKEN\b', '${1}UPSTOX_ACCESS_TOKEN' }; $l`; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s in it", got, want)
	}
	for goos, want := range map[string]string{"linux": "install -m 600 {near} {file}", "windows": "Copy-Item {near} {file}"} {
		shell := map[string]Shell{"linux": POSIX, "windows": PowerShell}[goos]
		if got, _ := useNear(Finding{Evidence: map[string]any{"near": "token.txt", "near_kind": "file"}})[0].Command(goos, shell); got != want {
			t.Errorf("%s: got %s, want %s", goos, got, want)
		}
	}
}
