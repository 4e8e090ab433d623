//go:build !(linux || darwin || dragonfly || freebsd || netbsd || openbsd || windows)

package tape

import "os"

// lock keeps nobody away here.
func lock(*os.File) error { return nil }
