package command

import (
	"bytes"
	"errors"
	"io"
)

// Of a log the newest part is explained, since what explains it holds it several
// times. An endless one, such as a device, is given up.
const (
	maxLog     = 24 << 20
	maxLogRead = 4 << 30
)

// logEnd reads a log and returns the newest part of it, in whole lines, and how
// many lines stand before that.
func logEnd(r io.Reader) (text []byte, skipped int, err error) {
	text, err = io.ReadAll(io.LimitReader(r, maxLog))
	if err != nil || len(text) < maxLog {
		return text, 0, err
	}
	const half = maxLog / 2
	mark := [2]byte(text) // of UTF-16, if it is that
	for read := maxLog; err == nil; read += half {
		if read > maxLogRead {
			return nil, 0, errors.New("it does not end")
		}
		skipped += bytes.Count(text[:half], []byte("\n"))
		copy(text, text[half:])
		var n int
		n, err = io.ReadFull(r, text[half:])
		text = text[:half+n]
	}
	if err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, 0, err
	}
	cut := bytes.IndexByte(text, '\n') + 1
	if utf16 := mark == [2]byte{0xff, 0xfe} || mark == [2]byte{0xfe, 0xff}; utf16 && cut > 0 {
		cut = max(2, (cut+1)&^1-2)
		copy(text[cut:], mark[:])
	}
	if cut == 0 { // a line without end, of which no part is shown
		return nil, skipped, nil
	}
	return text[cut:], skipped + 1, nil
}
