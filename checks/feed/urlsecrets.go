package feed

import (
	"net/url"
	"strings"
)

// A urlRedactor redacts the feed URL's one-time query and each value in it, raw
// and unescaped. Peers repeat them in error pages and redirects.
type urlRedactor struct {
	secrets  []string
	replacer *strings.Replacer
}

// newURLRedactor collects the secrets of the URL. Values of less than four
// bytes are left out: they are not secret, and occur in any text.
func newURLRedactor(u *url.URL) urlRedactor {
	var v urlRedactor
	add := func(secret string) {
		if len(secret) >= 4 {
			v.secrets = append(v.secrets, secret)
		}
	}
	add(u.RawQuery)
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		_, value, _ := strings.Cut(part, "=")
		add(value)
		if plain, err := url.QueryUnescape(value); err == nil {
			add(plain)
		}
	}
	var pairs []string
	for _, s := range v.secrets {
		pairs = append(pairs, s, "…")
	}
	v.replacer = strings.NewReplacer(pairs...)
	return v
}

func (r urlRedactor) redact(text string) string { return r.replacer.Replace(text) }

// redactBody redacts a body, which may end within a secret if it was cut at the
// limit.
func (r urlRedactor) redactBody(b []byte, limit int) []byte {
	text := r.redact(string(b))
	if len(b) < limit {
		return []byte(text)
	}
	for _, s := range r.secrets {
		for n := min(len(s)-1, len(text)); n > 0; n-- {
			if strings.HasSuffix(text, s[:n]) {
				text = text[:len(text)-n]
				break
			}
		}
	}
	return []byte(text)
}

// stripURL removes from a URL everything that can hold a secret.
func stripURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		raw, _, _ = strings.Cut(raw, "?")
		return raw
	}
	u.User, u.RawQuery, u.ForceQuery, u.Fragment = nil, "", false, ""
	return u.String()
}
