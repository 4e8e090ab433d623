package tape

import (
	"errors"
	"maps"
)

// JSON returns a JSON object without anything that a tape never holds, on one
// line. What the tape of this writer names has the same name here. It may be
// called after Close.
func (w *Writer) JSON(text []byte) ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out, err := w.pseudonyms.object(nil, text)
	switch {
	case err != nil:
		return nil, err
	case len(out) == 0:
		return []byte("{}"), nil
	case out[0] != ',':
		return nil, errors.New("tape: an object without a beginning")
	}
	out[0] = '{'
	return append(out, '}'), nil
}

// Replaced tells how many values of each kind, such as token or private-ip,
// have got a name.
func (w *Writer) Replaced() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.pseudonyms.count)
}
