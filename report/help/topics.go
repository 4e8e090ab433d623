package help

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed *.md
var files embed.FS

// A topic is the text of one file.
type topic struct {
	name    string
	summary string   // the title after the name
	calls   []string // the commands of the first paragraph of code, if it is the first block
	body    []block
}

// Topics are the names of all texts, those of commands too.
func Topics() []string {
	paths, _ := fs.Glob(files, "*.md")
	var names []string
	for _, path := range paths {
		names = append(names, strings.TrimSuffix(path, ".md"))
	}
	return names
}

// readTopic returns the text of that name, and whether there is one. A text that
// cannot be read is a mistake of this package, which its test finds.
func readTopic(name string) (topic, bool) {
	text, err := files.ReadFile(name + ".md")
	if err != nil {
		return topic{}, false
	}
	blocks, err := parse(string(text))
	if err != nil {
		panic(fmt.Sprintf("help topic %s: %v", name, err))
	}
	t := topic{name: name, body: blocks[1:]}
	_, t.summary, _ = strings.Cut(blocks[0].text, ": ")
	if len(t.body) > 0 && t.body[0].kind == code && !t.body[0].shown {
		t.calls, t.body = t.body[0].lines, t.body[1:]
	}
	return t, true
}
