package feed

var ltpcSchema = schema{"LTPC", []field{
	1: {"ltp", kindDouble}, 2: {"ltt", kindVarint}, 3: {"ltq", kindVarint}, 4: {"cp", kindDouble}, 5: {"iep", kindMessage},
}}

// decodeLTPCFast is the fast path for the usual entry of the map of feeds: an
// ASCII key and an LTPC, in this order and nothing else, with one-byte lengths.
// Other entries it does not read.
func (f *Feed) decodeLTPCFast(b []byte, i int) bool {
	entry := b[i:]
	if len(entry) < 8 || len(entry) > 0x7f || entry[0] != 1<<3|byte(lengthType) {
		return false
	}
	value := 2 + int(entry[1])
	if value+4 > len(entry) {
		return false
	}
	// The rest is the value, which is the LTPC.
	head, size := entry[value:value+4], len(entry)-value
	if head[0] != 2<<3|byte(lengthType) || int(head[1]) != size-2 || head[2] != 1<<3|byte(lengthType) || int(head[3]) != size-4 {
		return false
	}
	key := entry[2:value:value]
	if !isASCII(key) || f.LTPC.decode(b, i+value+4) != nil {
		return false
	}
	f.Key, f.Form, f.HasLTPC = key, FormLTPC, true
	return true
}

func (l *LTPC) decode(b []byte, i int) *DecodeError {
	i = l.decodeInOrder(b, i)
	for i < len(b) {
		t, next := uint64(b[i]), i+1
		if t >= 0x80 {
			t, next = longVarint(b, i)
		}
		switch t {
		case 1<<3 | doubleType:
			l.LTP, next = double(b, next)
		case 2<<3 | varintType:
			l.LTT, next = integer(b, next)
		case 3<<3 | varintType:
			l.LTQ, next = integer(b, next)
		case 4<<3 | doubleType:
			l.CP, next = double(b, next)
		case 5<<3 | lengthType:
			var start int
			if start, next = lengthPrefix(b, next); start < 0 {
				break
			}
			if err := l.IEP.decode(b[:next], start); err != nil {
				return err
			}
		default:
			next = ltpcSchema.skip(b, i)
		}
		if next < 0 {
			return ltpcSchema.fault(b, i)
		}
		i = next
	}
	return nil
}

// decodeInOrder reads the fields as long as they are in the order of their
// numbers, in which all known encoders write, and returns where it stopped. It
// stops nine bytes before the end, so that no field needs a bounds check: nine
// bytes hold either kind of field. decode reads the rest.
func (l *LTPC) decodeInOrder(b []byte, i int) int {
	rest := b[i:]
	if len(rest) >= 9 && rest[0] == 1<<3|byte(doubleType) {
		l.LTP, _ = double(rest, 1)
		rest = rest[9:]
	}
	if len(rest) >= 9 && rest[0] == 2<<3|byte(varintType) {
		if x, n := varint8(rest[1:]); n > 0 {
			l.LTT, rest = int64(x), rest[n+1:]
		}
	}
	if len(rest) >= 9 && rest[0] == 3<<3|byte(varintType) {
		if x, n := varint8(rest[1:]); n > 0 {
			l.LTQ, rest = int64(x), rest[n+1:]
		}
	}
	if len(rest) >= 9 && rest[0] == 4<<3|byte(doubleType) {
		l.CP, _ = double(rest, 1)
		rest = rest[9:]
	}
	return len(b) - len(rest)
}
