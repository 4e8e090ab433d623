package instruments

import (
	"strings"
	"testing"

	"upstox-doctor/checks/market"
)

// TestBuiltIn tells a mistyped ISIN by its last digit, as ISO 6166 has it: the
// letters written as numbers from 10, then the sum of Luhn.
func TestBuiltIn(t *testing.T) {
	t.Parallel()
	symbols, keys := map[string]bool{}, map[string]bool{}
	for _, i := range builtIn {
		if !market.IsKey(i.Key) || i.Symbol == "" || i.Name == "" || symbols[i.Symbol] || keys[i.Key] {
			t.Errorf("%+v is not whole, or stands twice", i)
		}
		symbols[i.Symbol], keys[i.Key] = true, true
		if i.Segment() == "NSE_EQ" && !isISIN(i.code()) {
			t.Errorf("%s: %s is no ISIN", i.Symbol, i.code())
		}
	}
	if isISIN("INE002A01019") || isISIN("INE02A001018") {
		t.Error("a mistyped ISIN counts as one")
	}
}

func isISIN(text string) bool {
	var digits []int
	for _, r := range text {
		if n := strings.IndexRune("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", r); n >= 10 {
			digits = append(digits, n/10, n%10)
		} else {
			digits = append(digits, n)
		}
	}
	sum := 0
	for i := range digits {
		d := digits[len(digits)-1-i]
		if i%2 == 1 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	return len(text) == 12 && sum%10 == 0
}

func TestSearch(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ text, first, meant string }{
		{"RELIANCE", "NSE_EQ|INE002A01018", "NSE_EQ|INE002A01018"},
		{"reliance industries", "NSE_EQ|INE002A01018", "NSE_EQ|INE002A01018"},
		{"INE002A01018", "NSE_EQ|INE002A01018", "NSE_EQ|INE002A01018"},
		{"nifty", "NSE_INDEX|Nifty 50", "NSE_INDEX|Nifty 50"},
		{"NIFTY 50", "NSE_INDEX|Nifty 50", "NSE_INDEX|Nifty 50"},
		{"Nifty50", "NSE_INDEX|Nifty 50", "NSE_INDEX|Nifty 50"},
		{"BANK NIFTY", "NSE_INDEX|Nifty Bank", "NSE_INDEX|Nifty Bank"},
		{"nifty fin service", "NSE_INDEX|Nifty Fin Service", "NSE_INDEX|Nifty Fin Service"},
		{"m&m", "NSE_EQ|INE101A01026", "NSE_EQ|INE101A01026"},
		{"bajaj auto", "NSE_EQ|INE917I01010", "NSE_EQ|INE917I01010"},
		{"dr reddy", "NSE_EQ|INE089A01031", "NSE_EQ|INE089A01031"},
		{"hdfc", "NSE_EQ|INE040A01034", ""},
		{"tata", "NSE_EQ|INE192A01025", ""},
		{"no such", "", ""},
		{"  ", "", ""},
		{"&", "", ""},
		{"", "", ""},
	} {
		t.Run(tc.text, func(t *testing.T) {
			t.Parallel()
			found := Search(tc.text)
			first := ""
			if len(found) > 0 {
				first = found[0].Key
			}
			meant, _ := Meant(tc.text, found)
			if first != tc.first || meant.Key != tc.meant {
				t.Errorf("first %q, meant %q; want %q, %q", first, meant.Key, tc.first, tc.meant)
			}
		})
	}
}

func TestRank(t *testing.T) {
	t.Parallel()
	future := Instrument{"NSE_FO|1", "RELIANCE FUT 29 DEC 26", "RELIANCE"}
	bse := Instrument{"BSE_EQ|INE002A01018", "RELIANCE", "RELIANCE INDUSTRIES LTD"}
	nse := Instrument{"NSE_EQ|INE002A01018", "RELIANCE", "RELIANCE INDUSTRIES LTD"}
	power := Instrument{"NSE_EQ|INE614G01033", "RPOWER", "RELIANCE POWER"}
	found := Rank("reliance", []Instrument{power, future, bse, nse})
	want := []Instrument{nse, bse, future, power}
	for i := range want {
		if i >= len(found) || found[i] != want[i] {
			t.Fatalf("got %v, want %v", found, want)
		}
	}
	if got, ok := Meant("reliance", found); !ok || got != nse {
		t.Errorf("meant %v", got)
	}
	if got, ok := Meant("reliance", Rank("reliance", []Instrument{future, {"NSE_FO|2", "RELIANCE FUT 26 JAN 27", "RELIANCE"}})); ok {
		t.Errorf("of two contracts %v is meant", got)
	}
}

func TestIndices(t *testing.T) {
	t.Parallel()
	if got := Indices("bank"); len(got) != 2 || got[0].Symbol != "BANKNIFTY" && got[0].Symbol != "BANKEX" {
		t.Errorf("got %v", got)
	}
	if got := Indices("reliance"); len(got) > 0 {
		t.Errorf("a share is an index: %v", got)
	}
}
