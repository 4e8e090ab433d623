package feed

var (
	feedEntrySchema = schema{"FeedsEntry", []field{1: {"key", kindText}, 2: {"value", kindMessage}}}
	feedSchema      = schema{"Feed", []field{
		1: {"ltpc", kindMessage}, 2: {"fullFeed", kindMessage}, 3: {"firstLevelWithGreeks", kindMessage},
		4: {"requestMode", kindVarint},
	}}
	fullSchema = schema{"FullFeed", []field{1: {"marketFF", kindMessage}, 2: {"indexFF", kindMessage}}}
)

// feed reads one entry of the map of feeds.
func (m *Message) feed(b []byte, i int) *DecodeError {
	if len(m.Feeds) == maxEntries {
		return tooMany(i, "FeedResponse.feeds")
	}
	if n := len(m.Feeds); n < cap(m.Feeds) {
		m.Feeds = m.Feeds[:n+1] // keeps the element's slices
	} else {
		m.Feeds = append(m.Feeds, Feed{})
	}
	f := &m.Feeds[len(m.Feeds)-1]
	f.Key, f.Mode = nil, 0
	f.resetForm(NoForm)
	if f.decodeLTPCFast(b, i) {
		return nil
	}
	for i < len(b) {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | lengthType:
			f.Key, next = text(b, next)
		case 2<<3 | lengthType:
			var start int
			if start, next = lengthPrefix(b, next); start < 0 {
				break
			}
			if err := f.decode(b[:next], start); err != nil {
				return err
			}
		default:
			next = feedEntrySchema.skip(b, i)
		}
		if next < 0 {
			return feedEntrySchema.fault(b, i)
		}
		i = next
	}
	return nil
}

// resetForm zeroes the fields of the form: the members of a union exclude each
// other, and the last one on the wire counts.
func (f *Feed) resetForm(form Form) {
	if f.Form == FormLTPC { // the usual form; the other fields are zero already
		f.Form, f.HasLTPC, f.LTPC = form, false, LTPC{}
		return
	}
	key, mode, depth, ohlc := f.Key, f.Mode, f.Depth[:0], f.OHLC[:0]
	*f = Feed{}
	f.Key, f.Mode, f.Form, f.Depth, f.OHLC = key, mode, form, depth, ohlc
}

// setForm clears f unless it already has the form.
func (f *Feed) setForm(form Form) {
	if f.Form == NoForm {
		f.Form = form
	} else if f.Form != form {
		f.resetForm(form)
	}
}

// decode reads a Feed.
func (f *Feed) decode(b []byte, i int) (err *DecodeError) {
	for start := 0; i < len(b); {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | lengthType:
			if start, next = lengthPrefix(b, next); start >= 0 {
				f.setForm(FormLTPC)
				f.HasLTPC = true
				err = f.LTPC.decode(b[:next], start)
			}
		case 2<<3 | lengthType:
			if start, next = lengthPrefix(b, next); start >= 0 {
				err = f.full(b[:next], start)
			}
		case 3<<3 | lengthType:
			if start, next = lengthPrefix(b, next); start >= 0 {
				f.setForm(FormGreeks)
				err = f.greeks(b[:next], start)
			}
		case 4<<3 | varintType:
			var v int64
			v, next = integer(b, next)
			f.Mode = Mode(v)
		default:
			next = feedSchema.skip(b, i)
		}
		if err != nil {
			return err
		}
		if next < 0 {
			return feedSchema.fault(b, i)
		}
		i = next
	}
	return nil
}

// full reads a FullFeed, which is one of two others. An empty one leaves f
// without a form.
func (f *Feed) full(b []byte, i int) (err *DecodeError) {
	if f.Form != NoForm && f.Form != FormMarket && f.Form != FormIndex {
		f.resetForm(NoForm)
	}
	for start := 0; i < len(b); {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | lengthType:
			if start, next = lengthPrefix(b, next); start >= 0 {
				f.setForm(FormMarket)
				err = f.market(b[:next], start)
			}
		case 2<<3 | lengthType:
			if start, next = lengthPrefix(b, next); start >= 0 {
				f.setForm(FormIndex)
				err = f.index(b[:next], start)
			}
		default:
			next = fullSchema.skip(b, i)
		}
		if err != nil {
			return err
		}
		if next < 0 {
			return fullSchema.fault(b, i)
		}
		i = next
	}
	return nil
}
