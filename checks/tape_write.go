package checks

import (
	"crypto/tls"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/network"
	"upstox-doctor/checks/tape"
	"upstox-doctor/checks/upstox"
)

// maxRecordedBody is how much of a body is recorded, in bytes. The text of an
// error page is at its beginning, and a secret that is cut off there is of no
// use.
const maxRecordedBody = 2 << 10

// recordedHeaders are the header fields that are recorded: none holds a secret
// or tells who asked.
var recordedHeaders = []string{"Date", "Server", "Cf-Ray", "X-Amz-Cf-Id", "Content-Type", "Content-Length", "Retry-After", "Upgrade", "Location"}

// A recorder writes what happens in a run to the tape, or nothing if there is
// no tape.
type recorder struct {
	tape *tape.Writer
	now  func() time.Time
}

func (w World) recorder() recorder { return recorder{w.Tape, w.Now} }

// observed is the World whose network is recorded, if there is a tape.
func (w World) observed() World {
	if w.Tape == nil || w.Net == nil {
		return w
	}
	net := *w.Net
	net.Observe = w.recorder().hop
	w.Net = &net
	return w
}

// begin begins the record of a run and returns who is to be told of its checks.
func (r recorder) begin(of beginRecord, chosen []doctor.Check, observe func(doctor.Event)) func(doctor.Event) {
	if r.tape == nil {
		return observe
	}
	for _, c := range chosen {
		of.Checks = append(of.Checks, checkRecord{c.ID, c.Target, c.Title})
	}
	r.add(tape.Begin, of)
	return func(e doctor.Event) {
		if res := e.Result; res != nil {
			r.add(recResult, resultRecord{Result: *res, Symptom: symptomRecordOf(res.Symptom), Own: e.Check.Target, Unfinished: res.IsUnfinished()})
		}
		if observe != nil {
			observe(e)
		}
	}
}

// add records what is seen now.
func (r recorder) add(kind string, more any) {
	if r.tape != nil {
		r.tape.Add(tape.Entry{At: r.now(), Kind: kind, More: more})
	}
}

func (r recorder) hop(s network.HopTrace) {
	rec := hopRecord{Hop: s.Hop, Host: s.Host, Took: s.Took, Proxy: s.Proxy, Addresses: addrStrings(s.Names.Addrs), Attempts: attempts(s.Attempts)}
	var e *network.Error
	if s.Err != nil {
		rec.Error = s.Err.Error()
	}
	if errors.As(s.Err, &e) {
		rec.Symptom = symptomRecordOf(e.Symptom())
		if len(e.Certs) > 0 {
			rec.Issuer, rec.Names, rec.ValidFrom, rec.ValidTo = e.Certs[0].Issuer.String(), e.Certs[0].DNSNames, e.Certs[0].NotBefore, e.Certs[0].NotAfter
		}
	}
	if s.TLS != nil {
		leaf := s.TLS.PeerCertificates[0]
		rec.Version, rec.Protocol = tls.VersionName(s.TLS.Version), s.TLS.NegotiatedProtocol
		rec.Issuer, rec.Names, rec.ValidFrom, rec.ValidTo = leaf.Issuer.String(), leaf.DNSNames, leaf.NotBefore, leaf.NotAfter
	}
	r.add(recHop, rec)
}

// response is for upstox.Client.Observe, nil if there is no tape.
func (r recorder) response() func(upstox.Response) {
	if r.tape == nil {
		return nil
	}
	return func(a upstox.Response) {
		rec := responseRecord{
			Host: APIHost, Method: a.Method, Path: a.Path, Status: a.Status, Took: a.Took, Fields: recordedHeader(a.Header, a.Location),
			Bytes: len(a.Body), Words: a.String(), Symptom: symptomRecordOf(a.Symptom()),
		}
		if rec.Symptom != nil && !a.OK() && (a.Status >= 400 || a.Responder != catalog.ResponderUpstox) {
			rec.Body = string(a.Body[:min(len(a.Body), maxRecordedBody)])
		}
		r.add(recAnswer, rec)
	}
}

// recordedHeader is what may be shown of a header.
func recordedHeader(h http.Header, location string) map[string]string {
	out := map[string]string{}
	for _, name := range recordedHeaders {
		if v := h.Get(name); v != "" {
			out[name] = v
		}
	}
	delete(out, "Location")
	if location != "" {
		out["Location"] = location // without its query
	}
	return out
}

func (r recorder) handshake(u *url.URL, err error) {
	rec := responseRecord{Host: u.Hostname(), Method: http.MethodGet, Path: u.Path, Status: http.StatusSwitchingProtocols}
	if err != nil {
		rec.Status, rec.Words = 0, err.Error()
	}
	var refused *feed.Refusal
	if errors.As(err, &refused) {
		rec.Status, rec.Fields, rec.Symptom = refused.Status, recordedHeader(refused.Header, refused.Location), symptomRecordOf(refused.Symptom())
		rec.Bytes, rec.Body = len(refused.Body), string(refused.Body)
	}
	r.add(recHandshake, rec)
}

const subscribed feed.Kind = recSent

// sent records a request or a ping, and what came of sending it.
func (r recorder) sent(kind feed.Kind, what string, err error) error {
	rec := sentRecord{}
	if err != nil {
		rec.Error = err.Error()
	}
	if kind == feed.Ping {
		rec.Mark = what
		r.add(recPinged, rec)
		return err
	}
	rec.Request = what
	r.add(recSent, rec)
	return err
}

// event records what came from the feed, when it came.
func (r recorder) event(e feed.Event, open bool) {
	if r.tape == nil {
		return
	}
	at := r.now()
	if !e.At.IsZero() {
		at = at.Add(-time.Since(e.At))
	}
	entry := tape.Entry{At: at, Kind: string(e.Kind), Data: e.Data}
	switch {
	case !open || e.Kind == feed.Ended:
		end := e.End
		if end == nil {
			end = &feed.End{}
		}
		entry.Kind, entry.Data, entry.More = recEnd, nil, end.Record()
	case e.Kind == feed.Pong:
		entry.Data, entry.More = nil, sentRecord{Mark: strings.ToValidUTF8(string(e.Data), "?")}
	case e.Kind == feed.Frame:
		entry.Frame = true
	}
	r.tape.Add(entry)
}

// symptom is what a record was recognised by.
func (s *symptomRecord) symptom() catalog.Symptom { return catalog.Symptom(*s) }
