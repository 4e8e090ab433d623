package report

import (
	"testing"

	"upstox-doctor/checks/doctor"
)

func TestNumberOfACause(t *testing.T) {
	t.Parallel()
	r := changing(func(rs []doctor.Result) {
		failing("token.accepted", "", "token-expired")(rs)
		at(rs, "token.accepted", "").Evidence = doctor.Evidence{{Name: "retry_after_seconds", Value: 30}, {Name: "body", Value: "x"}}
	})
	for name, d := range map[string]Document{"made": document(r), "read back": readBack(t, r)} {
		if n, ok := d.RootCauses[0].Number("retry_after_seconds"); n != 30 || !ok {
			t.Errorf("%s: %v, %v", name, n, ok)
		}
		for _, none := range []string{"body", "nothing"} {
			if _, ok := d.RootCauses[0].Number(none); ok {
				t.Errorf("%s: %s is a number", name, none)
			}
		}
	}
}
