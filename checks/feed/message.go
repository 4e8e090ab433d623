// Package feed opens the market-data stream and turns its frames into ticks.
// It reports what happened on the wire; it never decides what that means.
package feed

// A Message is one decoded frame (protobuf FeedResponse of the v3 feed).
//
// Every []byte in it is a view into the frame it was decoded from: it is valid
// until that frame is changed or the Message is decoded into again. Decode
// allocates nothing once the slices have grown, so one Message should serve a
// whole stream.
type Message struct {
	Type      Type  // an absent type is initial_feed
	CurrentTs int64 // the server's clock, milliseconds since 1970

	// Feeds has one element per entry on the wire, in its order. If a key
	// occurs twice, the last element counts.
	Feeds []Feed

	// Of market_info. A segment that comes without a status is in
	// PRE_OPEN_START, the zero of the enum.
	Segments []Segment
	CAS      []Phase // closing auction session; absent from older servers
	PreOpen  []Phase // pre-open session; absent from older servers
}

// A Feed is a frame's entry for one instrument. Which fields can be set depends
// on Form; all others are zero.
type Feed struct {
	Key  []byte // instrument key: "NSE_INDEX|Nifty 50"
	Mode Mode   // mode in which the server sends it; an absent one is ltpc
	Form Form

	HasLTPC bool
	LTPC    LTPC

	Depth     []Quote // five or thirty levels in full, one with greeks, best first
	OHLC      []OHLC
	HasGreeks bool
	Greeks    Greeks

	ATP float64 // average traded price
	VTT int64   // volume traded today
	OI  float64 // open interest
	IV  float64 // implied volatility
	TBQ float64 // total quantity of bids
	TSQ float64 // total quantity of offers

	// Of the auctions; the server began to send them in 2026.
	IEP         float64 // indicative equilibrium price
	RP          float64 // reference price
	IEQ         int64   // indicative equilibrium quantity
	IIQTotal    int64   // indicative imbalance, total
	IIQM        int64   // indicative imbalance of market orders
	CASEligible bool    // takes part in the closing auction
}

// LTPC is the last trade.
type LTPC struct {
	LTP float64 // last traded price
	LTT int64   // its time, milliseconds since 1970
	LTQ int64   // its quantity; an index has none
	CP  float64 // close of the previous day
	IEP Double  // indicative equilibrium price
}

// A Quote is one level of the order book.
type Quote struct {
	BidQ int64
	BidP float64
	AskQ int64
	AskP float64
}

// OHLC is one bar.
type OHLC struct {
	Interval               []byte // "1d", "I1"
	Open, High, Low, Close float64
	Vol                    int64
	Ts                     int64 // start of the bar, milliseconds since 1970
}

// Greeks are the sensitivities of an option.
type Greeks struct {
	Delta, Theta, Gamma, Vega, Rho float64
}

// A Segment is the status of one market segment, such as NSE_FO.
type Segment struct {
	Name   []byte
	Status Status
}

// A Phase is the status of a special session of one segment.
type Phase struct {
	Segment []byte
	Status  []byte // such as CAS_LM_START or PRE_OPEN_M_END
	Updated int64  // milliseconds since 1970
}

// A Double is a number that may be absent, which differs from zero
// (google.protobuf.DoubleValue).
type Double struct {
	Value float64
	Set   bool
}
