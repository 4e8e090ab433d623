package report

import (
	"encoding/json"
	"io"
)

// JSON writes the document, indented, with a newline at its end.
func (d Document) JSON(w io.Writer) error { return writeJSON(w, d) }

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
