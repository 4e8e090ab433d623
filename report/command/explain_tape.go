package command

import (
	"context"
	"errors"
	"io"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/files"
	"upstox-doctor/checks/tape"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// isTape reports whether the words name a file that is a tape.
func isTape(path string) bool {
	file, err := files.OpenRegular(path)
	if err != nil {
		return false
	}
	defer file.Close()
	_, err = tape.NewReader(file)
	return err == nil
}

// explainTape names the diagnoses of the last recording on a tape.
func (a App) explainTape(ctx context.Context, s OutputOptions, path string) error {
	p, err := a.openRecording(ctx, path, 0)
	if err != nil {
		return err
	}
	defer p.close()
	var findings []doctor.Result
	if p.head.Kind == tape.Watch {
		findings, err = p.watched()
	} else {
		findings, err = p.causes(ctx)
	}
	p.file.quiet()
	switch {
	case ctx.Err() != nil:
		return ExitError{Status: ExitInterrupted}
	case err != nil:
		return fault(err)
	}
	var matches []catalog.Match
	seen := map[string]bool{}
	for _, f := range findings {
		if e := catalog.Lookup(f.Code); e != nil && !seen[f.Code] {
			seen[f.Code] = true
			matches = append(matches, catalog.Match{Entry: e, Text: f.Message})
		}
	}
	if len(matches) == 0 {
		return ExitError{ExitUnknown, errors.New("this tape tells of nothing that is wrong")}
	}
	return a.write(s, report.Explain(matches, a.reportMeta(nil, WorldOptions{})))
}

// causes are the root causes of a run.
func (p *recording) causes(ctx context.Context) ([]doctor.Result, error) {
	found, err := p.run(ctx)
	if err != nil {
		return nil, err
	}
	var all []doctor.Result
	for _, c := range found.RootCauses() {
		all = append(all, c.Result)
	}
	return all, nil
}

// watched are what several episodes of a watch have in common, and then what
// each of them was.
func (p *recording) watched() ([]doctor.Result, error) {
	tracker := watch.NewTracker()
	for {
		e, err := next(p)
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		tracker.Handle(e)
	}
	s := tracker.Summary()
	var all []doctor.Result
	for _, it := range s.Patterns {
		all = append(all, it.Finding)
	}
	for _, it := range s.Episodes {
		all = append(all, it.Finding)
	}
	return all, nil
}
