package command

import (
	"cmp"
	"slices"
	"strings"

	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// scenarios lists the scenarios, or those that words choose: a stage, or a part of
// names.
func (a App) scenarios(o SimulateOptions) error {
	all := sim.Scenarios()
	infos := make([]report.ScenarioInfo, len(all))
	stages := map[string]bool{}
	for i, sc := range all {
		infos[i] = scenarioInfo(sc)
		stages[infos[i].Stage] = true
	}
	infos = slices.DeleteFunc(infos, func(info report.ScenarioInfo) bool {
		return len(o.Scenarios) > 0 && !slices.ContainsFunc(o.Scenarios, func(word string) bool {
			return info.Stage == word || !stages[word] && strings.Contains(info.Name, word)
		})
	})
	if len(infos) == 0 {
		return UsageError("no stage is called %q, and no scenario has that in its name", strings.Join(o.Scenarios, " "))
	}
	return a.write(o.OutputOptions, report.List{Scenarios: infos})
}

func scenarioInfo(sc sim.Scenario) report.ScenarioInfo {
	v := sc.Serving()
	info := report.ScenarioInfo{
		Name: sc.Name, Stage: sc.Stage, About: sc.About, Code: sc.Want.Code, Exit: sc.Want.Exit,
		Servable: v.Refused == "", Refused: v.Refused, TLSOnly: v.TLS, Later: v.Later, Hits: append([]string{}, v.Hits...),
	}
	info.Stage = cmp.Or(info.Stage, "healthy")
	return info
}
