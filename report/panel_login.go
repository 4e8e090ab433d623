package report

import "upstox-doctor/checks/doctor"

// A LoginPanel is how a login ended, as a page that stays open shows it.
type LoginPanel struct {
	Class   string      `json:"status"` // pass, warn or fail
	Message string      `json:"message"`
	Notes   []string    `json:"notes,omitempty"`
	Causes  []htmlCause `json:"-"`
	Saved   bool        `json:"saved"` // there is a new token
}

// NewLoginPanel makes the panel.
func NewLoginPanel(l LoginReport) LoginPanel {
	p := LoginPanel{Class: class(doctor.Status(l.Status)), Message: l.Message, Saved: len(l.Saved) > 0, Causes: (Document{Login: &l}).htmlLogin().Causes}
	if !l.failed() {
		p.Notes = l.notes
	}
	return p
}
