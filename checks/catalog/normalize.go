package catalog

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// normalize returns the text in the form of the patterns: ASCII letters in lower
// case, terminal colours and escaped line ends replaced by spaces. Each byte
// keeps its offset.
func normalize(text string) string {
	b := []byte(text)
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case 'A' <= c && c <= 'Z':
			b[i] = c + 'a' - 'A'
		case c == '\\' && i+1 < len(b) && strings.IndexByte(`nrt"/`, b[i+1]) >= 0:
			b[i] = ' '
			if i++; strings.IndexByte("nrt", b[i]) >= 0 {
				b[i] = ' '
			}
		case c == 0x1b && i+1 < len(b) && b[i+1] == '[':
			for b[i] = ' '; i+1 < len(b) && b[i+1] != '\n'; {
				i++
				last := 0x40 <= b[i] && b[i] <= 0x7e && b[i] != '['
				b[i] = ' '
				if last {
					break
				}
			}
		}
	}
	return string(b)
}

// decodeUTF16 returns a text with a byte order mark of UTF-16, as PowerShell
// writes it, in UTF-8; any other text as it is.
func decodeUTF16(text string) string {
	var order binary.ByteOrder
	switch {
	case strings.HasPrefix(text, "\xff\xfe"):
		order = binary.LittleEndian
	case strings.HasPrefix(text, "\xfe\xff"):
		order = binary.BigEndian
	default:
		return text
	}
	units := make([]uint16, 0, len(text)/2)
	for i := 2; i+1 < len(text); i += 2 {
		units = append(units, order.Uint16([]byte(text[i:i+2])))
	}
	return string(utf16.Decode(units))
}
