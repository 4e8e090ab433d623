package live

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// Whole numbers are written as package strconv writes them, at every length.
func TestWholeNumbers(t *testing.T) {
	t.Parallel()
	all := []int64{0, math.MinInt64, math.MaxInt64}
	for power := int64(1); ; power *= 10 {
		all = append(all, power-1, power, power+1, 7*power, -power)
		if power > math.MaxInt64/10 {
			break
		}
	}
	dice := rand.New(rand.NewPCG(1, 2))
	for range 10000 {
		all = append(all, dice.Int64()>>dice.IntN(64))
	}
	for _, v := range all {
		if got, want := string(appendWhole([]byte("x"), v)), "x"+strconv.FormatInt(v, 10); got != want {
			t.Errorf("%s is written %s", want, got)
		}
	}
}

// Prices, which have a way of their own, are written as they would be without.
func TestPrices(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(3, 4))
	for _, parts := range []int64{1, 10, 100, 1000, 10000, 100000} {
		for range 5000 {
			v := float64(dice.Int64()>>dice.IntN(64)) / float64(parts)
			want, _ := json.Marshal(v)
			if size := math.Abs(v); size >= 1e-6 && size < 1e15 && string(appendNumber(nil, v)) != string(want) {
				t.Errorf("%s is written %s", want, appendNumber(nil, v))
			}
		}
	}
}

// A text comes back as it was, whatever byte stands wherever in it.
func TestEveryByteOfAText(t *testing.T) {
	t.Parallel()
	for size := range 20 {
		for at := range size {
			for c := range 0x80 {
				text := []byte("NSE_INDEX|Nifty Bank")[:size]
				text[at] = byte(c)
				var back string
				line := appendText(nil, text)
				if err := json.Unmarshal(line, &back); err != nil || back != string(text) {
					t.Fatalf("%q is written %s: %v", text, line, err)
				}
				for _, shown := range line {
					if shown < ' ' || shown > '~' {
						t.Fatalf("%q is written with byte %#x", text, shown)
					}
				}
			}
		}
	}
}
