package network

import (
	"errors"
	"io"
	"net"

	"upstox-doctor/checks/lazyregexp"
)

// Dropped reports whether an error means that an established connection ended.
// It depends on the operation and not on errno, which differs between systems.
func Dropped(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Op != "dial"
	}
	return isPeerClosed(err)
}

// isPeerClosed reports whether err is one of package io's errors for a
// connection that the peer has closed, on reading or writing.
func isPeerClosed(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.ErrClosedPipe)
}

// truncatedHeaderText matches net/http's errors for an answer that ended within
// its first line, a header's name or a line end: it parses the part as a whole
// line.
var truncatedHeaderText = lazyregexp.New(`malformed (HTTP response "H(T(T(P(/(1(\.[01]?)?)?)?)?)?)?"|HTTP status code "\d?\d?"|MIME header: missing colon: "([\w-]+|\\r)"|MIME header line: ".*\\r")$`)

// TruncatedHeader reports whether the connection ended within the header of an
// HTTP answer. net/http has no type for that, so the text is matched; the tests
// provoke these errors, so they fail if a release of Go changes the text.
func TruncatedHeader(err error) bool { return truncatedHeaderText.MatchString(err.Error()) }
