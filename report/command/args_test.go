package command

import (
	"strings"
	"testing"
)

func TestReorderArgs(t *testing.T) {
	t.Parallel()
	command := func(word string) bool { return word == "explain" || word == "list" }
	valued := map[string]bool{"output": true, "o": true}
	for given, want := range map[string]string{
		"":                           "",
		"-o json explain 403":        "explain -o json -- 403",
		"explain 403 --output json":  "explain --output json -- 403",
		"explain --output=json list": "explain --output=json -- list",
		"--quiet list":               "list --quiet",
		"explain -- --output":        "explain -- --output",
		"explain -":                  "explain -- -",
		"list -o":                    "list -o",
		"wrong list":                 "-- wrong list",
		"explain a -- b -o":          "explain -- a b -o",
		"-o list":                    "-o list", // the flag takes the word
	} {
		if got := strings.Join(ReorderArgs(strings.Fields(given), command, valued), " "); got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
}
