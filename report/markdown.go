package report

import (
	"fmt"
	"io"
	"strings"

	"upstox-doctor/checks/lazyregexp"
)

// markdown writes the report for issues and wikis: CommonMark with tables, and
// without a tag of HTML.
func (d Document) markdown(w io.Writer, _ Options) error {
	var out strings.Builder
	d.mdVerdict(&out)
	for _, c := range d.RootCauses {
		d.mdCause(&out, c)
	}
	if d.Login != nil {
		fmt.Fprintf(&out, "**Login:** %s\n\n", mdInline(d.Login.Message))
	}
	out.WriteString("| Check | Result | Time | What was seen |\n|---|---|--:|---|\n")
	for _, c := range d.Checks {
		result, took := word(c.Status), elapsed(c.DurationMS)
		if c.Code != "" {
			result += " " + mdCode(c.Code)
		}
		if c.Status == "skip" {
			took = ""
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", mdCell(mdCode(named(c, d.Checks))), mdCell(result), mdInline(took), mdInline(c.Message))
	}
	fmt.Fprintf(&out, "\nExit status %d: %s. Started %s, done in %s, %s %s on %s/%s.\n", d.ExitCode, meaning(d.ExitCode),
		mdCode(d.StartedAt), mdInline(elapsed(d.DurationMS)), mdInline(d.Tool.Name), mdInline(d.Tool.Version), mdInline(d.Tool.OS), mdInline(d.Tool.Arch))
	_, err := io.WriteString(w, out.String())
	return err
}

func (d Document) mdVerdict(out *strings.Builder) {
	fmt.Fprintf(out, "## upstox-doctor: %s\n\n", d.Status)
	if text := unfinished(d.End); text != "" {
		fmt.Fprintf(out, "%s\n\n", mdText(text))
	}
	if len(d.RootCauses) == 0 {
		fmt.Fprintf(out, "%s\n\n", mdText(allClear(d)))
	}
}

// mdCause writes one root cause: why, the steps, and all evidence.
func (d Document) mdCause(out *strings.Builder, c Cause) {
	fmt.Fprintf(out, "### %s (%s)\n\n%s\n\n", mdText(c.Title), mdCode(c.Code), mdText(c.Cause))
	for i, s := range c.Fix.Steps {
		head := fmt.Sprintf("%d. ", i+1)
		out.WriteString(head + mdSentence(s.Do) + "\n")
		if s.Run != "" {
			mdCommand(out, strings.Repeat(" ", len(head)), s.Run)
		}
	}
	if c.Fix.Guide != "" {
		fmt.Fprintf(out, "\nGuide: the row %s\n", mdInline(quoted(c.Fix.Guide)))
	}
	out.WriteByte('\n')
	fmt.Fprintf(out, "- Where: %s\n- Seen: %s\n", mdInline(where(c)), mdInline(evidenceOfTargets(d, c)))
	for _, it := range c.Evidence {
		name, value := evidenceText(it)
		if value == "" {
			continue
		}
		fmt.Fprintf(out, "  - %s: %s\n", mdText(name), mdInline(value))
	}
	fmt.Fprintf(out, "- Confidence: %s\n- Who acts: %s\n", mdInline(confidenceText(c.Confidence)), mdInline(ownerText(c.Owner)))
	out.WriteByte('\n')
}

// mdCommand writes a command that can be copied whole, in a fence that nothing
// in it ends.
func mdCommand(out *strings.Builder, indent, run string) {
	fence := strings.Repeat("`", max(3, longest(run)+1))
	fmt.Fprintf(out, "\n%s%s\n", indent, fence)
	for line := range strings.Lines(run) {
		fmt.Fprintf(out, "%s%s\n", indent, printable(line))
	}
	fmt.Fprintf(out, "%s%s\n", indent, fence)
}

// mdSentence is a step, whose addresses stay links.
func mdSentence(s string) string {
	words := strings.Fields(printable(s))
	for i, word := range words {
		at := address.FindStringIndex(word)
		if at == nil || word[at[0]] != 'h' || strings.ContainsAny(word, "|`\\") {
			words[i] = mdInline(word)
			continue
		}
		url := strings.TrimRight(word[at[0]:at[1]], ".,;:!?)")
		words[i] = mdInline(word[:at[0]]) + "<" + url + ">" + mdInline(word[at[0]+len(url):])
	}
	return mdStart.ReplaceAllString(strings.Join(words, " "), `$1\$2`)
}

// mdStart is what begins a list, or a line across the page.
var mdStart = lazyregexp.New(`^(\d*)([-+]|[.)](?: |$))`)

// mdText escapes a text that begins a paragraph.
func mdText(s string) string { return mdStart.ReplaceAllString(mdInline(s), `$1\$2`) }

// mdInline escapes a text inside a line: emphasis, code, links, tags, cells and
// addresses. One with an at sign becomes code, because GitHub tells whoever is
// named behind it.
func mdInline(s string) string {
	s = printable(s)
	if strings.Contains(s, "@") {
		return mdCell(mdCode(s))
	}
	s = mdSpecial.ReplaceAllString(s, `\$0`)
	return strings.NewReplacer("://", `\://`, "www.", `www\.`).Replace(s)
}

var mdSpecial = lazyregexp.New("[\\\\`*_{}\\[\\]<>&|~#$!=]")

// mdCode makes a text code, in more backticks than it has in a row.
func mdCode(s string) string {
	s = printable(s)
	if s == "" {
		return ""
	}
	ticks := strings.Repeat("`", longest(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return ticks + s + ticks
}

// mdCell keeps code from ending its cell early. A backslash right before the
// one that does so would undo it.
func mdCell(s string) string { return strings.NewReplacer(`\|`, `\ \|`, "|", `\|`).Replace(s) }

// longest is the length of the longest row of backticks.
func longest(s string) int {
	limit, row := 0, 0
	for _, r := range s {
		if row++; r != '`' {
			row = 0
		}
		limit = max(limit, row)
	}
	return limit
}
