package report

import (
	"io"

	"upstox-doctor/report/schedule"
)

// A Schedule is an entry for a program that runs others by the clock. Its JSON
// form is for scripts that install it.
type Schedule struct {
	Schema   string         `json:"schema"`
	Kind     string         `json:"kind"`
	Files    []ScheduleFile `json:"files"`
	Activate []string       `json:"activate"` // commands, once the files are in place

	text string
}

// ScheduleFile is one text to install.
type ScheduleFile struct {
	Name      string `json:"name"`
	Directory string `json:"directory"` // directory that it belongs in; empty where any will do
	Content   string `json:"content"`
}

// NewSchedule makes the page.
func NewSchedule(e schedule.Entry) Schedule {
	s := Schedule{Schema: "upstox-doctor/schedule/v1", Kind: string(e.Kind), Activate: e.Activate, text: e.Text()}
	for _, f := range e.Files {
		s.Files = append(s.Files, ScheduleFile(f))
	}
	return s
}

// JSON writes the files and the commands for scripts.
func (s Schedule) JSON(w io.Writer) error { return writeJSON(w, s) }

// Table writes the text as it is to be installed, whatever the width: it is
// read by a program.
func (s Schedule) Table(w io.Writer, _ Options) error {
	_, err := io.WriteString(w, s.text)
	return err
}
