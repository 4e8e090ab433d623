package feed

import (
	"testing"
	"unicode/utf8"
)

// A text is refused if and only if it is not UTF-8, whatever byte stands
// wherever in it.
func TestEveryByteOfAText(t *testing.T) {
	t.Parallel()
	for size := range 20 {
		for at := range size {
			for c := range 0x100 {
				b := append([]byte{byte(size)}, "NSE_INDEX|Nifty Bank"[:size]...)
				b[1+at] = byte(c)
				s, end := text(b, 0)
				if valid := utf8.Valid(b[1:]); valid != (end >= 0) || valid && (end != len(b) || string(s) != string(b[1:])) {
					t.Fatalf("%q is read as %q, up to %d", b[1:], s, end)
				}
			}
		}
	}
}

// A length of any size is compared with the bytes that are left.
func TestLengths(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 127, 128, 300, 20000} {
		head := []byte{byte(n)}
		if n > 127 {
			head = []byte{byte(n) | 0x80, byte(n>>7) & 0x7f}
		}
		if n >= 1<<14 {
			head = []byte{byte(n) | 0x80, byte(n>>7) | 0x80, byte(n >> 14)}
		}
		for short := range 2 {
			b := append(head[:len(head):len(head)], make([]byte, max(n-short, 0))...)
			start, end := lengthPrefix(b, 0)
			if fits := n <= len(b)-len(head); fits && (start != len(head) || end != len(b)) || !fits && start != -1 {
				t.Errorf("length %d before %d bytes: from %d to %d", n, len(b)-len(head), start, end)
			}
		}
	}
}

// An element that held a last trade says nothing of one when it is used again.
func TestElementsAreUsedAgain(t *testing.T) {
	t.Parallel()
	var m Message
	for _, frame := range []string{
		"\x12\x0d\x0a\x01A\x12\x08\x0a\x02\x10\x07\x1a\x02\x20\x09", // ltpc, then firstLevelWithGreeks without, in one
		"\x12\x09\x0a\x01A\x12\x04\x0a\x02\x10\x07",                 // ltpc
		"\x12\x09\x0a\x01A\x12\x04\x1a\x02\x20\x09",                 // firstLevelWithGreeks without
	} {
		if err := Decode([]byte(frame), &m); err != nil {
			t.Fatal(err)
		}
		f := &m.Feeds[0]
		if f.HasLTPC != (f.Form == FormLTPC) || (f.LTPC.LTT == 7) != (f.Form == FormLTPC) {
			t.Errorf("%q is read as %+v", frame, f)
		}
	}
}
