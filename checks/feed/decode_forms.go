package feed

var (
	marketSchema = schema{"MarketFullFeed", []field{
		1: {"ltpc", kindMessage}, 2: {"marketLevel", kindMessage}, 3: {"optionGreeks", kindMessage}, 4: {"marketOHLC", kindMessage},
		5: {"atp", kindDouble}, 6: {"vtt", kindVarint}, 7: {"oi", kindDouble}, 8: {"iv", kindDouble}, 9: {"tbq", kindDouble}, 10: {"tsq", kindDouble},
		11: {"iep", kindDouble}, 12: {"rp", kindDouble}, 13: {"ieq", kindVarint}, 14: {"iiqTotal", kindVarint}, 15: {"iiqM", kindVarint},
		16: {"casEligible", kindVarint},
	}}
	indexSchema  = schema{"IndexFullFeed", []field{1: {"ltpc", kindMessage}, 2: {"marketOHLC", kindMessage}}}
	greeksSchema = schema{"FirstLevelWithGreeks", []field{
		1: {"ltpc", kindMessage}, 2: {"firstDepth", kindMessage}, 3: {"optionGreeks", kindMessage},
		4: {"vtt", kindVarint}, 5: {"oi", kindDouble}, 6: {"iv", kindDouble},
	}}
)

// market reads a MarketFullFeed; decodeNumber reads its numbers.
func (f *Feed) market(b []byte, i int) (err *DecodeError) {
	for start := 0; i < len(b); {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | lengthType:
			if start, next = lengthPrefix(b, next); start >= 0 {
				f.HasLTPC = true
				err = f.LTPC.decode(b[:next], start)
			}
		case 2<<3 | lengthType:
			if start, next = lengthPrefix(b, next); start >= 0 {
				err = f.levels(b[:next], start)
			}
		case 3<<3 | lengthType:
			if start, next = lengthPrefix(b, next); start >= 0 {
				f.HasGreeks = true
				err = f.Greeks.decode(b[:next], start)
			}
		case 4<<3 | lengthType:
			if start, next = lengthPrefix(b, next); start >= 0 {
				err = f.bars(b[:next], start)
			}
		default:
			if next = f.decodeNumber(t, b, next); next < 0 {
				next = marketSchema.skip(b, i)
			}
		}
		if err != nil {
			return err
		}
		if next < 0 {
			return marketSchema.fault(b, i)
		}
		i = next
	}
	return nil
}

// decodeNumber reads the number of MarketFullFeed with the tag. It returns -1
// if the tag is unknown or the value malformed.
func (f *Feed) decodeNumber(t uint64, b []byte, i int) int {
	switch t {
	case 5<<3 | doubleType:
		f.ATP, i = double(b, i)
	case 6<<3 | varintType:
		f.VTT, i = integer(b, i)
	case 7<<3 | doubleType:
		f.OI, i = double(b, i)
	case 8<<3 | doubleType:
		f.IV, i = double(b, i)
	case 9<<3 | doubleType:
		f.TBQ, i = double(b, i)
	case 10<<3 | doubleType:
		f.TSQ, i = double(b, i)
	case 11<<3 | doubleType:
		f.IEP, i = double(b, i)
	case 12<<3 | doubleType:
		f.RP, i = double(b, i)
	case 13<<3 | varintType:
		f.IEQ, i = integer(b, i)
	case 14<<3 | varintType:
		f.IIQTotal, i = integer(b, i)
	case 15<<3 | varintType:
		f.IIQM, i = integer(b, i)
	case 16<<3 | varintType:
		var v int64
		v, i = integer(b, i)
		f.CASEligible = v != 0
	default:
		return -1
	}
	return i
}

// index reads an IndexFullFeed.
func (f *Feed) index(b []byte, i int) (err *DecodeError) {
	for start := 0; i < len(b); {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | lengthType:
			if start, next = lengthPrefix(b, next); start >= 0 {
				f.HasLTPC = true
				err = f.LTPC.decode(b[:next], start)
			}
		case 2<<3 | lengthType:
			if start, next = lengthPrefix(b, next); start >= 0 {
				err = f.bars(b[:next], start)
			}
		default:
			next = indexSchema.skip(b, i)
		}
		if err != nil {
			return err
		}
		if next < 0 {
			return indexSchema.fault(b, i)
		}
		i = next
	}
	return nil
}

// greeks reads a FirstLevelWithGreeks.
func (f *Feed) greeks(b []byte, i int) (err *DecodeError) {
	for start := 0; i < len(b); {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | lengthType:
			if start, next = lengthPrefix(b, next); start >= 0 {
				f.HasLTPC = true
				err = f.LTPC.decode(b[:next], start)
			}
		case 2<<3 | lengthType:
			if start, next = lengthPrefix(b, next); start >= 0 {
				err = f.firstLevel().decode(b[:next], start)
			}
		case 3<<3 | lengthType:
			if start, next = lengthPrefix(b, next); start >= 0 {
				f.HasGreeks = true
				err = f.Greeks.decode(b[:next], start)
			}
		case 4<<3 | varintType:
			f.VTT, next = integer(b, next)
		case 5<<3 | doubleType:
			f.OI, next = double(b, next)
		case 6<<3 | doubleType:
			f.IV, next = double(b, next)
		default:
			next = greeksSchema.skip(b, i)
		}
		if err != nil {
			return err
		}
		if next < 0 {
			return greeksSchema.fault(b, i)
		}
		i = next
	}
	return nil
}

// firstLevel returns the only level of the book that this form has.
func (f *Feed) firstLevel() *Quote {
	if len(f.Depth) == 0 {
		f.Depth = append(f.Depth, Quote{})
	}
	return &f.Depth[0]
}
