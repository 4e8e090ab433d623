package redact

import (
	"fmt"
	"testing"
)

// Many one-time values leave the set as small as the newest of them,
// and what lasts is not forgotten for them.
func TestOneTimeValuesAreBounded(t *testing.T) {
	t.Parallel()
	var s Set
	s.Add("the-lasting-token")
	value := func(n int) string { return fmt.Sprintf("%08x-code", uint32(n)*0x9e3779b1) }
	const rounds = 3 * maxOneTime
	size := 0
	for n := range rounds {
		s.AddOneTime(value(n), "request-"+value(n))
		if n == maxOneTime {
			size = len(s.known.Load().lowered.sorted)
		}
		if got := s.String("x " + value(n)); got != "x "+Mark {
			t.Fatalf("%q", got)
		}
	}
	if now := len(s.known.Load().lowered.sorted); now != size {
		t.Errorf("%d spellings after %d rounds, %d after %d", now, rounds, size, maxOneTime)
	}
	if got := s.String("the-lasting-token " + value(rounds-maxOneTime)); got != Mark+" "+Mark {
		t.Errorf("%q", got)
	}
	if got := s.String(value(0)); got != value(0) {
		t.Errorf("the first value is still kept: %q", got)
	}
}
