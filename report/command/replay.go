package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"upstox-doctor/checks"
	"upstox-doctor/checks/redact"
	"upstox-doctor/checks/tape"
	"upstox-doctor/report"
)

// ReplayOptions holds the options of Replay.
type ReplayOptions struct {
	OutputOptions
	Files  []string // just one
	Part   int      // which recording on the tape, from 1; zero for the last
	Speed  float64  // as many times as fast as it was; zero for as fast as can be
	Plain  bool     // of a watch: a line for each event, also on a terminal
	FailOn string   // fail or warn; empty for what the recording was made with
}

// Replay diagnoses a tape again and ends as the recorded program did. It sends no
// request.
func (a App) Replay(ctx context.Context, o ReplayOptions) error {
	if err := o.parse(); err != nil {
		return err
	}
	part, err := a.openRecording(ctx, o.Files[0], o.Part)
	if err != nil {
		return err
	}
	defer part.close()
	if part.truncated {
		fmt.Fprintf(a.Errs, "upstox-doctor: the tape has no proper end; %d whole records were read\n", part.records)
	}
	o.FailOn = cmp.Or(o.FailOn, part.head.FailOn, "fail")
	if part.head.Kind == tape.Watch {
		part.file.quiet()
		if err := o.OutputOptions.parse(report.OfWatch); err != nil {
			return err
		}
		return a.replayWatch(ctx, o, part)
	}
	found, err := part.run(ctx)
	part.file.quiet()
	if err != nil {
		return fault(err)
	}
	return a.writeResult(o.OutputOptions, reportPage(found, a.reportMeta(new(redact.Set).String, WorldOptions{}), o.FailOn), nil)
}

func (o *ReplayOptions) parse() error {
	switch {
	case len(o.Files) != 1:
		return UsageError("replay takes one tape")
	case o.Speed < 0:
		return UsageError("--speed %v is below zero", o.Speed)
	case o.Part < 0:
		return UsageError("--part %d is below zero", o.Part)
	}
	if err := checkWords(cmp.Or(o.FailOn, "fail"), ""); err != nil {
		return err
	}
	return o.OutputOptions.parse(report.OfRun, report.OfWatch)
}

// A recording is one recording on a tape, from its first record on.
type recording struct {
	head      tape.Header
	first     tape.Record
	records   int  // that are whole, on the whole tape
	truncated bool // the tape has no proper end

	reader *tape.Reader
	file   *tapeReader
	count  int
}

// openRecording reads the tape once to count its parts, and then up to the one
// that is wanted. Damage is found before anything is shown.
func (a App) openRecording(ctx context.Context, path string, number int) (*recording, error) {
	count, p, err := a.countRecordings(ctx, path)
	if err != nil {
		return nil, replayError(path, err)
	}
	if count == 0 {
		return nil, fault(fmt.Errorf("replay %s: the tape ends before its first record", path))
	}
	number = cmp.Or(number, count)
	if number > count {
		return nil, UsageError("--part %d: the tape has %d", number, count)
	}
	if p.file, err = a.openTapeReader(ctx, path); err != nil {
		return nil, fault(err)
	}
	if p.reader, err = tape.NewReader(p.file); err == nil {
		for range number {
			err = errors.Join(err, p.seek())
		}
	}
	if err != nil {
		p.close()
		return nil, replayError(path, err)
	}
	p.head, p.count = p.reader.Header(), 0
	return p, nil
}

// countRecordings counts the recordings of a tape, and reads it to its end.
func (a App) countRecordings(ctx context.Context, path string) (int, *recording, error) {
	file, err := a.openTapeReader(ctx, path)
	if err != nil {
		return 0, nil, err
	}
	defer file.Close()
	r, err := tape.NewReader(file)
	if err != nil {
		return 0, nil, err
	}
	p, count := new(recording), 0
	for {
		rec, err := r.Next()
		if err == io.EOF {
			p.truncated = r.Truncated()
			return count, p, nil
		}
		if err != nil {
			return 0, nil, err
		}
		p.records++
		if rec.Kind == tape.Begin {
			count++
		}
	}
}

// replayError tells an interruption and wrong usage from what went wrong.
func replayError(path string, err error) error {
	if errors.Is(err, context.Canceled) {
		return ExitError{Status: ExitInterrupted}
	}
	if errors.Is(err, tape.ErrNotTape) || errors.Is(err, os.ErrNotExist) {
		return ExitError{ExitUsage, fmt.Errorf("replay %s: %w", path, err)}
	}
	return fault(fmt.Errorf("replay %s: %w", path, err))
}

// seek reads on to the next beginning.
func (p *recording) seek() error {
	for {
		rec, err := p.reader.Next()
		if err != nil {
			return err
		}
		if rec.Kind == tape.Begin {
			p.first = rec
			return nil
		}
	}
}

// next returns the records of the part, its first included, and then io.EOF.
func (p *recording) next() (tape.Record, error) {
	if p.count++; p.count == 1 {
		return p.first, nil
	}
	for {
		rec, err := p.reader.Next()
		switch {
		case err != nil:
			return rec, err
		case rec.Kind == tape.Begin, rec.Kind == "head":
			return rec, io.EOF
		case rec.Kind != tape.LimitReached:
			return rec, nil
		}
	}
}

func (p *recording) close() { p.file.Close() }

// run diagnoses the recording of a run again, as far as it is read when the
// context ends.
func (p *recording) run(ctx context.Context) (checks.Report, error) {
	first, _ := p.next()
	r, err := checks.Replay(first)
	for err == nil && ctx.Err() == nil {
		var rec tape.Record
		if rec, err = p.next(); err == nil {
			err = r.Handle(rec)
		}
	}
	if err != nil && err != io.EOF && ctx.Err() == nil {
		return checks.Report{}, err
	}
	return r.Report(), nil
}
