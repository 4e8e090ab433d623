package catalog

import "strings"

// Where a credential stands, as the evidence named source says it.
const (
	fromEnvironment = "environment"
	fromCommandLine = "command line"
)

// isToken reports whether the finding is about an access token, and not about
// the key, the secret or the redirect URI.
func isToken(f Finding) bool {
	name := strings.ToLower(f.Text("variable"))
	return !strings.HasSuffix(name, "key") && !strings.HasSuffix(name, "_id") && !strings.Contains(name, "secret") && !strings.Contains(name, "redirect")
}

// unset takes a value out of where it stands, so that it hides no other.
func unset(f Finding) []Step {
	switch {
	case f.Text("source") == fromEnvironment:
		steps := []Step{unsetVariable("{variable}", hides)}
		if f.Seen("set_in_file") {
			return append(steps, deleteAtStart(f)...)
		}
		return append(steps, Step{
			Do:      "Remove it also from what sets it for new programs: setx, a shell start file, a systemd unit, docker -e or an IDE's settings.",
			Windows: "[Environment]::SetEnvironmentVariable('{variable}', $null, 'User')",
		})
	case f.Text("source") == fromCommandLine:
		return []Step{{Do: "Leave the value out of the command line; there it comes before every file."}}
	case f.Seen("line"):
		return []Step{deleteInFile(f)}
	}
	return nil
}

// deleteInFile takes the value out of its file.
func deleteInFile(f Finding) Step {
	switch {
	case f.Seen("multiline"):
		return editLine("Delete {variable} from {file}: it begins on line {line}, and its value goes on below.")
	case !onOneLine(f):
		return editLine("Delete line {line} of {file}, where {variable} is set.")
	case f.Seen("inline_table"):
		return editLine("Delete {variable} and its value from line {line} of {file}.")
	}
	at := assigns(f)
	script, windows := "/"+at.sed+"/d", "" // an earlier line may set it too
	if inTOML(f) {                         // where the name may stand in other tables
		script, windows = "{line}{"+script+";}", "$n++; $n -ne {line} -or "
	}
	s := inPlace("Delete line {line} of {file}, where {variable} is set.", script, "{file}")
	s.Windows = rewrite("{file}", "Where-Object { "+windows+"$_ -cnotmatch '"+at.powerShell+"' }")
	return s
}

// unsetBeforeLogin takes away only what a login cannot write over.
func unsetBeforeLogin(f Finding) []Step {
	if f.Text("source") != fromEnvironment && f.Text("source") != fromCommandLine {
		return nil
	}
	steps := unset(f)
	for _, name := range variables(f, "other_variables") { // which would win then
		steps = append(steps, unsetVariable(name, hides))
	}
	return steps
}

// hides is why a credential in the environment goes.
const hides = " in this shell; it comes before every file."

// unsetVariable takes a variable out of the shell in use; why ends the sentence.
func unsetVariable(name, why string) Step {
	return Step{
		Do:      "Unset " + name + why,
		Run:     "unset " + name,
		Windows: "Remove-Item env:" + name,
		Cmd:     "set " + name + "=",
	}
}

// newLogin is the way to a new daily token in place of the one that was found.
func newLogin(f Finding) []Step {
	do := "Log in again."
	if f.Text("source") != fromEnvironment && f.Text("source") != fromCommandLine && f.Seen("file") {
		do = "Log in again; the new token takes the place of the one in {file}."
	}
	return append(unsetBeforeLogin(f), Step{Do: do, Run: "upstox-doctor login"}, restart, runAgain)
}

// newToken is the way to another token of the kind that was found.
func newToken(f Finding) []Step {
	if f.Text("kind") != "analytics" {
		return newLogin(f)
	}
	steps := []Step{{Do: "Create a new Analytics token at https://account.upstox.com/developer/apps#analytics and copy it."}}
	return append(append(steps, pasteValue(f)...), restart, runAgainToken)
}

// otherToken is the way to a token that the feed may accept where it refuses this one.
// What may lie with the account is last, for Upstox to answer.
func otherToken(f Finding) []Step {
	steps := newLogin(f)
	steps[len(steps)-3].Do += " The feed may accept a new daily token."
	return append(steps, reportToForum)
}

// pasteValue puts a copied value in the place of the one that was found.
func pasteValue(f Finding) []Step {
	switch {
	case f.Text("source") == fromEnvironment:
		steps := []Step{{
			Do:      "Paste it into {variable} in this shell; it is not shown.",
			Run:     "read -rs {variable} && export {variable}",
			Windows: "$env:{variable} = Read-Host",
			Cmd:     "set /p {variable}=",
		}}
		if f.Seen("set_in_file") {
			return append(steps, editAtStart(f, "Write it also into {set_in_file}, line {set_in_line}, which sets {variable} in each new shell.")...)
		}
		return append(steps, Step{
			Do:      "Change it also where new programs get it from: setx, a shell start file, a systemd unit, docker -e or an IDE's settings.",
			Windows: "[Environment]::SetEnvironmentVariable('{variable}', $env:{variable}, 'User')",
			Cmd:     "setx {variable} %{variable}%",
		})
	case f.Text("source") == fromCommandLine:
		return []Step{{Do: "Pass the new value on the command line, or better write it into .env."}}
	case f.Seen("line"):
		return []Step{editLine("Write it into line {line} of {file} in place of the old value.")}
	}
	return []Step{edit("Write it into {file} in place of the old value.")}
}

// edit opens the file of the finding in an editor, and editLine at its line.
func edit(do string) Step {
	return Step{Do: do, Run: "${EDITOR:-vi} {file}", Mac: "open -e {file}", Windows: "notepad {file}"}
}

func editLine(do string) Step {
	s := edit(do)
	s.Run = "${EDITOR:-vi} +{line} {file}"
	return s
}
