package schedule

import (
	"fmt"
	"strings"

	"upstox-doctor/checks/lazyregexp"
)

// plain is a word that every syntax here takes as it is.
var plain = lazyregexp.New(`^[A-Za-z0-9_./:=,@+-]+$`)

// shWord quotes a word for the POSIX shell in a line of a crontab. A bare %
// ends the command for cron. Most crons take the backslash from \%, some leave
// it to the shell: outside the quotes both give a %. Debian's also makes one
// backslash of two, so no two stand side by side.
func shWord(s string) string {
	if plain.MatchString(s) {
		return s
	}
	s = strings.NewReplacer("'", `'\''`, "%", `'\%'`).Replace(s)
	for strings.Contains(s, `\\`) {
		s = strings.ReplaceAll(s, `\\`, `\''\`)
	}
	return "'" + s + "'"
}

// unitWord quotes a word of ExecStart: % begins a specifier of systemd, and $
// a variable.
func unitWord(s string) string {
	s = strings.NewReplacer("%", "%%", "$", "$$").Replace(s)
	if plain.MatchString(s) {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// unitProgram is the start of ExecStart. Systemd starts no program with a
// quote or backslash in its path, nor expands variables in it: such ones are
// left to the shell.
func unitProgram(path string) string {
	if strings.ContainsAny(path, "\"'\\$") {
		return "/bin/sh -c " + unitWord(`exec "$0" "$@"`) + " " + unitWord(path)
	}
	return unitWord(path)
}

// unitPath writes a path that stands alone as the value of a setting, where
// nothing is quoted. A backslash or a space at its end would not be read as
// part of it.
func unitPath(s string) string {
	if strings.HasSuffix(s, `\`) || strings.HasSuffix(s, " ") {
		s += "/"
	}
	return strings.ReplaceAll(s, "%", "%%")
}

// windowsWord quotes an argument as programs on Windows take their command
// line apart: backslashes count double before a quote.
func windowsWord(s string) (string, error) {
	switch {
	case strings.Contains(s, `"`):
		return "", fmt.Errorf("path %q: holds a quote", s)
	case strings.Contains(s, "%"):
		return "", fmt.Errorf("path %q: holds %%, which the Task Scheduler takes for a variable", s)
	case plain.MatchString(strings.ReplaceAll(s, `\`, "/")):
		return s, nil
	}
	body := strings.TrimRight(s, `\`)
	return `"` + body + strings.Repeat(`\`, 2*(len(s)-len(body))) + `"`, nil
}

// xmlText escapes text for XML, in ASCII, so that no encoding on the way can
// spoil it.
func xmlText(s string) string {
	s = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	return b.String()
}
