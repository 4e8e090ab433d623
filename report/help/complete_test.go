package help

import (
	"strings"
	"testing"
)

var small = Program{
	Name:  "upstox-doctor",
	Flags: []Flag{{Name: "simulate", Value: "SCENARIO"}, {Name: "output", Short: "o", Value: "FORMAT", Many: true}, {Name: "only", Value: "CHECKS", Many: true}, {Name: "login"}},
	Commands: []Command{
		{Name: "login", Aliases: []string{"refresh"}, Flags: []Flag{{Name: "qr"}, {Name: "code-from", Value: "FILE"}}},
		{Name: "explain", Args: "[CODE, NUMBER or FILE]"},
		{Name: "schedule", Args: "[cron or systemd]"},
		{Name: "bundle", Args: "[FILE.zip]"},
		{Name: "simulate", Args: "SCENARIO, or run SCENARIO -- COMMAND"},
	},
}

func smallValues(kind, _ string) []Candidate {
	var all []Candidate
	for _, word := range map[string][]string{"SCENARIO": {"healthy", "odd|name here"}, "FORMAT": {"json"}, "CHECKS": {"token", "ticks"}, "CODE": {"token-expired"}}[kind] {
		all = append(all, Candidate{Word: word})
	}
	return all
}

func TestComplete(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"":                         "login refresh explain schedule bundle simulate",
		"lo":                       "login",
		"--s":                      "--simulate",
		"--simulate he":            "healthy",
		"--simulate=he":            "--simulate=healthy",
		"-o ":                      "json",
		"-o json=":                 "FILES json=",
		"--output=json=r":          "FILES --output=json=",
		"--only token,t":           "token,token token,ticks",
		"--simulate healthy logi":  "login",
		"login --q":                "--qr",
		"refresh --code-from x":    "FILES",
		"explain tok":              "token-expired FILES",
		"explain --login tok":      "token-expired FILES",
		"schedule ":                "cron systemd",
		"bundle ":                  "FILES",
		"simulate r":               "run FILES",
		"simulate run healthy -- ": "FILES",
		"--only -- ":               "login refresh explain schedule bundle simulate", // the flag has taken the dashes
		"- lo":                     "login",
		"$(x) --simulate he":       "healthy",
		"--simulate $(x)":          "",
		"unknown lo":               "login",
	} {
		words := strings.Split(typed, " ")
		found := small.Complete(words, smallValues)
		var got []string
		for _, c := range found.Candidates {
			got = append(got, c.Word)
		}
		if found.Files {
			got = append(got, strings.TrimSpace("FILES "+found.Prefix))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, want %q", typed, strings.Join(got, " "), want)
		}
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		shell string
		args  []string
		want  string
	}{
		{"bash", []string{"=:|", "upstox-doctor --simulate=he"}, "words\t\nhealthy\t\n"},
		{"bash", []string{"", "upstox-doctor --simulate=he"}, "words\t\n--simulate=healthy\t\n"},
		{"bash", []string{"=:|", "x=1 upstox-doctor --simulate odd"}, "words\t\nodd\\|name\\ here\t\n"},
		{"bash", []string{"=:|", `upstox-doctor --simulate "odd|n`}, "words\t\nodd|name here\t\n"},
		{"bash", []string{"=:|", `upstox-doctor --simulate odd\|`}, "words\t\nodd\\|name\\ here\t\n"},
		{"bash", []string{"=:|", "true; upstox-doctor lo"}, "words\t\nlogin\t\n"},
		{"bash", []string{"=:|", "upstox-docto"}, "words\t\nlogin\t\nrefresh\t\nexplain\t\nschedule\t\nbundle\t\nsimulate\t\n"},
		{"bash", []string{"=:|", ""}, "words\t\nlogin\t\nrefresh\t\nexplain\t\nschedule\t\nbundle\t\nsimulate\t\n"},
		{"bash", []string{"one"}, ""},
		{"zsh", []string{"--simulate", "odd|"}, "words\t\nodd|name here\t\n"},
		{"fish", []string{"--simulate", "'odd|n"}, "words\t\nodd|name here\t\n"},
		{"fish", []string{`-o`, "json="}, "files\tjson=\n"},
		{"powershell", []string{"dXBzdG94LWRvY3RvciAtLXNpbXVsYXRlICdvZGR8bg=="}, "words\t\nodd|name here\t\n"}, // upstox-doctor --simulate 'odd|n
		{"powershell", []string{"!"}, ""},
		{"cmd", []string{""}, ""},
	} {
		if got := small.Answer(tc.shell, tc.args, smallValues); got != tc.want {
			t.Errorf("%s %q: got %q, want %q", tc.shell, tc.args, got, tc.want)
		}
	}
}

// FuzzReadLine: no line makes the reader fail, and a line without marks is its
// words.
func FuzzReadLine(f *testing.F) {
	f.Add("upstox-doctor --simulate=$(x) 'a b")
	f.Add("a=1 b \\")
	f.Fuzz(func(t *testing.T, text string) {
		for _, rules := range []shellRules{bashRules, powershellRules} {
			l := readLine(text, rules)
			if len(l.words) == 0 || l.from > len(l.current()) {
				t.Errorf("%q gives %q from %d", text, l.words, l.from)
			}
		}
	})
}
