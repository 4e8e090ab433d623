package command

import (
	"errors"
	"fmt"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/fixtures/sim"
)

// DidYouMean is what an error about an unknown word adds: the known word that is
// nearest to it, or nothing if none is near.
func DidYouMean(word string, known []string) string {
	near := nearest(strings.ToLower(word), known)
	if near == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", near)
}

// nearest is the first of the known words with the fewest typing errors, at
// most one for each three letters, and empty if there is none.
func nearest(word string, known []string) (near string) {
	least := max(1, len(word)/3) + 1
	for _, k := range known {
		if d := typos(word, k); d < least {
			near, least = k, d
		}
	}
	return near
}

// typos counts letters that are missing, too many, wrong, or swapped with their
// neighbour: the restricted Damerau-Levenshtein distance, over bytes.
func typos(a, b string) int {
	var before []int
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			wrong := 1
			if a[i-1] == b[j-1] {
				wrong = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+wrong)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

// findScenario returns the scenario of that name. Whoever names a diagnosis is
// told the scenario that shows it.
func findScenario(name string) (sim.Scenario, error) {
	sc, ok := sim.Find(name)
	if ok {
		return sc, nil
	}
	var names []string
	for _, sc := range sim.Scenarios() {
		if sc.Want.Code == name && name != "" {
			return sc, UsageError("no scenario is called %q; did you mean %q, which shows it?", name, sc.Name)
		}
		names = append(names, sc.Name)
	}
	return sc, UsageError("no scenario is called %q (simulate --list names them)%s", name, DidYouMean(name, names))
}

// choiceError is the error of a choice of checks that cannot be.
func choiceError(err error) error {
	if unknown, ok := errors.AsType[*doctor.UnknownError](err); ok {
		return UsageError("%w%s", err, DidYouMean(unknown.Name, unknown.Known))
	}
	return ExitError{ExitUsage, err}
}

// nearCode is the error of a word that is nearly the code of a diagnosis, or nil.
func nearCode(word string) error {
	var codes []string
	for _, e := range catalog.All() {
		codes = append(codes, e.Code)
	}
	if near := DidYouMean(word, codes); near != "" {
		return UsageError("no diagnosis is called %q%s", word, near)
	}
	return nil
}
