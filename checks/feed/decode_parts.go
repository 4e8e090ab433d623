package feed

var (
	levelSchema  = schema{"MarketLevel", []field{1: {"bidAskQuote", kindMessage}}}
	barsSchema   = schema{"MarketOHLC", []field{1: {"ohlc", kindMessage}}}
	quoteSchema  = schema{"Quote", []field{1: {"bidQ", kindVarint}, 2: {"bidP", kindDouble}, 3: {"askQ", kindVarint}, 4: {"askP", kindDouble}}}
	optionSchema = schema{"OptionGreeks", []field{
		1: {"delta", kindDouble}, 2: {"theta", kindDouble}, 3: {"gamma", kindDouble}, 4: {"vega", kindDouble}, 5: {"rho", kindDouble},
	}}
	ohlcSchema = schema{"OHLC", []field{
		1: {"interval", kindText}, 2: {"open", kindDouble}, 3: {"high", kindDouble}, 4: {"low", kindDouble}, 5: {"close", kindDouble},
		6: {"vol", kindVarint}, 7: {"ts", kindVarint},
	}}
)

// levels reads a MarketLevel: the order book, level by level.
func (f *Feed) levels(b []byte, i int) *DecodeError {
	for i < len(b) {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | lengthType:
			var start int
			if start, next = lengthPrefix(b, next); start < 0 {
				break
			}
			if len(f.Depth) == maxEntries {
				return tooMany(i, "MarketLevel.bidAskQuote")
			}
			f.Depth = append(f.Depth, Quote{})
			if err := f.Depth[len(f.Depth)-1].decode(b[:next], start); err != nil {
				return err
			}
		default:
			next = levelSchema.skip(b, i)
		}
		if next < 0 {
			return levelSchema.fault(b, i)
		}
		i = next
	}
	return nil
}

func (q *Quote) decode(b []byte, i int) *DecodeError {
	for i < len(b) {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | varintType:
			q.BidQ, next = integer(b, next)
		case 2<<3 | doubleType:
			q.BidP, next = double(b, next)
		case 3<<3 | varintType:
			q.AskQ, next = integer(b, next)
		case 4<<3 | doubleType:
			q.AskP, next = double(b, next)
		default:
			next = quoteSchema.skip(b, i)
		}
		if next < 0 {
			return quoteSchema.fault(b, i)
		}
		i = next
	}
	return nil
}

// bars reads a MarketOHLC.
func (f *Feed) bars(b []byte, i int) *DecodeError {
	for i < len(b) {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | lengthType:
			var start int
			if start, next = lengthPrefix(b, next); start < 0 {
				break
			}
			if len(f.OHLC) == maxEntries {
				return tooMany(i, "MarketOHLC.ohlc")
			}
			f.OHLC = append(f.OHLC, OHLC{})
			if err := f.OHLC[len(f.OHLC)-1].decode(b[:next], start); err != nil {
				return err
			}
		default:
			next = barsSchema.skip(b, i)
		}
		if next < 0 {
			return barsSchema.fault(b, i)
		}
		i = next
	}
	return nil
}

func (o *OHLC) decode(b []byte, i int) *DecodeError {
	for i < len(b) {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | lengthType:
			o.Interval, next = text(b, next)
		case 2<<3 | doubleType:
			o.Open, next = double(b, next)
		case 3<<3 | doubleType:
			o.High, next = double(b, next)
		case 4<<3 | doubleType:
			o.Low, next = double(b, next)
		case 5<<3 | doubleType:
			o.Close, next = double(b, next)
		case 6<<3 | varintType:
			o.Vol, next = integer(b, next)
		case 7<<3 | varintType:
			o.Ts, next = integer(b, next)
		default:
			next = ohlcSchema.skip(b, i)
		}
		if next < 0 {
			return ohlcSchema.fault(b, i)
		}
		i = next
	}
	return nil
}

func (g *Greeks) decode(b []byte, i int) *DecodeError {
	for i < len(b) {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | doubleType:
			g.Delta, next = double(b, next)
		case 2<<3 | doubleType:
			g.Theta, next = double(b, next)
		case 3<<3 | doubleType:
			g.Gamma, next = double(b, next)
		case 4<<3 | doubleType:
			g.Vega, next = double(b, next)
		case 5<<3 | doubleType:
			g.Rho, next = double(b, next)
		default:
			next = optionSchema.skip(b, i)
		}
		if next < 0 {
			return optionSchema.fault(b, i)
		}
		i = next
	}
	return nil
}
