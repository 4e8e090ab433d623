package network

import (
	"errors"
	"io"
	"net"
	"regexp"
)

// Dropped reports whether an error means that a connection was there and ended.
// It goes by the operation and not by errno, which differs between systems.
func Dropped(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Op != "dial"
	}
	return atEnd(err)
}

// atEnd reports whether the far end has left, in the words of package io: of a
// reader, and of a writer.
func atEnd(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.ErrClosedPipe)
}

// cutShort is how net/http words an answer that ended within its first line,
// within the name of a header or a line end: it takes what is there for a whole
// line.
var cutShort = regexp.MustCompile(`malformed (HTTP response "H(T(T(P(/(1(\.[01]?)?)?)?)?)?)?"|HTTP status code "\d?\d?"|MIME header: missing colon: "([\w-]+|\\r)"|MIME header line: ".*\\r")$`)

// CutShort reports whether the connection ended within the header of an HTTP
// answer. The library has no type for that, so it goes by its words; the tests
// provoke them, and so notice when a release of Go words them anew.
func CutShort(err error) bool { return cutShort.MatchString(err.Error()) }
