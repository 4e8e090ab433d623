// Package instruments finds instruments by their symbol, name or ISIN: in a short
// list of its own, or in what a search of Upstox has answered.
package instruments

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"upstox-doctor/checks/market"
)

// An Instrument is something that has a price.
type Instrument struct {
	Key    string // NSE_EQ|INE002A01018
	Symbol string // RELIANCE
	Name   string // Reliance Industries
}

// Segment is the part of the key before the bar: NSE_EQ.
func (i Instrument) Segment() string { return market.SegmentOf(i.Key) }

// code is the part of the key after the bar: an ISIN, a number, or an index's name.
func (i Instrument) code() string {
	_, code, _ := strings.Cut(i.Key, "|")
	return code
}

// BuiltIn is the list of its own.
func BuiltIn() []Instrument { return builtIn }

// Search finds instruments of the built-in list, as Rank does.
func Search(text string) []Instrument { return Rank(text, builtIn) }

// Indices finds indices of the built-in list, whose keys do not change.
func Indices(text string) []Instrument { return Rank(text, indices) }

// Rank returns the instruments that have each word of the text in their symbol,
// name or code, best first. An instrument of which the text is the whole symbol,
// name or code comes first, then one whose symbol begins with it; among equals an
// index comes before a share, NSE before BSE, and a share before a contract.
func Rank(text string, all []Instrument) []Instrument {
	var found []Instrument
	for _, i := range all {
		if i.matches(text) {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b Instrument) int {
		return cmp.Or(cmp.Compare(a.distance(text), b.distance(text)), cmp.Compare(a.order(), b.order()))
	})
	return found
}

// Meant returns the instrument that the text names without doubt: alone by its
// whole symbol, name or code, or before all others that it names so, which are the
// same share on BSE or contracts on it. The instruments are those of Rank.
func Meant(text string, ranked []Instrument) (Instrument, bool) {
	if len(ranked) == 0 || ranked[0].distance(text) > 0 {
		return Instrument{}, false
	}
	if len(ranked) > 1 && ranked[1].distance(text) == 0 && ranked[1].order() == ranked[0].order() {
		return Instrument{}, false
	}
	return ranked[0], true
}

func (i Instrument) matches(text string) bool {
	words := strings.Fields(text)
	known := fold(i.Symbol) + " " + fold(i.Name) + " " + fold(i.code())
	for _, word := range words {
		if !strings.Contains(known, fold(word)) {
			return false
		}
	}
	return len(words) > 0 && fold(text) != ""
}

// distance is how far the text is from naming the instrument.
func (i Instrument) distance(text string) int {
	asked := fold(text)
	switch {
	case asked == fold(i.Symbol), asked == fold(i.Name), asked == fold(i.code()):
		return 0
	case strings.HasPrefix(fold(i.Symbol), asked):
		return 1
	case strings.HasPrefix(fold(i.Name), asked):
		return 2
	}
	return 3
}

func (i Instrument) order() int {
	switch segment := i.Segment(); {
	case strings.HasSuffix(segment, "_INDEX"):
		return 0
	case segment == "NSE_EQ":
		return 1
	case strings.HasSuffix(segment, "_EQ"):
		return 2
	}
	return 3
}

// fold leaves the letters and digits of a text, as capitals.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, text)
}
