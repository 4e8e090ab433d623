//go:build !unix

package live

// attend does nothing: the next drawing asks for the size.
func attend(draw, rest func()) (end func()) { return func() {} }
