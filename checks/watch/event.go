// Package watch keeps the feed open for hours and explains each disconnect.
package watch

import (
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/market"
)

// An Event is one thing that happened during a watch. The output of a Tracker
// depends on the sequence of events only, so replaying a tape of them gives the
// same output.
type Event struct {
	At   time.Time `json:"at"` // by the local clock
	Kind Kind      `json:"kind"`

	Begun   *Begun         `json:"watched,omitempty"`           // of Begin
	Opened  *Opened        `json:"connection,omitempty"`        // of Open
	Finding *doctor.Result `json:"finding,omitempty"`           // of Refused and Examined
	Head    *ResponseHead  `json:"answer,omitempty"`            // of Refused, if there was an answer
	End     *End           `json:"close,omitempty"`             // of Closed
	Quote   *Quote         `json:"quote,omitempty"`             // of Quoted
	Data    []byte         `json:"data,omitempty"`              // of Frame, Text and Sent
	Wait    time.Duration  `json:"duration,omitempty"`          // of Pause: until the next attempt, of Full: how long the feed went unread until now, of Slept: how long until now
	Peers   int            `json:"other_connections,omitempty"` // of Closed and Refused: sockets of other programs of this machine to the feed
	// Programs names those programs, as far as the system tells; of a Closed for
	// too many connections.
	Programs []string `json:"local_programs,omitempty"`
	EndedBy  string   `json:"ended_by,omitempty"` // of Stop
}

// Kind says what happened.
type Kind string

const (
	Begin    Kind = "begin"          // the watch begins; the first event
	Attempt  Kind = "attempt"        // one try to open the feed begins
	Refused  Kind = "connect-failed" // it did not lead to an open feed
	Open     Kind = "open"           // the feed answered 101
	Sent     Kind = "sent"           // a request of ours
	Frame    Kind = "frame"          // a binary message
	Text     Kind = "text"           // a text message, which the feed should not send
	Ping     Kind = "ping"           // the server's
	Pinged   Kind = "ping-sent"      // ours
	Pong     Kind = "pong"           // the answer to ours
	Slept    Kind = "suspended"      // the machine was suspended, or this program stopped
	Full     Kind = "backpressure"   // the queue was full, and the feed went unread
	Silent   Kind = "stalled"        // no data and no pong for too long; the connection is given up
	Unpriced Kind = "no-snapshot"    // the subscription brought no prices; the connection is given up
	Frozen   Kind = "no-live-ticks"  // no tick came though the market is open; the connection is given up
	Quoted   Kind = "quote"          // the API has told the last price of a silent key
	Closed   Kind = "closed"         // the connection has ended
	Pause    Kind = "pause"          // waiting before the next attempt
	Examined Kind = "diagnosed"      // the doctor's own checks have named a cause
	Stop     Kind = "end"            // the watch ends; the last event
)

// Begun is what is being watched.
type Begun struct {
	Version string    `json:"version"` // of the doctor
	Mode    string    `json:"mode"`
	Keys    []string  `json:"keys"`              // the first is the one shown large
	Control string    `json:"control,omitempty"` // key that ticks while its market is open, one of Keys or not; optional
	Until   time.Time `json:"until,omitzero"`
}

// Opened describes an open feed and what it was opened with.
type Opened struct {
	Host      string           `json:"host"`
	Local     string           `json:"local"` // our address, without port
	TokenKind string           `json:"token_kind"`
	TokenEnds time.Time        `json:"token_expires,omitzero"`
	Source    string           `json:"source"`              // of the token
	Token     int              `json:"token_number"`        // which token, counted from one in the order of their use
	Plus      *bool            `json:"plus_plan,omitempty"` // of the account, by the token; nil if unknown
	Offset    time.Duration    `json:"clock_offset"`        // server's clock less the local one, to half a second
	Holidays  []market.Holiday `json:"holidays,omitempty"`  // as Upstox lists them
}

// End says how a connection ended.
type End = feed.EndRecord

// A ResponseHead is the beginning of an answer, safe to show.
type ResponseHead struct {
	Path       string            `json:"path"`
	Status     int               `json:"status"`
	Fields     map[string]string `json:"headers,omitempty"`
	RetryAfter time.Duration     `json:"retry_after,omitempty"`
}
