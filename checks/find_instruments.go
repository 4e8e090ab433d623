package checks

import (
	"context"
	"time"

	"upstox-doctor/checks/instruments"
	"upstox-doctor/checks/token"
)

// searchWait is how long the search of Upstox is waited for.
const searchWait = 5 * time.Second

// FindInstruments finds instruments by symbol, name or ISIN, best first. Upstox's
// search is asked if a source holds a token that has not ended. If it is not asked,
// or does not answer, byUpstox is false, and the built-in list is all that was
// searched: some indices, and the shares of the Nifty 50.
func (w World) FindInstruments(ctx context.Context, text string) (found []instruments.Instrument, byUpstox bool) {
	w = w.WithDefaults()
	creds := w.read(w.readFiles())
	active, ok := creds.active()
	if !ok || active.Form == token.Malformed || active.Expired(w.Now()) {
		return instruments.Search(text), false
	}
	ctx, cancel := context.WithTimeout(ctx, searchWait)
	defer cancel()
	transport := w.apiTransport()
	defer transport.Close()
	api := w.apiOver(transport)
	// Among all segments, contracts on a share would crowd it out of the answer.
	for _, segments := range []string{"EQ,INDEX", ""} {
		all, a := api.SearchInstruments(ctx, active.Value(), text, segments)
		if !a.OK() {
			return instruments.Search(text), false
		}
		if found = ranked(text, all); len(found) > 0 {
			break
		}
	}
	return found, true
}

// ranked puts what Upstox has found in order, with the indices that the text names
// and that Upstox calls otherwise. What matches otherwise than by a part of the
// name stays where Upstox put it, at the end.
func ranked(text string, all []instruments.Instrument) []instruments.Instrument {
	have := map[string]bool{}
	var best []instruments.Instrument
	add := func(some []instruments.Instrument) {
		for _, i := range some {
			if !have[i.Key] {
				have[i.Key] = true
				best = append(best, i)
			}
		}
	}
	add(instruments.Rank(text, append(all[:len(all):len(all)], instruments.Indices(text)...)))
	add(all)
	return best
}
