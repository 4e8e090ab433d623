package catalog

import (
	"strings"

	"upstox-doctor/checks/lazyregexp"
)

// useNear puts to use what lies near: a copy of a token file, a .env file of
// another directory, or a variable under its right name. A token that has ended is
// replaced by a login.
func useNear(f Finding) []Step {
	pairs := nearPairs(f)
	switch {
	case f.Text("near_expired") == "true":
		return []Step{
			{Do: "Log in; the token in {near} has ended, and a new one goes where every run reads it.", Run: "upstox-doctor login"},
			{Do: "Let your program read the token from there."},
			runAgain,
		}
	case f.Text("near_kind") == "file":
		return []Step{{
			Do:      "Copy {near} to {file}, where the token is read; only you can read the copy.",
			Run:     "install -m 600 {near} {file}",
			Windows: "Copy-Item {near} {file}",
			Cmd:     `copy {near} {file}`,
		}, runAgain}
	case f.Text("near_kind") == "env-file":
		return []Step{
			{Do: "Look whether the values in {near} work.", Run: "upstox-doctor --env-file {near}"},
			{
				Do:      "Copy them into {file}, for programs that look nowhere else.",
				Run:     `(umask 077; grep -E '^ *(export +)?UPSTOX_[A-Z_]+ *=' {near} >>{file})`,
				Windows: `Select-String -Path {near} -Pattern '^\s*(export\s+)?UPSTOX_[A-Z_]+\s*=' | ForEach-Object { $_.Line } | Add-Content {file} -Encoding ascii`,
			},
			runAgain,
		}
	case len(pairs) == 0:
		return nil
	case f.Seen("file"):
		return []Step{renameIn(f.Text("file"), pairs), runAgain}
	}
	return []Step{exportAs(pairs), exportEverywhere(f, pairs), runAgain}
}

// A nearPair is a variable, and the name and the line under which it stands.
type nearPair struct{ variable, name, line string }

// nearName is what a name may be made of to stand in a command as it is.
var nearName = lazyregexp.New(`^[A-Za-z][A-Za-z0-9_.]*$`)

func nearPairs(f Finding) (pairs []nearPair) {
	names, lines, variables := f.List("near_names"), f.List("near_lines"), f.List("near_for")
	for i, name := range names {
		if i >= len(lines) || i >= len(variables) || !nearName.MatchString(name) || !nearName.MatchString(variables[i]) || !lineNumber.MatchString(lines[i]) {
			return nil
		}
		pairs = append(pairs, nearPair{variables[i], name, lines[i]})
	}
	return pairs
}

var lineNumber = lazyregexp.New(`^[0-9]+$`)

// each joins what is made of every pair.
func each(pairs []nearPair, sep string, text func(nearPair) string) string {
	var all []string
	for _, p := range pairs {
		all = append(all, text(p))
	}
	return strings.Join(all, sep)
}

func exportAs(pairs []nearPair) Step {
	return Step{
		Do:      "Set " + each(pairs, " and ", func(p nearPair) string { return p.variable + " from " + p.name }) + " in this shell.",
		Run:     "export " + each(pairs, " ", func(p nearPair) string { return p.variable + `="$` + p.name + `"` }),
		Windows: each(pairs, "; ", func(p nearPair) string { return "$env:" + p.variable + " = $env:" + p.name }),
		Cmd:     each(pairs, " & ", func(p nearPair) string { return `set "` + p.variable + "=%" + p.name + `%"` }),
	}
}

// exportEverywhere does the same for new programs.
func exportEverywhere(f Finding, pairs []nearPair) Step {
	text := each(pairs, " ", func(p nearPair) string { return p.variable + `="$` + p.name + `"` })
	switch file := f.Text("set_in_file"); file {
	case "":
		return Step{
			Do: "Set the right name also where new programs get it from: a shell start file, systemd unit, docker -e, setx or an IDE's settings.",
			Windows: each(pairs, "; ", func(p nearPair) string {
				return "[Environment]::SetEnvironmentVariable('" + p.variable + "', $env:" + p.name + ", 'User')"
			}),
			Cmd: each(pairs, " & ", func(p nearPair) string { return "setx " + p.variable + " %" + p.name + "%" }),
		}
	case FishFile:
		text = each(pairs, "; set -gx ", func(p nearPair) string { return p.variable + ` "$` + p.name + `"` })
		return Step{Do: "Let {set_in_file} set it in each new shell too.", Run: `printf '\nset -gx %s\n' '` + text + `' >>{set_in_file}`}
	}
	return Step{Do: "Let {set_in_file} set it in each new shell too.", Run: `printf '\nexport %s\n' '` + text + `' >>{set_in_file}`}
}

// renameIn renames variables where they are set in a file, each on its line.
func renameIn(file string, pairs []nearPair) Step {
	right := func(p nearPair) string {
		if strings.Contains(p.name, ".") && strings.Contains(file, ".toml") { // in the table upstox
			return strings.ToLower(strings.TrimPrefix(p.variable, "UPSTOX_"))
		}
		return p.variable
	}
	script := func(before, after string) string {
		return each(pairs, ";", func(p nearPair) string {
			return p.line + "s/" + before + bareName(p.name) + after + "/" + right(p) + "/"
		})
	}
	rename := each(pairs, "", func(p nearPair) string {
		return `if ($n -eq ` + p.line + `) { $l = $l -replace '^(.*?)\b` + bareName(p.name) + `\b', '${1}` + right(p) + `' }; `
	})
	do := "Give " + each(pairs, ", ", func(p nearPair) string { return bareName(p.name) }) + " in {file} the right name; a program that reads the old one must read the new one."
	s := inPlace(do, script(`\b`, `\b`), "{file}")
	s.Mac = inPlace(do, script("[[:<:]]", "[[:>:]]"), "{file}").Mac
	s.Windows = rewrite("{file}", `ForEach-Object { $n++; $l = $_; `+rename+`$l }`)
	return s
}

// bareName is a name of secrets.toml without its table.
func bareName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
