package help

import (
	"strings"
	"testing"
)

// Every text keeps to the part of Markdown that is understood, to ASCII, which
// every terminal shows, and to lines of code that fit.
func TestTopicsAreWellWritten(t *testing.T) {
	t.Parallel()
	for _, name := range Topics() {
		text, _ := files.ReadFile(name + ".md")
		blocks, err := parse(string(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if blocks[0].kind != title || !strings.HasPrefix(blocks[0].text, name+": ") {
			t.Errorf("%s begins with %q, not with a title that names it", name, blocks[0].text)
		}
		for _, b := range blocks {
			for _, line := range append(b.lines, b.text) {
				if b.kind == code && len(line) > 76 {
					t.Errorf("%s: a line of %d characters: %s", name, len(line), line)
				}
				if strings.ContainsFunc(line, func(r rune) bool { return r > '~' }) {
					t.Errorf("%s: not ASCII: %s", name, line)
				}
			}
			for _, s := range spans(b.text) {
				if _, ok := readTopic(strings.TrimSuffix(s.link, ".md")); s.link != "" && !ok {
					t.Errorf("%s: a link to %s leads nowhere", name, s.link)
				}
			}
		}
	}
}

func TestParseRefusesWhatItCannotShow(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"### deep", "* star", "> quote", "<b>html</b>", "```\nopen", "| a | b |\n| c |", "an odd ` mark", "*bold*", "    indented", "![a](b.png)"} {
		if _, err := parse("# t: t\n\n" + text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

const sample = "# sample: a text\n\nOne `code word` and a [link](check.md) to the check, which is long enough to be wrapped.\n\n- first\n  goes on\n- second\n\n1. one\n2. two\n\n```\nrun me --now\n```\n\n## Section\n\n| a | b |\n|---|---|\n| `x\\|y` | .z |\n"

func TestTerminal(t *testing.T) {
	t.Parallel()
	blocks, err := parse(sample)
	if err != nil {
		t.Fatal(err)
	}
	want := "SAMPLE: A TEXT\n\nOne code word and a link (upstox-doctor\nhelp check) to the check, which is long\nenough to be wrapped.\n\n- first goes on\n- second\n1. one\n2. two\n\n  run me --now\n\nSECTION\n\na    b\nx|y  .z\n"
	if got := terminal(blocks, 40); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestRoff(t *testing.T) {
	t.Parallel()
	blocks, _ := parse(sample)
	var out strings.Builder
	roff(&out, blocks)
	for _, want := range []string{".SH SAMPLE: A TEXT\nOne \\fBcode\\fP \\fBword\\fP", ".IP \\(bu 4\nfirst goes on\n", ".IP 2. 4\ntwo\n", ".nf\nrun me \\-\\-now\n.fi", ".TP\n\\fBx|y\\fP\n\\&.z\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, out.String())
		}
	}
}
