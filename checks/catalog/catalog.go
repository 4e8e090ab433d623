// Package catalog holds every diagnosis: its code, cause, owner, steps, row of
// the guide, and the signs by which it is recognised. Everything that is shown
// (table, JSON, explain, list, README) takes its words from here; no other
// package holds advice.
package catalog

import "slices"

// Owner says who must act.
type Owner string

const (
	You     Owner = "you"
	Network Owner = "network"
	Proxy   Owner = "proxy"
	Upstox  Owner = "upstox"
	Market  Owner = "market"
)

// The stages of a run, and the stages of entries that no run finds.
const (
	StageEnvironment = "environment"
	StageNetwork     = "network"
	StageToken       = "token"
	StageAuthorize   = "authorize"
	StageHandshake   = "handshake"
	StageTicks       = "ticks"

	StageAny    = "any" // found in several
	StageLogin  = "login"
	StageOrders = "orders"
	StageWatch  = "watch"
)

// Stages are the stages of a run in their order.
func Stages() []string {
	return []string{StageEnvironment, StageNetwork, StageToken, StageAuthorize, StageHandshake, StageTicks}
}

// Grade is the status that a diagnosis gives to its check.
type Grade string

const (
	Fails        Grade = "fail"
	Warns        Grade = "warn"
	FailsOrWarns Grade = "fail or warn"
	Informs      Grade = "pass"
)

// Retry says whether trying again can help. The zero value is for faults that may
// pass, of networks, servers and limits.
type Retry string

const (
	// Never is for faults that remain until the user acts.
	Never Retry = "never"
	// Ask is for a fault that may be temporary and whose cause is ambiguous: all
	// checks should run once in the meantime.
	Ask Retry = "ask"
)

// An Entry is one diagnosis.
type Entry struct {
	Code  string // stable name, lower kebab
	Stage string // where it is found first
	Grade Grade
	Title string // the fault, one line without full stop: "The access token has expired"
	Cause string // why, one to three sentences
	Owner Owner
	Retry Retry
	// Several is for a diagnosis that leaves several causes open: a finding is
	// then likely at most.
	Several bool
	Guide   string // the guide's error message that this answers, word for word, or empty
	Steps   []Step // what the user does, in order, while nothing more is known
	// Remedy makes the steps, and Why the cause, from what was seen. Both are
	// asked only where there is evidence; none or an empty answer leaves Steps and
	// Cause.
	Remedy func(Finding) []Step
	Why    func(Finding) string
	// Repair is what the doctor itself can do: "login" or empty.
	Repair string
	Signs  []Symptom // its symptoms on the wire; a zero field matches anything
	Texts  []Text    // its signs in a log
}

// A Step is one thing to do. Do is a sentence that begins with a verb. Run is
// the command for it, one line to paste, for a POSIX shell and wherever Mac or
// Windows (PowerShell) is empty. Cmd is the command for cmd.exe where that is
// another than PowerShell run from it: what changes the shell's own variables.
// Placeholders in braces are filled from the finding; see Placeholders.
type Step struct {
	Do, Run, Mac, Windows, Cmd string
}

// Placeholders are the names that a step may have in braces. {target} is always a
// host in a command; {proxy} has no password; {file} is the
// file concerned and {connection} what a filter blocks. The others are the
// evidence of that name; a Remedy uses them only where they were seen.
var Placeholders = []string{
	"target", "host", "proxy", "file", "connection",
	"variable", "line", "set_in_file", "set_in_line", "accepted_file", "near", "retry_after_seconds", "hosts_file", "port",
	"leads_to", "directory",
}

// The weights of a sign's fields. An answer's UDAPI code outweighs all other
// fields together, the kind outweighs status and responder, and a status
// outweighs the hop.
const (
	weightCode      = 64 // a sign that names the UDAPI code itself
	weightTable     = 32 // the code's row in upstoxCodes
	weightKind      = 16
	weightStatus    = 8
	weightClass     = 6
	weightResponder = 4
	weightHop       = 2
	weightAPI       = 1 // a sign of any API call, seen at authorize or login
)

// Classify returns the entry with the most specific sign that the symptom
// shows, or otherwise if none does. A known UDAPI code decides unless a sign
// names that code and other fields too. Among equals the first in the catalog wins.
func Classify(s Symptom, otherwise *Entry) *Entry {
	best, most := otherwise, 0
	if c, ok := LookupUpstox(s.Upstox); ok {
		best, most = c.Entry, weightTable
	}
	for _, e := range all {
		for _, sign := range e.Signs {
			if n := sign.matches(s); n > most {
				best, most = e, n
			}
		}
	}
	return best
}

// matches returns how specific the sign is, or 0 if the symptom lacks it.
func (sign Symptom) matches(s Symptom) int {
	n := 0
	for _, f := range []struct {
		want, got string
		weight    int
	}{{sign.Responder, s.Responder, weightResponder}, {sign.Kind, s.Kind, weightKind}, {sign.Upstox, s.Upstox, weightCode}} {
		switch f.want {
		case "":
		case f.got:
			n += f.weight
		default:
			return 0
		}
	}
	switch {
	case sign.Hop == "":
	case sign.Hop == s.Hop:
		n += weightHop
	case sign.Hop == HopAPI && (s.Hop == HopAuthorize || s.Hop == HopLogin):
		n += weightAPI
	default:
		return 0
	}
	switch sign.HTTP {
	case 0:
	case s.HTTP:
		n += weightStatus
	case s.HTTP / 100:
		n += weightClass
	default:
		return 0
	}
	return n
}

// All returns every entry in the order of the contract, then the doctor's own
// additions. The slice is the caller's.
func All() []*Entry { return slices.Clone(all) }

// Lookup returns the entry with the code, or nil.
func Lookup(code string) *Entry {
	i := slices.IndexFunc(all, func(e *Entry) bool { return e.Code == code })
	if i < 0 {
		return nil
	}
	return all[i]
}
