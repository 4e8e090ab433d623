package report_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"upstox-doctor/fixtures/golden"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
)

// asks is how a step reads that is for somebody else to do, or that says what to
// do meanwhile or elsewhere.
var asks = regexp.MustCompile(`^(Ask|Report|Allow|Add|Disconnect|Set|Start|Wait|Repeat|Switch|Stop|Open|Unset|Bypass|Delete|Let|Pause|Run the doctor again in)\b`)

// simulatedHosts is the simulator's own hosts file, whose directory is random.
var simulatedHosts = regexp.MustCompile(`\S+upstox-sim-\S+hosts\b`)

// TestOthersAreToldWhatToDo lists the scenarios that another than the user must
// mend, with the first step that says so: what to tell whom, or what to do
// meanwhile.
func TestOthersAreToldWhatToDo(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	rows := map[string]string{}
	t.Run("scenario", func(t *testing.T) {
		for _, sc := range simtest.Scenarios() {
			t.Run(sc.Name, func(t *testing.T) {
				t.Parallel()
				d, _ := document(t, sc, new(bytes.Buffer))
				if d.RootCause == nil || d.RootCause.Owner == "you" {
					return
				}
				for _, s := range d.RootCause.Fix.Steps {
					if asks.MatchString(s.Do) {
						mu.Lock()
						defer mu.Unlock()
						rows[sc.Name] = fmt.Sprintf("%-40s | %-8s | %s", sc.Name, d.RootCause.Owner, simulatedHosts.ReplaceAllString(s.Do, "/etc/hosts"))
						return
					}
				}
				t.Errorf("%s must act, and no step says what to tell them: %+v", d.RootCause.Owner, d.RootCause.Fix.Steps)
			})
		}
	})
	if t.Failed() || testing.Short() {
		return // without some of the rows
	}
	var all strings.Builder
	for _, sc := range sim.Scenarios() {
		if row := rows[sc.Name]; row != "" {
			all.WriteString(row + "\n")
		}
	}
	golden.Compare(t, "../testdata/patient-others.txt", all.String())
}
