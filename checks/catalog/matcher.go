package catalog

import (
	"strings"
	"sync"
)

// A pattern is one Pattern of a Text: a piece of at least four bytes, the pieces
// that follow it, and all entries that have it.
type pattern struct {
	piece string
	rest  []string
	refs  []reference
}

// A reference is what a pattern indicates: an entry, or if that is nil, a mark.
type reference struct {
	entry   *Entry
	rank    int
	meaning string
	mark    mark
}

// A matcher finds all patterns of a line in one pass: it looks at every four
// bytes whether some piece has them as its rarest four, and only then at the
// piece.
type matcher struct {
	patterns   []pattern
	grams      map[uint32][]key // the patterns by the rarest four bytes of their piece
	candidates [1 << 10]uint64  // a bit for the hash of every key of grams
}

// A key is a pattern, and the offset of the rarest four bytes in its piece.
type key struct{ pattern, offset int }

// logMatcher holds the texts of all entries and marks, the UDAPI codes, and the
// codes as a JSON report of the doctor writes them.
var logMatcher = sync.OnceValue(func() *matcher {
	m := &matcher{grams: map[uint32][]key{}}
	known := map[string]int{}
	add := func(text string, p reference) {
		i, ok := known[text]
		if !ok {
			i = m.add(text)
			known[text] = i
		}
		m.patterns[i].refs = append(m.patterns[i].refs, p)
	}
	for _, c := range upstoxCodes {
		add(strings.ToLower(c.Code), reference{entry: c.Entry, rank: rankAnswer, meaning: c.Meaning})
	}
	for _, e := range all {
		add(`"code": "`+e.Code+`"`, reference{entry: e, rank: rankAnswer + 5})
		add(`"code":"`+e.Code+`"`, reference{entry: e, rank: rankAnswer + 5})
		for _, t := range e.Texts {
			c, _ := LookupUpstox(t.Pattern)
			add(t.Pattern, reference{entry: e, rank: t.Rank, meaning: c.Meaning})
		}
	}
	for _, m := range markTexts {
		for _, text := range m.texts {
			add(text, reference{mark: m.mark})
		}
	}
	return m
})

// add adds a pattern and returns its index.
func (m *matcher) add(text string) int {
	pieces := strings.Split(text, "…")
	n, at := len(m.patterns), m.rarest(pieces[0])
	m.patterns = append(m.patterns, pattern{piece: pieces[0], rest: pieces[1:]})
	g := gram(pieces[0][at:])
	m.grams[g] = append(m.grams[g], key{n, at})
	m.candidates[hash(g)>>6] |= 1 << (hash(g) & 63)
	return n
}

// each calls found once for every pattern in the line, with its offset. Done has
// an element for each pattern, in which each stores the number of the line; it
// must differ from those of earlier calls.
func (m *matcher) each(line string, number int, done []int, found func(p pattern, at int)) {
	for i := 0; i+4 <= len(line); i++ {
		g := gram(line[i:])
		if m.candidates[hash(g)>>6]&(1<<(hash(g)&63)) == 0 {
			continue
		}
		for _, k := range m.grams[g] {
			p, at := m.patterns[k.pattern], i-k.offset
			if at < 0 || !wordAt(line, p.piece, at) || done[k.pattern] == number {
				continue
			}
			done[k.pattern] = number
			if follow(line[at+len(p.piece):], p.rest) {
				found(p, at)
			}
		}
	}
}

// follow reports whether the line holds the pieces, in this order.
func follow(line string, pieces []string) bool {
	for _, piece := range pieces {
		at := wordIndex(line, piece)
		if at < 0 {
			return false
		}
		line = line[at+len(piece):]
	}
	return true
}

// wordIndex is strings.Index for a piece whose ends do not cut a word or
// number in two.
func wordIndex(line, piece string) int {
	for from := 0; ; {
		i := strings.Index(line[from:], piece)
		if i < 0 {
			return -1
		}
		if wordAt(line, piece, from+i) {
			return from + i
		}
		from += i + 1
	}
}

// wordAt reports whether the piece is at that offset and cuts no word there.
func wordAt(line, piece string, at int) bool {
	return strings.HasPrefix(line[at:], piece) &&
		!(at > 0 && isWordByte(line[at-1]) && isWordByte(piece[0])) &&
		!(at+len(piece) < len(line) && isWordByte(line[at+len(piece)]) && isWordByte(piece[len(piece)-1]))
}

func isWordByte(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

// rarest returns the offset of the four bytes of the piece that the fewest
// patterns use so far, and among equals those that are rarest in logs.
func (m *matcher) rarest(piece string) int {
	const common = "zqxjkvbywgpfmucdlhrsnioate 0123456789" // the further right, the more common
	best, least := 0, -1
	for at := 0; at+4 <= len(piece); at++ {
		sum := 1000 * len(m.grams[gram(piece[at:])])
		for _, c := range []byte(piece[at : at+4]) {
			sum += strings.IndexByte(common, c) + 1
		}
		if least < 0 || sum < least {
			best, least = at, sum
		}
	}
	return best
}

// gram packs the first four bytes.
func gram(s string) uint32 {
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// hash is 16 bits of the gram.
func hash(g uint32) uint32 { return g * 0x9E3779B1 >> 16 }
