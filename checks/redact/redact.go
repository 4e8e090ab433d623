// Package redact removes secrets from everything that is shown, and control
// characters from servers' texts. It recognises the secrets that were added in
// the spellings of spell, beneath up to four layers of escapes, and others by
// their shape.
package redact

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Mark replaces a secret.
const Mark = "[redacted]"

// A Set holds the secrets of one run. The zero value is ready, a nil Set knows
// shapes only, and all methods may be called at the same time. It must not be
// copied.
type Set struct {
	mu    sync.Mutex
	held  *held                    // a pointer, which fmt does not follow
	known atomic.Pointer[patterns] // never changed in place
}

// held are the spellings of what a Set was given.
type held struct {
	lasting spellings   // by Add
	recent  []spellings // by AddOneTime, the newest last
}

// Add makes secrets known: tokens, API secrets, codes, passwords, and a proxy's
// "user:password", of which the password alone is then known too. A secret with
// fewer than 4 characters, not counting white space around it and what cannot be
// seen, is ignored: it would match ordinary text and is too short to be secret.
func (s *Set) Add(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hold()
	for _, secret := range secrets {
		h.lasting.append(spell(secret))
		if _, password, ok := strings.Cut(secret, ":"); ok && !strings.Contains(secret, "://") {
			h.lasting.append(spell(password))
		}
	}
	h.lasting.compact()
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
	var group spellings
	for _, v := range values {
		group.append(spell(v))
	}
	if len(group.lowered) == 0 {
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
func (s *Set) hold() *held {
	if s.held == nil {
		s.held = new(held)
	}
	return s.held
}

// learn makes known what the set holds.
func (s *Set) learn() {
	var all spellings
	for _, group := range append(s.held.recent, s.held.lasting) {
		all.append(group)
	}
	s.known.Store(newPatterns(all))
}

// patterns returns what is known now.
func (s *Set) patterns() *patterns {
	if s == nil {
		return nil
	}
	return s.known.Load()
}

// String puts Mark in place of every known secret and of everything that has
// the shape of one: JWTs, credentials after Bearer and in (Proxy-)Authorization
// headers, codes and tokens in queries and JSON, the query of a feed URL, user
// and password in a URL. All else stays byte for byte. What String returns, it
// returns again unchanged.
func (s *Set) String(text string) string {
	known := s.patterns()
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
func pass(text string, known *patterns) string {
	pieces := strings.Split(text, Mark)
	for i, piece := range pieces {
		pieces[i] = maskSpans(piece, append(shapes(piece), known.find(piece)...))
	}
	return strings.Join(pieces, Mark)
}

// A span is a stretch of text to be taken out.
type span struct{ from, to int }

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
