package checks

import (
	"errors"
	"fmt"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/tape"
)

// A RecordedRun is the record of one run, with the diagnoses of this version.
//
// Diagnosed again are: the code of each finding that was recognised by a symptom
// on the wire, by today's catalog; what the ticks checks failed with, from the
// frames, pongs and close frames, by today's decoder and rules; the state of the
// market, from what feed, API and holidays said; the root causes; and, with the
// report, causes, steps and exit status. Taken as recorded are: which checks ran,
// passed, warned or were skipped and why; findings by other rules (the
// environment, files, the token, the clock, which answer decided about the
// token); messages, evidence and times.
type RecordedRun struct {
	asked   Settings
	begun   beginRecord
	began   time.Time
	results map[[2]string]doctor.Result // by the check's ID and its own target
	told    marketEvidence
	stop    *stopRecord
	stream  *listener
	ended   *doctor.Result // what the stream ended the checks with
	plus    *bool          // the token's plan, nil if it does not tell
	size    int            // of the results, in bytes
}

// What a tape may hold of one run. A run has two dozen checks, whose results
// take 20 KB; more would only fill the memory of whoever replays it.
const (
	maxChecks  = 1000
	maxResults = 8 << 20
)

// Replay begins with the first record, of kind begin.
func Replay(first tape.Record) (*RecordedRun, error) {
	r := &RecordedRun{began: first.At.Local(), results: map[[2]string]doctor.Result{}, told: marketEvidence{Now: first.At, Blind: true}}
	if err := first.Decode(&r.begun); err != nil {
		return nil, err
	}
	if n := len(r.begun.Checks); first.Kind != tape.Begin || n == 0 || n > maxChecks {
		return nil, fmt.Errorf("tape line %d: no beginning of a run", first.Line)
	}
	r.asked = Settings{Instrument: r.begun.Instrument, Mode: r.begun.Mode}.withDefaults()
	r.newListener()
	return r, nil
}

// newListener creates a listener for a new stream.
func (r *RecordedRun) newListener() {
	r.ended = nil
	r.stream = r.asked.listen(nil, nil)
}

// Handle handles the next record of the run.
func (r *RecordedRun) Handle(rec tape.Record) error {
	switch rec.Kind {
	case recHandshake:
		r.newListener()
	case recMarket:
		r.told = marketEvidence{}
		return rec.Decode(&r.told)
	case recStop:
		r.stop = new(stopRecord)
		return rec.Decode(r.stop)
	case recResult:
		if r.size += rec.Size(); r.size > maxResults {
			return fmt.Errorf("tape line %d: results of more than %d MiB", rec.Line, maxResults>>20)
		}
		var j resultRecord
		if err := rec.Decode(&j); err != nil {
			return err
		}
		r.rejudge(j)
	case recSent, recPinged, recPong, recFrame, recText, recEnd:
		return r.listen(rec)
	}
	return nil
}

// listen passes an event to the listener of the ticks checks.
func (r *RecordedRun) listen(rec tape.Record) error {
	e := feed.Event{At: rec.At, Kind: feed.Kind(rec.Kind), Data: rec.Data}
	switch rec.Kind {
	case recSent, recPinged, recPong:
		var s sentRecord
		if err := rec.Decode(&s); err != nil {
			return err
		}
		if s.Error != "" && r.stream.sendErr == nil {
			r.stream.sendErr = errors.New(s.Error)
		}
		if rec.Kind == recPinged && s.Mark != "" {
			r.stream.reader.Pong, r.stream.mark = false, s.Mark
		}
		if rec.Kind != recPong {
			return nil
		}
		e.Data = []byte(s.Mark)
	case recEnd:
		var end feed.EndRecord
		if err := rec.Decode(&end); err != nil {
			return err
		}
		e.Kind, e.End = feed.Ended, end.End()
	}
	if res := r.stream.handle(e, true); r.ended == nil {
		r.ended = res
	}
	return nil
}

// rejudge diagnoses the result of a check again.
func (r *RecordedRun) rejudge(j resultRecord) {
	res := j.Result
	if v, ok := res.Evidence.Find("plus_plan").(bool); ok && res.ID == IDTokenPresent {
		r.plus = &v
	}
	found := res.Status == doctor.Fail || res.Status == doctor.Warn
	switch {
	case found && j.Symptom != nil:
		res.Code = catalog.Classify(j.Symptom.symptom(), catalog.NotKnown).Code
	case res.Status == doctor.Fail && res.Code != doctor.CodeFault && res.CausedBy == "":
		if again, ok := r.ticks(res.ID); ok && (again.Code != res.Code || again.Target != res.Target) {
			res.Code, res.Target, res.Message, res.Evidence = again.Code, again.Target, again.Message, again.Evidence
		}
	}
	if j.Unfinished {
		res = res.Unfinished(res.Message)
	}
	r.results[[2]string{res.ID, j.Own}] = res
}

// ticks returns what a failed ticks check finds in the stream today.
func (r *RecordedRun) ticks(id string) (doctor.Result, bool) {
	if id != IDTicksSnapshot && id != IDTicksLive {
		return doctor.Result{}, false
	}
	res := doctor.Result{}
	switch l := r.stream; {
	case r.ended != nil:
		res = *r.ended
	case id == IDTicksSnapshot:
		var active ActiveToken
		active.Plus = r.plus
		res = l.noSnapshot(active)
	default:
		res = l.notLive()
	}
	return res, res.Status == doctor.Fail
}

// Report is what the record says. A run whose end is missing counts as
// interrupted.
func (r *RecordedRun) Report() Report {
	d := Report{Report: doctor.Report{Started: r.began, End: doctor.Interrupted}, Market: r.asked.judgeMarket(r.told)}
	if r.stop != nil {
		d.Started, d.Duration, d.End = r.stop.Started.Local(), r.stop.Duration, r.stop.End
	}
	for _, p := range r.begun.Checks {
		res, ok := r.results[[2]string{p.ID, p.Target}]
		if !ok {
			res = doctor.Result{ID: p.ID, Title: p.Title, Target: p.Target}.Unfinished("not finished: the tape ends before")
		}
		d.Results = append(d.Results, res)
	}
	return d
}
