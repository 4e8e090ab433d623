package serve

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"upstox-doctor/checks/instruments"
	"upstox-doctor/checks/market"
	"upstox-doctor/report"
)

// Bounds of a search.
const (
	maxAsked = 60 // characters
	maxShown = 12 // instruments
)

// names are the instruments that were found for the page, by key.
type names struct {
	mu    sync.Mutex
	known map[string]instruments.Instrument
}

func (n *names) learn(found []instruments.Instrument) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil || len(n.known) > 10*MaxKeys {
		n.known = map[string]instruments.Instrument{}
	}
	for _, i := range found {
		n.known[i.Key] = i
	}
}

// of is what a person calls the instrument of the key: the name of an index, the
// symbol of a share.
func (n *names) of(key string) string {
	if strings.HasSuffix(market.SegmentOf(key), "_INDEX") {
		return report.InstrumentName(key)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if i, ok := n.known[key]; ok && i.Symbol != "" {
		return i.Symbol
	}
	if found := instruments.Search(strings.TrimPrefix(key, market.SegmentOf(key)+"|")); len(found) > 0 && found[0].Key == key {
		return found[0].Symbol
	}
	return report.InstrumentName(key)
}

// A search is what the page shows of one.
type search struct {
	Found []instruments.Instrument
	Note  string
}

// findInstruments finds instruments by a part of their name, for the user to choose
// among.
func (s *Server) findInstruments(w http.ResponseWriter, r *http.Request) {
	var said struct{ Text string }
	if !readBody(w, r, &said) {
		return
	}
	text := strings.TrimSpace(said.Text)
	if text == "" || len(text) > maxAsked {
		http.Error(w, "Type a part of a name, such as RELIANCE.", http.StatusBadRequest)
		return
	}
	found, byUpstox := s.Feed.Find(r.Context(), text)
	found = found[:min(len(found), maxShown)]
	s.names.learn(found)
	out := search{Found: found}
	switch {
	case len(found) == 0 && byUpstox:
		out.Note = "Upstox knows nothing of that name."
	case len(found) == 0:
		out.Note = "Nothing of that name is in the list of indices and large companies. Upstox's own search needs a token that works."
	case !byUpstox:
		out.Note = "From the list of indices and large companies. Upstox's own search needs a token that works."
	}
	writeFragment(w, "found", out)
}

// readKeys reads instruments, one a line or with commas between them, by key or by
// a name that means one alone.
func (s *Server) readKeys(ctx context.Context, text string) (keys []string, problem string) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == ',' }) {
		key := strings.TrimSpace(word)
		if key == "" {
			continue
		}
		if !market.IsKey(key) {
			if key, problem = s.keyOf(ctx, key); problem != "" {
				return nil, problem
			}
		}
		if slices.Contains(keys, key) {
			continue
		}
		if len(keys) == MaxKeys {
			return nil, fmt.Sprintf("The page streams at most %d instruments.", MaxKeys)
		}
		keys = append(keys, key)
	}
	return keys, ""
}

// keyOf is the key of the instrument that a name means.
func (s *Server) keyOf(ctx context.Context, name string) (key, problem string) {
	if len(name) > maxAsked {
		return "", fmt.Sprintf("%.20q... is no instrument key such as NSE_INDEX|Nifty 50.", name)
	}
	found, _ := s.Feed.Find(ctx, name)
	if i, ok := instruments.Meant(name, found); ok {
		s.names.learn([]instruments.Instrument{i})
		return i.Key, ""
	}
	if len(found) == 0 {
		return "", fmt.Sprintf("%q is no instrument key such as NSE_INDEX|Nifty 50, and no instrument of that name is found.", name)
	}
	var may []string
	for _, i := range found[:min(len(found), 4)] {
		may = append(may, i.Symbol)
	}
	return "", fmt.Sprintf("%q may mean %s: find it by its name, and add the one that you mean.", name, strings.Join(may, ", "))
}
