package command

import (
	"context"
	"io"
)

// untilInputEnds returns a context that ends with standard input, of which nothing
// else is read. A program that starts this one holds the other end, and the system
// closes it however that program ends.
func (a App) untilInputEnds(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		io.Copy(io.Discard, a.In)
		cancel()
	}()
	return ctx, cancel
}
