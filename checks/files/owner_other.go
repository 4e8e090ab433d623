//go:build !unix

package files

import "io/fs"

const nofollow = 0

// IsOwn is true: directories of a user are of that user alone anyway.
func IsOwn(fs.FileInfo) bool { return true }

// foreign is nil: no directory is one that all may write to.
func foreign(string, fs.FileInfo) error { return nil }
