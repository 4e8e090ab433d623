package catalog

import (
	"cmp"
	"slices"
	"strings"
)

// A Match is one diagnosis that a text points to.
type Match struct {
	Entry   *Entry
	Line    int    // of the text, from 1
	Text    string // what stands there, without secrets, at most 200 runes
	Meaning string // of the UDAPI code that was found, or empty
}

// A find is a match with what is needed to weigh and to show it.
type find struct {
	Match
	rank, at int
}

// Explain returns the diagnoses that the text points to, the most specific
// first, each once. The text is a code of the catalog or of Upstox, an error
// message, or a whole log in UTF-8 or UTF-16. Text that says nothing known
// yields nothing. The time grows with the length of the text alone.
func Explain(text string) []Match {
	text = fromUTF16(text)
	if named := codes(text); named != nil {
		return named
	}
	folded := fold(text)
	best := map[*Entry]find{}
	done := make([]int, len(search().patterns))
	for n := 1; text != ""; n++ {
		size := strings.IndexByte(text, '\n') + 1
		if size == 0 {
			size = len(text)
		}
		for _, f := range scan(folded[:size], n, done) {
			if old, ok := best[f.Entry]; ok && old.rank >= f.rank {
				continue
			}
			f.Line, f.Text = n, shown(text[:size], f.at)
			best[f.Entry] = f
		}
		text, folded = text[size:], folded[size:]
	}
	return order(best)
}

// codes returns the entries of a text that is made of their codes alone.
func codes(text string) []Match {
	var found []Match
	for word := range strings.FieldsSeq(text) {
		e := Lookup(strings.ToLower(strings.Trim(word, "`'\",")))
		if e == nil {
			return nil
		}
		if !slices.ContainsFunc(found, func(m Match) bool { return m.Entry == e }) {
			found = append(found, Match{Entry: e, Line: 1, Text: e.Code})
		}
	}
	return found
}

// scan returns what the line of that number says, only the highest band of it.
func scan(line string, number int, done []int) []find {
	var finds []find
	search().each(line, number, done, func(p pattern, at int) {
		for _, t := range p.points {
			finds = append(finds, find{Match: Match{Entry: t.entry, Meaning: t.meaning}, rank: t.rank, at: at})
		}
	})
	top := 0
	for _, f := range finds {
		top = max(top, band(f.rank))
	}
	return slices.DeleteFunc(finds, func(f find) bool { return band(f.rank) < top })
}

func band(rank int) int { return rank / 10 * 10 }

// order drops what better finds explain and sorts the rest. A phrase that
// echoes another error goes when there is anything else; a bare status goes
// when somebody's answer with that status was found.
func order(best map[*Entry]find) []Match {
	var finds []find
	top := 0
	for _, e := range all {
		if f, ok := best[e]; ok {
			finds = append(finds, f)
			top = max(top, band(f.rank))
		}
	}
	finds = slices.DeleteFunc(finds, func(f find) bool {
		return band(f.rank) == echoes && top > echoes || band(f.rank) == status && top == answer
	})
	slices.SortStableFunc(finds, func(a, b find) int {
		return cmp.Or(cmp.Compare(band(b.rank), band(a.rank)), cmp.Compare(a.Line, b.Line), cmp.Compare(b.rank, a.rank))
	})
	var matches []Match
	for _, f := range finds {
		matches = append(matches, f.Match)
	}
	return matches
}
