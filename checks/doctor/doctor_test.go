package doctor

import (
	"encoding/json"
	"testing"
)

func TestEvidenceKeepsItsOrderInJSON(t *testing.T) {
	t.Parallel()
	var e Evidence
	e.Add("zebra", 1)
	e.Add("apple", []string{"a"})
	got, err := json.Marshal(e)
	if err != nil || string(got) != `{"zebra":1,"apple":["a"]}` {
		t.Errorf("%s, %v", got, err)
	}
	if got, _ := json.Marshal(Evidence(nil)); string(got) != `{}` {
		t.Errorf("no evidence is %s, want {}", got)
	}
	if e.Find("apple") == nil || e.Find("pear") != nil {
		t.Errorf("find: %v, %v", e.Find("apple"), e.Find("pear"))
	}
	e.Add("deaf", func() {})
	if _, err := json.Marshal(e); err == nil {
		t.Error("a value that JSON cannot hold gave no error")
	}
}

func TestStatusAndCount(t *testing.T) {
	t.Parallel()
	r := Report{Results: []Result{{Status: Pass}, {Status: Warn}, {Status: Skip}}}
	if r.Status() != Warn || r.Count(Skip) != 1 {
		t.Errorf("status %s, skips %d", r.Status(), r.Count(Skip))
	}
	r.Results = append(r.Results, Result{Status: Fail})
	if r.Status() != Fail {
		t.Errorf("status %s, want fail", r.Status())
	}
}
