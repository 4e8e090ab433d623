package feed

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// A DecodeError says where a frame is not a valid FeedResponse. It contains
// nothing of the frame's content.
type DecodeError struct {
	Offset int    // byte in the whole frame
	What   string // "FeedResponse.feeds: length 49 runs past the end"
}

func (e *DecodeError) Error() string {
	return "frame byte " + strconv.Itoa(e.Offset) + ": " + e.What
}

// A schema names the fields of one message, to tell unknown fields from
// malformed ones and to name the fault. It is not used for valid frames.
type schema struct {
	name   string
	fields []field // by number
}

type field struct {
	name string
	kind kind
}

type kind uint8

const (
	kindVarint kind = iota
	kindDouble
	kindText
	kindMessage
)

// wire returns the wire type of a kind.
func (k kind) wire() protowire.Type {
	return [...]protowire.Type{protowire.VarintType, protowire.Fixed64Type, protowire.BytesType, protowire.BytesType}[k]
}

// known returns the field with the number, if the schema has it.
func (s *schema) known(n protowire.Number) (field, bool) {
	if int(n) >= len(s.fields) || s.fields[n].name == "" {
		return field{}, false
	}
	return s.fields[n], true
}

// skip returns the position after the field at i, which no reader accepted, or
// -1 unless it is a well-formed unknown field.
func (s *schema) skip(b []byte, i int) int {
	num, typ, n := protowire.ConsumeTag(b[i:])
	if n < 0 || num > protowire.MaxValidNumber {
		return -1
	}
	if _, known := s.known(num); known {
		return -1
	}
	size := protowire.ConsumeFieldValue(num, typ, b[i+n:])
	if size < 0 {
		return -1
	}
	return i + n + size
}

// fault says what is wrong with the field at i.
func (s *schema) fault(b []byte, i int) *DecodeError {
	num, typ, n := protowire.ConsumeTag(b[i:])
	if n < 0 || num > protowire.MaxValidNumber {
		return &DecodeError{i, s.name + ": " + tagFault(b[i:])}
	}
	at, path := i+n, fmt.Sprintf("%s field %d", s.name, num)
	f, known := s.known(num)
	if known {
		path = s.name + "." + f.name
		if typ != f.kind.wire() {
			return &DecodeError{i, fmt.Sprintf("%s: wire type %d, want %d", path, typ, f.kind.wire())}
		}
	}
	if known && f.kind == kindText {
		if text, n := protowire.ConsumeBytes(b[at:]); n >= 0 && !utf8.Valid(text) {
			return &DecodeError{at + n - len(text), path + ": not UTF-8"}
		}
	}
	return &DecodeError{at, path + ": " + valueFault(num, typ, b[at:])}
}

// tagFault says why the tag of a field cannot be read.
func tagFault(b []byte) string {
	if _, n := protowire.ConsumeVarint(b); n < 0 {
		return "field number: " + varintFault(b)
	}
	return "field number out of range"
}

// valueFault says why the value of a field cannot be read.
func valueFault(num protowire.Number, typ protowire.Type, b []byte) string {
	switch typ {
	case protowire.VarintType:
		return varintFault(b)
	case protowire.Fixed32Type, protowire.Fixed64Type:
		return "value runs past the end"
	case protowire.BytesType:
		length, n := protowire.ConsumeVarint(b)
		if n < 0 {
			return "length: " + varintFault(b)
		}
		return fmt.Sprintf("length %d runs past the end", length)
	case protowire.StartGroupType:
		if err := protowire.ParseError(protowire.ConsumeFieldValue(num, typ, b)); errors.Is(err, io.ErrUnexpectedEOF) {
			return "group runs past the end"
		}
		return "group is malformed" // protowire's text varies between builds
	case protowire.EndGroupType:
		return "end of a group that never began"
	}
	return fmt.Sprintf("wire type %d does not exist", typ)
}

// varintFault says why the bytes are not a varint.
func varintFault(b []byte) string {
	if len(b) >= 10 {
		return "varint has no end"
	}
	return "varint runs past the end"
}
