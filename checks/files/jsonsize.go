package files

// MaxJSONValues is the most values that a JSON text of ours may have. A report
// has hundreds.
const MaxJSONValues = 1 << 18

// TooManyValues reports whether a JSON text has more than MaxJSONValues. Each
// value takes up to a hundred times its length in memory: megabytes of "{},"
// are gigabytes once they are read.
func TooManyValues(text []byte) bool {
	if len(text) <= MaxJSONValues {
		return false
	}
	count, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case !quoted && (c == ',' || c == '{' || c == '['):
			count++
		}
	}
	return count > MaxJSONValues
}
