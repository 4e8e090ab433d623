package report

import (
	"fmt"
	"strings"
)

// ScenarioInfo is a scenario of the simulator, how a run on it ends, and what
// simulate shows of it to other programs.
type ScenarioInfo struct {
	Name  string `json:"name"`
	Stage string `json:"stage"` // that it is about; healthy for none
	About string `json:"description"`
	Code  string `json:"code"` // the root cause, empty if healthy
	Exit  int    `json:"exit_code"`

	Servable bool     `json:"servable"`
	Refused  string   `json:"not_servable_because"` // empty if it is servable
	TLSOnly  bool     `json:"tls_only"`
	Later    bool     `json:"later"`
	Hits     []string `json:"hits"`
}

// scenarios lists scenarios by stage, two paragraphs for each: the name with what
// simulate shows of it, and what it pretends.
func (p *page) scenarios(all []ScenarioInfo) {
	for len(all) > 0 {
		n := 0
		servable := 0
		for n < len(all) && all[n].Stage == all[0].Stage {
			if all[n].Servable {
				servable++
			}
			n++
		}
		p.prose(strings.ToUpper(all[0].Stage)+"  ", fmt.Sprintf("simulate serves %d of %d", servable, n), dim)
		for _, s := range all[:n] {
			p.scenario(s)
		}
		all = all[n:]
		p.blank()
	}
	p.prose("hits       ", "the calls that differ from healthy when simulate NAME serves it", "")
	p.prose("later      ", "on a stream that has been open for a while", "")
	p.prose("needs TLS  ", "not with --plain", "")
	p.prose("", "Without simulate, upstox-doctor --simulate NAME examines any of them.", "")
}

// nameColumns is room for the names of nearly all scenarios.
const nameColumns = 40

func (p *page) scenario(s ScenarioInfo) {
	if p.Width < 2*nameColumns-8 || len(s.Name) > nameColumns-4 {
		p.line("  " + p.paint(bold, s.Name))
		p.prose("      ", s.shown(), "")
	} else {
		p.prose(fmt.Sprintf("  %-*s", nameColumns-2, s.Name), s.shown(), "")
	}
	about := s.About
	if p.Verbose && s.Code != "" {
		about += fmt.Sprintf(" The doctor says %s and ends with %d.", s.Code, s.Exit)
	}
	p.prose("      ", about, dim)
}

// shown is what simulate shows of the scenario.
func (s ScenarioInfo) shown() string {
	switch {
	case !s.Servable:
		return "not served: " + s.Refused
	case len(s.Hits) == 0:
		return "served"
	}
	text := "hits " + strings.Join(s.Hits, ", ")
	if s.Later {
		text += "; later"
	}
	if s.TLSOnly {
		text += "; needs TLS"
	}
	return text
}
