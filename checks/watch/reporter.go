package watch

// A Reporter passes events to a Tracker and tells a Sink what it finds.
type Reporter struct {
	*Tracker
	sink Sink
}

// NewReporter returns a Reporter with a Tracker of its own.
func NewReporter(s Sink) *Reporter { return &Reporter{NewTracker(), s} }

// Handle handles the next event.
func (r *Reporter) Handle(e Event) {
	notices, m := r.Tracker.Handle(e)
	for i := range notices {
		r.sink.Notice(notices[i])
	}
	if m != nil {
		r.sink.Frame(e.At, m)
	}
	if len(notices) > 0 {
		r.sink.Refresh(r.State(r.now))
	}
}
