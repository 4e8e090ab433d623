package catalog

import (
	"fmt"
	"strings"
	"testing"
)

// unbalanced says what a line of PowerShell or cmd.exe leaves open, or closes
// without having opened it. PowerShell takes all in single quotes as it stands, and
// in double quotes ` escapes the next character; cmd.exe knows double quotes only.
func unbalanced(line string, shell Shell) string {
	var open []rune
	quote := rune(0)
	pairs := map[rune]rune{')': '(', ']': '[', '}': '{'}
	escaped := false
	for i, r := range line {
		switch {
		case escaped:
			escaped = false
		case r == '`' && shell == PowerShell && quote != '\'':
			escaped = true
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"', r == '\'' && shell == PowerShell:
			quote = r
		case strings.ContainsRune("([{", r):
			open = append(open, r)
		case pairs[r] != 0:
			if len(open) == 0 || open[len(open)-1] != pairs[r] {
				return fmt.Sprintf("%c at %d closes nothing", r, i)
			}
			open = open[:len(open)-1]
		}
	}
	switch {
	case quote != 0:
		return fmt.Sprintf("%c is not closed", quote)
	case len(open) > 0:
		return fmt.Sprintf("%c is not closed", open[len(open)-1])
	case escaped:
		return "` at the end"
	}
	return ""
}

// findings are what remedies tell apart: where a value stands, and what else is
// known.
func findings() (all []Finding) {
	known := map[string]any{
		"kind": "oauth", "issuer": "CN=A", "names": []string{"a.example"}, "hosts_file": "h", "skew_seconds": 600, "retry_after_seconds": 9,
		"other_local_connections": 1, "local_programs": []string{"python3, process 4711"}, "other_variables": []string{"UPSTOX_ANALYTICS_TOKEN"},
		"proxy": "http://p:1", "connection_age_seconds": 1,
	}
	for _, at := range []map[string]any{
		{"source": "environment"}, {"source": "command line"}, {"source": "environment", "set_in_file": "~/.bashrc", "set_in_line": 3},
		{"file": ".env", "line": 4}, {"file": ".streamlit/secrets.toml", "line": 4}, {"file": ".upstox_token"},
	} {
		for _, problem := range []string{"permission", "encoding", "syntax", "missing", "directory", "too-big"} {
			for _, variable := range []string{"UPSTOX_ACCESS_TOKEN", "UPSTOX_API_SECRET"} {
				f := Finding{Target: feedHost, Evidence: map[string]any{"variable": variable, "problem": problem, "encoding": "UTF-16LE"}}
				for _, part := range []map[string]any{known, at} {
					for name, value := range part {
						f.Evidence[name] = value
					}
				}
				bare := Finding{Target: feedHost, Evidence: map[string]any{"variable": variable, "problem": problem}}
				for name, value := range at {
					bare.Evidence[name] = value
				}
				all = append(all, f, bare)
			}
		}
	}
	return append(all, Finding{})
}

// TestWindowsCommandsAreWhole stands in for the shells that are not here: each
// command for PowerShell and cmd.exe closes what it opens.
func TestWindowsCommandsAreWhole(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, e := range All() {
		for _, f := range findings() {
			for _, s := range e.StepsFor(f) {
				for shell, line := range map[Shell]string{PowerShell: s.Windows, Cmd: s.Cmd} {
					if seen[line] {
						continue
					}
					seen[line] = true
					for _, name := range Placeholders {
						line = strings.ReplaceAll(line, "{"+name+"}", "x")
					}
					if fault := unbalanced(line, shell); fault != "" {
						t.Errorf("%s, %s: %s: %s", e.Code, shell, fault, line)
					}
				}
			}
		}
	}
	if len(seen) < 40 {
		t.Errorf("only %d commands were read", len(seen))
	}
}

func TestUnbalanced(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		`Get-Item 'a(' | Select-String "b` + "`" + `"["`: "", `(a[0]{b})`: "", `"a`: `" is not closed`, `'a`: "' is not closed", `(a`: "( is not closed", `a)`: ") at 1 closes nothing", `(a]`: "] at 2 closes nothing",
	} {
		if got := unbalanced(line, PowerShell); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
	if got := unbalanced("set A=it's", Cmd); got != "" {
		t.Errorf("cmd.exe: %s", got)
	}
}
