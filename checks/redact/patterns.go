package redact

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// patterns finds spellings in a text.
type patterns struct{ lowered, letters index }

func newPatterns(s spellings) *patterns {
	return &patterns{newIndex(s.lowered, lowered, minSecret), newIndex(s.letters, letters, partSize)}
}

// maxLayers is how many layers of escapes are undone, such as a URL in JSON in
// a string.
const maxLayers = 4

// find returns where the text holds a spelling, in the text as it is and
// beneath its escapes.
func (p *patterns) find(text string) []span {
	if p == nil {
		return nil
	}
	var spans []span
	v, more := view{text: text}, true
	for layer := 0; more && layer <= maxLayers; layer++ {
		spans = p.lowered.find(spans, v)
		spans = p.letters.find(spans, v)
		v, more = v.unescaped()
	}
	return spans
}

// An index is a list of spellings of one folding, and the set of their heads,
// the first bytes of each.
type index struct {
	fold   folding
	sorted []string
	shift  int // 64 less the bits of a head
	heads  map[uint64]bool
	filter *[1 << 14]uint64 // a bit for the hash of each head
}

func newIndex(all []string, f folding, head int) index {
	x := index{fold: f, shift: 64 - 8*head, heads: make(map[uint64]bool, len(all)), filter: new([1 << 14]uint64)}
	for _, s := range all {
		if len(s) < head {
			continue
		}
		h := uint64(0)
		for _, c := range []byte(s[:head]) {
			h = x.next(h, c)
		}
		x.sorted = append(x.sorted, s)
		x.heads[h] = true
		x.filter[hash(h)/64] |= 1 << (hash(h) % 64)
	}
	slices.Sort(x.sorted)
	x.sorted = slices.Compact(x.sorted)
	return x
}

// next returns the head that ends one byte later.
func (x *index) next(head uint64, c byte) uint64 {
	return (head>>8 | uint64(c)<<56) >> x.shift << x.shift
}

func hash(head uint64) uint64 { return head * 0x9e3779b97f4a7c15 >> 44 }

// find appends the spellings in the view, by their place in the source.
func (x *index) find(spans []span, v view) []span {
	if len(x.sorted) == 0 || !x.any(v.text) {
		return spans
	}
	v = v.folded(x.fold)
	for i := range len(v.text) {
		if n := x.longest(v.text[i:]); n > 0 {
			spans = append(spans, span{int(v.from[i]), int(v.to[i+n-1])})
		}
	}
	return spans
}

// any reports whether the text holds a head. Nearly no text does, so it is made
// up without a view.
func (x *index) any(text string) bool {
	head := uint64(0)
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			i += size
			if r == utf8.RuneError && size == 1 {
				continue
			}
			if r = x.fold.rune(r); r == none {
				continue
			}
			var b [utf8.UTFMax]byte
			for _, c := range b[:utf8.EncodeRune(b[:], r)] {
				if head = x.next(head, c); x.is(head) {
					return true
				}
			}
			continue
		}
		i++
		if c = x.fold.ascii[c]; c == gone {
			continue
		}
		if head = x.next(head, c); x.is(head) {
			return true
		}
	}
	return false
}

func (x *index) is(head uint64) bool {
	h := hash(head)
	return x.filter[h/64]&(1<<(h%64)) != 0 && x.heads[head]
}

// longest returns the length of the longest spelling with which the text
// begins. Such spellings sort before the text, each before a longer one.
func (x *index) longest(text string) int {
	head := 8 - x.shift/8
	if len(text) < head {
		return 0
	}
	at, _ := slices.BinarySearch(x.sorted, text[:head])
	n := 0
	for _, s := range x.sorted[at:] {
		if !strings.HasPrefix(s, text[:head]) {
			break
		}
		if len(s) > n && strings.HasPrefix(text, s) {
			n = len(s)
		}
	}
	return n
}
