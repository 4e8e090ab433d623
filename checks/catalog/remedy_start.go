package catalog

import (
	"strings"

	"upstox-doctor/checks/lazyregexp"
)

// deleteAtStart comments a variable out of the start files of the user's shells,
// which set it in each new one. A command stays in its place, for an if that would
// have none otherwise.
func deleteAtStart(f Finding) []Step {
	name := f.Text("variable")
	if f.Seen("set_with_others") || !variableName.MatchString(name) || !lineNumber.MatchString(f.Text("set_in_line")) {
		return editAtStart(f, "Take {variable} out of {set_in_file}, line {set_in_line} and any other, which sets it in each new shell.")
	}
	sets := `((export|declare|typeset)[[:space:]]+(-[A-Za-z]+[[:space:]]+)*)?` + name + `=`
	if f.Text("set_in_file") == FishFile {
		sets = `set[[:space:]]+(-[^[:space:]]+[[:space:]]+)*` + name + `[[:space:]]`
	}
	steps := []Step{inPlace("Comment out line {set_in_line} of {set_in_file}, which sets it in each new shell.",
		`{set_in_line}s/^([[:space:]]*)(`+sets+`)/\1: # \2/`, "{set_in_file}")}
	return append(steps, editOthers(f, "Take {variable} out of ")...)
}

// editAtStart opens the start files at the lines that set a variable.
func editAtStart(f Finding, do string) []Step {
	steps := []Step{{Do: do, Run: "${EDITOR:-vi} +{set_in_line} {set_in_file}", Mac: "open -e {set_in_file}"}}
	return append(steps, editOthers(f, "Do the same with {variable} in ")...)
}

// fileLine is how evidence names a line of a file.
var fileLine = lazyregexp.New(`^(~/[.a-z_/]+) line ([0-9]+)$`)

// editOthers opens the start files of other shells.
func editOthers(f Finding, do string) (steps []Step) {
	for _, at := range f.List("also_set_in") {
		if m := fileLine.FindStringSubmatch(at); m != nil {
			steps = append(steps, Step{Do: do + m[1] + ", line " + m[2] + ", too.", Run: "${EDITOR:-vi} +" + m[2] + " " + m[1], Mac: "open -e " + m[1]})
		}
	}
	return steps
}

// seenAtStart are the steps for a variable that a start file sets and that no
// program has all the same.
func seenAtStart(f Finding) []Step {
	kept := strings.Join(variables(f, "not_exported"), " ")
	switch {
	case !f.Seen("set_in_file"):
		return nil
	case kept == "":
		return []Step{
			{Do: "Open a new terminal: {set_in_file}, line {set_in_line}, sets {variable} there. A cron job or service never reads that file; give it a .env file."},
			runAgain,
		}
	case f.Text("set_in_file") == FishFile:
		return []Step{
			{Do: "Write set -gx for set where {set_in_file} sets " + kept + "; else no program sees it.", Run: "${EDITOR:-vi} +{set_in_line} {set_in_file}", Mac: "open -e {set_in_file}"},
			{Do: "Open a new terminal."},
			runAgain,
		}
	}
	return []Step{
		{Do: "Let {set_in_file} export " + kept + "; it sets that for the shell alone, and no program sees it.", Run: `printf '\nexport %s\n' "` + kept + `" >>{set_in_file}`},
		{Do: "Export it in this shell too.", Run: "export " + kept},
		runAgain,
	}
}

// variableName is the name of a variable that Upstox's programs use, or that sets
// a proxy.
var variableName = lazyregexp.New(`^(UPSTOX_[A-Z_]+|(HTTPS|https|ALL|all)_(PROXY|proxy))$`)

// variables are the names in a list of evidence, which is put into commands as it
// is. What came from elsewhere than the doctor itself is left out.
func variables(f Finding, name string) (names []string) {
	for _, v := range f.List(name) {
		if variableName.MatchString(v) {
			names = append(names, v)
		}
	}
	return names
}

// FishFile is where fish, whose language is its own, sets variables.
const FishFile = "~/.config/fish/config.fish"
