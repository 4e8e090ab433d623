package feed

import "strconv"

// Type is the type of a frame.
type Type int32

const (
	InitialFeed Type = 0 // the snapshot that answers a subscription
	LiveFeed    Type = 1
	MarketInfo  Type = 2
)

// String returns the name in Upstox's schema.
func (t Type) String() string { return name(int32(t), "type", typeNames) }

var typeNames = []string{"initial_feed", "live_feed", "market_info"}

// Mode is the mode of a subscription as frames name it. The enum's names differ
// from those of a request: "full" is requested, full_d5 comes back.
type Mode int32

// String returns the name in Upstox's schema.
func (m Mode) String() string { return name(int32(m), "mode", modeNames) }

var modeNames = []string{"ltpc", "full_d5", "option_greeks", "full_d30"}

// Status is the status of a market segment.
type Status int32

// String returns the name in Upstox's schema, such as NORMAL_OPEN.
func (s Status) String() string { return name(int32(s), "status", statusNames) }

var statusNames = []string{
	"PRE_OPEN_START", "PRE_OPEN_END", "NORMAL_OPEN", "NORMAL_CLOSE", "CLOSING_START", "CLOSING_END",
}

// Form is the message of Upstox's schema in which a Feed came.
type Form int32

const (
	NoForm     Form = iota // the entry held no data
	FormLTPC               // last trade only
	FormMarket             // full, of something with an order book
	FormIndex              // full, of an index: last trade and bars
	FormGreeks             // first level with greeks
)

// String returns the path of field names in Upstox's schema.
func (f Form) String() string { return name(int32(f), "form", formNames) }

var formNames = []string{"", "ltpc", "fullFeed.marketFF", "fullFeed.indexFF", "firstLevelWithGreeks"}

// name shows numbers that are not in the schema as "type(7)".
func name(n int32, kind string, names []string) string {
	if n >= 0 && int(n) < len(names) {
		return names[n]
	}
	return kind + "(" + strconv.Itoa(int(n)) + ")"
}
