package live

import (
	_ "embed"
	"slices"
)

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema (2020-12) of each line that Lines writes.
func Schema() []byte { return slices.Clone(schema) }
