package login

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/token"
	"upstox-doctor/checks/upstox"
)

// getToken sends the user to Upstox and exchanges the code that comes back: to
// the listener or by what the user pastes, whichever is first.
func (f Flow) getToken(ctx context.Context) (token.Token, error) {
	state := rand.Text()
	f.Secrets.Add(state)
	l, busy, err := f.receiver(ctx, state)
	if err != nil {
		return token.Token{}, err
	}
	if err := f.checkPage(ctx, state); err != nil {
		return token.Token{}, err
	}
	url := upstox.DialogURL(f.Page, f.App.Key, f.App.Redirect, state)
	f.invite(url, l != nil, busy)
	in := answers{unopened: make(chan error, 1)}
	if f.Dialogue.Open != nil {
		go func() { in.unopened <- f.Dialogue.Open(url) }()
	}
	if l != nil {
		in.landed, in.rejected = l.page.results, l.page.rejected
	}
	asking, stop := context.WithCancel(ctx)
	in.ask = func() <-chan callbackResult { return f.readPasted(asking, state, url) }
	in.pasted = in.ask()
	t, err := f.await(ctx, &in)
	stop()
	if in.pasted != nil {
		<-in.pasted // the prompt has left the screen
	}
	return t, err
}

// receiver opens the listener before the browser is opened, so that no other
// program can take the port before the redirect. Without one the user enters the
// code; busy then says whether that is because the port cannot be had.
func (f Flow) receiver(ctx context.Context, state string) (l *listener, busy *Failure, err error) {
	at, local := landing(f.App.Redirect)
	if f.ByHand || !local {
		if f.Dialogue.Ask == nil {
			return nil, nil, ErrNoTerminal
		}
		return nil, nil, nil
	}
	l, err = listen(ctx, at, state, f.Landing)
	if refusal, ok := errors.AsType[*Failure](err); ok && f.Dialogue.Ask != nil {
		return nil, refusal, nil
	}
	return l, nil, err
}

// invite says how to log in from where the user is. What works there comes
// first.
func (f Flow) invite(url string, listens bool, busy *Failure) {
	way := catalog.LoginWay{Place: f.Place.Kind, Listens: listens, Asks: f.Dialogue.Ask != nil && !f.ByHand}
	if listens {
		way.Forward = f.Place.forward(f.App.Redirect, f.Page)
	}
	if busy != nil {
		way.Busy = busy.Seen
	}
	for _, s := range way.Before() {
		f.Dialogue.Say(s.Do)
		switch {
		case s.Run == "":
		case f.Dialogue.Run != nil:
			f.Dialogue.Run(s.Run)
		default:
			f.Dialogue.Show("    " + s.Run)
		}
	}
	f.Dialogue.Say("Log in on this page with mobile number, OTP or TOTP, and PIN, not by the page's own QR code:")
	f.Dialogue.Show(url)
	if f.QR && f.Dialogue.QR != nil {
		f.Dialogue.QR(url)
	}
	for _, s := range way.After() {
		f.Dialogue.Say(s.Do)
	}
	if listens {
		f.Dialogue.Say("Waiting for the browser to come back to " + f.App.Redirect)
	}
}

// answers are the ways by which a code may come.
type answers struct {
	landed   <-chan callbackResult // nil without a listener
	rejected <-chan rejection
	unopened chan error // of the browser

	ask    func() <-chan callbackResult // opens pasted again
	pasted <-chan callbackResult
}

// await exchanges the first code. Foreign answers do not end the wait, since any
// page can send one, nor does a pasted code that Upstox refuses: the real one may
// still come. If nothing else comes, they are the diagnosis.
func (f Flow) await(ctx context.Context, in *answers) (token.Token, error) {
	var rejected *Failure // what came and was of no use
	for {
		select {
		case got := <-in.landed:
			return f.redeem(ctx, got)
		case got, some := <-in.pasted:
			if !some && in.landed != nil {
				in.pasted = nil // the input has ended, and the browser may still come
				continue
			}
			t, err := f.redeem(ctx, got)
			failure, _ := errors.AsType[*Failure](err)
			switch {
			case failure == nil || f.Dialogue.Once:
				return t, err
			case failure.Entry == catalog.LoginCodeInvalid:
				f.Dialogue.Say("Upstox refuses that code: it is used, too old or mistyped. Log in on the page again, and paste the whole address that the browser lands on.")
				rejected, in.pasted = failure, in.ask()
			case failure.Entry == catalog.LoginCancelled && rejected != nil: // the end of the input
				return t, rejected
			default:
				return t, err
			}
		case by := <-in.rejected:
			if rejected == nil || rejected.Entry != catalog.LoginStateMismatch {
				f.Dialogue.Say("A browser came back with the answer of " + string(by) + ", which was not used. Still waiting.")
				rejected = failed(catalog.LoginStateMismatch, "only answers of %s came back", by)
			}
		case err := <-in.unopened:
			if in.unopened = nil; err != nil {
				f.Dialogue.Say(fmt.Sprintf("No browser could be opened: %v. Open the page yourself.", root(err)))
			}
		case <-ctx.Done():
			if rejected != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return token.Token{}, rejected
			}
			return token.Token{}, ctx.Err()
		}
	}
}

// redeem exchanges the code of an answer, if it has one.
func (f Flow) redeem(ctx context.Context, got callbackResult) (token.Token, error) {
	if got.err != nil {
		return token.Token{}, got.err
	}
	f.Secrets.Add(got.code)
	return f.exchange(ctx, got.code)
}

// readPasted reads what the user enters until it is an answer to this login. The
// channel is closed after that, or when a listener is there and the input has
// ended; it is nil where nobody can be asked.
func (f Flow) readPasted(ctx context.Context, state, url string) <-chan callbackResult {
	if f.Dialogue.Ask == nil {
		return nil
	}
	prompt := "Address or code: "
	if f.Dialogue.QR != nil {
		prompt = "Address or code, or qr to see the page as a QR code: "
	}
	answers := make(chan callbackResult, 1)
	go func() {
		defer close(answers)
		for {
			text, err := f.Dialogue.Ask(ctx, prompt)
			if f.Dialogue.QR != nil && strings.EqualFold(strings.TrimSpace(text), "qr") {
				f.Dialogue.QR(url)
				continue
			}
			if got, last := f.judgePasted(text, state, err); last {
				if got != nil {
					answers <- *got
				}
				return
			}
		}
	}()
	return answers
}

// judgePasted reads the code from one line of input, and reports whether that was
// the last one to read. What is no answer to this login is told and asked again,
// unless a file or a script has given it.
func (f Flow) judgePasted(text, state string, err error) (got *callbackResult, last bool) {
	ended := errors.Is(err, io.EOF)
	empty := strings.TrimSpace(text) == ""
	switch {
	case err != nil && !ended:
		return &callbackResult{err: err}, true
	case empty && ended && f.Landing.listener != nil:
		return nil, true
	case empty && !ended && !f.Dialogue.Once:
		return nil, false
	}
	code, err := parsePasted(text, state)
	failure, _ := errors.AsType[*Failure](err)
	if failure == nil || ended || f.Dialogue.Once || failure.Entry == catalog.LoginCancelled {
		return &callbackResult{code, err}, true
	}
	f.Dialogue.Say("This was not used: " + failure.Seen + ". Still waiting.")
	return nil, false
}
