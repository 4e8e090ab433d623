package command

import (
	"context"
	"slices"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/redact"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
	"upstox-doctor/report/serve"
)

// runOnce makes one run with secrets of its own: those of one-time URLs would
// otherwise become more with each.
func (a App) runOnce(ctx context.Context, o RunOptions, w checks.World, chosen []doctor.Check, ask serve.RunRequest) report.Document {
	w.Secrets = new(redact.Set)
	if ask.Streaming {
		o = o.withoutFeed()
	}
	e := runner{app: a, options: o, world: w, lines: new(jsonlOutputs)}
	ongoing := report.NewOngoing(chosen, e.meta(), w.Now())
	observe := func(event doctor.Event) {
		ongoing.Observe(event)
		ask.Observe(ongoing)
	}
	streamed := ofChosen(chosen, ask.Streamed)
	for i, c := range streamed {
		observe(doctor.Event{Check: doctor.Check{ID: c.ID, Target: c.Target}, Result: &streamed[i]})
	}
	e.observe = observe
	found, err := e.run(ctx)
	if err != nil {
		found.End = doctor.Faulty // the same choice of checks was good before
	}
	found.Results = append(found.Results, streamed...)
	return e.document(found)
}

// withoutFeed leaves the feed to the stream that has its one socket.
func (o RunOptions) withoutFeed() RunOptions {
	o.Skip = append(slices.Clone(o.Skip), checks.IDHandshake, catalog.StageTicks)
	return o
}

// ofChosen are the results whose checks were chosen, with what those say of
// themselves.
func ofChosen(chosen []doctor.Check, results []doctor.Result) (all []doctor.Result) {
	for _, res := range results {
		i := slices.IndexFunc(chosen, func(c doctor.Check) bool { return c.ID == res.ID })
		if i < 0 {
			continue
		}
		res.Title = chosen[i].Title
		if res.Target == "" || res.Status == doctor.Pass {
			res.Target = chosen[i].Target
		}
		all = append(all, res)
	}
	return all
}

// feed is the stream of the page; nil if no socket is to be opened.
func (p pageOf) feed() *serve.Feed {
	if p.options.NoStream {
		return nil
	}
	w := p.world
	w.Secrets = new(redact.Set)
	return &serve.Feed{
		Keys: []string{w.Instrument}, Meta: p.app.reportMeta(w.Secrets.String, p.options.WorldOptions),
		Token: func(ctx context.Context) report.Document {
			o := p.options.RunOptions
			o.Only, o.Skip = []string{catalog.StageToken}, nil
			return p.app.runOnce(ctx, o, p.world, nil, serve.RunRequest{Observe: func(*report.Ongoing) {}})
		},
		Find: w.FindInstruments,
		Watch: func(ctx context.Context, keys []string, to watch.Sink) string {
			s, err := w.Watch(ctx, watch.Options{Version: p.app.Version, Mode: w.Mode, Keys: keys}, to)
			switch {
			case err != nil:
				return err.Error()
			case s.EndedBy == watch.EndNotRetryable:
				return "Ended: another attempt cannot help before you act."
			}
			return "Ended."
		},
	}
}
