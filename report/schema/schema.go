// Package schema holds the JSON Schema (2020-12) of everything that is written
// as JSON, one file for each.
package schema

import (
	"bytes"
	"embed"
	"io/fs"
	"strings"
)

//go:embed *.json
var files embed.FS

// Names are all that Of knows.
func Names() []string {
	paths, _ := fs.Glob(files, "*.json")
	var names []string
	for _, path := range paths {
		names = append(names, strings.TrimSuffix(path, ".json"))
	}
	return names
}

// Of returns the schema of that name, and whether there is one. A schema that
// refers to parts of the report's brings that along, so that it stands alone.
func Of(name string) ([]byte, bool) {
	own, err := files.ReadFile(name + ".json")
	if err != nil {
		return nil, false
	}
	report, _ := files.ReadFile("report.json")
	whole := bytes.ReplaceAll(bytes.TrimSpace(report), []byte("\n"), []byte("\n    "))
	return bytes.Replace(own, []byte(`"report": {}`), append([]byte(`"report": `), whole...), 1), true
}
