package feed

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// entryOf is an entry of the map of feeds, as all known encoders write it.
func entryOf(key string, ltpc ...[]byte) []byte {
	var all []byte
	for _, field := range ltpc {
		all = append(all, field...)
	}
	entry := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), key)
	value := protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), all)
	return protowire.AppendBytes(protowire.AppendTag(entry, 2, protowire.BytesType), value)
}

func doubleField(num protowire.Number, bits uint64) []byte {
	return protowire.AppendFixed64(protowire.AppendTag(nil, num, protowire.Fixed64Type), bits)
}

func varintField(num protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, num, protowire.VarintType), v)
}

// checkEntry decodes a frame with one entry as protobuf's own runtime does,
// but for a field of another wire type than the schema's: Decode refuses it,
// the other skips it, or panics if it is the key (v1.36.12).
func checkEntry(t *testing.T, m *Message, entry []byte) {
	t.Helper()
	frame := protowire.AppendBytes(protowire.AppendTag(nil, 2, protowire.BytesType), entry)
	err := Decode(frame, m)
	checkError(t, err, len(frame))
	if err != nil && strings.Contains(err.Error(), "wire type") {
		return
	}
	want, bad := official(frame)
	if (err == nil) != (bad == nil) {
		t.Errorf("%x: %v, but protobuf says %v", frame, err, bad)
	} else if err == nil {
		diff(t, string(entry), pruned(canonical(m)), pruned(want))
	}
}

// The fast path and the general decoder agree on the usual entry and on similar
// ones: with any byte changed, cut anywhere, with fields in another order,
// repeated or missing.
func TestDecodeLTPCFast(t *testing.T) {
	t.Parallel()
	const price, before = 0x40d7f0cccccccccd, 0x40d7ef3333333333
	ltp, ltt, ltq, cp := doubleField(1, price), varintField(2, 1795420800123), varintField(3, 300), doubleField(4, before)
	var m Message
	for _, usual := range [][]byte{
		entryOf("NSE_EQ|INE002A01018", ltp, ltt, ltq, cp),
		entryOf("NSE_INDEX|Nifty 50", ltp, ltt, cp),
		entryOf("NSE_FO|1"),
		entryOf("NSE_FO|12345", varintField(3, 1)),
		entryOf("BSE_EQ|500325", varintField(2, 1<<62), cp),
		entryOf("NSE_COM|"+strings.Repeat("x", 0x7f-8-8-len(ltp)), ltp),
	} {
		if !new(Feed).decodeLTPCFast(usual, 0) {
			t.Errorf("%x is not read briefly", usual)
		}
		for at := range usual {
			checkEntry(t, &m, usual[:at])
			kept := usual[at]
			for c := range 0x100 {
				usual[at] = byte(c)
				checkEntry(t, &m, usual)
			}
			usual[at] = kept
		}
	}
	iep := protowire.AppendBytes(protowire.AppendTag(nil, 5, protowire.BytesType), doubleField(1, price))
	mode := varintField(4, 1)
	plain := entryOf("NSE_FO|12345", ltp, ltt, ltq, cp)
	for _, other := range [][]byte{
		entryOf("NSE_FO|12345", cp, ltq, ltt, ltp),
		entryOf("NSE_FO|12345", ltp, doubleField(1, before)),
		entryOf("NSE_FO|12345", ltp, ltt, ltq, cp, iep),
		entryOf("NSE_FO|12345", ltp, ltt, ltq, cp, varintField(9, 9)),
		entryOf("NSE_FO|12345", doubleField(1, 0x7ff8000000000001), ltt),
		entryOf("short", ltp),
		entryOf("", ltp),
		entryOf("NSE_EQ|₹₹₹₹", ltp),
		entryOf("NSE_COM|"+strings.Repeat("x", 0x80-8-8-len(ltp)), ltp),
		entryOf("NSE_COM|"+strings.Repeat("x", 0x80), ltp),
		append(plain[14:len(plain):len(plain)], plain[:14]...), // the value before the key
		append(plain[:len(plain):len(plain)], plain...),
		append(plain[:len(plain):len(plain)], mode...),
	} {
		checkEntry(t, &m, other)
	}
}
