package catalog

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pastesDir holds texts that people pasted, with the codes that are right for
// each in index.tsv. It is beside the repository, not in it.
const pastesDir = "../../../shared/pastes"

// The index has other names for entries that are newer than the index.
var pasteNames = map[string]string{
	"-": "", "stream-starved": "slow-consumer", "stream-rivals": "competing-connections", "client-library": "program-fault", "url-malformed": "program-fault", "event-loop": "program-fault", "send-before-open": "program-fault",
	"own-service": "other-service", "other-host": "other-service", "handshake-bad-request": "handshake-not-upgraded",
	"too-many-connections": "connection-limit", "message-too-big": "frame-too-big", "filter-block-page": "filter-blocked",
}

// TestPastes counts how often the first answer to a pasted text is right.
func TestPastes(t *testing.T) {
	t.Parallel()
	index, err := os.ReadFile(filepath.Join(pastesDir, "index.tsv"))
	if err != nil {
		t.Skip("no pasted texts: " + err.Error())
	}
	var s score
	for row := range strings.Lines(string(index)) {
		column := strings.Split(row, "\t")
		if column[0] == "file" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(pastesDir, column[0]))
		if err != nil {
			t.Fatal(err)
		}
		var accepted []string
		for _, code := range strings.Split(column[1], ",") {
			code = strings.TrimPrefix(code, "NEW:")
			if name, ok := pasteNames[code]; ok {
				code = name
			}
			accepted = append(accepted, code)
		}
		s.count(t, column[0], string(text), accepted)
	}
	s.report(t, 0.98, 0.95)
}

// A score counts first answers.
type score struct{ texts, named, right, silent int }

func (s *score) count(t *testing.T, name, text string, accepted []string) {
	t.Helper()
	s.texts++
	all := found(Explain(text))
	first, _, _ := strings.Cut(all, " ")
	good := slices.Contains(accepted, first)
	switch {
	case first != "":
		s.named++
		if good {
			s.right++
		}
	case good:
		s.silent++
	}
	if !good {
		t.Logf("%s: got %q, want one of %q", name, all, accepted)
	}
}

// report prints the figures and fails below the least.
func (s *score) report(t *testing.T, leastPrecision, leastRecall float64) {
	t.Helper()
	precision := float64(s.right) / float64(max(s.named, 1))
	recall := float64(s.right+s.silent) / float64(max(s.texts, 1))
	t.Logf("%d texts: precision of the first answer %.1f %% (%d of %d named), recall %.1f %%", s.texts, 100*precision, s.right, s.named, 100*recall)
	if precision < leastPrecision || recall < leastRecall {
		t.Errorf("want precision %.0f %% and recall %.0f %%", 100*leastPrecision, 100*leastRecall)
	}
}
