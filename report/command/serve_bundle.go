package command

import (
	"bytes"
	"context"

	"upstox-doctor/checks/redact"
	"upstox-doctor/report/schedule"
)

// bundle is the zip file of the command bundle, for the browser of the session.
func (p pageOf) bundle(ctx context.Context, streaming bool) ([]byte, error) {
	o, w := p.options.RunOptions, p.world
	if streaming {
		o = o.withoutFeed()
	}
	w.Secrets = new(redact.Set)
	b, err := p.app.makeBundle(ctx, o, w)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = b.zip(&out, w.Now())
	return out.Bytes(), err
}

// schedule is the text of the command schedule for this system, with the directory
// and the files of the page.
func (p pageOf) schedule() (string, error) {
	o, err := ScheduleOptions{EnvFile: p.options.EnvFile, TokenFile: p.options.TokenFile}.options()
	if err != nil {
		return "", err
	}
	entry, err := schedule.New(o)
	if err != nil {
		return "", err
	}
	return entry.Text(), nil
}
