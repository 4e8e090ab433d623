package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"upstox-doctor/fixtures/simtest"
)

// listed writes a file of keys.
func listed(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "keys.txt")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestInstrumentsFile(t *testing.T) {
	t.Parallel()
	const nifty, reliance, bank = "NSE_INDEX|Nifty 50", "NSE_EQ|INE002A01018", "NSE_INDEX|Nifty Bank"
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"one a line, after those of the command line", reliance + "\n" + bank + "\n", []string{nifty, reliance, bank}},
		{"comments, empty lines, and no end of line", "# indices\n\n  # more\n" + bank, []string{nifty, bank}},
		{"as Windows writes it", "\ufeff" + reliance + "\r\n" + bank + "\r\n", []string{nifty, reliance, bank}},
		{"twice", reliance + "\n" + nifty + "\n" + reliance + "\n", []string{nifty, reliance}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			simtest.Bubble(t, func(t *testing.T) {
				a, s := testApp("")
				o := watching("healthy", "jsonl")
				o.Instruments, o.InstrumentsFile, o.For = []string{nifty}, listed(t, tc.text), 1
				if got := statusOf(t, a.Watch(t.Context(), o)); got != 0 && got != ExitFault { // its time may be over before the first answer
					t.Fatalf("status %d", got)
				}
				var begin struct{ Instruments []string }
				first, _, _ := strings.Cut(s.out.String(), "\n")
				if err := json.Unmarshal([]byte(first), &begin); err != nil || !slices.Equal(begin.Instruments, tc.want) {
					t.Errorf("%v watches %q, want %q", err, begin.Instruments, tc.want)
				}
			})
		})
	}
}

// What is no list of keys is refused, and nothing of it is shown.
func TestInstrumentsFileRefused(t *testing.T) {
	t.Parallel()
	const secret = "c0ffee-not-to-be-shown"
	for _, tc := range []struct{ name, file, want string }{
		{"not there", filepath.Join(t.TempDir(), "none"), "no such file"},
		{"a directory", t.TempDir(), "directory"},
		{"another kind of line", listed(t, "# keys\nNSE_EQ|INE002A01018\n"+secret+"\n"), "line 3 is no instrument key"},
		{"half a key", listed(t, "NSE_EQ|\n"), "line 1 is no instrument key"},
		{"no key at all", listed(t, "# "+secret+"\n"), "holds no instrument key"},
		{"not UTF-8", listed(t, "\xff"+secret), "no list"},
		{"far too long", listed(t, strings.Repeat("NSE_EQ|INE002A01018\n", maxInstrumentsFile/20+1)), "is larger than 1024 KiB"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a, s := testApp("")
			o := watching("healthy")
			o.InstrumentsFile = tc.file
			err := a.Watch(t.Context(), o)
			if got := statusOf(t, err); got != ExitUsage || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("status %d, %v", got, err)
			}
			if strings.Contains(err.Error()+s.out.String(), secret) {
				t.Errorf("%v shows what stands in the file", err)
			}
		})
	}
}
