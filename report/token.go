package report

import (
	"fmt"
	"io"
	"slices"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/market"
)

// A TokenStatus is the state of the access token. Its JSON form is for
// scripts, and no part of it is a part of a token. Times are RFC 3339 in IST;
// what the token does not tell is empty or null.
type TokenStatus struct {
	Schema   string `json:"schema"` // upstox-doctor/token/v1; within it, fields are only added
	Status   string `json:"status"` // pass, warn, fail; error if the doctor could not complete
	ExitCode int    `json:"exit_code"`
	Message  string `json:"message"` // the verdict in one sentence

	// Accepted tells whether Upstox accepts the token, without any characters
	// around it that are not its own. False also means that there is none or
	// that it is past its end; null means that Upstox could not be asked, or
	// was not.
	Accepted  *bool       `json:"accepted"`
	Online    TokenOnline `json:"online"`
	CheckedAt string      `json:"checked_at"`
	Clock     string      `json:"clock"` // that CheckedAt, Expired and LeftSeconds go by: server or local

	Source  string        `json:"source"`  // that wins; empty if there is no token
	Sources []TokenSource `json:"sources"` // all, highest first
	File    TokenFile     `json:"token_file"`

	// Of the token that wins.
	Kind        string `json:"kind"`      // oauth, analytics, extended, opaque; empty if it has not the form of a token
	PlusPlan    *bool  `json:"plus_plan"` // of the account, when the token was issued
	IssuedAt    string `json:"issued_at"`
	ExpiresAt   string `json:"expires_at"`
	Expired     *bool  `json:"expired"`
	LeftSeconds *int64 `json:"left_seconds"` // until ExpiresAt, negative after it

	RootCauses []Cause `json:"root_causes"` // as in the report of all checks

	document Document
	winner   *checks.TokenSource
	sources  []checks.TokenSource
	now      time.Time
	local    *time.Location
	offline  bool
}

// TokenOnline is what came of asking Upstox.
type TokenOnline struct {
	Asked   bool   `json:"checked"` // and the answer, if one came, was judged
	Message string `json:"message"` // what it said, or why it was not asked
}

// TokenSource is one place that holds a token or sample text.
type TokenSource struct {
	Source    string `json:"source"`
	Role      string `json:"role"` // active, duplicate (the active token), shadowed (another token), placeholder (text)
	Kind      string `json:"kind"`
	ExpiresAt string `json:"expires_at"`
}

// TokenFile is the file that keeps the token between runs.
type TokenFile struct {
	Name       string `json:"name"`
	Exists     bool   `json:"exists"`
	Mode       string `json:"mode"` // octal, such as 0600; empty if there is none or the system has no modes
	ModifiedAt string `json:"modified_at"`
	AgeSeconds *int64 `json:"age_seconds"`

	modified time.Time
	empty    bool
}

// NewTokenStatus makes the page. Of m it uses all but the market. Local is the
// zone of the machine, in which times are shown too; nil for none.
func NewTokenStatus(s checks.TokenStatus, m Meta, local *time.Location) TokenStatus {
	return newBuilder(m).tokenStatus(s, m, local)
}

func (b builder) tokenStatus(s checks.TokenStatus, m Meta, local *time.Location) TokenStatus {
	out := TokenStatus{
		Schema: "upstox-doctor/token/v1", ExitCode: m.ExitCode, Accepted: s.Accepted, Online: b.online(s),
		CheckedAt: inIndia(s.Now), Clock: "local", Sources: []TokenSource{}, File: b.tokenFile(s.File),
		document: b.document(s.Report, m), now: s.Now, local: local, offline: s.Offline,
	}
	out.Status, out.RootCauses = out.document.Status, out.document.RootCauses
	if s.ByServer {
		out.Clock = "server"
	}
	for _, src := range s.Sources {
		src.Source, src.Why = b.clean.text(src.Source, maxName), b.clean.text(src.Why, maxMessage)
		out.sources = append(out.sources, src)
		out.Sources = append(out.Sources, TokenSource{src.Source, string(src.Role), src.Kind, inIndia(src.Expires)})
	}
	if i := slices.IndexFunc(out.sources, func(s checks.TokenSource) bool { return s.Role == checks.Active }); i >= 0 {
		out.tell(&out.sources[i])
	}
	out.Message = out.message()
	return out
}

// tell takes over what the winning token says of itself.
func (s *TokenStatus) tell(w *checks.TokenSource) {
	s.winner, s.Source, s.Kind, s.PlusPlan = w, w.Source, w.Kind, w.Plus
	s.IssuedAt, s.ExpiresAt = inIndia(w.Issued), inIndia(w.Expires)
	if !w.Expires.IsZero() {
		left := w.Expires.Sub(s.now)
		s.Expired, s.LeftSeconds = new(left <= 0), new(int64(left/time.Second))
	}
}

// message is the verdict. The guide's words are for a token that Upstox has
// just accepted, and for no other.
func (s *TokenStatus) message() string {
	switch {
	case s.Status == "error":
		return unfinished(s.document.End)
	case s.Status == string(doctor.Fail):
		return s.RootCauses[0].Title + "."
	case s.Accepted != nil && *s.Accepted:
		return "Token is valid and working!"
	case s.offline && s.Expired != nil:
		return "By this machine's clock the token is not past its end. Upstox was not asked whether it accepts it."
	case s.offline:
		return "There is a token, and it does not tell its end. Upstox was not asked whether it accepts it."
	}
	return "Upstox did not say whether it accepts the token."
}

// online is what came of the one check that asks Upstox about the token.
func (b builder) online(s checks.TokenStatus) TokenOnline {
	i := slices.IndexFunc(s.Results, func(r doctor.Result) bool { return r.ID == checks.IDTokenAccepted })
	if i < 0 {
		return TokenOnline{Message: "nobody was asked (--offline)"}
	}
	r := s.Results[i]
	text := b.clean.text(r.Message, maxMessage)
	switch by := (doctor.Result{ID: r.BlockedBy}); {
	case r.Status == doctor.Fail:
		return TokenOnline{true, text}
	case r.Status != doctor.Skip:
		return TokenOnline{true, "Upstox was asked: " + text}
	case r.BlockedBy == checks.IDTokenExpiry:
		return TokenOnline{Message: "nothing to ask: Upstox refuses every token that is past its end"}
	case by.Stage() == catalog.StageToken || by.Stage() == catalog.StageEnvironment:
		return TokenOnline{Message: "nothing to ask: there is no token to show to Upstox"}
	case by.Stage() == catalog.StageNetwork:
		return TokenOnline{Message: "Upstox could not be asked: " + r.BlockedBy + " failed"}
	}
	return TokenOnline{Message: text}
}

func (b builder) tokenFile(f checks.TokenFile) TokenFile {
	out := TokenFile{Name: b.clean.text(f.Name, maxName), Exists: f.Exists, modified: f.Modified, empty: f.Empty}
	if !f.Exists {
		return out
	}
	out.ModifiedAt, out.AgeSeconds = inIndia(f.Modified), new(int64(f.Age/time.Second))
	if b.goos != "windows" {
		out.Mode = fmt.Sprintf("%04o", f.Mode.Perm())
	}
	return out
}

// isIndian reports whether t shows the same clock as India.
func isIndian(t time.Time) bool {
	_, offset := t.Zone()
	_, indian := t.In(market.IST).Zone()
	return offset == indian
}

// inIndia is RFC 3339, or nothing for a time that is not known.
func inIndia(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(market.IST).Format(time.RFC3339)
}

// JSON writes the page for scripts.
func (s TokenStatus) JSON(w io.Writer) error { return writeJSON(w, s) }
