package serve

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// A board holds the sections of the page as HTML. Each change has a number, so
// that a reader who was away is sent what changed meanwhile, once and in its last
// form, however long that took.
type board struct {
	boot string // differs from one process to the next

	mu       sync.Mutex
	last     int64
	sections map[string]section
	changed  chan struct{} // closed at the next change
}

type section struct {
	html   string
	change int64
}

func newBoard() *board {
	return &board{boot: rand.Text()[:8], sections: map[string]section{}, changed: make(chan struct{})}
}

// put sets sections. Those that say the same as before are not changed.
func (b *board) put(sections map[string]string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := b.last
	for name, html := range sections {
		if old, known := b.sections[name]; !known || old.html != html {
			b.sections[name] = section{html, before + 1}
			b.last = before + 1
		}
	}
	if b.last > before {
		close(b.changed)
		b.changed = make(chan struct{})
	}
}

// since returns the sections that changed after the place, the place of the last
// change, and what is closed at the next one. A place of another process is none.
func (b *board) since(place string) (sections map[string]string, now string, changed <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var after int64
	if boot, number, _ := strings.Cut(place, "-"); boot == b.boot {
		after, _ = strconv.ParseInt(number, 10, 64)
	}
	sections = map[string]string{}
	for name, s := range b.sections {
		if s.change > after {
			sections[name] = s.html
		}
	}
	return sections, fmt.Sprintf("%s-%d", b.boot, b.last), b.changed
}
