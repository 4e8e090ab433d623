package tape

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// A Reader reads a tape from its beginning.
type Reader struct {
	lines     *bufio.Reader
	in        *counter
	line      int
	header    Header
	text      []byte // of the first line
	long      []byte // for lines that are longer than a buffer
	truncated bool
	err       error
}

// NewReader reads the head. The error is ErrNotTape if in is something else, or
// a tape of a version that this program does not know.
func NewReader(in io.Reader) (*Reader, error) {
	r := &Reader{in: &counter{from: bufio.NewReader(in)}}
	zip, err := gzip.NewReader(r.in)
	if interrupted(err) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("%w: no gzip stream", ErrNotTape)
	}
	r.lines = bufio.NewReader(zip)
	text, err := r.next()
	if err == io.EOF {
		return nil, fmt.Errorf("%w: it ends before its first line", ErrNotTape)
	}
	if interrupted(err) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotTape, err)
	}
	if json.Unmarshal(text, &r.header) != nil || r.header.Schema != Schema {
		return nil, fmt.Errorf("%w: the first line is no head of %s", ErrNotTape, Schema)
	}
	r.text = bytes.Clone(text)
	return r, nil
}

// Header is that of the member which was read last.
func (r *Reader) Header() Header { return r.header }

// Truncated reports, once Next has returned io.EOF, whether the tape ends in
// the middle of a record, because the recording program did not end it.
func (r *Reader) Truncated() bool { return r.truncated }

// Next returns the next record, or io.EOF. A further head is a record of kind
// "head". Damage, which is whatever is not simply missing at the end, is an
// error that names the position.
func (r *Reader) Next() (Record, error) {
	text, err := r.next()
	if err != nil {
		return Record{}, err
	}
	var m struct {
		Schema string    `json:"schema"`
		At     time.Time `json:"at"`
		Kind   string    `json:"kind"`
		Data   []byte    `json:"data"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return Record{}, r.damaged(r.line, err)
	}
	if err := oversized(text, base64.StdEncoding.EncodedLen(len(m.Data))); err != nil {
		return Record{}, r.damaged(r.line, err)
	}
	rec := Record{At: m.At, Kind: m.Kind, Data: m.Data, Line: r.line, text: bytes.Clone(text)}
	if m.Schema == "" {
		return rec, nil
	}
	var h Header
	if err := json.Unmarshal(text, &h); err != nil || h.Schema != Schema {
		return Record{}, r.damaged(r.line, fmt.Errorf("a head of %q", m.Schema))
	}
	r.header, rec.At, rec.Kind = h, h.StartedAt, "head"
	return rec, nil
}

// next returns the next whole line, which holds until it is called again.
func (r *Reader) next() ([]byte, error) {
	if r.err != nil {
		return nil, r.err
	}
	text, err := r.read()
	switch {
	case interrupted(err):
		r.err = fmt.Errorf("not read beyond line %d: %w", r.line, err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		r.truncated, r.err = true, io.EOF
	case err == io.EOF && len(text) > 0:
		r.err = r.damaged(r.line+1, errors.New("the last line has no end"))
	case err == io.EOF:
		r.err = io.EOF
	case err != nil:
		r.err = r.damaged(r.line+1, err)
	}
	if r.err != nil {
		return nil, r.err
	}
	r.line++
	return text[:len(text)-1], nil
}

// read is ReadBytes with a limit.
func (r *Reader) read() ([]byte, error) {
	r.long = r.long[:0]
	for {
		text, err := r.lines.ReadSlice('\n')
		if err == nil && len(r.long) == 0 {
			return text, nil
		}
		r.long = append(r.long, text...)
		if err == nil || !errors.Is(err, bufio.ErrBufferFull) {
			return r.long, err
		}
		if len(r.long) > lineLimit {
			return nil, fmt.Errorf("longer than %d MiB", lineLimit>>20)
		}
	}
}

// interrupted reports whether a context has ended the reading, which says nothing
// of the tape.
func interrupted(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// damaged is the error for what cannot be read. All that follows is lost, for
// a compressed stream has no place to begin again.
func (r *Reader) damaged(line int, err error) error {
	r.err = fmt.Errorf("tape damaged at line %d, near byte %d of the file: %w", line, r.in.n, err)
	return r.err
}

// counter counts what is read. It is an io.ByteReader, so that gzip reads no
// further than it must.
type counter struct {
	from *bufio.Reader
	n    int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.from.Read(b)
	c.n += int64(n)
	return n, err
}

func (c *counter) ReadByte() (byte, error) {
	b, err := c.from.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}
