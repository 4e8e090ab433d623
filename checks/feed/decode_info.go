package feed

var (
	infoSchema = schema{"MarketInfo", []field{
		1: {"segmentStatus", kindMessage}, 2: {"casMarketStatus", kindMessage}, 3: {"preOpenSessionStatus", kindMessage},
	}}
	segmentSchema = schema{"SegmentStatusEntry", []field{1: {"key", kindText}, 2: {"value", kindVarint}}}
	phaseSchema   = schema{"StatusInfoEntry", []field{1: {"key", kindText}, 2: {"value", kindMessage}}}
	statusSchema  = schema{"StatusInfo", []field{1: {"status", kindText}, 2: {"updatedTime", kindVarint}}}

	doubleSchema = schema{"DoubleValue", []field{1: {"value", kindDouble}}}
)

// marketInfo reads a MarketInfo, which has three maps.
func (m *Message) marketInfo(b []byte, i int) *DecodeError {
	for i < len(b) {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | lengthType, 2<<3 | lengthType, 3<<3 | lengthType:
			var start int
			if start, next = lengthPrefix(b, next); start < 0 {
				break
			}
			if err := m.status(t>>3, b[:next], start); err != nil {
				return err
			}
		default:
			next = infoSchema.skip(b, i)
		}
		if next < 0 {
			return infoSchema.fault(b, i)
		}
		i = next
	}
	return nil
}

// status reads an entry of the map that MarketInfo has under the number.
func (m *Message) status(number uint64, b []byte, i int) *DecodeError {
	if max(len(m.Segments), len(m.CAS), len(m.PreOpen)) == maxEntries {
		return tooMany(i, "MarketInfo")
	}
	switch number {
	case 1:
		m.Segments = append(m.Segments, Segment{})
		return m.Segments[len(m.Segments)-1].decode(b, i)
	case 2:
		m.CAS = append(m.CAS, Phase{})
		return m.CAS[len(m.CAS)-1].entry(b, i)
	default:
		m.PreOpen = append(m.PreOpen, Phase{})
		return m.PreOpen[len(m.PreOpen)-1].entry(b, i)
	}
}

// decode reads an entry of segmentStatus.
func (s *Segment) decode(b []byte, i int) *DecodeError {
	for i < len(b) {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | lengthType:
			s.Name, next = text(b, next)
		case 2<<3 | varintType:
			var v int64
			v, next = integer(b, next)
			s.Status = Status(v)
		default:
			next = segmentSchema.skip(b, i)
		}
		if next < 0 {
			return segmentSchema.fault(b, i)
		}
		i = next
	}
	return nil
}

// entry reads an entry of casMarketStatus or preOpenSessionStatus.
func (p *Phase) entry(b []byte, i int) *DecodeError {
	for i < len(b) {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | lengthType:
			p.Segment, next = text(b, next)
		case 2<<3 | lengthType:
			var start int
			if start, next = lengthPrefix(b, next); start < 0 {
				break
			}
			if err := p.decode(b[:next], start); err != nil {
				return err
			}
		default:
			next = phaseSchema.skip(b, i)
		}
		if next < 0 {
			return phaseSchema.fault(b, i)
		}
		i = next
	}
	return nil
}

// decode reads a StatusInfo.
func (p *Phase) decode(b []byte, i int) *DecodeError {
	for i < len(b) {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | lengthType:
			p.Status, next = text(b, next)
		case 2<<3 | varintType:
			p.Updated, next = integer(b, next)
		default:
			next = statusSchema.skip(b, i)
		}
		if next < 0 {
			return statusSchema.fault(b, i)
		}
		i = next
	}
	return nil
}

func (d *Double) decode(b []byte, i int) *DecodeError {
	d.Set = true
	for i < len(b) {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		if t == 1<<3|doubleType {
			d.Value, next = double(b, next)
		} else {
			next = doubleSchema.skip(b, i)
		}
		if next < 0 {
			return doubleSchema.fault(b, i)
		}
		i = next
	}
	return nil
}
