package login

import (
	"context"
	"errors"
	"net/url"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/token"
)

// Request asks Upstox to send a token to the app's notifier URL, and waits for
// it to arrive in the store's file: whoever runs the notifier puts it there. It
// returns the token unless Upstox refuses it. Of f it needs neither the
// redirect URI nor the page. Errors are those of Run.
func Request(ctx context.Context, f Flow) (Result, error) {
	f.Secrets.Add(f.App.Secret)
	before, err := token.ReadFile(f.Store.Path)
	if err != nil {
		return Result{}, err
	}
	ends, left, err := f.request(ctx)
	if err != nil {
		return Result{}, beforeDeadline(ctx, err)
	}
	waiting, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	inbox := &tokenFileWatch{path: f.Store.Path, secrets: f.Secrets}
	inbox.oldToken = inbox.clean(before.Token)
	t, err := f.awaitToken(waiting, inbox)
	if err != nil {
		if !errors.Is(ctx.Err(), context.Canceled) {
			err = failed(catalog.LoginTimeout, "no other token came into %s until %s", inbox.describe(), until(ctx, ends))
		}
		return Result{}, beforeDeadline(ctx, err)
	}
	r, refusal := f.tryToken(ctx, t)
	if refusal != nil {
		refusal.Seen = "Upstox refuses the token that came into " + f.Store.Path + ": " + refusal.Seen
		return Result{}, beforeDeadline(ctx, refusal)
	}
	return r, r.stopped(ctx)
}

// until names what has ended the wait.
func until(ctx context.Context, ends time.Time) string {
	if ctx.Err() != nil {
		return "the deadline"
	}
	return "the request ended at " + humanize.Date(ends)
}

// request sends the request and tells what must happen now. It returns when
// the request ends, by Upstox's clock, and in how long that is.
func (f Flow) request(ctx context.Context) (ends time.Time, left time.Duration, err error) {
	asking, cancel := context.WithTimeout(ctx, exchangeWait)
	defer cancel()
	asked, a := f.Upstox.RequestToken(asking, f.App.Key, f.App.Secret)
	if !a.OK() {
		refusal := f.failure(a)
		if c, known := catalog.LookupUpstox(a.Symptom().Upstox); known && refusal.Entry == catalog.LoginRequestRefused {
			refusal.Seen += ", which means: " + c.Meaning
		}
		return ends, 0, refusal
	}
	ends, left = lifetime(asked.Ends, a.Date, time.Now())
	f.Dialogue.Say("The request is sent. Approve it in the Upstox app, on WhatsApp or in the developer console; nobody is told of a rejection.")
	f.Dialogue.Say("Upstox then sends the token to " + f.notifier(asked.Notifier) + ", until " + humanize.Date(ends) + ". What runs there must write it to " + f.Store.Path + ".")
	return ends, left, nil
}

// notifier is where the token is delivered, without what may be secret in it.
func (f Flow) notifier(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "the app's notifier URL"
	}
	if password, ok := u.User.Password(); ok {
		f.Secrets.Add(password)
	}
	f.Secrets.Add(u.RawQuery)
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}

// maxRequestLife is more than any request lives, by the documentation.
const maxRequestLife = 7 * 24 * time.Hour

// lifetime is what is left of a request by Upstox's own clock, or the local one
// if Upstox did not tell its own. An end that makes no sense gives way to the
// documented one, the next 03:30 in India.
func lifetime(ends, server, local time.Time) (time.Time, time.Duration) {
	now := server
	if now.IsZero() {
		now = local
	}
	if left := ends.Sub(now); left <= 0 || left > maxRequestLife {
		ends = token.NextEnd(now)
	}
	return ends, ends.Sub(now)
}
