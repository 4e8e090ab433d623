package catalog

import (
	"slices"
	"strings"
	"testing"
)

// TestFirstCommandMendsWhatALoginMends: a command that only runs the checks again
// leads back to the same page.
func TestFirstCommandMendsWhatALoginMends(t *testing.T) {
	t.Parallel()
	found := map[string]map[string]any{
		"of the environment": {"source": fromEnvironment, "variable": "UPSTOX_ACCESS_TOKEN", "kind": "daily"},
		"of a file":          {"source": ".env line 3", "variable": "UPSTOX_ACCESS_TOKEN", "file": ".env", "line": 3, "kind": "daily"},
	}
	for _, e := range All() {
		if e.Repair != "login" {
			continue
		}
		for name, evidence := range found {
			steps := slices.Clone(e.Steps)
			if e.Remedy != nil {
				if made := e.Remedy(Finding{Evidence: evidence}); made != nil {
					steps = made
				}
			}
			i := slices.IndexFunc(steps, func(s Step) bool { return s.Run != "" })
			if i < 0 {
				t.Errorf("%s %s: no step has a command", e.Code, name)
				continue
			}
			words := strings.Fields(steps[i].Run)
			if words[0] == "upstox-doctor" && (len(words) == 1 || words[1] != "login" && words[1] != "init") {
				t.Errorf("%s %s: the first command is %q", e.Code, name, steps[i].Run)
			}
		}
	}
}

// TestRefusedTokenIsReplacedWhereItStands also where only the feed refuses it.
func TestRefusedTokenIsReplacedWhereItStands(t *testing.T) {
	t.Parallel()
	for _, e := range []*Entry{AuthorizeUnauthorized, AuthorizeForbidden} {
		in := Finding{Evidence: map[string]any{"source": ".env line 3", "variable": "UPSTOX_ACCESS_TOKEN", "file": ".env", "line": 3}}
		if first := e.Remedy(in)[0]; first.Run != "upstox-doctor login" || !strings.Contains(first.Do, "the one in {file}") {
			t.Errorf("%s in a file: %+v", e.Code, first)
		}
		in = Finding{Evidence: map[string]any{"source": fromEnvironment, "variable": "UPSTOX_ACCESS_TOKEN"}}
		if first := e.Remedy(in)[0]; first.Run != "unset {variable}" {
			t.Errorf("%s in the environment: %+v", e.Code, first)
		}
	}
}
