package command

import (
	"strings"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/instruments"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
	"upstox-doctor/report/help"
	"upstox-doctor/report/schema"
)

// values are the words that a shell may complete, by the kind of value as the
// usages of flags and commands call it.
func values(p help.Program) help.Values {
	return func(kind, command string) []help.Candidate {
		switch kind {
		case "SCENARIO":
			return scenarioWords()
		case "STAGE":
			return bare("healthy", catalog.StageEnvironment, catalog.StageNetwork, catalog.StageToken, catalog.StageAuthorize, catalog.StageHandshake, catalog.StageTicks)
		case "CHECKS":
			return checkWordsOf()
		case "CODE":
			return codeWords()
		case "FORMAT":
			return formatWords(command)
		case "KEY":
			return instrumentWords()
		case "MODE":
			return bare(Modes...)
		case "WHEN":
			return bare("auto", "always", "never")
		case "LEVEL":
			return bare("fail", "warn")
		case "SCHEMA":
			return bare(schema.Names()...)
		case "NAME":
			return topicWords(p)
		case "PAGE":
			return append(topicWords(p), bare(p.Name)...)
		}
		return nil
	}
}

func bare(words ...string) []help.Candidate {
	var all []help.Candidate
	for _, w := range words {
		all = append(all, help.Candidate{Word: w})
	}
	return all
}

func scenarioWords() []help.Candidate {
	var all []help.Candidate
	for _, sc := range sim.Scenarios() {
		all = append(all, help.Candidate{Word: sc.Name, About: sc.About})
	}
	return all
}

// checkWordsOf are the stages and the checks, each once.
func checkWordsOf() []help.Candidate {
	var all []help.Candidate
	seen := map[string]bool{}
	for _, c := range report.ChecksOf(checks.All(everyCheck())) {
		for _, word := range []string{c.Stage, c.ID} {
			if !seen[word] {
				seen[word] = true
				all = append(all, help.Candidate{Word: word, About: c.Title})
			}
		}
	}
	return all
}

func codeWords() []help.Candidate {
	var all []help.Candidate
	for _, e := range catalog.All() {
		all = append(all, help.Candidate{Word: e.Code, About: e.Title})
	}
	return all
}

// formatWords are the formats of what the command writes.
func formatWords(command string) []help.Candidate {
	switch command {
	case "", "check", "replay":
		return bare(report.Formats(report.OfRun)...)
	case "watch":
		return bare(report.Formats(report.OfWatch)...)
	}
	return bare(report.Formats()...)
}

// instrumentWords are the instruments that are known without asking, by key and by
// symbol.
func instrumentWords() []help.Candidate {
	var all []help.Candidate
	for _, i := range instruments.BuiltIn() {
		all = append(all, help.Candidate{Word: i.Key, About: i.Name})
		if !strings.Contains(i.Symbol, " ") {
			all = append(all, help.Candidate{Word: i.Symbol, About: i.Name})
		}
	}
	return all
}

func topicWords(p help.Program) []help.Candidate {
	var all []help.Candidate
	for _, c := range p.Commands {
		all = append(all, help.Candidate{Word: c.Name, About: c.Summary})
	}
	return append(all, bare(p.TopicNames()...)...)
}
