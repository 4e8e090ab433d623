package dotenv

import (
	"fmt"
	"strings"
	"testing"
)

// awkward are values that must come back whole from a file that quotes them
// rightly.
var awkward = []string{
	"", " ", "plain", "two words", "#", "a # b", "a=b", "=", "$HOME", "${HOME}", "`id`", "it's", `say "hi"`, `back\slash`, `\n`, `\`, `\\`,
	"line\nbreak", "\n", "tab\tstop", "नमस्ते", "export A=b", "A=b\nC=d", "\u200b", "eyJh.eyJi.c-_",
}

func TestDoubleQuotedRoundTrip(t *testing.T) {
	t.Parallel()
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`)
	var b strings.Builder
	for i, value := range awkward {
		fmt.Fprintf(&b, "V%d=\"%s\" # comment with \" and '\n", i, escape.Replace(value))
	}
	checkAwkward(t, b.String(), '"', awkward)
}

func TestSingleQuotedRoundTrip(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	var values []string
	for _, value := range awkward {
		if !strings.Contains(value, "'") {
			fmt.Fprintf(&b, "export V%d = '%s'\n", len(values), value)
			values = append(values, value)
		}
	}
	checkAwkward(t, b.String(), '\'', values)
}

func checkAwkward(t *testing.T, text string, quote byte, want []string) {
	t.Helper()
	f, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Vars) != len(want) {
		t.Fatalf("%d variables, want %d", len(f.Vars), len(want))
	}
	for i, value := range want {
		v, ok := f.Lookup(fmt.Sprintf("V%d", i))
		if !ok || v.Value != value || v.Quote != quote {
			t.Errorf("%q came back as %q in %q", value, v.Value, v.Quote)
		}
	}
}
