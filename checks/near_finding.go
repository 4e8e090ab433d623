package checks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/token"
)

// elsewhere is what to say of a token that no source holds: that one lies near,
// or that it is missing.
func (w World) elsewhere(c Credentials, missing doctor.Result) doctor.Result {
	if c.Unreadable || len(c.Sources[varToken]) > 0 || missing.Evidence.Find("set_in_file") != nil {
		return missing
	}
	places := w.near()
	p, found := w.nearestToken(places)
	app, appFound := c.nearestApp(places)
	over := found && w.over(p.holds[varToken])
	if !found || over && len(c.missing()) > 0 && !appFound {
		return missing // and a new one cannot be had before key and secret are
	}
	res := w.lyingNear(p, varToken)
	res.Message = "no source holds an access token; " + res.Message
	if appFound && (over || p.kind == app.kind && p.file == app.file) {
		res.CausedBy = IDEnvironmentCredentials
	}
	return res
}

// appElsewhere is what to say of key and secret that no source holds, where there
// is no usable token either: that they lie near, or that they are missing. With a
// living token near, that is no failure of its own.
func (w World) appElsewhere(c Credentials, missing doctor.Result) doctor.Result {
	if len(c.Sources[varToken]) > 0 || missing.Evidence.Find("set_in_file") != nil {
		return missing
	}
	places := w.near()
	if p, found := c.nearestApp(places); found {
		variables := c.missing()
		if s, holds := p.holds[varToken]; holds && !w.over(s) {
			variables = append(variables, varToken)
		}
		res := w.lyingNear(p, variables...)
		res.Message = missing.Target + " set nowhere; " + res.Message
		return res
	}
	if p, found := w.nearestToken(places); found && !w.over(p.holds[varToken]) {
		missing.Status, missing.Message = doctor.Warn, missing.Target+" set nowhere: a token lies near, but it cannot be renewed here"
	}
	return missing
}

// nearestToken is the place of the token that is most likely the one that is
// missed: one not past its end before one that is, and one under a name of Upstox
// before another.
func (w World) nearestToken(places []nearPlace) (nearPlace, bool) {
	places = slices.DeleteFunc(slices.Clone(places), func(p nearPlace) bool { _, holds := p.holds[varToken]; return !holds })
	rank := func(p nearPlace) (n int) {
		if s := p.holds[varToken]; w.over(s) {
			n += 2
		} else if s.general() {
			n++
		}
		return n
	}
	if len(places) == 0 {
		return nearPlace{}, false
	}
	return slices.MinFunc(places, func(a, b nearPlace) int { return cmp.Compare(rank(a), rank(b)) }), true
}

// nearestApp is the place with most of what is missing of key and secret. Under
// names that other services use too, one without the other tells nothing.
func (c Credentials) nearestApp(places []nearPlace) (best nearPlace, found bool) {
	most := 0
	for _, p := range places {
		n, general := 0, false
		for _, variable := range c.missing() {
			if s, holds := p.holds[variable]; holds {
				n++
				general = general || s.general()
			}
		}
		if n > most && (!general || n == len(c.missing())) {
			best, most = p, n
		}
	}
	return best, most > 0
}

// over reports whether a token looks past its end, by the local clock.
func (w World) over(s CredentialSource) bool {
	old := s.Token.Form == token.Opaque && !s.Modified.IsZero() && s.Modified.Before(token.LastEnd(w.Now()))
	return old || s.Token.Expired(w.Now())
}

// lyingNear is the finding of those of the variables that a place holds.
func (w World) lyingNear(p nearPlace, variables ...string) doctor.Result {
	variables = slices.DeleteFunc(slices.Clone(variables), func(v string) bool { _, holds := p.holds[v]; return !holds })
	ev, held := w.nearEvidence(p, variables)
	message := together(held) + " lie near"
	if len(held) == 1 {
		message = held[0].String() + " lies near"
	}
	if i := slices.Index(variables, varToken); i >= 0 {
		age, said := w.nearAge(held[i])
		ev.Add("near_age", age)
		ev.Add("near_expired", w.over(held[i]))
		message += said
	}
	res := fail(catalog.TokenElsewhere, fmt.Sprint(ev.Find("near")), message, ev)
	res.Confidence = doctor.Likely
	if slices.ContainsFunc(held, CredentialSource.general) {
		res.Confidence = doctor.Possible
	}
	return res
}

// together names sources of one place.
func together(sources []CredentialSource) string {
	var names []string
	var lines []int
	for _, s := range sources {
		names, lines = append(names, s.Name), append(lines, s.Line)
	}
	where := sources[0].Where
	if file := sources[0].File; file != "" {
		where = file + " lines " + joinInts(lines)
	}
	return strings.Join(names, ", ") + " (" + where + ")"
}

// nearEvidence says where the variables lie, and the file in which they belong or
// are to be renamed.
func (w World) nearEvidence(p nearPlace, variables []string) (ev doctor.Evidence, held []CredentialSource) {
	var names, lines []string
	for _, variable := range variables {
		s := p.holds[variable]
		held, names, lines = append(held, s), append(names, s.Name), append(lines, fmt.Sprint(s.Line))
	}
	near, file := p.file, p.file
	switch p.kind {
	case nearFile:
		file = w.tokenFile().name
	case nearEnvFile:
		file = w.envFile().name
	case nearVariable:
		near = strings.Join(names, ", ")
	}
	ev.Add("near", near)
	ev.Add("near_kind", p.kind)
	if file != "" {
		ev.Add("file", file)
	}
	if p.kind == nearVariable {
		ev.Add("near_names", names)
		ev.Add("near_lines", lines)
	}
	ev.Add("near_for", variables)
	return append(ev, held[0].startEvidence()...), held
}

// nearAge is how old a token is, and in words all that is known of its age.
func (w World) nearAge(s CredentialSource) (age, said string) {
	since, end := s.Modified, s.Token.Expires
	switch {
	case !since.IsZero():
		age = humanize.Duration(max(0, w.Now().Sub(since)))
		said = ", written " + age + " ago"
	case !s.Token.Issued.IsZero():
		age = humanize.Duration(max(0, w.Now().Sub(s.Token.Issued)))
		said = ", issued " + age + " ago"
	}
	switch {
	case !end.IsZero() && w.over(s):
		said += fmt.Sprintf("; its token ended %s, %s ago", humanize.Moment(end), humanize.Duration(w.Now().Sub(end)))
	case !end.IsZero():
		said += "; its token lasts until " + humanize.Moment(end)
	case w.over(s):
		said += ", before the last end of tokens, " + humanize.Moment(token.LastEnd(w.Now()))
	}
	return cmp.Or(age, "unknown"), said
}
