package doctor

import (
	"errors"
	"fmt"
	"slices"
)

// Validate reports whether the checks fit together: ID and target are unique,
// every fact that is read is given by another check, and no check waits for
// itself.
func Validate(checks []Check) error {
	seen := map[string]bool{}
	for _, c := range checks {
		name := c.ID + " " + c.Target
		if seen[name] {
			return fmt.Errorf("check %s is listed twice", name)
		}
		seen[name] = true
		for _, k := range c.reads() {
			if len(providers(checks, k)) == 0 && !slices.Contains(c.Uses, k) {
				return fmt.Errorf("check %s reads fact %s, which no check gives", c.ID, k.fact())
			}
		}
	}
	return acyclic(checks)
}

func (c Check) reads() []Key { return slices.Concat(c.Needs, c.Uses, c.After) }

func providers(checks []Check, k Key) []int {
	var at []int
	for i, c := range checks {
		if slices.Contains(c.Provides, k) {
			at = append(at, i)
		}
	}
	return at
}

// acyclic reports a check that waits for itself. A check can run when what it
// needs and uses is settled, and is done when what it is behind is settled too.
// What it adds is settled once it has run, and what it gives when it is done.
func acyclic(checks []Check) error {
	const onPath, clear = 1, 2
	type state struct {
		check int
		done  bool
	}
	mark := map[state]int{}
	var visit func(s state) error
	visit = func(s state) error {
		if mark[s] == onPath {
			return fmt.Errorf("check %s waits for itself", checks[s.check].ID)
		}
		if mark[s] == clear {
			return nil
		}
		mark[s] = onPath
		c := checks[s.check]
		reads, may, next := slices.Concat(c.Needs, c.Uses), []Key(nil), []state(nil)
		if s.done {
			reads, may, next = c.After, c.Unless, []state{{s.check, false}}
		}
		for i, o := range checks {
			if common(o.Provides, reads) {
				next = append(next, state{i, true})
			}
			if common(o.Adds, reads) || common(o.Adds, may) {
				next = append(next, state{i, false})
			}
		}
		for _, n := range next {
			if err := visit(n); err != nil {
				return err
			}
		}
		mark[s] = clear
		return nil
	}
	for i := range checks {
		if err := visit(state{i, true}); err != nil {
			return err
		}
	}
	return nil
}

func common(a, b []Key) bool {
	return slices.ContainsFunc(a, func(k Key) bool { return slices.Contains(b, k) })
}

// An UnknownError is a name that no check and no stage has.
type UnknownError struct {
	Name  string
	Known []string // IDs of the stages and checks
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("no check or stage is called %q", e.Name)
}

// names lists the IDs of the stages and checks, each once.
func names(checks []Check) (all []string) {
	for _, c := range checks {
		for _, name := range []string{c.Stage(), c.ID} {
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// Select keeps the checks named in only (all if it is empty), with the checks
// whose facts they need, and drops those named in skip, with the checks that
// cannot run without them. Names are check or stage IDs. An unknown name, a
// name on both sides, or a choice that contradicts itself is an error.
func Select(checks []Check, only, skip []string) ([]Check, error) {
	for _, name := range slices.Concat(only, skip) {
		if !slices.ContainsFunc(checks, func(c Check) bool { return c.named(name) }) {
			return nil, &UnknownError{Name: name, Known: names(checks)}
		}
	}
	wanted := make([]bool, len(checks))
	for i, c := range checks {
		wanted[i] = len(only) == 0 || c.namedIn(only)
		if wanted[i] && len(only) > 0 && c.namedIn(skip) {
			return nil, fmt.Errorf("%s is asked for and skipped at once", c.ID)
		}
	}
	for grown := true; grown; {
		grown = false
		for i, c := range checks {
			if !wanted[i] {
				continue
			}
			for _, k := range c.reads() {
				for _, g := range providers(checks, k) {
					grown = grown || !wanted[g]
					wanted[g] = true
				}
			}
		}
	}
	for i, c := range checks {
		wanted[i] = wanted[i] && !c.namedIn(skip)
	}
	dropDependants(checks, wanted)
	return keep(checks, wanted, only)
}

func (c Check) named(name string) bool      { return c.ID == name || c.Stage() == name }
func (c Check) namedIn(names []string) bool { return slices.ContainsFunc(names, c.named) }

// dropDependants drops what can no longer learn a fact that it needs.
func dropDependants(checks []Check, wanted []bool) {
	given := func(k Key) bool {
		return slices.ContainsFunc(providers(checks, k), func(g int) bool { return wanted[g] })
	}
	for shrunk := true; shrunk; {
		shrunk = false
		for i, c := range checks {
			for _, k := range c.Needs {
				if wanted[i] && !given(k) {
					wanted[i], shrunk = false, true
				}
			}
		}
	}
}

// keep copies the wanted checks, without the facts that no wanted check gives.
func keep(checks []Check, wanted []bool, only []string) ([]Check, error) {
	var kept []Check
	for i, c := range checks {
		if wanted[i] {
			kept = append(kept, c)
		} else if len(only) > 0 && c.namedIn(only) {
			return nil, fmt.Errorf("%s needs a check that is skipped", c.ID)
		}
	}
	if len(kept) == 0 {
		return nil, errors.New("no check is left to run")
	}
	orphan := func(k Key) bool { return len(providers(kept, k)) == 0 }
	for i, c := range kept {
		kept[i].After = slices.DeleteFunc(slices.Clone(c.After), orphan)
	}
	return kept, nil
}
