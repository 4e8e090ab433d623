package checks

import (
	"errors"
	"io/fs"
	"testing"
	"time"

	"upstox-doctor/checks/feed"
)

func TestSkewText(t *testing.T) {
	t.Parallel()
	for skew, want := range map[time.Duration]string{
		10 * time.Minute:            "10 min ahead",
		-2 * time.Hour:              "2 h behind",
		0:                           "0 s ahead",
		-48*time.Hour + time.Second: "2 days behind",
		61 * time.Second:            "1 min ahead",
		599 * time.Second:           "10 min ahead",
	} {
		if got := skewText(skew); got != want {
			t.Errorf("off by %s: got %q, want %q", skew, got, want)
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
		{"unchanged", 100, 100, " (0.00 %)"},
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
		joinInts([]int{3}):                        "3",
		joinInts([]int{1, 20, 3}):                 "1, 20, 3",
		issuer([]string{"Simulated"}, "R3"):       "Simulated",
		issuer(nil, "R3"):                         "R3",
		hostOf("wss://blue.upstox.com:443/x?c=1"): "blue.upstox.com",
		hostOf("wss://[bad"):                      FeedHost,
		CredentialSource{Name: ".upstox_token", Where: ".upstox_token"}.String():  ".upstox_token",
		CredentialSource{Name: varToken, Where: "environment"}.String():           "UPSTOX_ACCESS_TOKEN (environment)",
		cause(&fs.PathError{Path: "/home/x", Err: fs.ErrExist}).Error():           "file already exists",
		cause(errors.New("is a directory")).Error():                               "is a directory",
		(&Credentials{Sources: map[string][]CredentialSource{}}).where(varSecret): "not set",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
