package live

import "upstox-doctor/checks/feed"

// appendShared writes what all lines of a frame have in common. Names are those
// of Upstox's FeedResponse; arrived is in milliseconds since 1970, as all times
// of a tick.
func appendShared(b []byte, arrived int64, m *feed.Message) []byte {
	if m.Type == feed.LiveFeed {
		b = append(b, `,"live":true`...)
	} else {
		b = append(b, `,"live":false`...)
	}
	b = whole(b, `,"arrived":`, arrived)
	return whole(b, `,"currentTs":`, m.CurrentTs)
}

// appendTick writes one line for one instrument of a frame.
func appendTick(b, shared []byte, f *feed.Feed) []byte {
	b = append(b, `{"event":"tick","key":`...)
	b = appendText(b, f.Key)
	b = append(b, shared...)
	if f.HasLTPC {
		b = number(b, `,"ltp":`, f.LTPC.LTP)
		b = whole(b, `,"ltt":`, f.LTPC.LTT)
		b = whole(b, `,"ltq":`, f.LTPC.LTQ)
		b = number(b, `,"cp":`, f.LTPC.CP)
	}
	switch f.Form {
	case feed.FormMarket:
		b = appendAuction(appendFull(b, f), f)
	case feed.FormIndex:
		b = appendBars(b, f.OHLC)
	case feed.FormGreeks:
		b = appendBook(b, f.Depth)
		b = whole(b, `,"vtt":`, f.VTT)
		b = number(b, `,"oi":`, f.OI)
		b = number(b, `,"iv":`, f.IV)
		b = appendGreeks(b, f)
	}
	if f.IEP == 0 && f.LTPC.IEP.Set {
		b = number(b, `,"iep":`, f.LTPC.IEP.Value)
	}
	return append(b, '}', '\n')
}

func appendFull(b []byte, f *feed.Feed) []byte {
	b = number(b, `,"atp":`, f.ATP)
	b = whole(b, `,"vtt":`, f.VTT)
	b = number(b, `,"oi":`, f.OI)
	b = number(b, `,"iv":`, f.IV)
	b = number(b, `,"tbq":`, f.TBQ)
	b = number(b, `,"tsq":`, f.TSQ)
	b = appendBook(b, f.Depth)
	b = appendBars(b, f.OHLC)
	return appendGreeks(b, f)
}

func appendBook(b []byte, levels []feed.Quote) []byte {
	b = append(b, `,"depth":[`...)
	for i := range levels {
		q := &levels[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = whole(b, `{"bidQ":`, q.BidQ)
		b = number(b, `,"bidP":`, q.BidP)
		b = whole(b, `,"askQ":`, q.AskQ)
		b = number(b, `,"askP":`, q.AskP)
		b = append(b, '}')
	}
	return append(b, ']')
}

func appendBars(b []byte, bars []feed.OHLC) []byte {
	b = append(b, `,"ohlc":[`...)
	for i := range bars {
		bar := &bars[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"interval":`...)
		b = appendText(b, bar.Interval)
		b = number(b, `,"open":`, bar.Open)
		b = number(b, `,"high":`, bar.High)
		b = number(b, `,"low":`, bar.Low)
		b = number(b, `,"close":`, bar.Close)
		b = whole(b, `,"vol":`, bar.Vol)
		b = whole(b, `,"ts":`, bar.Ts)
		b = append(b, '}')
	}
	return append(b, ']')
}

func appendGreeks(b []byte, f *feed.Feed) []byte {
	if !f.HasGreeks {
		return b
	}
	b = number(b, `,"greeks":{"delta":`, f.Greeks.Delta)
	b = number(b, `,"theta":`, f.Greeks.Theta)
	b = number(b, `,"gamma":`, f.Greeks.Gamma)
	b = number(b, `,"vega":`, f.Greeks.Vega)
	b = number(b, `,"rho":`, f.Greeks.Rho)
	return append(b, '}')
}

// appendAuction writes what only auctions have, where it is not zero.
func appendAuction(b []byte, f *feed.Feed) []byte {
	if f.IEP != 0 {
		b = number(b, `,"iep":`, f.IEP)
	}
	if f.RP != 0 {
		b = number(b, `,"rp":`, f.RP)
	}
	if f.IEQ != 0 {
		b = whole(b, `,"ieq":`, f.IEQ)
	}
	if f.IIQTotal != 0 {
		b = whole(b, `,"iiqTotal":`, f.IIQTotal)
	}
	if f.IIQM != 0 {
		b = whole(b, `,"iiqM":`, f.IIQM)
	}
	if f.CASEligible {
		b = append(b, `,"casEligible":true`...)
	}
	return b
}

func number(b []byte, name string, v float64) []byte { return appendNumber(append(b, name...), v) }

func whole(b []byte, name string, v int64) []byte {
	return appendWhole(append(b, name...), v)
}
