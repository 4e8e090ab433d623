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

// observed is the World whose network is recorded, if there is a tape.
func (w World) observed() World {
	if w.Tape == nil || w.Net == nil {
		return w
	}
	net := *w.Net
	net.Observe = w.recordHop
	w.Net = &net
	return w
}

// recordChecks begins the record of a run and returns who is to be told of its
// checks.
func (w World) recordChecks(chosen []doctor.Check, observe func(doctor.Event)) func(doctor.Event) {
	if w.Tape == nil {
		return observe
	}
	plan := beginRecord{Instrument: w.Instrument, Mode: w.Mode}
	for _, c := range chosen {
		plan.Checks = append(plan.Checks, checkRecord{c.ID, c.Target, c.Title})
	}
	w.record(tape.Begin, plan)
	return func(e doctor.Event) {
		if r := e.Result; r != nil {
			w.record(recResult, resultRecord{Result: *r, Symptom: symptomRecordOf(r.Symptom), Own: e.Check.Target, Unfinished: r.IsUnfinished()})
		}
		if observe != nil {
			observe(e)
		}
	}
}

// record records what is seen now.
func (w World) record(kind string, more any) {
	if w.Tape != nil {
		w.Tape.Add(tape.Entry{At: w.Now(), Kind: kind, More: more})
	}
}

func (w World) recordHop(s network.HopTrace) {
	r := hopRecord{Hop: s.Hop, Host: s.Host, Took: s.Took, Proxy: s.Proxy, Addresses: addrStrings(s.Names.Addrs), Attempts: attempts(s.Attempts)}
	var e *network.Error
	if s.Err != nil {
		r.Error = s.Err.Error()
	}
	if errors.As(s.Err, &e) {
		r.Symptom = symptomRecordOf(e.Symptom())
		if len(e.Certs) > 0 {
			r.Issuer, r.Names, r.ValidFrom, r.ValidTo = e.Certs[0].Issuer.String(), e.Certs[0].DNSNames, e.Certs[0].NotBefore, e.Certs[0].NotAfter
		}
	}
	if s.TLS != nil {
		leaf := s.TLS.PeerCertificates[0]
		r.Version, r.Protocol = tls.VersionName(s.TLS.Version), s.TLS.NegotiatedProtocol
		r.Issuer, r.Names, r.ValidFrom, r.ValidTo = leaf.Issuer.String(), leaf.DNSNames, leaf.NotBefore, leaf.NotAfter
	}
	w.record(recHop, r)
}

// recordResponse is for upstox.Client.Observe, nil if there is no tape.
func (w World) recordResponse() func(upstox.Response) {
	if w.Tape == nil {
		return nil
	}
	return func(a upstox.Response) {
		r := responseRecord{
			Host: APIHost, Method: a.Method, Path: a.Path, Status: a.Status, Took: a.Took, Fields: recordedHeader(a.Header, a.Location),
			Bytes: len(a.Body), Words: a.String(), Symptom: symptomRecordOf(a.Symptom()),
		}
		if r.Symptom != nil && !a.OK() && (a.Status >= 400 || a.Responder != "upstox") {
			r.Body = string(a.Body[:min(len(a.Body), maxRecordedBody)])
		}
		w.record(recAnswer, r)
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

func (w World) recordHandshake(u *url.URL, err error) {
	r := responseRecord{Host: u.Hostname(), Method: http.MethodGet, Path: u.Path, Status: http.StatusSwitchingProtocols}
	if err != nil {
		r.Status, r.Words = 0, err.Error()
	}
	var refused *feed.Refusal
	if errors.As(err, &refused) {
		r.Status, r.Fields, r.Symptom = refused.Status, recordedHeader(refused.Header, refused.Location), symptomRecordOf(refused.Symptom())
		r.Bytes, r.Body = len(refused.Body), string(refused.Body)
	}
	w.record(recHandshake, r)
}

const subscribed feed.Kind = recSent

// recordSent records a request or a ping, and what came of sending it.
func (w World) recordSent(kind feed.Kind, what string, err error) error {
	r := sentRecord{}
	if err != nil {
		r.Error = err.Error()
	}
	if kind == feed.Ping {
		r.Mark = what
		w.record(recPinged, r)
		return err
	}
	r.Request = what
	w.record(recSent, r)
	return err
}

// recordEvent records what came from the feed, when it came.
func (w World) recordEvent(e feed.Event, open bool) {
	if w.Tape == nil {
		return
	}
	at := w.Now()
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
	w.Tape.Add(entry)
}

// symptom is what a record was recognised by.
func (s *symptomRecord) symptom() catalog.Symptom { return catalog.Symptom(*s) }
