package catalog

import (
	"slices"
	"strings"
	"testing"
)

// commands are those of the steps, one a line.
func commands(steps []Step) string {
	var lines []string
	for _, s := range steps {
		if s.Run != "" {
			lines = append(lines, s.Run)
		}
	}
	return strings.Join(lines, "\n")
}

func TestStepsForAStartFile(t *testing.T) {
	t.Parallel()
	dead := map[string]any{"source": "environment", "variable": "UPSTOX_ACCESS_TOKEN", "kind": "oauth"}
	atStart := map[string]any{"set_in_file": "~/.bashrc", "set_in_line": 4}
	for _, tc := range []struct {
		name  string
		entry *Entry
		seen  []map[string]any
		want  []string // parts of the commands, in this order
		not   string
	}{
		{"set in no file that is known", TokenExpired, []map[string]any{dead}, []string{"unset {variable}", "login"}, "set_in"},
		{"the only thing on its line", TokenExpired, []map[string]any{dead, atStart}, []string{"unset {variable}", "sed -i -E '{set_in_line}s/", `UPSTOX_ACCESS_TOKEN=)/\1: # \2/' "$(readlink -f {set_in_file})"`, "login"}, "EDITOR"},
		{"not the only thing", TokenExpired, []map[string]any{dead, atStart, {"set_with_others": true}}, []string{"unset {variable}", "+{set_in_line} {set_in_file}", "login"}, "sed"},
		{"in two files", TokenExpired, []map[string]any{dead, atStart, {"also_set_in": []string{"~/.profile line 9"}}}, []string{"{set_in_line}s/", "+9 ~/.profile", "login"}, ""},
		{"a file from elsewhere", TokenExpired, []map[string]any{dead, atStart, {"also_set_in": []string{"~/.profile;reboot line 9"}}}, nil, "reboot"},
		{"a second variable", TokenExpired, []map[string]any{dead, {"other_variables": []any{"UPSTOX_ANALYTICS_TOKEN", "X;reboot"}}}, []string{"unset {variable}", "unset UPSTOX_ANALYTICS_TOKEN", "login"}, "reboot"},
		{"stray characters", EnvMalformedValue, []map[string]any{dead, atStart}, []string{"export {variable}=", "+{set_in_line} {set_in_file}"}, "login"},
		{"hidden by a variable", TokenShadowed, []map[string]any{dead, atStart}, []string{"unset {variable}", "{set_in_line}s/"}, "login"},
		{"a proxy", ProxyUnreachable, []map[string]any{{"variable": "HTTPS_PROXY"}, atStart}, []string{"unset {variable}", "{set_in_line}s/"}, ""},
		{"missing, not exported", TokenMissing, []map[string]any{{"variable": "UPSTOX_ACCESS_TOKEN", "not_exported": []string{"UPSTOX_API_KEY", "UPSTOX_ACCESS_TOKEN"}}, atStart}, []string{`"UPSTOX_API_KEY UPSTOX_ACCESS_TOKEN" >>{set_in_file}`, "export UPSTOX_API_KEY UPSTOX_ACCESS_TOKEN"}, "login"},
		{"missing, exported", EnvMissingCredentials, []map[string]any{{"variable": "UPSTOX_API_KEY"}, atStart}, []string{"upstox-doctor"}, "init"},
		{"missing", EnvMissingCredentials, []map[string]any{{"missing": []string{"UPSTOX_API_KEY"}}}, []string{"upstox-doctor init"}, "EDITOR"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := Finding{Evidence: map[string]any{}}
			for _, part := range tc.seen {
				for name, value := range part {
					f.Evidence[name] = value
				}
			}
			rest := commands(tc.entry.StepsFor(f))
			if tc.not != "" && strings.Contains(rest, tc.not) {
				t.Errorf("%q in\n%s", tc.not, rest)
			}
			for _, want := range tc.want {
				_, after, found := strings.Cut(rest, want)
				if !found {
					t.Errorf("no %q in\n%s", want, rest)
				}
				rest = after
			}
		})
	}
}

func TestFishIsTaughtByHand(t *testing.T) {
	t.Parallel()
	steps := TokenMissing.StepsFor(Finding{Evidence: map[string]any{"variable": "UPSTOX_ACCESS_TOKEN", "set_in_file": FishFile, "set_in_line": 1, "not_exported": []string{"UPSTOX_ACCESS_TOKEN"}}})
	if !slices.ContainsFunc(steps, func(s Step) bool { return strings.Contains(s.Do, "set -gx") }) || strings.Contains(commands(steps), "printf") {
		t.Errorf("%+v", steps)
	}
}
