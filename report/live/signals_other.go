//go:build !unix

package live

// onSignal does nothing: the next drawing asks for the size.
func onSignal(draw, rest func()) (end func()) { return func() {} }
