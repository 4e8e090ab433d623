package watch

import (
	"math/rand/v2"
	"strconv"
	"testing"
)

// A key is found whatever came before it, and one that was not asked for is
// not.
func TestKeysAreFoundInAnyOrder(t *testing.T) {
	t.Parallel()
	var q quotes
	if q.find([]byte("NSE_EQ|1")) != nil {
		t.Error("found among none")
	}
	const keys = 50
	var all []string
	for i := range keys {
		all = append(all, "NSE_EQ|"+strconv.Itoa(i))
	}
	q.want(append(all, all[0]))
	dice := rand.New(rand.NewPCG(1, 2))
	for round := range 100 {
		order := dice.Perm(keys + 1) // the last is not wanted
		if round%2 == 0 {
			order = dice.Perm(keys)[:10]
		}
		for range 2 { // the second time as it was foreseen
			for _, n := range order {
				key := "NSE_EQ|" + strconv.Itoa(n)
				if got := q.find([]byte(key)); (got != nil) != (n < keys) || got != nil && got.Key != key {
					t.Fatalf("%s is found as %v", key, got)
				}
			}
		}
	}
}
