package upstox

import (
	"context"
	"net/url"

	"upstox-doctor/checks/instruments"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/redact"
)

// maxFound is the most that one page of the search holds, as documented.
const maxFound = "30"

// SearchInstruments asks for the instruments that match a text, which Upstox sorts.
// The segments are those of the search, such as "EQ,INDEX"; empty means all.
func (c *Client) SearchInstruments(ctx context.Context, token, text, segments string) ([]instruments.Instrument, Response) {
	query := url.Values{"query": {text}, "page_number": {"1"}, "records": {maxFound}}
	if segments != "" {
		query.Set("segments", segments)
	}
	a := c.get(ctx, "/v2/instruments/search?"+query.Encode(), token)
	var data []struct {
		Key    string `json:"instrument_key"`
		Symbol string `json:"trading_symbol"`
		Name   string `json:"name"`
	}
	if !a.decode(&data) {
		return nil, a
	}
	var all []instruments.Instrument
	for _, d := range data {
		if !market.IsKey(d.Key) || redact.Line(d.Key, maxTextLength) != d.Key {
			a.schemaError = "an instrument has no key"
			return nil, a
		}
		all = append(all, instruments.Instrument{Key: d.Key, Symbol: redact.Line(d.Symbol, maxTextLength), Name: redact.Line(d.Name, maxTextLength)})
	}
	return all, a
}
