package checks

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/token"
)

// files reads .env, secrets.toml and the token file. Other checks examine their
// content.
func (w World) files() doctor.Check {
	return doctor.Check{
		ID: IDEnvironmentFiles, Title: "The files with credentials can be read",
		Provides: facts(credentials),
		Run: func(_ context.Context, f *doctor.Facts) doctor.Result {
			in := w.readFiles()
			c := w.read(in)
			credentials.Put(f, c)
			return w.judgeFiles(in, c)
		},
	}
}

func (w World) judgeFiles(in sourceFiles, c Credentials) doctor.Result {
	var seen []string
	for _, f := range in.broken() {
		if w.DirGone && !strings.HasPrefix(f.name, homePrefix) && !filepath.IsAbs(f.name) {
			continue // of which the directory is the cause
		}
		// A file of the home directory belongs to all programs of the user. If
		// this one has its token already, it is told and does not count.
		if strings.HasPrefix(f.name, homePrefix) && c.usable() {
			seen = append(seen, f.name+" is left out: "+f.err.Error())
			continue
		}
		return fail(unreadable(f.err), f.name, f.err.Error(), unreadableEvidence(f.name, f.err))
	}
	if w.DirGone {
		return w.judgeRemovedDir(in, c)
	}
	var ev doctor.Evidence
	ev.Add("directory", w.DirName)
	tok := in.tok
	if tok.gone && c.usable() {
		ev.Add("file", tok.name)
		ev.Add("problem", "no-token-file")
		return warn(catalog.EnvFileUnreadable, tok.name, "the token file "+tok.name+" is not there; the token comes from elsewhere", ev)
	}
	if tok.file.Exists && tok.file.Shared {
		ev.Add("file", tok.name)
		ev.Add("mode", fmt.Sprintf("%04o", tok.file.Mode.Perm()))
		return warn(catalog.TokenFilePermissions, tok.name,
			fmt.Sprintf("%s has mode %04o: other users of this machine can read it", tok.name, tok.file.Mode.Perm()), ev)
	}
	held, duplicates := in.held()
	seen = append(held, seen...)
	for _, d := range duplicates {
		ev.Add("duplicate", d)
	}
	if tok.file.Note != "" {
		ev.Add("token_file", tok.file.Note)
	}
	if len(seen) == 0 {
		return pass(ev, "no %s and no %s in %s", in.env.name, tok.name, w.DirName)
	}
	return pass(ev, "%s", strings.Join(seen, "; "))
}

// judgeRemovedDir says that no file of the working directory can be read or made,
// which is no failure where the token comes from elsewhere.
func (w World) judgeRemovedDir(in sourceFiles, c Credentials) doctor.Result {
	const gone = "the working directory was removed"
	var ev doctor.Evidence
	ev.Add("file", in.env.name)
	ev.Add("problem", "directory-removed")
	if active, ok := c.active(); ok && active.Form != token.Malformed {
		return warn(catalog.EnvFileUnreadable, "", gone+"; the token comes from "+active.Source.Where, ev)
	}
	return fail(catalog.EnvFileUnreadable, "", gone+", and with it every file of settings in it", ev)
}

// held says what the files hold, and which variables stand twice in .env.
func (in sourceFiles) held() (seen, duplicates []string) {
	if n := len(in.env.file.Vars); n > 0 {
		seen = append(seen, fmt.Sprintf("%s with %s", in.env.name, humanize.Count(n, "variable")))
	}
	for _, variable := range Variables {
		for _, name := range names(variable) {
			if lines := in.env.file.Duplicates(name); len(lines) > 1 {
				duplicates = append(duplicates, fmt.Sprintf("%s on lines %s: the last wins", name, joinInts(lines)))
				seen = append(seen, fmt.Sprintf("%s stands on lines %s, the last wins", name, joinInts(lines)))
			}
		}
	}
	for _, s := range in.secrets {
		if n := len(s.file.Values); n > 0 {
			seen = append(seen, fmt.Sprintf("%s with %s", s.name, humanize.Count(n, "value")))
		}
	}
	switch {
	case !in.tok.file.Exists:
	case in.tok.file.Token == "":
		seen = append(seen, in.tok.name+" without a token")
	default:
		seen = append(seen, in.tok.name)
	}
	return seen, duplicates
}

// credentials asks whether a login is possible.
func (w World) credentials() doctor.Check {
	return doctor.Check{
		ID: IDEnvironmentCredentials, Title: "API key and secret are set",
		Needs: facts(credentials),
		Run: func(_ context.Context, f *doctor.Facts) doctor.Result {
			c := credentials.Get(f)
			var ev doctor.Evidence
			for _, name := range Variables {
				ev.Add(strings.ToLower(strings.TrimPrefix(name, "UPSTOX_"))+"_from", c.where(name))
			}
			if names := c.missing(); len(names) > 0 {
				ev.Add("missing", names)
				ev = append(ev, w.unseen(c)...)
			}
			missing := strings.Join(c.missing(), ", ")
			switch {
			case missing == "":
				return pass(ev, "key from %s, secret from %s", c.where(varKey), c.where(varSecret))
			case c.usable():
				res := warn(catalog.EnvMissingCredentials, missing,
					missing+" set nowhere: a token exists, but it cannot be renewed here", ev)
				if w.DirGone {
					res.CausedBy = IDEnvironmentFiles
				}
				return res
			}
			res := fail(catalog.EnvMissingCredentials, missing, missing+" set nowhere, and no token to work with", ev)
			if c.Unreadable {
				res.CausedBy = IDEnvironmentFiles
				return res
			}
			return w.appElsewhere(c, res)
		},
	}
}

func (c Credentials) where(name string) string {
	s, ok := c.Best(name)
	if !ok {
		return "not set"
	}
	if s.Name != name && s.Name != s.Where {
		return s.Where + " as " + s.Name
	}
	return s.Where
}

// values asks whether what is set can be what it should be.
func (w World) values() doctor.Check {
	return doctor.Check{
		ID: IDEnvironmentValues, Title: "The values are well formed",
		Needs: facts(credentials),
		Run: func(_ context.Context, f *doctor.Facts) doctor.Result {
			return judgeValues(credentials.Get(f))
		},
	}
}

func judgeValues(c Credentials) doctor.Result {
	var findings []doctor.Result
	set := 0
	for _, name := range Variables {
		best, _ := c.Best(name)
		for _, s := range c.Sources[name] {
			set++
			wins := s.Where == best.Where && s.Name == best.Name
			ev := s.evidence()
			if !wins {
				ev.Add("better_source", best.Where)
			}
			if s.Sample {
				status := doctor.Warn
				if wins && (name == varToken || (name != varRedirect && !c.usable())) {
					status = doctor.Fail
				}
				findings = append(findings, foundEvidence(status, catalog.EnvPlaceholderValue, s.Name,
					s.String()+" holds sample text", ev))
			} else if len(s.Faults) > 0 {
				status := doctor.Warn
				if name == varToken && wins {
					status = doctor.Fail
				}
				ev.Add("faults", s.Faults)
				findings = append(findings, foundEvidence(status, catalog.EnvMalformedValue, s.Name,
					fmt.Sprintf("%s holds %s", s, strings.Join(s.Faults, ", ")), ev))
			}
		}
	}
	switch {
	case len(findings) > 0:
		return worst(findings)
	case set == 0:
		return doctor.Result{Status: doctor.Skip, Message: "nothing is set"}
	}
	return pass(nil, "%s without stray characters", humanize.Count(set, "value"))
}

func joinInts(ns []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(ns), " ", ", "), "[]")
}
