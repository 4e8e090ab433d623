package doctor

import (
	"fmt"
	"slices"
)

// A Key names a fact, whatever its type.
type Key interface{ fact() string }

// A Fact is something one check learns and another needs, typed. Facts are
// for checks; what people are shown is Evidence.
type Fact[T any] struct{ name string }

// NewFact declares a fact. Two facts are the same if type and name are.
func NewFact[T any](name string) Fact[T] { return Fact[T]{name} }

func (k Fact[T]) fact() string { return k.name }

// Get returns a fact that the check declared in Needs. It panics on any other:
// an undeclared fact is a mistake in our own source.
func (k Fact[T]) Get(f *Facts) T {
	v, ok := k.Peek(f)
	if !ok {
		panic(fmt.Sprintf("check %s reads fact %s, which is not known", f.check.ID, k.name))
	}
	return v
}

// Peek returns a fact that the check declared in Needs or Uses, and whether
// it is known.
func (k Fact[T]) Peek(f *Facts) (T, bool) {
	if !slices.Contains(f.check.Needs, Key(k)) && !slices.Contains(f.check.Uses, Key(k)) {
		panic(fmt.Sprintf("check %s reads fact %s, which it does not declare", f.check.ID, k.name))
	}
	v, ok := f.known[k].(T)
	return v, ok
}

// Put teaches a fact that the check declared in Provides or Adds. Others see
// the former when the check has ended and its result stands, the latter as soon
// as it has ended.
func (k Fact[T]) Put(f *Facts, v T) {
	if !slices.Contains(f.check.Provides, Key(k)) && !slices.Contains(f.check.Adds, Key(k)) {
		panic(fmt.Sprintf("check %s gives fact %s, which it does not declare", f.check.ID, k.name))
	}
	f.given[k] = v
}

// Of returns the fact as it was known at the end of the run.
func (k Fact[T]) Of(r Report) (T, bool) {
	v, ok := r.facts[k].(T)
	return v, ok
}

// Facts is one check's view of what is known.
type Facts struct {
	check *Check
	known map[Key]any // what the check declared, as it was when the check started
	given map[Key]any // what it has put
	later func(func())
}

// Defer registers what must happen when the whole run has ended, such as
// closing a connection that was handed on. Last registered, first called.
func (f *Facts) Defer(clean func()) { f.later(clean) }
