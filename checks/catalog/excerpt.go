package catalog

import (
	"strings"
	"unicode"

	"upstox-doctor/checks/lazyregexp"
)

const (
	maxExcerptRunes = 200
	excerptLead     = 60   // runes before the match, where the line is too long
	maxExcerptBytes = 4000 // more is not searched for secrets, and not shown
)

// secrets are patterns of secrets in logs. The first group is kept.
var secrets = []*lazyregexp.Regexp{
	lazyregexp.New(`()eyJ[\w-]+(?:\.[\w-]*)*`),
	lazyregexp.New(`(?i)(bearer\s+)[^\s"',;]+`),
	lazyregexp.New(`(?i)((?:token|secret|password|passwd|pin|otp|authorization|request_?id)\\?["']?\s*[=:]\s*\\?["']?)[^\s"'&,;})\\]{4,}`),
	lazyregexp.New(`(?i)([?&;](?:code|state|client_id)=)[^\s"'&,;})\\]+`),
	lazyregexp.New(`(://)[^/\s"']*@`),
	lazyregexp.New(`()\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b`),
}

var colours = lazyregexp.New(`\x1b\[[0-9;?]*[ -/]*[@-~]`)

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
