package checks

import (
	"context"
	"io/fs"
	"slices"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// TokenOptions are the options of TokenStatus.
type TokenOptions struct {
	Offline bool          // send no request, not even to a resolver, and use the local clock
	Timeout time.Duration // of one check
	Observe func(doctor.Event)
}

// TokenStatus is what is known of the access token. Nothing in it holds the
// token or a part of one.
type TokenStatus struct {
	doctor.Report               // of the checks that concern the token
	Sources       []TokenSource // all that hold one, highest first
	File          TokenFile
	Now           time.Time // by the server's clock if ByServer, else by the local one
	ByServer      bool
	Offline       bool
	// Accepted tells whether Upstox accepts the token, cleaned of stray
	// characters. False also means that there is none, or that it has expired;
	// nil means not known.
	Accepted *bool
}

// TokenSource is one place that holds a token, with what the token says of
// itself.
type TokenSource struct {
	Source string // "UPSTOX_ACCESS_TOKEN (environment)", ".upstox_token"
	Role   Role
	Kind   string // as of token.Token.Kind; empty if it has not the form of a token
	Why    string // it has not, in words

	Issued, Expires time.Time // zero if the token does not tell
	Plus            *bool     // nil if the token does not tell
}

// Role is how a source of the token is used.
type Role string

// The roles. Sample text is never active, and without an active source each
// holds sample text.
const (
	Active      Role = "active"      // its token is used
	Duplicate   Role = "duplicate"   // holds the active token too
	Shadowed    Role = "shadowed"    // holds another token, which is not used
	Placeholder Role = "placeholder" // holds sample text in place of a token
)

// TokenFile is the token file as the system shows it.
type TokenFile struct {
	Name     string
	Exists   bool
	Empty    bool // there is no token in it
	Mode     fs.FileMode
	Modified time.Time
	Age      time.Duration // by the local clock; negative if it was written in the future
}

// TokenStatus examines the access token by the doctor's own checks: those of the
// environment, of the connection to the API host, and of the token. The feed says
// nothing about the token and is left to Run.
func (w World) TokenStatus(ctx context.Context, o TokenOptions) TokenStatus {
	w = w.WithDefaults().steady()
	r := doctor.Runner{Checks: w.tokenChecks(o.Offline), Timeout: o.Timeout, Now: w.Now, Observe: o.Observe}.Run(ctx)
	local := w.Now()
	c, byServer := clock.Of(r)
	creds, _ := credentials.Of(r)
	return TokenStatus{
		Report: r, Sources: creds.tokenSources(), File: w.statTokenFile(local),
		Now: local.Add(c.Offset), ByServer: byServer, Offline: o.Offline, Accepted: acceptedIn(r),
	}
}

// tokenChecks are the checks that concern the token; offline those that stay
// on this machine.
func (w World) tokenChecks(offline bool) []doctor.Check {
	stages := []string{catalog.StageEnvironment, catalog.StageNetwork, catalog.StageToken}
	return slices.DeleteFunc(All(w), func(c doctor.Check) bool {
		asks := c.Stage() == catalog.StageNetwork || c.ID == IDTokenAccepted
		return !slices.Contains(stages, c.Stage()) || c.Target == FeedHost || offline && asks
	})
}

// acceptedIn is TokenStatus.Accepted. Only Upstox's answers and the token's own
// claims count, since a network fault says nothing about the token.
func acceptedIn(r doctor.Report) *bool {
	if yes, known := accepted.Of(r); known {
		return &yes
	}
	about := func(res doctor.Result) bool {
		e := catalog.Lookup(res.Code)
		// A file that cannot be read may hold the token that is missing.
		return res.Status == doctor.Fail && res.Stage() == catalog.StageToken && e != nil && e.Stage == catalog.StageToken && res.CausedBy != IDEnvironmentFiles
	}
	if slices.ContainsFunc(r.Results, about) {
		return new(bool)
	}
	return nil
}

// tokenSources lists the sources of the token, highest first.
func (c Credentials) tokenSources() []TokenSource {
	winner, found := c.active()
	won := false
	var all []TokenSource
	for _, s := range c.Sources[varToken] {
		out := TokenSource{
			Source: s.String(), Role: Shadowed, Kind: s.Token.Kind(), Why: s.Token.Malformation,
			Issued: s.Token.Issued, Expires: s.Token.Expires, Plus: s.Token.Plus,
		}
		switch {
		case s.Sample:
			out = TokenSource{Source: out.Source, Role: Placeholder}
		case found && !won:
			out.Role, won = Active, true
		case s.Value == winner.Source.Value:
			out.Role = Duplicate
		}
		all = append(all, out)
	}
	return all
}

func (w World) statTokenFile(now time.Time) TokenFile {
	f := w.tokenFile().readToken()
	return TokenFile{
		Name: f.name, Exists: f.file.Exists, Empty: f.err == nil && f.file.Token == "",
		Mode: f.file.Mode, Modified: f.file.ModTime, Age: now.Sub(f.file.ModTime),
	}
}
