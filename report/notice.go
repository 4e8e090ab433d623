package report

import (
	"bytes"
	"strings"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/report/notify"
)

// Notice is the report in the words of its short form, for somebody who does not
// look at a terminal: the first root cause and what to do, or that all is well.
func (d Document) Notice(simulated bool) notify.Notice {
	n := notify.Notice{Status: d.Status, Title: "Upstox: all is well"}
	switch {
	case d.Login != nil && len(d.Login.Diagnoses) > 0:
		n.Title = "Upstox: " + d.Login.Diagnoses[0].Title
	case d.Status == "error":
		n.Title = "Upstox: the check could not be completed"
	case d.RootCause != nil:
		n.Title = "Upstox: " + d.RootCause.Title
	case d.End != doctor.Complete:
		n.Title = "Upstox: the check was not finished"
	}
	if simulated {
		n.Title = "(simulated) " + n.Title
	}
	var short bytes.Buffer
	d.short(&short, Options{}) // a buffer takes everything
	n.Text = strings.TrimSpace(short.String())
	return n
}
