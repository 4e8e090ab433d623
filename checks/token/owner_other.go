//go:build !unix

package token

import "io/fs"

// keptByOwner is false: there is no sticky bit.
func keptByOwner(string, fs.FileInfo) bool { return false }
