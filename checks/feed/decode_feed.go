package feed

var (
	feedEntrySchema = schema{"FeedsEntry", []field{1: {"key", aText}, 2: {"value", aMessage}}}
	feedSchema      = schema{"Feed", []field{
		1: {"ltpc", aMessage}, 2: {"fullFeed", aMessage}, 3: {"firstLevelWithGreeks", aMessage},
		4: {"requestMode", aVarint},
	}}
	fullSchema = schema{"FullFeed", []field{1: {"marketFF", aMessage}, 2: {"indexFF", aMessage}}}
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
	f.clear(NoForm)
	if f.brief(b, i) {
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
			if start, next = span(b, next); start < 0 {
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

// clear zeroes the fields of the form: the members of a union exclude each
// other, and the last one on the wire counts.
func (f *Feed) clear(form Form) {
	if f.Form == FormLTPC { // the usual form; the other fields are zero already
		f.Form, f.HasLTPC, f.LTPC = form, false, LTPC{}
		return
	}
	key, mode, depth, ohlc := f.Key, f.Mode, f.Depth[:0], f.OHLC[:0]
	*f = Feed{}
	f.Key, f.Mode, f.Form, f.Depth, f.OHLC = key, mode, form, depth, ohlc
}

// become clears f unless it already has the form.
func (f *Feed) become(form Form) {
	if f.Form == NoForm {
		f.Form = form
	} else if f.Form != form {
		f.clear(form)
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
			if start, next = span(b, next); start >= 0 {
				f.become(FormLTPC)
				f.HasLTPC = true
				err = f.LTPC.decode(b[:next], start)
			}
		case 2<<3 | lengthType:
			if start, next = span(b, next); start >= 0 {
				err = f.full(b[:next], start)
			}
		case 3<<3 | lengthType:
			if start, next = span(b, next); start >= 0 {
				f.become(FormGreeks)
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
		f.clear(NoForm)
	}
	for start := 0; i < len(b); {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | lengthType:
			if start, next = span(b, next); start >= 0 {
				f.become(FormMarket)
				err = f.market(b[:next], start)
			}
		case 2<<3 | lengthType:
			if start, next = span(b, next); start >= 0 {
				f.become(FormIndex)
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
