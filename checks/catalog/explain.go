package catalog

import (
	"cmp"
	"slices"
	"strings"

	"upstox-doctor/checks/lazyregexp"
)

// A Match is one diagnosis that a text points to.
type Match struct {
	Entry   *Entry
	Line    int    // of the text, from 1
	Text    string // the line, or a part of it, without secrets, at most 200 runes
	Meaning string // what the line says beyond the title, or empty
	Place   Place
}

// A Place is how a match relates to the others.
type Place int

const (
	First Place = iota // the verdict, or one of several causes that fit as well
	Later              // another failure that the text reports
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
	aside    bool // of a connection to another service
}

// Explain returns the diagnoses that the text points to, the first cause first,
// each once. The text is a code of the catalog or of Upstox, a question of a few
// words or a number, an error message, or a whole log in UTF-8 or UTF-16. Text
// that matches nothing yields nothing. The time is linear in the length of the
// text.
func Explain(text string) []Match {
	text = decodeUTF16(text)
	if named := codes(text); named != nil {
		return named
	}
	if asked := question(text); asked != nil {
		return asked
	}
	normalized := normalize(text)
	finds, asides := weigh(readLog(normalized))
	return matchesOf(order(finds), asides, text)
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

// order sorts the finds, the first cause first: the first failure of a session
// before those that followed from it, and within one failure the higher rank. A
// phrase that only repeats another error is dropped if there is anything else,
// and a status without a code if an answer explains it.
func order(finds []hit) []hit {
	top := 0
	for _, f := range finds {
		top = max(top, band(f.rank))
	}
	finds = slices.DeleteFunc(finds, func(f hit) bool {
		return band(f.rank) == rankEcho && top > rankEcho && isEchoed(f, finds) || band(f.rank) == rankStatus && isExplained(f, finds)
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

// sameTrouble is how many seconds may lie between a phrase that repeats an error
// and the error itself, such as the pause before a new attempt.
const sameTrouble = 60

// isEchoed reports whether another find names the error that the phrase repeats.
func isEchoed(f hit, finds []hit) bool {
	return slices.ContainsFunc(finds, func(o hit) bool {
		if band(o.rank) == rankEcho {
			return false
		}
		gap := min(since(f.time, o.time), since(o.time, f.time))
		return o.cluster == f.cluster || gap <= sameTrouble
	})
}

// isExplained reports whether an answer explains the status: one in the same
// failure, or one with the same status.
func isExplained(f hit, finds []hit) bool {
	return slices.ContainsFunc(finds, func(o hit) bool {
		return band(o.rank) == rankAnswer && (o.cluster == f.cluster || o.number == f.number && f.number != 0)
	})
}

// matchesOf turns the finds into matches: the causes that fit the first failure
// equally well, the rest, and what is not about Upstox.
func matchesOf(finds []hit, asides []hit, text string) []Match {
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

var messages = lazyregexp.New(`["']message\\?["']\s*:\s*\\?["']([^"'\\]{3,160})`)

// message returns the message of Upstox's error envelope in the line, without
// secrets and control characters, or "".
func message(line string) string {
	m := messages.FindStringSubmatch(line[:min(len(line), maxExcerptBytes)])
	if m == nil {
		return ""
	}
	return cleanLine(m[1])
}
