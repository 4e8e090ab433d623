package dotenv

import "bytes"

// Encoding tells what kind of bytes these are: "UTF-8", "UTF-16LE" or
// "UTF-16BE" (with or without a byte order mark; PowerShell's > writes the
// first), or "binary" for anything else with a NUL in it. Text in an older
// eight-bit encoding passes as UTF-8: names and tokens are ASCII in both.
func Encoding(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return "UTF-16LE"
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return "UTF-16BE"
	case bytes.IndexByte(data, 0) < 0:
		return "UTF-8"
	}
	// ASCII in UTF-16 has a NUL in every other byte, on one side only.
	var nul [2]int
	head := data[:min(len(data), 4096)]
	for i, b := range head {
		if b == 0 {
			nul[i%2]++
		}
	}
	most := len(head) * 2 / 5
	switch {
	case nul[0] == 0 && nul[1] > 0 && nul[1] >= most:
		return "UTF-16LE"
	case nul[1] == 0 && nul[0] > 0 && nul[0] >= most:
		return "UTF-16BE"
	}
	return "binary"
}
