package checks

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"syscall"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/dotenv"
	"upstox-doctor/checks/files"
	"upstox-doctor/checks/network"
	"upstox-doctor/checks/secretstoml"
	"upstox-doctor/checks/token"
	"upstox-doctor/checks/upstox"
)

// foundEvidence is a warn or fail with its diagnosis.
func foundEvidence(s doctor.Status, e *catalog.Entry, target, message string, ev doctor.Evidence) doctor.Result {
	res := doctor.Result{Status: s, Code: e.Code, Target: target, Message: message, Evidence: ev}
	if e.Several {
		res.Confidence = doctor.Likely
	}
	return res
}

func fail(e *catalog.Entry, target, message string, ev doctor.Evidence) doctor.Result {
	return foundEvidence(doctor.Fail, e, target, message, ev)
}

func warn(e *catalog.Entry, target, message string, ev doctor.Evidence) doctor.Result {
	return foundEvidence(doctor.Warn, e, target, message, ev)
}

func pass(ev doctor.Evidence, format string, args ...any) doctor.Result {
	return doctor.Result{Status: doctor.Pass, Message: fmt.Sprintf(format, args...), Evidence: ev}
}

// responseFailure turns an answer that is not what was asked for into a
// failure.
func responseFailure(a upstox.Response) doctor.Result {
	entry := catalog.Classify(a.Symptom(), catalog.NotKnown)
	var ev doctor.Evidence
	ev.Add("request", a.Method+" "+a.Path)
	if a.Status != 0 {
		ev.Add("status", a.Status)
		ev.Add("answered_by", a.Responder)
	}
	addFilter(&ev, a.By)
	for _, p := range a.Problems {
		ev.Add("upstox_code", p.Code)
	}
	if ray := a.RayID(); ray != "" {
		ev.Add("ray_id", ray)
	}
	if wait := a.RetryAfter(); wait > 0 {
		ev.Add("retry_after_seconds", int(wait.Seconds()))
	}
	if a.Location != "" {
		ev.Add("location", a.Location)
	}
	return unsure(withSymptom(fail(entry, APIHost, a.String(), ev), a.Symptom()), a.By)
}

// worst returns the first failure, else the first warning, with what the other
// findings say in its evidence.
func worst(findings []doctor.Result) doctor.Result {
	res := findings[0]
	for _, r := range findings {
		if r.Status == doctor.Fail && res.Status != doctor.Fail {
			res = r
		}
	}
	for _, r := range findings {
		if r.Message != res.Message {
			res.Evidence.Add(r.Target, r.Message)
		}
	}
	return res
}

// cause drops the path that the operating system adds to its error, since it
// may be long and is named already.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// unreadableEvidence says which file cannot be read, and what is the problem.
func unreadableEvidence(name string, err error) doctor.Evidence {
	var ev doctor.Evidence
	ev.Add("file", name)
	inEnv, _ := errors.AsType[*dotenv.SyntaxError](err)
	inTOML, _ := errors.AsType[*secretstoml.SyntaxError](err)
	inToken, _ := errors.AsType[*token.FileError](err)
	encoding, line, column := "", 0, 0
	switch {
	case inEnv != nil:
		encoding, line = inEnv.Encoding, inEnv.Line
	case inTOML != nil:
		encoding, line, column = inTOML.Encoding, inTOML.Line, inTOML.Column
	case inToken != nil:
		encoding, line = inToken.Encoding, inToken.Line
	}
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENAMETOOLONG):
		ev.Add("problem", "missing")
	case errors.Is(err, fs.ErrPermission):
		ev.Add("problem", "permission")
	case errors.Is(err, files.ErrDirectory):
		ev.Add("problem", "directory")
	case errors.Is(err, files.ErrTooBig):
		ev.Add("problem", "too-big")
	case encoding != "":
		ev.Add("problem", "encoding")
		ev.Add("encoding", encoding)
	case line > 0:
		ev.Add("problem", "syntax")
		ev.Add("line", line)
		if column > 0 {
			ev.Add("column", column)
		}
	default:
		ev.Add("problem", "other")
	}
	return ev
}

// unreadable is the diagnosis of a file that cannot be read.
func unreadable(err error) *catalog.Entry {
	if network.Exhausted(err) {
		return catalog.SocketsExhausted
	}
	return catalog.EnvFileUnreadable
}

// netFailure turns an error of package network into a result: the catalog
// names the diagnosis, the error what was seen.
func netFailure(err error, host string) doctor.Result {
	var e *network.Error
	if !errors.As(err, &e) {
		return doctor.Result{Status: doctor.Skip, Message: err.Error()}
	}
	entry := catalog.Classify(e.Symptom(), catalog.NotKnown)
	var ev doctor.Evidence
	ev.Add("host", host)
	switch {
	case e.Addr == "":
	case e.Hop == catalog.HopDNS && e.Kind != catalog.KindHijacked:
		ev.Add("resolver", e.Addr)
	default:
		ev.Add("address", e.Addr)
	}
	if e.Hop == catalog.HopProxy {
		if e.Status != 0 {
			ev.Add("status", e.Status)
		}
		if e.Reason != "" {
			ev.Add("reason", e.Reason)
		}
	}
	if len(e.Certs) > 0 {
		leaf := e.Certs[0]
		ev.Add("issuer", leaf.Issuer.String())
		ev.Add("subject", leaf.Subject.String())
		ev.Add("names", leaf.DNSNames)
		ev.Add("valid_from", leaf.NotBefore.UTC().Format(time.RFC3339))
		ev.Add("valid_to", leaf.NotAfter.UTC().Format(time.RFC3339))
	}
	return withSymptom(fail(entry, host, e.Error(), ev), e.Symptom())
}

// withSymptom keeps what a result was recognised by, for the tape.
func withSymptom(res doctor.Result, s catalog.Symptom) doctor.Result {
	res.Symptom = s
	return res
}

func addrStrings(addrs []netip.Addr) []string {
	out := make([]string, len(addrs))
	for i, a := range addrs {
		out[i] = a.String()
	}
	return out
}

func attempts(tried []network.Attempt) []string {
	out := make([]string, len(tried))
	for i, a := range tried {
		out[i] = fmt.Sprintf("%s %s after %d ms", a.Addr, cmp.Or(a.Kind, "connected"), a.Took.Milliseconds())
	}
	return out
}

func sourceNames(sources []CredentialSource) []string {
	out := make([]string, len(sources))
	for i, s := range sources {
		out[i] = s.String()
	}
	return out
}
