package command

import (
	"slices"
	"strings"
)

// ReorderArgs puts the command first, its flags next and its arguments last, in
// whatever order they were given: the library that reads the command line
// takes no flag after an argument and no flag of a command before it. Valued
// holds the flags that take the next word.
func ReorderArgs(words []string, isCommand func(string) bool, valued map[string]bool) []string {
	var command, options, rest []string
	for ; len(words) > 0; words = words[1:] {
		word := words[0]
		switch {
		case word == "--":
			rest = append(rest, words[1:]...)
			words = words[:1]
		case len(word) > 1 && word[0] == '-':
			options = append(options, word)
			if valued[strings.TrimLeft(word, "-")] && len(words) > 1 {
				options, words = append(options, words[1]), words[1:]
			}
		case command == nil && rest == nil && isCommand(word):
			command = []string{word}
		default:
			rest = append(rest, word)
		}
	}
	if rest != nil {
		rest = append([]string{"--"}, rest...)
	}
	return slices.Concat(command, options, rest)
}
