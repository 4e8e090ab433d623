package checks

import (
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
)

// The kinds of records on the tape of a run, beside those of package tape.
// Durations are in nanoseconds.
//
//	begin      beginRecord: what was asked for, and the checks in their order
//	hop        hopRecord: one hop to a host, successful or not
//	answer     responseRecord: what came back of a call to the API
//	handshake  responseRecord: what came back of an upgrade
//	sent       sentRecord: a request to the feed
//	ping-sent  sentRecord: a ping of ours
//	pong       sentRecord: the answer to it, with its payload
//	frame      a binary message, in data
//	text       a text message, in data
//	close      feed.EndRecord: the stream has ended
//	market     marketEvidence: what was said about the market
//	result     resultRecord: a check has ended
//	end        stopRecord: the run has ended
const (
	recHop       = "hop"
	recAnswer    = "answer"
	recHandshake = "handshake"
	recSent      = "sent"
	recPinged    = "ping-sent"
	recPong      = "pong"
	recFrame     = "frame"
	recText      = "text"
	recEnd       = "close"
	recMarket    = "market"
	recResult    = "result"
	recStop      = "end"
)

type beginRecord struct {
	Instrument string        `json:"instrument"`
	Mode       string        `json:"mode"`
	Checks     []checkRecord `json:"checks"`
}

type checkRecord struct {
	ID     string `json:"id"`
	Target string `json:"target,omitempty"`
	Title  string `json:"title"`
}

// symptomRecord is a catalog.Symptom with names of its own.
type symptomRecord struct {
	Hop       string `json:"hop,omitempty"`
	Kind      string `json:"kind,omitempty"`
	Responder string `json:"responder,omitempty"`
	HTTP      int    `json:"http_status,omitempty"`
	Upstox    string `json:"upstox_code,omitempty"`
}

// symptomRecordOf is nil for a symptom that says nothing.
func symptomRecordOf(s any) *symptomRecord {
	symptom, ok := s.(catalog.Symptom)
	if !ok || symptom == (catalog.Symptom{}) {
		return nil
	}
	return new(symptomRecord(symptom))
}

type hopRecord struct {
	Hop       string         `json:"hop"`
	Host      string         `json:"host"`
	Took      time.Duration  `json:"duration"`
	Error     string         `json:"error,omitempty"`
	Symptom   *symptomRecord `json:"symptom,omitempty"`
	Addresses []string       `json:"addresses,omitempty"` // of dns
	Attempts  []string       `json:"attempts,omitempty"`  // of tcp
	Proxy     string         `json:"proxy,omitempty"`     // without user and password
	Version   string         `json:"version,omitempty"`   // of TLS
	Protocol  string         `json:"protocol,omitempty"`  // by ALPN
	Issuer    string         `json:"issuer,omitempty"`
	Names     []string       `json:"names,omitempty"` // of the certificate
	ValidFrom time.Time      `json:"valid_from,omitzero"`
	ValidTo   time.Time      `json:"valid_to,omitzero"`
}

// responseRecord never holds the body of a success: a profile has the user's
// name in it, and an authorized URL opens the feed.
type responseRecord struct {
	Host    string            `json:"host"`
	Method  string            `json:"method"`
	Path    string            `json:"path"`             // without its query
	Status  int               `json:"status,omitempty"` // zero if no answer began
	Took    time.Duration     `json:"duration,omitempty"`
	Fields  map[string]string `json:"headers,omitempty"` // of the header, those that recordedHeaders lists
	Bytes   int               `json:"bytes"`             // of the body
	Body    string            `json:"body,omitempty"`    // its beginning, of a refusal or a web page
	Words   string            `json:"text,omitempty"`
	Symptom *symptomRecord    `json:"symptom,omitempty"`
}

type sentRecord struct {
	Request string `json:"request,omitempty"` // mode and key
	Mark    string `json:"payload,omitempty"` // of a ping
	Error   string `json:"error,omitempty"`   // it could not be sent
}

type resultRecord struct {
	doctor.Result
	Symptom    *symptomRecord `json:"symptom,omitempty"`      // what the code was recognised by, if by nothing else
	Own        string         `json:"check_target,omitempty"` // of the check, which its result may replace
	Unfinished bool           `json:"unfinished,omitempty"`
}

type stopRecord struct {
	Started  time.Time     `json:"started"` // of the first check
	Duration time.Duration `json:"duration"`
	End      doctor.End    `json:"end"`
}
