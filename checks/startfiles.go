package checks

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/files"
	"upstox-doctor/checks/lazyregexp"
)

// startFiles are the files of the home directory that shells read when they
// start. Sources: bash(1), zsh(1), and fish's documentation of its configuration.
var startFiles = []string{".bashrc", ".bash_profile", ".profile", ".zshrc", ".zprofile", ".zshenv", fishFile}

var fishFile = strings.TrimPrefix(catalog.FishFile, homePrefix)

// A startLine is where a start file sets a variable. The value is not kept.
type startLine struct {
	file     string // as shown
	line     int
	exported bool     // to the programs that the shell starts
	alone    bool     // the file sets it nowhere else, and the line nothing else
	also     []string // where other start files set it, as "~/.profile line 3"
}

// evidence tells where each new shell sets the variable.
func (s startLine) evidence() (ev doctor.Evidence) {
	if s.file == "" {
		return nil
	}
	ev.Add("set_in_file", s.file)
	ev.Add("set_in_line", s.line)
	if !s.alone {
		ev.Add("set_with_others", true)
	}
	if len(s.also) > 0 {
		ev.Add("also_set_in", s.also)
	}
	return ev
}

// setAtStart finds the line by which a new shell sets the variable: the last one
// of the first file that has any. Without one, or without a home directory, the
// result is empty.
func (w World) setAtStart(variable string) (first startLine) {
	if w.Home == "" || variable == "" {
		return startLine{}
	}
	for _, name := range startFiles {
		data, err := files.ReadRegular(filepath.Join(w.Home, filepath.FromSlash(name)), maxEnvFile)
		if err != nil {
			continue // what cannot be read is not named
		}
		found := lastAssignment(string(data), variable, name == fishFile)
		switch found.file = homePrefix + name; {
		case found.line == 0:
		case first.line == 0:
			first = found
		default:
			first.also = append(first.also, fmt.Sprintf("%s line %d", found.file, found.line))
		}
	}
	return first
}

// unseen tells of the first of the variables, which no source holds, that a start
// file sets all the same: without export, or later than this shell was started.
// With it go the others that the same file does not export.
func (w World) unseen(c Credentials) (ev doctor.Evidence) {
	var first startLine
	var kept []string
	for _, variable := range Variables {
		if len(c.Sources[variable]) > 0 {
			continue
		}
		for _, name := range names(variable) {
			at := w.setAtStart(name)
			if first.line == 0 && at.line > 0 {
				first = at
				ev.Add("variable", name)
				ev = append(ev, at.evidence()...)
			}
			if at.line > 0 && at.file == first.file && !at.exported {
				kept = append(kept, name)
			}
		}
	}
	if len(kept) > 0 {
		ev.Add("not_exported", kept)
	}
	return ev
}

var (
	assignment = lazyregexp.New(`(^|[\s;&|({])[A-Za-z_][A-Za-z0-9_]*=`)
	exporting  = lazyregexp.New(`(^|[\s;&])(export|(declare|typeset)\s+-\w*x\w*)\s`)
	// commentedOut is a line that is a comment, or does nothing before one.
	commentedOut = lazyregexp.New(`^\s*(:\s+)?#`)
	fishExport   = lazyregexp.New(`\s(-[a-zA-Z]*x[a-zA-Z]*|--export)\s`)
)

// oneWord is the rest of a line that assigns one word, and does nothing else.
const oneWord = `("[^"]*"|'[^']*'|[^\s"'])*\s*(\s#.*)?$`

// lastAssignment finds the last line of a start file that sets the variable. It
// reads line by line, as a person would, and is no parser of the shell's language.
func lastAssignment(text, variable string, fish bool) (found startLine) {
	name := regexp.QuoteMeta(variable)
	sets := regexp.MustCompile(`(^|[\s;&|({])` + name + `=`)
	plain := regexp.MustCompile(`^\s*((export|(declare|typeset)\s+-\w+)\s+)?` + name + `=` + oneWord)
	exportOnly := regexp.MustCompile(`^\s*export\s+([A-Za-z0-9_]+\s+)*` + name + `(\s|$)`)
	if fish {
		sets = regexp.MustCompile(`(^|[\s;&])set\s+(-\S+\s+)*` + name + `\s`)
		plain = regexp.MustCompile(`^\s*set\s+(-\S+\s+)*` + name + `\s+` + oneWord)
	}
	n, exported, goesOn := 0, false, false
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n")
		ofBefore := goesOn
		goesOn = strings.HasSuffix(line, `\`)
		if commentedOut.MatchString(line) {
			continue
		}
		exported = exported || !fish && exportOnly.MatchString(line)
		at := sets.FindStringIndex(line)
		if at == nil {
			continue
		}
		again := found.line > 0
		found = startLine{line: n, exported: exporting.MatchString(line[:at[1]])}
		found.alone = !again && !ofBefore && plain.MatchString(line) && whole(line) && len(assignment.FindAllString(line, 2)) < 2
		if fish {
			found.exported = fishExport.MatchString(line[at[0]:at[1]])
		}
	}
	found.exported = found.exported || exported
	return found
}

// whole reports whether a line is one command that ends with it, as far as that
// can be told.
func whole(line string) bool {
	return !strings.HasSuffix(line, `\`) && !strings.ContainsAny(line, ";&|") &&
		strings.Count(line, "(") == strings.Count(line, ")") && strings.Count(line, "`")%2 == 0
}
