package checks

import (
	"errors"
	"io/fs"
	"math"
	"testing"
	"time"

	"upstox-doctor/checks/feed"
)

func TestPrice(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		v    float64
		want string
	}{
		{"nothing", 0, "0.00"},
		{"paise only", 0.05, "0.05"},
		{"three digits have no comma", 999.99, "999.99"},
		{"rounding brings the fourth digit", 999.995, "1,000.00"},
		{"an index", 24513.05, "24,513.05"},
		{"six digits", 123456.7, "123,456.70"},
		{"seven digits have two commas", 1234567.891, "1,234,567.89"},
		{"below zero", -1234.5, "-1,234.50"},
		{"three digits below zero keep their sign apart", -999.5, "-999.50"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := price(tc.v); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		d    time.Duration
		want string
	}{
		{"nothing", 0, "0.0 s"},
		{"tenths below ten seconds", 350 * time.Millisecond, "0.3 s"},
		{"just below ten seconds", 9940 * time.Millisecond, "9.9 s"},
		{"whole seconds from ten", 10 * time.Second, "10 s"},
		{"just below a minute", 59999 * time.Millisecond, "59 s"},
		{"a minute", time.Minute, "1 min"},
		{"just below an hour", time.Hour - time.Second, "59 min"},
		{"an hour", time.Hour, "1 h 0 min"},
		{"hours and minutes", 6*time.Hour + 45*time.Minute, "6 h 45 min"},
		{"just below two days", 48*time.Hour - time.Minute, "47 h 59 min"},
		{"two days", 48 * time.Hour, "2 days"},
		{"days are cut off", 71 * time.Hour, "2 days"},
		{"a negative span counts as its length", -90 * time.Minute, "1 h 30 min"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := span(tc.d); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestOff(t *testing.T) {
	t.Parallel()
	for skew, want := range map[time.Duration]string{
		10 * time.Minute:            "10 min ahead",
		-2 * time.Hour:              "2 h 0 min behind",
		0:                           "0.0 s ahead",
		-48*time.Hour + time.Second: "2 days behind",
	} {
		if got := off(skew); got != want {
			t.Errorf("off by %s: got %q, want %q", skew, got, want)
		}
	}
}

func TestMomentIsInIndia(t *testing.T) {
	t.Parallel()
	for in, want := range map[time.Time]string{
		time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC):                            "Tue 24 Nov 03:30 IST",
		time.Date(2026, 11, 23, 12, 30, 0, 0, time.FixedZone("EST", -5*3600)):     "Mon 23 Nov 23:00 IST",
		time.Date(2026, 1, 2, 9, 5, 59, 0, time.FixedZone("IST", 5*3600+30*60+0)): "Fri 2 Jan 09:05 IST",
	} {
		if got := moment(in); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestChange(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		ltp, cp float64
		want    string
	}{
		{"up", 24513.05, 24401.10, " (+0.46 %)"},
		{"down", 95, 100, " (-5.00 %)"},
		{"unchanged", 100, 100, " (+0.00 %)"},
		{"without a close there is nothing to compare with", 100, 0, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := change(&feed.Tick{LTP: tc.ltp, CP: tc.cp}); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestLabel(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		ControlKey:             "NIFTY 50",
		"NSE_INDEX|Nifty Bank": "Nifty Bank",
		"NSE_EQ|INE002A01018":  "INE002A01018",
		"no-segment":           "no-segment",
		"A|B|C":                "B|C",
	} {
		if got := label(key); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
}

func TestSmallWords(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		count(0, "value"):                         "0 values",
		count(1, "value"):                         "1 value",
		count(2, "variable"):                      "2 variables",
		joinInts([]int{3}):                        "3",
		joinInts([]int{1, 20, 3}):                 "1, 20, 3",
		issuer([]string{"Simulated"}, "R3"):       "Simulated",
		issuer(nil, "R3"):                         "R3",
		hostOf("wss://blue.upstox.com:443/x?c=1"): "blue.upstox.com",
		hostOf("wss://[bad"):                      FeedHost,
		Source{Name: ".upstox_token", Where: ".upstox_token"}.String():    ".upstox_token",
		Source{Name: varToken, Where: "environment"}.String():             "UPSTOX_ACCESS_TOKEN (environment)",
		cause(&fs.PathError{Path: "/home/x", Err: fs.ErrExist}).Error():   "file already exists",
		cause(errors.New("is a directory")).Error():                       "is a directory",
		(&Credentials{Sources: map[string][]Source{}}).where(varSecret):   "not set",
		span(time.Duration(math.MinInt64) + 1)[len("106751"):] + " of it": " days of it",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
