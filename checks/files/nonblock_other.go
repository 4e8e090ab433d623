//go:build !unix

package files

const nonblock = 0

// isUnread is false: named pipes are no files here.
func isUnread(string, error) bool { return false }
