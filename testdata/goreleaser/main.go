// Command goreleaser reads a file of settings as goreleaser does, to which a field
// that it does not know is an error. It prints the file as JSON, and the JSON Schema
// of such a file, which goreleaser makes of the same types.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/goreleaser/goreleaser/v2/pkg/config"
	"github.com/invopop/jsonschema"
	"gopkg.in/yaml.v3"
)

func main() {
	if err := show(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func show(path string) error {
	if _, err := config.Load(path); err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var settings any
	if err := yaml.Unmarshal(text, &settings); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"schema": jsonschema.Reflect(&config.Project{}), "settings": settings})
}
