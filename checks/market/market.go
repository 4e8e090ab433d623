// Package market knows when Indian exchanges trade: what a status name of
// Upstox means, which exchange a segment belongs to, and from weekday, usual
// hours and the list of holidays whether a segment is open at some moment.
//
// The status that the feed itself reports (market_info) is better evidence
// than any calendar; the calendar answers where the feed was not reached, and
// says when the market opens next.
package market

import (
	"strings"
	"time"
)

// IST is Indian Standard Time. India has one zone and no summer time, so the
// offset is fixed and no zone database is needed.
var IST = time.FixedZone("IST", 5*60*60+30*60)

// State says whether a segment trades.
type State string

const (
	Open    State = "open"
	PreOpen State = "pre-open"
	Closed  State = "closed"
	Unknown State = "unknown"
)

// StateOf returns what a status name says, as found in the feed's market_info
// and in /v2/market/status. Only NORMAL_OPEN is trading: CLOSING_START is the
// closing session, in which no ticks are due. PRE_OPEN_M_END is not in the
// feed's enum; the API's documentation lists it between the other two.
func StateOf(status string) State {
	switch status {
	case "NORMAL_OPEN":
		return Open
	case "PRE_OPEN_START", "PRE_OPEN_M_END", "PRE_OPEN_END":
		return PreOpen
	case "NORMAL_CLOSE", "CLOSING_START", "CLOSING_END":
		return Closed
	}
	return Unknown
}

// SegmentOf returns the segment of an instrument key: NSE_INDEX for
// "NSE_INDEX|Nifty 50". It is empty if the key has none.
func SegmentOf(key string) string {
	segment, _, found := strings.Cut(key, "|")
	if !found {
		return ""
	}
	return segment
}

// IsKey reports whether the text has the form of an instrument key,
// "SEGMENT|name".
func IsKey(text string) bool {
	segment, name, _ := strings.Cut(text, "|")
	return segment != "" && name != ""
}

// ExchangeOf returns the exchange of a segment, as /v2/market/status and the
// list of holidays name it, or "" for a segment that no listed exchange runs,
// such as GLOBAL_INDEX. The status call refuses segment names (UDAPI1089).
func ExchangeOf(segment string) string {
	switch segment {
	case "NSE_EQ", "NSE_INDEX":
		return "NSE"
	case "NSE_FO":
		return "NFO"
	case "NSE_COM":
		return "NSCOM"
	case "BSE_EQ", "BSE_INDEX":
		return "BSE"
	case "BSE_FO":
		return "BFO"
	case "NCD_FO":
		return "CDS"
	case "BCD_FO":
		return "BCD"
	}
	if strings.HasPrefix(segment, "MCX_") {
		return "MCX"
	}
	return ""
}
