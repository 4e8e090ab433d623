package doctor_test

import (
	"context"
	"fmt"

	"upstox-doctor/checks/doctor"
)

// Two checks of a coffee machine: the second needs what the first learns.
func ExampleRunner() {
	water := doctor.NewFact[int]("water in millilitres")
	tank := doctor.Check{
		ID: "tank.level", Title: "There is water in the tank", Provides: []doctor.Key{water},
		Run: func(_ context.Context, f *doctor.Facts) doctor.Result {
			return doctor.Result{Status: doctor.Fail, Code: "tank-empty", Message: "0 ml in the tank"}
		},
	}
	brew := doctor.Check{
		ID: "brew", Title: "The machine brews", Needs: []doctor.Key{water},
		Run: func(_ context.Context, f *doctor.Facts) doctor.Result {
			return doctor.Result{Status: doctor.Pass, Message: fmt.Sprint(water.Get(f), " ml")}
		},
	}
	report := doctor.Runner{Checks: []doctor.Check{tank, brew}}.Run(context.Background())
	for _, r := range report.Results {
		fmt.Printf("%s %s %q %q\n", r.ID, r.Status, r.Code, r.BlockedBy)
	}
	fmt.Println("fix first:", report.RootCauses()[0].Code)
	// Output:
	// tank.level fail "tank-empty" ""
	// brew skip "" "tank.level"
	// fix first: tank-empty
}
