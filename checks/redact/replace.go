package redact

import (
	"slices"
	"strings"
)

// Replace is String with the text that with returns in place of each secret. All
// else, including a Mark, is unchanged, and the returned text is not redacted
// again. If it is as long as the secret, Replace can be used on binary data.
func (s *Set) Replace(text string, with func(secret string) string) string {
	known := s.patterns()
	parts := splitParts(text)
	for again := true; again; {
		again = false
		var next []part
		for _, p := range parts {
			if p.kind != open {
				next = append(next, p)
				continue
			}
			cut := p.truncated(append(shapes(p.text), known.find(p.text)...))
			again = again || len(cut) > 1 || len(cut) == 1 && cut[0].kind != open
			next = append(next, cut...)
		}
		parts = next
	}
	if len(parts) == 1 && parts[0].kind == open {
		return text
	}
	var b strings.Builder
	for _, p := range parts {
		if p.kind == secret {
			b.WriteString(with(p.text))
			continue
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// A part is a stretch of text and what is known of it.
type part struct {
	text string
	kind int
}

const (
	open   = iota // may hold secrets
	secret        // is one
	closed        // a Mark
)

// splitParts returns the text cut at each Mark, as pass sees it.
func splitParts(text string) []part {
	var parts []part
	for i, piece := range strings.Split(text, Mark) {
		if i > 0 {
			parts = append(parts, part{Mark, closed})
		}
		if piece != "" {
			parts = append(parts, part{piece, open})
		}
	}
	return parts
}

// truncated takes spans out of a part, as maskSpans does.
func (p part) truncated(spans []span) []part {
	if len(spans) == 0 {
		return []part{p}
	}
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var parts []part
	add := func(text string, kind int) {
		if text != "" {
			parts = append(parts, part{text, kind})
		}
	}
	from, to := spans[0].from, spans[0].to
	add(p.text[:from], open)
	for _, s := range spans[1:] {
		if s.from > to {
			add(p.text[from:to], secret)
			add(p.text[to:s.from], open)
			from = s.from
		}
		to = max(to, s.to)
	}
	add(p.text[from:to], secret)
	add(p.text[to:], open)
	return parts
}

// IsSecretName reports whether a member of that name holds a secret whatever
// its value looks like.
func IsSecretName(name string) bool { return field.MatchString(name) }
