package market_test

import (
	"testing"

	"upstox-doctor/checks/market"
)

func TestStateOf(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]market.State{
		"NORMAL_OPEN":    market.Open,
		"PRE_OPEN_START": market.PreOpen,
		"PRE_OPEN_M_END": market.PreOpen,
		"PRE_OPEN_END":   market.PreOpen,
		"NORMAL_CLOSE":   market.Closed,
		"CLOSING_START":  market.Closed,
		"CLOSING_END":    market.Closed,
		"normal_open":    market.Unknown,
		"CTS_CLOSE":      market.Unknown,
		"":               market.Unknown,
	} {
		if got := market.StateOf(status); got != want {
			t.Errorf("StateOf(%q) = %q, want %q", status, got, want)
		}
	}
}

func TestSegmentOf(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"NSE_INDEX|Nifty 50":  "NSE_INDEX",
		"NSE_EQ|INE002A01018": "NSE_EQ",
		"MCX_FO|A|B":          "MCX_FO",
		"RELIANCE":            "",
		"NSE_EQ:RELIANCE":     "",
		"":                    "",
	} {
		if got := market.SegmentOf(key); got != want {
			t.Errorf("SegmentOf(%q) = %q, want %q", key, got, want)
		}
	}
}

func TestIsKey(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"NSE_INDEX|Nifty 50": true, "MCX_FO|A|B": true,
		"": false, "|": false, "RELIANCE": false, "|Nifty 50": false, "NSE_EQ|": false,
	} {
		if got := market.IsKey(text); got != want {
			t.Errorf("IsKey(%q) = %t", text, got)
		}
	}
}

// The exchanges must be those that /v2/market/status accepts.
func TestExchangeOf(t *testing.T) {
	t.Parallel()
	for segment, want := range map[string]string{
		"NSE_EQ": "NSE", "NSE_INDEX": "NSE", "NSE_FO": "NFO", "NSE_COM": "NSCOM",
		"BSE_EQ": "BSE", "BSE_INDEX": "BSE", "BSE_FO": "BFO",
		"NCD_FO": "CDS", "BCD_FO": "BCD",
		"MCX_FO": "MCX", "MCX_INDEX": "MCX",
		"GLOBAL_INDEX": "", "GLOBAL_INDICATOR": "", "NSE": "", "": "",
	} {
		if got := market.ExchangeOf(segment); got != want {
			t.Errorf("ExchangeOf(%q) = %q, want %q", segment, got, want)
		}
	}
}
