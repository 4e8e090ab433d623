package doctor

import (
	"slices"
	"sync"
)

// cleanups holds what must happen when the run has ended. A check that was
// abandoned may register late; then it happens at once.
type cleanups struct {
	mu    sync.Mutex
	list  []func()
	ended bool
}

func (c *cleanups) add(clean func()) {
	c.mu.Lock()
	late := c.ended
	if !late {
		c.list = append(c.list, clean)
	}
	c.mu.Unlock()
	if late {
		clean()
	}
}

func (c *cleanups) run() {
	c.mu.Lock()
	list := c.list
	c.list, c.ended = nil, true
	c.mu.Unlock()
	slices.Reverse(list)
	for _, clean := range list {
		clean()
	}
}
