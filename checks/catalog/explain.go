package catalog

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// A Match is one diagnosis that a text points to.
type Match struct {
	Entry   *Entry
	Line    int    // of the text, from 1
	Text    string // what stands there, without secrets, at most 200 runes
	Meaning string // what that place says beyond the title, or empty
	Place   Place
}

// A Place is where a match stands in the answer.
type Place int

const (
	First Place = iota // the verdict, or one of several causes that fit as well
	Later              // something else that the text tells of
	Aside              // not about Upstox
)

// A hit is a match with what is needed to weigh and to show it.
type hit struct {
	Match
	rank     int
	at       int // byte of the line
	from, to int // bytes of the line in the text
	number   int // the status or close code; 0 for none
	time     int // second of the day; -1 if not known
	cluster  int
	record   int
	aside    bool // it was met on the way to another service
}

// Explain returns the diagnoses that the text points to, the first cause first,
// each once. The text is a code of the catalog or of Upstox, words or a number
// that somebody types, an error message, or a whole log in UTF-8 or UTF-16.
// Text that says nothing known yields nothing. The time grows with the length
// of the text alone.
func Explain(text string) []Match {
	text = decodeUTF16(text)
	if named := codes(text); named != nil {
		return named
	}
	if asked := question(text); asked != nil {
		return asked
	}
	folded := normalize(text)
	finds, asides := weigh(readLog(folded))
	return answerOf(order(finds), asides, text)
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

func band(rank int) int { return rank / 10 * 10 }

// order sorts the finds, the first cause first. The first failure of a session
// counts more than what followed from it; within one failure the more telling
// text does. A phrase that echoes another error goes when there is anything
// else, and a bare status when an answer explains it.
func order(finds []hit) []hit {
	top := 0
	for _, f := range finds {
		top = max(top, band(f.rank))
	}
	finds = slices.DeleteFunc(finds, func(f hit) bool {
		return band(f.rank) == rankEcho && top > rankEcho && echoed(f, finds) || band(f.rank) == bare && explained(f, finds)
	})
	slices.SortStableFunc(finds, func(a, b hit) int {
		if a.aside != b.aside {
			return map[bool]int{true: 1, false: -1}[a.aside]
		}
		return cmp.Or(cmp.Compare(a.cluster, b.cluster), cmp.Compare(band(b.rank), band(a.rank)), cmp.Compare(a.Line, b.Line), cmp.Compare(b.rank, a.rank))
	})
	seen := map[*Entry]bool{}
	return slices.DeleteFunc(finds, func(f hit) bool {
		again := seen[f.Entry]
		seen[f.Entry] = true
		return again
	})
}

// sameTrouble is how many seconds after a phrase that echoes an error that
// error may still be named, as after the pause before a new attempt.
const sameTrouble = 60

// echoed reports whether something better was said of what the phrase echoes.
func echoed(f hit, finds []hit) bool {
	return slices.ContainsFunc(finds, func(o hit) bool {
		if band(o.rank) == rankEcho {
			return false
		}
		gap := min(since(f.time, o.time), since(o.time, f.time))
		return o.cluster == f.cluster || gap <= sameTrouble
	})
}

// explained reports whether an answer tells what the bare status means: one in
// the same failure, or one with the same status.
func explained(f hit, finds []hit) bool {
	return slices.ContainsFunc(finds, func(o hit) bool {
		return band(o.rank) == rankAnswer && (o.cluster == f.cluster || o.number == f.number && f.number != 0)
	})
}

// answerOf turns the finds into matches: the causes that fit the first failure
// equally well, the rest, and what is not about Upstox.
func answerOf(finds []hit, asides []hit, text string) []Match {
	var matches []Match
	for i, f := range finds {
		m := f.Match
		m.Text = excerpt(text[f.from:f.to], f.at)
		if said := message(text[f.from:f.to]); said != "" && band(f.rank) == rankAnswer && m.Meaning != "" {
			m.Meaning += "; Upstox says \"" + said + "\""
		}
		if i > 0 && (f.record != finds[0].record || band(f.rank) != band(finds[0].rank)) {
			m.Place = Later
		}
		matches = append(matches, m)
	}
	for _, f := range asides {
		m := f.Match
		m.Text, m.Place = excerpt(text[f.from:f.to], f.at), Aside
		matches = append(matches, m)
	}
	return matches
}

var messages = regexp.MustCompile(`["']message\\?["']\s*:\s*\\?["']([^"'\\]{3,160})`)

// message returns the words of Upstox's error envelope in the line, fit to be
// shown, or nothing.
func message(line string) string {
	m := messages.FindStringSubmatch(line[:min(len(line), maxExcerptBytes)])
	if m == nil {
		return ""
	}
	return cleanLine(m[1])
}
