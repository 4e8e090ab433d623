package catalog

import (
	"regexp"
	"strings"
	"unicode"
)

const (
	maxExcerptRunes = 200
	excerptLead     = 60   // runes before the match, where the line is too long
	maxExcerptBytes = 4000 // more is not searched for secrets, and not shown
)

// secrets are patterns of secrets in logs. The first group is kept.
var secrets = []*regexp.Regexp{
	regexp.MustCompile(`()eyJ[\w-]+(?:\.[\w-]*)*`),
	regexp.MustCompile(`(?i)(bearer\s+)[^\s"',;]+`),
	regexp.MustCompile(`(?i)((?:token|secret|password|passwd|pin|otp|authorization|request_?id)\\?["']?\s*[=:]\s*\\?["']?)[^\s"'&,;})\\]{4,}`),
	regexp.MustCompile(`(?i)([?&;](?:code|state|client_id)=)[^\s"'&,;})\\]+`),
	regexp.MustCompile(`(://)[^/\s"']*@`),
	regexp.MustCompile(`()\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b`),
}

var colours = regexp.MustCompile(`\x1b\[[0-9;?]*[ -/]*[@-~]`)

// excerpt returns the line, or its part around the match at byte at, without
// secrets and control characters, trimmed and cut.
func excerpt(line string, at int) string {
	head := ""
	if at <= maxExcerptBytes {
		head = cleanLine(line[:at])
	}
	tail := cleanLine(line[at:min(len(line), at+maxExcerptBytes)])
	if h := []rune(head); at > maxExcerptBytes || len(h) > excerptLead && len(h)+len([]rune(tail)) > maxExcerptRunes {
		head = "…" + string(h[max(0, len(h)-excerptLead):])
	}
	whole := []rune(strings.TrimSpace(head + tail))
	if len(whole) > maxExcerptRunes {
		whole = append(whole[:maxExcerptRunes-1], '…')
	}
	return string(whole)
}

func cleanLine(s string) string {
	s = colours.ReplaceAllString(strings.ToValidUTF8(s, "\uFFFD"), "")
	for _, re := range secrets {
		s = re.ReplaceAllString(s, "${1}…")
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
}
