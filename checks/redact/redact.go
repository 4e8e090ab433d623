// Package redact removes secrets from everything that is shown, and control
// characters from servers' texts. It recognises the secrets that were added, in
// all encodings in which they are sent, and others by their shape.
package redact

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// Mark replaces a secret.
const Mark = "[redacted]"

// A Set holds the secrets of one run. The zero value is ready, a nil Set knows
// shapes only, and all methods may be called at the same time. It must not be
// copied.
type Set struct {
	mu    sync.Mutex
	held  *spelled                 // a pointer, which fmt does not follow
	known atomic.Pointer[[]string] // every spelling, longest first; never changed in place
}

// spelled are the spellings of what a Set was given.
type spelled struct {
	lasting []string   // by Add
	recent  [][]string // by AddOneTime, the newest last
}

// Add makes secrets known: tokens, API secrets, codes, passwords, and a proxy's
// "user:password", of which the password alone and the base64 of Basic
// authentication are then known too. A secret with fewer than 4 characters, not
// counting white space around it, is ignored: it would match ordinary text and is
// too short to be secret.
func (s *Set) Add(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hold()
	for _, secret := range secrets {
		h.lasting = append(h.lasting, encodings(secret)...)
		if _, password, ok := strings.Cut(secret, ":"); ok && !strings.Contains(secret, "://") {
			h.lasting = append(h.lasting, encodings(password)...)
		}
	}
	slices.Sort(h.lasting)
	h.lasting = slices.Compact(h.lasting)
	s.learn()
}

// maxOneTime is how many groups of one-time values are kept. A server that
// repeats one does so soon after it was given out.
const maxOneTime = 32

// AddOneTime makes values known that can be used once, such as those in the
// query of a feed URL. Only the newest groups are kept, since a watch of many
// days requests thousands.
func (s *Set) AddOneTime(values ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var group []string
	for _, v := range values {
		group = append(group, encodings(v)...)
	}
	if len(group) == 0 {
		return
	}
	h := s.hold()
	h.recent = append(h.recent, group)
	if len(h.recent) > maxOneTime {
		h.recent = slices.Delete(h.recent, 0, len(h.recent)-maxOneTime)
	}
	s.learn()
}

// hold returns what the set holds. It requires s.mu, as learn does.
func (s *Set) hold() *spelled {
	if s.held == nil {
		s.held = new(spelled)
	}
	return s.held
}

// learn makes known what the set holds.
func (s *Set) learn() {
	all := slices.Concat(append(s.held.recent, s.held.lasting)...)
	slices.SortFunc(all, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	all = slices.Compact(all)
	s.known.Store(&all)
}

// encodings returns the secret as it may appear in text, URLs, JSON and
// headers.
func encodings(secret string) []string {
	secret = strings.TrimSpace(secret)
	if utf8.RuneCountInString(secret) < 4 {
		return nil
	}
	path, query := url.PathEscape(secret), url.QueryEscape(secret)
	all := []string{secret, path, query, lowerHex(path), lowerHex(query), strings.ReplaceAll(query, "+", "%20")}
	for _, escapeHTML := range []bool{true, false} {
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(escapeHTML)
		if enc.Encode(secret) == nil {
			quoted := strings.TrimSpace(b.String())
			all = append(all, quoted[1:len(quoted)-1])
		}
	}
	all = append(all, strings.ReplaceAll(secret, "/", `\/`))
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		all = append(all, enc.EncodeToString([]byte(secret)))
	}
	return all
}

// lowerHex writes percent escapes in lower case, as some programs do.
func lowerHex(escaped string) string {
	b := []byte(escaped)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:], strings.ToLower(escaped[i+1:i+3]))
			i += 2
		}
	}
	return string(b)
}

// String puts Mark in place of every known secret and of everything that has
// the shape of one: JWTs, credentials after Bearer and in (Proxy-)Authorization
// headers, codes and tokens in queries and JSON, the query of a feed URL, user
// and password in a URL. All else stays byte for byte. What String returns, it
// returns again unchanged.
func (s *Set) String(text string) string {
	var known []string
	if s != nil {
		if p := s.known.Load(); p != nil {
			known = *p
		}
	}
	// Without one secret beside it, text may show a shape that it did not show
	// before; twice is enough for all but contrived text.
	for {
		next := pass(text, known)
		if next == text {
			return text
		}
		text = next
	}
}

// pass redacts each stretch of text between marks.
func pass(text string, known []string) string {
	pieces := strings.Split(text, Mark)
	for i, piece := range pieces {
		pieces[i] = maskSpans(piece, append(shapes(piece), occurrences(piece, known)...))
	}
	return strings.Join(pieces, Mark)
}

// A span is a stretch of text to be taken out.
type span struct{ from, to int }

func occurrences(text string, known []string) []span {
	var spans []span
	for _, secret := range known {
		for at := 0; ; {
			i := strings.Index(text[at:], secret)
			if i < 0 {
				break
			}
			spans = append(spans, span{at + i, at + i + len(secret)})
			at += i + len(secret)
		}
	}
	return spans
}

// maskSpans replaces spans, in any order and overlapping or not. Adjacent spans
// get one mark.
func maskSpans(text string, spans []span) string {
	if len(spans) == 0 {
		return text
	}
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	done := 0 // text is written or taken out up to here
	for i, s := range spans {
		if i == 0 || s.from > done {
			b.WriteString(text[done:s.from])
			b.WriteString(Mark)
		}
		done = max(done, s.to)
	}
	b.WriteString(text[done:])
	return b.String()
}
