package feed

import (
	"encoding/binary"
	"math"
	"math/bits"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// The readers below take the frame, cut off where the message being read
// ends, and a position in it; they return the value and the position after
// it, or -1 if the value does not fit or is malformed. schema.fault finds out
// afterwards what is wrong, so that valid frames are read without that cost.

// Wire types, to be or-ed to a field number shifted by three.
const (
	varintType = uint64(protowire.VarintType)
	doubleType = uint64(protowire.Fixed64Type)
	lengthType = uint64(protowire.BytesType)
)

// varint reads one base-128 number. Tags, lengths and quantities mostly have
// one byte.
func varint(b []byte, i int) (uint64, int) {
	if uint(i) < uint(len(b)) && b[i] < 0x80 {
		return uint64(b[i]), i + 1
	}
	return longVarint(b, i)
}

// longVarint reads one of any length.
func longVarint(b []byte, i int) (uint64, int) {
	if i < 0 {
		return 0, -1
	}
	if i+8 <= len(b) {
		if x, n := varint8(b[i:]); n > 0 {
			return x, i + n
		}
	}
	x, n := protowire.ConsumeVarint(b[i:])
	if n < 0 {
		return 0, -1
	}
	return x, i + n
}

// varint8 reads a varint of up to eight bytes; b must have eight. The first
// byte without its top bit is the last, and the groups of seven bits are joined
// in pairs, fours and eight. It is used for times in milliseconds, which take
// six bytes and come with every tick. For a longer varint the size is zero.
func varint8(b []byte) (x uint64, size int) {
	x = binary.LittleEndian.Uint64(b)
	ends := ^x & 0x8080808080808080
	if ends == 0 {
		return 0, 0
	}
	x &= (ends - 1) & 0x7f7f7f7f7f7f7f7f // the bits up to the last byte
	x = x&0x007f007f007f007f | x&0x7f007f007f007f00>>1
	x = x&0x00003fff00003fff | x&0x3fff00003fff0000>>2
	x = x&0x000000000fffffff | x&0x0fffffff00000000>>4
	return x, (bits.TrailingZeros64(ends) + 1) / 8
}

// integer reads an int64 or an enum.
func integer(b []byte, i int) (int64, int) {
	x, i := varint(b, i)
	return int64(x), i
}

// double reads eight bytes.
func double(b []byte, i int) (float64, int) {
	if len(b)-i < 8 {
		return 0, -1
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b[i:])), i + 8
}

// lengthPrefix reads a length and returns where its bytes start and end; start
// is -1 too if they do not fit.
func lengthPrefix(b []byte, i int) (start, end int) {
	if uint(i) < uint(len(b)) && b[i] < 0x80 {
		if start, end = i+1, i+1+int(b[i]); end <= len(b) {
			return start, end
		}
		return -1, -1
	}
	n, i := longVarint(b, i)
	if i < 0 || n > uint64(len(b)-i) {
		return -1, -1
	}
	return i, i + int(n)
}

// text reads a string, which must be UTF-8, as a view into b.
func text(b []byte, i int) ([]byte, int) {
	start, end := lengthPrefix(b, i)
	if start < 0 {
		return nil, -1
	}
	s := b[start:end:end]
	if !isASCII(s) && !utf8.Valid(s) {
		return nil, -1
	}
	return s, end
}

// isASCII reports whether s is ASCII, eight bytes at a time; false for short
// ones.
func isASCII(s []byte) bool {
	if len(s) < 8 {
		return false
	}
	tops := binary.LittleEndian.Uint64(s[len(s)-8:])
	for ; len(s) > 8; s = s[8:] {
		tops |= binary.LittleEndian.Uint64(s)
	}
	return tops&0x8080808080808080 == 0
}
