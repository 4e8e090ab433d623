package catalog

import "strings"

// withoutPlaceholder gets rid of a value that is sample text.
func withoutPlaceholder(f Finding) []Step {
	switch {
	case f.Seen("better_source"): // it only stands in the way
		return append(unset(f), runAgain)
	case isToken(f):
		return newLogin(f)
	}
	steps := []Step{{Do: "Copy the real value of {variable} from your app at https://account.upstox.com/developer/apps."}}
	return append(append(steps, pasteValue(f)...), runAgain)
}

// cleanValue takes out of a value what does not belong to it: all that is not
// of a token, a key, a secret or a URL, and the word Bearer.
func cleanValue(f Finding) []Step {
	again := Step{Do: "Run the environment checks again.", Run: "upstox-doctor --only environment"}
	switch {
	case f.Text("source") == fromEnvironment:
		steps := []Step{{
			Do:      "Take the stray characters out of {variable} in this shell.",
			Run:     `export {variable}="$(printf %s "${variable}" | LC_ALL=C sed 's/^[^A-Za-z0-9]*[Bb]earer  *//' | LC_ALL=C tr -cd 'A-Za-z0-9._:/-')"`,
			Windows: `$env:{variable} = $env:{variable} -replace '^\W*bearer\s+' -replace '[^A-Za-z0-9._:/-]'`,
			Cmd:     "set /p {variable}=",
		}}
		if f.Seen("set_in_file") {
			steps = append(steps, editAtStart(f, "Delete them also from {set_in_file}, line {set_in_line}, which sets {variable} in each new shell.")...)
			return append(steps, again)
		}
		return append(steps, Step{
			Do:      "Correct it also where new programs get it from; quotes in a file for docker --env-file or systemd become part of the value.",
			Windows: "[Environment]::SetEnvironmentVariable('{variable}', $env:{variable}, 'User')",
			Cmd:     "setx {variable} %{variable}%",
		}, again)
	case f.Text("source") == fromCommandLine:
		return []Step{{Do: "Pass the value without them on the command line."}, again}
	case f.Seen("multiline") && isToken(f) && !f.Seen("better_source"): // a login writes over all of it
		return newLogin(f)
	case f.Seen("line"):
		return []Step{cleanInFile(f), again}
	}
	return newLogin(f)
}

// cleanInFile leaves of a line NAME=value the name and the clean value, and what is
// not of one piece as it is.
func cleanInFile(f Finding) Step {
	if !onOneLine(f) || f.Seen("inline_table") {
		return editLine("Delete the stray characters from the value of {variable}, line {line} of {file}, and let it stand on that line alone.")
	}
	quote, escapes := "", ""
	if inTOML(f) { // where a text has quotes, and escapes for what is not printable
		quote, escapes = `"`, `s/\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[btnfr])//g;`
	}
	before := "=" + strings.Repeat(" ", len(quote)) + quote
	const value = `=[^A-Za-z0-9]*([Bb][Ee][Aa][Rr][Ee][Rr][[:blank:]]+)*([A-Za-z0-9._:/+=%&?~@-]+)[^A-Za-z0-9#]*([[:blank:]]#.*)?$`
	script := `{line}{/` + assigns(f).sed + `/{s/[^[:print:][:blank:]]//g;` + escapes + `s|` + value + `|` + before + `\2` + quote + `\3|;};}`
	s := inPlace("Take the stray characters out of line {line} of {file}.", script, "{file}")
	s.Run, s.Mac = "LC_ALL=C "+s.Run, "LC_ALL=C "+s.Mac // for bytes that are no text
	s.Windows = rewrite("{file}", `ForEach-Object { $n++; if ($n -eq {line} -and $_ -match '`+assigns(f).powerShell+
		`') { $_ -replace '[^ -~\t]' -replace '=[^A-Za-z0-9]*(?:bearer\s+)*([\w.:/+=%&?~@-]+)[^A-Za-z0-9#]*?(\s#.*)?$', '`+before+`$1`+quote+`$2' } else { $_ } }`)
	return s
}

