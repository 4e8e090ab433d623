package command

import (
	"context"
	"fmt"
	"strings"

	"upstox-doctor/checks"
	"upstox-doctor/checks/instruments"
	"upstox-doctor/checks/market"
)

// maxSuggestedInstruments is how many instruments a refusal names.
const maxSuggestedInstruments = 4

// findInstrument returns the key of the instrument that the text means: the text
// itself if it is a key, and otherwise that of the symbol, name or ISIN, which
// standard error is told unless quiet.
func (a App) findInstrument(ctx context.Context, text string, w checks.World, quiet bool) (string, error) {
	switch {
	case text == "" || market.IsKey(text):
		return text, nil
	case strings.Contains(text, "|"):
		return "", UsageError("--instrument %q is no instrument key such as %s", text, checks.ControlKey)
	}
	found, byUpstox := w.FindInstruments(ctx, text)
	if ctx.Err() != nil {
		return "", ExitError{Status: ExitInterrupted}
	}
	best, ok := instruments.Meant(text, found)
	if !ok {
		return "", unknownInstrument(text, found, byUpstox)
	}
	if !quiet {
		where := "the built-in list"
		if byUpstox {
			where = "Upstox's search"
		}
		fmt.Fprintf(a.Errs, "Instrument %s is %s (%s), by %s.\n", text, best.Key, w.Secrets.String(best.Name), where)
	}
	return best.Key, nil
}

// unknownInstrument refuses a text that names none or several.
func unknownInstrument(text string, found []instruments.Instrument, byUpstox bool) error {
	if len(found) > 0 {
		var keys []string
		for _, i := range found[:min(len(found), maxSuggestedInstruments)] {
			keys = append(keys, fmt.Sprintf("%s (%s)", i.Key, i.Name))
		}
		return UsageError("--instrument %q names no single instrument; did you mean %s?", text, strings.Join(keys, ", "))
	}
	known := "Upstox's search"
	if !byUpstox {
		known = "the built-in list, which has indices and the shares of the Nifty 50"
	}
	var symbols []string
	for _, i := range instruments.BuiltIn() {
		symbols = append(symbols, strings.ToLower(i.Symbol))
	}
	near := strings.ToUpper(nearest(strings.ToLower(text), symbols))
	if near != "" {
		near = fmt.Sprintf("; did you mean %q?", near)
	}
	return UsageError("--instrument %q is no instrument key such as %s, and is not in %s%s", text, checks.ControlKey, known, near)
}
