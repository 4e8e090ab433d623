package report

import (
	_ "embed"
	"encoding/json"
	"io"
	"slices"
)

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema (2020-12) of the document.
func Schema() []byte { return slices.Clone(schema) }

// JSON writes the document, indented, with a newline at its end.
func (d Document) JSON(w io.Writer) error { return writeJSON(w, d) }

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
