package report

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"upstox-doctor/checks/doctor"
)

var (
	mdFence   = regexp.MustCompile("^ *(`{3,})$")
	mdLead    = regexp.MustCompile(`^(?:#{2,3} | *- |\d+\. )`)
	mdLink    = regexp.MustCompile(`^<(https?://[^\s<>]+)>`)
	mdEscaped = regexp.MustCompile("^\\\\[!-/:-@\\[-`{-~]")
)

// validMarkdown reads it by the rules of CommonMark and of GitHub's tables, as
// far as reports may use them: whatever came from outside must come out as it
// was.
func validMarkdown(d Document, written []byte) error {
	rows, fence := 0, ""
	for line := range strings.Lines(string(written)) {
		line = strings.TrimSuffix(line, "\n")
		m := mdFence.FindStringSubmatch(line)
		switch {
		case fence != "":
			if m != nil && len(m[1]) >= len(fence) {
				fence = ""
			}
		case m != nil:
			fence = m[1]
		case strings.HasPrefix(line, "|"):
			if rows++; rows <= 2 {
				continue // the head and the rule below it
			}
			if rows-3 >= len(d.Checks) {
				return fmt.Errorf("too many rows: %q", line)
			}
			if err := mdRow(d.Checks[rows-3], line); err != nil {
				return fmt.Errorf("%w in %q", err, line)
			}
		default:
			if rows > 2 && rows != len(d.Checks)+2 {
				return fmt.Errorf("the table is broken by %q", line)
			}
			line = strings.Replace(mdLead.ReplaceAllString(line, ""), "**Login:**", "", 1)
			if _, err := mdPlain(line); err != nil || regexp.MustCompile(`^(?:[-+*]|\d+[.)] )`).MatchString(line) {
				return fmt.Errorf("%w in %q", errors.Join(err, errors.New("not plain")), line)
			}
		}
	}
	if rows != len(d.Checks)+2 || fence != "" {
		return fmt.Errorf("%d rows of %d checks, open fence %q", rows, len(d.Checks), fence)
	}
	return nil
}

func mdRow(c Check, line string) error {
	cells := strings.Split(strings.ReplaceAll(line, `\|`, "\x00"), "|")
	if len(cells) != 6 {
		return fmt.Errorf("%d cells", len(cells)-2)
	}
	text, err := mdPlain(strings.TrimSpace(strings.ReplaceAll(cells[4], "\x00", "|")))
	if strings.Contains(c.Message, "@") {
		text = strings.ReplaceAll(text, `\ |`, `\|`)
	}
	if err == nil && text != strings.ReplaceAll(c.Message, `\ |`, `\|`) && text != c.Message {
		err = fmt.Errorf("%q, want %q", text, c.Message)
	}
	return err
}

// mdPlain is the text of a line without marks, where only code, addresses in
// angles and escaped marks may be.
func mdPlain(s string) (string, error) {
	var out strings.Builder
	for s != "" {
		ticks := s[:len(s)-len(strings.TrimLeft(s, "`"))]
		link := mdLink.FindStringSubmatch(s)
		switch {
		case ticks != "":
			code, rest, ok := mdSpan(s[len(ticks):], ticks)
			if !ok {
				return "", fmt.Errorf("open code")
			}
			out.WriteString(code)
			s = rest
		case link != nil:
			out.WriteString(link[1])
			s = s[len(link[0]):]
		case mdEscaped.MatchString(s):
			out.WriteByte(s[1])
			s = s[2:]
		case strings.ContainsRune(`\*_[]<&~#@`, rune(s[0])) || strings.HasPrefix(s, "://") || strings.HasPrefix(s, "www."):
			return "", fmt.Errorf("a mark at %q", s)
		default:
			out.WriteByte(s[0])
			s = s[1:]
		}
	}
	return out.String(), nil
}

// mdSpan cuts after the code that just as many backticks end.
func mdSpan(s, ticks string) (code, rest string, ok bool) {
	for at := 0; at < len(s); {
		i := strings.IndexByte(s[at:], '`')
		if i < 0 {
			break
		}
		from := at + i
		at = from
		for at < len(s) && s[at] == '`' {
			at++
		}
		if at-from == len(ticks) {
			code = s[:from]
			if len(code) > 2 && code[0] == ' ' && code[len(code)-1] == ' ' && strings.TrimSpace(code) != "" {
				code = code[1 : len(code)-1]
			}
			return code, s[at:], true
		}
	}
	return "", "", false
}

// TestMarkdownIsRendered lets GitHub's own reader of CommonMark make HTML of it.
func TestMarkdownIsRendered(t *testing.T) {
	t.Parallel()
	for _, path := range goldenFiles(t, "markdown") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		html, err := tool(t, text, "cmark-gfm", "-e", "table", "-e", "autolink", "-e", "strikethrough")
		if err != nil {
			t.Fatal(err)
		}
		for mark, want := range map[string]int{"<tr>": 21, "<td>": 60, `<td align="right">`: 20, "omitted": 0, "<em>": 0, "<del>": 0, "<hr": 0} {
			if got := strings.Count(html, mark); got != want {
				t.Errorf("%s: %d of %s, want %d\n%s", path, got, mark, want, html)
			}
		}
		if strings.Contains(path, "expired") && !strings.Contains(html, "<pre><code>upstox-doctor login\n</code></pre>") {
			t.Errorf("%s: the command is no code:\n%s", path, html)
		}
	}
}

func TestMarkdownText(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		{"plain, 1.5 s (ok)", "plain, 1.5 s (ok)"},
		{"- a", `\- a`}, {"1. a", `1\. a`}, {"12) a", `12\) a`}, {"+1", `\+1`}, {"203.0.113.20:443", "203.0.113.20:443"},
		{"a_b*c", `a\_b\*c`}, {"<b>&amp;", `\<b\>\&amp;`}, {"a|b", `a\|b`}, {"# x", `\# x`},
		{"see https://x.example", `see https\://x.example`},
		{"tell @somebody", "`tell @somebody`"},
		{"two\nlines", "two lines"},
	} {
		if got := mdText(tc.in); got != tc.want {
			t.Errorf("%q: got %s, want %s", tc.in, got, tc.want)
		}
	}
	for in, want := range map[string]string{
		"":         "",
		"a`b":      "``a`b``",
		"`":        "`` ` ``",
		"```":      "```` ``` ````",
		"plain":    "`plain`",
		"a``b`c``": "``` a``b`c`` ```",
	} {
		if got := mdCode(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"Open https://a.example/b_c, then wait.":  "Open <https://a.example/b_c>, then wait.",
		"https://a.example":                       "<https://a.example>",
		"No link_here":                            `No link\_here`,
		"Two https://a.example https://b.example": "Two <https://a.example> <https://b.example>",
	} {
		if got := mdSentence(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

func TestMarkdownCommands(t *testing.T) {
	t.Parallel()
	d := document(expiredReport())
	d.RootCauses[0].Fix.Steps = []Step{{Do: "Run it.", Run: "echo ```\necho two"}}
	got := string(inFormat(t, "markdown", d))
	if want := "1. Run it.\n\n   ````\n   echo ```\n   echo two\n   ````\n"; !strings.Contains(got, want) {
		t.Errorf("no\n%s\nin\n%s", want, got)
	}
	if got := string(inFormat(t, "markdown", document(report([]doctor.Result{})))); !strings.Contains(got, "No check has run.") {
		t.Errorf("nothing says so in\n%s", got)
	}
}
