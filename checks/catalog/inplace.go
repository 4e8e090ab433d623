package catalog

import "strings"

// inPlace is a step in which sed edits a file, or what a link of that name leads
// to. The script is for every sed: extended regular expressions.
func inPlace(do, script, file string) Step {
	target := `"$(readlink -f ` + file + `)"`
	return Step{
		Do:  do,
		Run: "sed -i -E '" + script + "' " + target,
		Mac: "sed -i '' -E '" + script + "' " + target,
	}
}

// rewrite is the same in PowerShell; a line is $_, and what the script gives is
// written.
func rewrite(file, script string) string {
	return `$p = (Resolve-Path ` + file + `).Path; $n = 0; [IO.File]::WriteAllLines($p, [string[]]@(Get-Content $p -Encoding UTF8 | ` + script + `))`
}

// An assignment is how the lines of a file begin that set one name: as sed and as
// PowerShell match them. A byte order mark may go before.
type assignment struct{ sed, powerShell string }

func assigns(f Finding) assignment {
	name := bareName(f.Text("variable"))
	if inTOML(f) {
		return assignment{
			`^([A-Za-z_.[:blank:]]*[^A-Za-z0-9_#-]+)?` + name + `"?[[:blank:]]*=`,
			`^\s*(\w+\s*\.\s*)?\W?` + name + `\W?\s*=`,
		}
	}
	return assignment{`^[^#A-Za-z0-9_"]*(export[[:space:]]+)?` + name + `[[:space:]]*=`, `^\s*(export\s+)?` + name + `\s*=`}
}

// inTOML reports whether the value stands in a secrets.toml.
func inTOML(f Finding) bool { return strings.Contains(f.Text("file"), ".toml") }

// onOneLine reports whether a script can find the value of the finding: its name
// and line are known, and no other line belongs to it.
func onOneLine(f Finding) bool {
	return lineNumber.MatchString(f.Text("line")) && nearName.MatchString(bareName(f.Text("variable"))) && !f.Seen("multiline")
}
