package feed

import (
	"net/url"
	"strings"
)

// A veil redacts the feed URL's one-time query and each value in it, raw and
// unescaped. Peers repeat them in error pages and redirects.
type veil struct {
	secrets  []string
	replacer *strings.Replacer
}

// newVeil collects the secrets of the URL. Values of less than four bytes are
// left out: they are not secret, and occur in any text.
func newVeil(u *url.URL) veil {
	var v veil
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

func (v veil) hide(text string) string { return v.replacer.Replace(text) }

// body redacts a body, which may end within a secret if it was cut at the limit.
func (v veil) body(b []byte, limit int) []byte {
	text := v.hide(string(b))
	if len(b) < limit {
		return []byte(text)
	}
	for _, s := range v.secrets {
		for n := min(len(s)-1, len(text)); n > 0; n-- {
			if strings.HasSuffix(text, s[:n]) {
				text = text[:len(text)-n]
				break
			}
		}
	}
	return []byte(text)
}

// bare removes from a URL everything that can hold a secret.
func bare(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		raw, _, _ = strings.Cut(raw, "?")
		return raw
	}
	u.User, u.RawQuery, u.ForceQuery, u.Fragment = nil, "", false, ""
	return u.String()
}
