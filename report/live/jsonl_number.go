package live

import (
	"encoding/binary"
	"math/bits"
	"strconv"
)

// appendNumber writes a JSON number in its shortest form. NaN and infinities,
// which JSON does not have, become null.
func appendNumber(b []byte, v float64) []byte {
	if v-v != 0 {
		return append(b, "null"...)
	}
	if v < 0 {
		b, v = append(b, '-'), -v
	}
	// Prices have two decimals, or four. If v is the double that is nearest to
	// n/100 or n/10000, those decimals are its shortest form, which takes a
	// tenth of the time to write so.
	if v < 1e8 {
		n := uint32(v)
		if float64(n) == v {
			return appendShort(b, n)
		}
		if n := uint64(v*100 + 0.5); float64(n)/100 == v {
			return trim(binary.LittleEndian.AppendUint16(append(appendShort(b, uint32(n/100)), '.'), pairs[n%100]))
		}
		if n := uint64(v*10000 + 0.5); float64(n)/10000 == v {
			return trim(binary.LittleEndian.AppendUint32(append(appendShort(b, uint32(n/10000)), '.'), four(uint32(n%10000))))
		}
	}
	form := byte('f')
	if v < 1e-6 || v >= 1e21 {
		form = 'e'
	}
	return strconv.AppendFloat(b, v, form, -1, 64)
}

// trim removes trailing zeros.
func trim(b []byte) []byte {
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	return b
}

// appendWhole writes a whole number. Package strconv would write it elsewhere
// first, digit by digit, which takes twice as long.
func appendWhole(b []byte, v int64) []byte {
	const maxExact = 1e8
	switch {
	case v < 0 || v >= maxExact*maxExact:
		return strconv.AppendInt(b, v, 10)
	case v < maxExact:
		return appendShort(b, uint32(v))
	}
	b = appendShort(b, uint32(v/maxExact))
	return binary.LittleEndian.AppendUint64(b, eight(uint32(v%maxExact)))
}

// appendShort writes up to eight digits: all of them, and then all but the
// zeros before the first other one.
func appendShort(b []byte, u uint32) []byte {
	if u < 10000 {
		digits := four(u)
		zeros := min(bits.TrailingZeros32(digits&0x0f0f0f0f)/8, 3)
		b = binary.LittleEndian.AppendUint32(b, digits>>(8*zeros))
		return b[:len(b)-zeros]
	}
	digits := eight(u)
	zeros := bits.TrailingZeros64(digits&0x0f0f0f0f0f0f0f0f) / 8
	b = binary.LittleEndian.AppendUint64(b, digits>>(8*zeros))
	return b[:len(b)-zeros]
}

// four and eight are as many digits of a number that has no more, the first
// one in the lowest byte.
func four(u uint32) uint32 { return uint32(pairs[u/100]) | uint32(pairs[u%100])<<16 }

func eight(u uint32) uint64 { return uint64(four(u/10000)) | uint64(four(u%10000))<<32 }

// pairs are the digits of the numbers below a hundred.
var pairs = func() (all [100]uint16) {
	for i := range all {
		all[i] = uint16('0'+i/10) | uint16('0'+i%10)<<8
	}
	return all
}()