// readableFile makes a settings file one that can be read, by what keeps it from
// being so.
func readableFile(f Finding) []Step {
	again := Step{Do: "Run the environment checks again.", Run: "upstox-doctor --only environment"}
	away := Step{
		Do:      "Move {file} out of the way; it is no file of settings.",
		Run:     "(" + freeName + `mv "$f" "$old")`,
		Windows: freeNameWindows + "Move-Item $p $old",
	}
	switch f.Text("problem") {
	case "permission":
		return []Step{{
			Do:      "Give yourself the right to read {file}.",
			Run:     `$(command -v sudo) chown "$(id -un)" {file} && chmod 600 {file}`,
			Windows: `icacls {file} /grant "${env:USERNAME}:R"`,
		}, again}
	case "encoding":
		if !strings.HasPrefix(f.Text("encoding"), "UTF-16") {
			return []Step{away, {Do: "Set the program up again.", Run: "upstox-doctor init"}, again}
		}
		return []Step{fromUTF16(f.Text("encoding")), again}
	case "syntax":
		if f.Seen("line") {
			return []Step{editLine("Correct line {line} of {file}: it must be NAME=value, with quotes in pairs."), again}
		}
		return []Step{edit("Correct {file}: each line must be NAME=value, with quotes in pairs."), again}
	case "no-token-file":
		return []Step{{
			Do:      "Leave {file} out of the command if the name is wrong; else make the file, which a login writes. Empty it counts as none.",
			Run:     "(umask 077; touch {file})",
			Windows: "New-Item {file}",
		}, again}
	case "directory-removed":
		return []Step{leaveRemovedDir, again}
	case "missing":
		return []Step{{Do: "Name a file that exists, or leave the flag out; {file} is not there."}, again}
	case "directory", "too-big":
		return []Step{away, again}
	}
	return nil
}

// freeName finds a name for the old {file} that no other file has, for the shell
// and for PowerShell.
const (
	freeName        = `f={file}; old=$f.old; while [ -e "$old" ]; do old=$old.old; done; `
	freeNameWindows = `$p = (Get-Item {file} -Force).FullName; $old = "$p.old"; while (Test-Path $old) { $old += '.old' }; `
)

// fromUTF16 converts {file}, whose byte order the encoding tells, and keeps the old
// one. It has no byte order mark then.
func fromUTF16(encoding string) Step {
	order, windows := "UTF-16LE", "Unicode"
	if encoding == "UTF-16BE" {
		order, windows = encoding, "BigEndianUnicode"
	}
	return Step{
		Do: "Convert {file} to UTF-8; the old one stays beside it as .old.",
		Run: "(" + freeName + `t=$(iconv -f ` + order + ` -t UTF-8 "$f") && cp -p "$f" "$old" && ` +
			`printf '%s\n' "${t#$(printf '\357\273\277')}" >"$f")`,
		Windows: freeNameWindows + "Copy-Item $p $old; [IO.File]::WriteAllLines($p, [string[]]@(Get-Content $old -Encoding " + windows + "))",
	}
}

// afterTheEnd is the way to a token that outlives one near its end.
func afterTheEnd(f Finding) []Step {
	if f.Text("kind") == "analytics" {
		return newToken(f)
	}
	wait := Step{Do: "Wait until 03:30 IST before you log in; a token from a login before then ends at 03:30 too."}
	return append([]Step{wait}, newLogin(f)...)
}

// unhide removes a dead token that hides an accepted one.
func unhide(f Finding) []Step {
	return append(unset(f), restart, runAgainToken)
}

// whyExpired tells the end of the kind of token that was found.
func whyExpired(f Finding) string {
	if f.Text("kind") == "analytics" {
		return "An Analytics token lives a year and then ends at 03:30 IST. It cannot be renewed, only replaced by a new one from the developer page."
	}
	return ""
}
