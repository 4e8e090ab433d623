package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/files"
	"upstox-doctor/checks/redact"
	"upstox-doctor/checks/tape"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// BundleOptions holds the options of Bundle: what to examine and where to write
// it.
type BundleOptions struct {
	RunOptions
	Files []string // at most one; none for a name with the hour
}

// Bundle makes one run, shows what of it would go into a zip file, and writes
// that. The status tells whether it is written, not what the run found.
func (a App) Bundle(ctx context.Context, o BundleOptions) error {
	prompter := report.NewPrompter(a.In, a.Errs, func(s string) string { return s })
	if err := o.parse(prompter.Possible()); err != nil {
		return err
	}
	w, session, err := a.openWorld(o.WorldOptions, sim.Options{})
	if err != nil {
		return err
	}
	defer session.Close()
	if o.Instrument, err = a.findInstrument(ctx, o.Instrument, w, false); err != nil {
		return err
	}
	w = o.world(w)
	path, err := o.file(w.Now())
	if err != nil {
		return err
	}
	begun := time.Now()
	b, err := a.makeBundle(ctx, o.RunOptions, w)
	if err != nil {
		return err
	}
	shown := redact.FileName(path)
	done := a.within(o.OutputOptions, begun, o.Deadline, "writing the bundle")
	defer done()
	fmt.Fprint(a.Errs, b.contents())
	if !o.Yes {
		done() // the user may think as long as they like
		yes, err := prompter.Confirm(ctx, "Write it to "+shown+"?")
		switch {
		case ctx.Err() != nil:
			return ExitError{Status: ExitInterrupted}
		case !yes || err != nil:
			return ExitError{Status: Declined}
		}
	}
	if err = b.write(path, w.Now()); err == nil {
		fmt.Fprintln(a.Errs, "Written to", shown)
		return nil
	}
	return fault(err)
}

// file is where to write.
func (o BundleOptions) file(now time.Time) (string, error) {
	path := "upstox-doctor-" + now.Format("20060102-150405") + ".zip"
	if len(o.Files) == 1 {
		path = o.Files[0]
	}
	if _, err := os.Lstat(path); err == nil {
		return "", fault(fmt.Errorf("write %s: it exists", path))
	}
	return path, nil
}

// parse checks the options before any work is done. Yes answers the question
// whether to write.
func (o *BundleOptions) parse(askable bool) error {
	switch {
	case len(o.Files) > 1:
		return UsageError("bundle takes one file, got %d", len(o.Files))
	case !o.Yes && !askable:
		return UsageError("bundle: there is no terminal to ask at; --yes writes without a question")
	}
	plain := o.RunOptions
	plain.Yes = false
	err := plain.parse()
	o.OutputOptions = plain.OutputOptions
	return err
}

// makeBundle makes the run and what is told of it.
func (a App) makeBundle(ctx context.Context, o RunOptions, w checks.World) (bundle, error) {
	dir, err := files.MkdirTemp("upstox-doctor-")
	if err != nil {
		return bundle{}, fault(err)
	}
	defer os.RemoveAll(dir)
	recording := filepath.Join(dir, "run.tape")
	w.Tape, err = a.openTape(ctx, recording, tape.Run, o.FailOn, w, o.WorldOptions)
	if err != nil {
		return bundle{}, fault(err)
	}
	defer w.Tape.Close()
	e := runner{app: a, options: o, world: w, lines: new(jsonlOutputs)}
	found, err := e.run(ctx)
	switch {
	case err != nil:
		return bundle{}, choiceError(err)
	case found.End == doctor.Interrupted:
		return bundle{}, ExitError{Status: ExitInterrupted}
	}
	b := bundle{names: w.Tape}
	err = errors.Join(
		b.report(e.document(found)),
		b.json("environment.json", "variables by name and length, proxies, resolver", environment(w, o.WorldOptions)),
		b.json("versions.json", "the doctor and its libraries", a.versions()),
		w.Tape.Close(),
	)
	if err != nil {
		return bundle{}, fault(err)
	}
	text, err := os.ReadFile(recording)
	if err != nil {
		return bundle{}, fault(err)
	}
	b.add("run.tape", "what was seen on the way, for upstox-doctor replay", text)
	return b, nil
}

// report adds the report in JSON and HTML, both with the names that the tape
// gives.
func (b *bundle) report(d report.Document) error {
	var text bytes.Buffer
	if err := d.JSON(&text); err != nil {
		return err
	}
	named, err := b.names.JSON(text.Bytes())
	if err != nil {
		return err
	}
	if d, err = report.ReadDocument(bytes.NewReader(named)); err != nil {
		return fmt.Errorf("read back the report: %w", err)
	}
	for _, it := range []struct{ name, format, about string }{
		{"report.json", "json", "the report for programs"}, {"report.html", "html", "the report for people"},
	} {
		var out bytes.Buffer
		if err := report.Write([]report.Output{{Format: it.format}}, &out, d, report.Options{Width: 100, Verbose: true}); err != nil {
			return err
		}
		b.add(it.name, it.about, out.Bytes())
	}
	return nil
}

// json adds a value, with the names that the tape gives.
func (b *bundle) json(name, about string, v any) error {
	text, err := json.Marshal(v)
	if err == nil {
		text, err = b.names.JSON(text)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, text, "", "  "); err != nil {
		return err
	}
	b.add(name, about, append(out.Bytes(), '\n'))
	return nil
}
