package feed

import (
	"math/rand/v2"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// FuzzDecode: whatever comes, Decode does not panic; its errors point into
// the frame; what it accepts, protobuf's own runtime accepts and reads the
// same; and a second decoding allocates nothing.
func FuzzDecode(f *testing.F) {
	for _, frame := range goldenFrames(f) {
		f.Add(frame.data)
	}
	for _, name := range []string{"bad_truncated.bin", "bad_not_protobuf.bin"} {
		f.Add(readFrame(f, name))
	}
	n := uint64(0)
	for choice := 1; choice <= 3; choice++ {
		f.Add(everything(responseType(), choice, 1, &n))
	}
	f.Add(unknownFields())
	f.Fuzz(func(t *testing.T, frame []byte) {
		var m Message
		err := Decode(frame, &m)
		checkError(t, err, len(frame))
		if err != nil {
			return
		}
		want, bad := official(frame)
		if bad != nil {
			t.Fatalf("%x is accepted, but protobuf says: %v", frame, bad)
		}
		diff(t, "decoded", pruned(canonical(&m)), pruned(want))
		if allocs := testing.AllocsPerRun(1, func() { _ = Decode(frame, &m) }); allocs != 0 {
			t.Errorf("%x: %v allocations in the second decoding", frame, allocs)
		}
	})
}

// The own reading of varints agrees with protowire on every length, padded
// and cut forms, and at every distance from the end.
func TestVarint(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		b := protowire.AppendVarint(make([]byte, 3, 40), r.Uint64()>>r.IntN(64))
		if r.IntN(4) == 0 { // overlong: the same number with zeros behind it
			b[len(b)-1] |= 0x80
			b = append(b, 0x80, 0x00)
		}
		for range r.IntN(12) {
			b = append(b, byte(r.Uint32()))
		}
		b = b[:3+r.IntN(len(b)-2)]
		want, n := protowire.ConsumeVarint(b[3:])
		got, next := varint(b, 3)
		if n < 0 && next != -1 || n >= 0 && (got != want || next != 3+n) {
			t.Fatalf("varint(%x) = %d, %d; want %d, %d", b[3:], got, next, want, 3+n)
		}
		if long, after := longVarint(b, 3); long != got || after != next {
			t.Fatalf("longVarint(%x) = %d, %d; want %d, %d", b[3:], long, after, got, next)
		}
	}
	if _, next := varint(make([]byte, 20), -1); next != -1 {
		t.Error("a position before the frame is read")
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"initial_feed": InitialFeed.String(), "live_feed": LiveFeed.String(), "market_info": MarketInfo.String(),
		"type(3)": Type(3).String(), "type(-1)": Type(-1).String(),
		"ltpc": Mode(0).String(), "full_d5": Mode(1).String(), "option_greeks": Mode(2).String(), "full_d30": Mode(3).String(),
		"PRE_OPEN_START": Status(0).String(), "NORMAL_OPEN": Status(2).String(), "CLOSING_END": Status(5).String(),
		"status(6)": Status(6).String(),
		"":          NoForm.String(), "fullFeed.indexFF": FormIndex.String(), "firstLevelWithGreeks": FormGreeks.String(),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
