package feed

import (
	"net/url"
	"strings"
)

// A veil hides what must not be seen of the feed URL: its query, and each
// value in it, escaped or not. Peers repeat it in error pages and redirects.
type veil struct {
	secrets  []string
	replacer *strings.Replacer
}

// newVeil collects the secrets of the URL. Values of less than four bytes
// cannot be secret, and would tear holes into any text.
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

// body hides secrets in a body, which ends in the middle of one if it was cut
// at the limit.
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

// bare strips a URL of everything that can hold a secret.
func bare(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		raw, _, _ = strings.Cut(raw, "?")
		return raw
	}
	u.User, u.RawQuery, u.ForceQuery, u.Fragment = nil, "", false, ""
	return u.String()
}
