package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"upstox-doctor/checks"
	"upstox-doctor/checks/files"
	"upstox-doctor/checks/redact"
	"upstox-doctor/checks/tape"
	"upstox-doctor/report"
)

// Replaying holds the options of Replay.
type Replaying struct {
	Style
	Files  []string // just one
	Part   int      // which recording on the tape, from 1; zero for the last
	Speed  float64  // as many times as fast as it was; zero for as fast as can be
	Plain  bool     // of a watch: a line for each event, also on a terminal
	FailOn string   // fail or warn; empty for what the recording was made with
}

// Replay diagnoses a tape again and ends as the recorded program did. It sends no
// request.
func (d Desk) Replay(ctx context.Context, o Replaying) error {
	if err := o.parse(); err != nil {
		return err
	}
	part, err := find(o.Files[0], o.Part)
	if err != nil {
		return err
	}
	defer part.close()
	if part.torn {
		fmt.Fprintf(d.Errs, "upstox-doctor: the tape has no proper end; %d whole records were read\n", part.records)
	}
	o.FailOn = cmp.Or(o.FailOn, part.head.FailOn, "fail")
	if part.head.Kind == tape.Watch {
		if err := o.Style.parse(report.OfWatch); err != nil {
			return err
		}
		return d.replayWatch(ctx, o, part)
	}
	found, err := part.run(ctx)
	if err != nil {
		return fault(err)
	}
	return d.tell(o.Style, pageOf(found, d.meta(new(redact.Set).String), o.FailOn), nil)
}

func (o *Replaying) parse() error {
	switch {
	case len(o.Files) != 1:
		return Wrong("replay takes one tape")
	case o.Speed < 0:
		return Wrong("--speed %v is below zero", o.Speed)
	case o.Part < 0:
		return Wrong("--part %d is below zero", o.Part)
	}
	if err := known(cmp.Or(o.FailOn, "fail"), ""); err != nil {
		return err
	}
	return o.Style.parse(report.OfRun, report.OfWatch)
}

// A part is one recording on a tape, from its first record on.
type part struct {
	head    tape.Header
	first   tape.Record
	records int  // that are whole, on the whole tape
	torn    bool // the tape has no proper end

	reader *tape.Reader
	file   *os.File
	count  int
}

// find reads the tape once to count its parts, and then up to the one that is
// wanted. Damage is found before anything is shown.
func find(path string, number int) (*part, error) {
	count, p, err := parts(path)
	if err != nil {
		return nil, unplayable(path, err)
	}
	if count == 0 {
		return nil, fault(fmt.Errorf("replay %s: the tape ends before its first record", path))
	}
	number = cmp.Or(number, count)
	if number > count {
		return nil, Wrong("--part %d: the tape has %d", number, count)
	}
	if p.file, err = files.OpenRegular(path); err != nil {
		return nil, fault(err)
	}
	if p.reader, err = tape.NewReader(p.file); err == nil {
		for range number {
			err = errors.Join(err, p.seek())
		}
	}
	if err != nil {
		p.close()
		return nil, fault(fmt.Errorf("replay %s: %w", path, err))
	}
	p.head, p.count = p.reader.Header(), 0
	return p, nil
}

// parts counts the recordings of a tape, and reads it to its end.
func parts(path string) (int, *part, error) {
	file, err := files.OpenRegular(path) // which can be read twice
	if err != nil {
		return 0, nil, err
	}
	defer file.Close()
	r, err := tape.NewReader(file)
	if err != nil {
		return 0, nil, err
	}
	p, count := new(part), 0
	for {
		rec, err := r.Next()
		if err == io.EOF {
			p.torn = r.Truncated()
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

// unplayable tells wrong usage from what went wrong.
func unplayable(path string, err error) error {
	if errors.Is(err, tape.ErrNotTape) || errors.Is(err, os.ErrNotExist) {
		return Exit{Usage, fmt.Errorf("replay %s: %w", path, err)}
	}
	return fault(fmt.Errorf("replay %s: %w", path, err))
}

// seek reads on to the next beginning.
func (p *part) seek() error {
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
func (p *part) next() (tape.Record, error) {
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

func (p *part) close() { p.file.Close() }

// run diagnoses the recording of a run again.
func (p *part) run(ctx context.Context) (checks.Report, error) {
	first, _ := p.next()
	r, err := checks.Replay(first)
	for err == nil && ctx.Err() == nil {
		var rec tape.Record
		if rec, err = p.next(); err == nil {
			err = r.Handle(rec)
		}
	}
	if err != nil && err != io.EOF {
		return checks.Report{}, err
	}
	return r.Report(), ctx.Err()
}
