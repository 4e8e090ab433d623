package login

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/upstox"
)

// code sends the user to Upstox and returns the code that comes back: to the
// listener or by what the user pastes, whichever is first.
func (f Flow) code(ctx context.Context) (string, error) {
	state := rand.Text()
	f.Secrets.Add(state)
	l, busy, err := f.receiver(ctx, state)
	if err != nil {
		return "", err
	}
	if err := f.checkPage(ctx, state); err != nil {
		return "", err
	}
	url := upstox.DialogURL(f.Page, f.App.Key, f.App.Redirect, state)
	f.invite(url, l != nil, busy)
	unopened := make(chan error, 1)
	if f.Dialogue.Open != nil {
		go func() { unopened <- f.Dialogue.Open(url) }()
	}
	asking, stop := context.WithCancel(ctx)
	pasted := f.readPasted(asking, state, url)
	code, err := f.await(ctx, l, pasted, unopened)
	stop()
	if pasted != nil {
		<-pasted // the prompt has left the screen
	}
	return code, err
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
		if s.Run != "" {
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

// await returns the first answer. Foreign answers do not end the wait, since any
// page can send one; if nothing else comes, they are the diagnosis.
func (f Flow) await(ctx context.Context, l *listener, pasted <-chan callbackResult, unopened <-chan error) (string, error) {
	var landed <-chan callbackResult
	var foreign <-chan struct{}
	if l != nil {
		landed, foreign = l.page.results, l.page.foreignStates
	}
	told := false
	for {
		select {
		case got := <-landed:
			return got.code, got.err
		case got, some := <-pasted:
			if some || l == nil {
				return got.code, got.err
			}
			pasted = nil // the input has ended, and the browser may still come
		case <-foreign:
			if !told {
				f.Dialogue.Say("A browser came back with the answer of another login, which was not used. Still waiting.")
			}
			told = true
		case err := <-unopened:
			if unopened = nil; err != nil {
				f.Dialogue.Say(fmt.Sprintf("No browser could be opened: %v. Open the page yourself.", root(err)))
			}
		case <-ctx.Done():
			if told && errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return "", failed(catalog.LoginStateMismatch, "only answers of another login came back")
			}
			return "", ctx.Err()
		}
	}
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
	case empty && !ended && !f.ByHand:
		return nil, false
	}
	code, err := parsePasted(text, state)
	failure, _ := errors.AsType[*Failure](err)
	if failure == nil || ended || f.ByHand || failure.Entry == catalog.LoginCancelled {
		return &callbackResult{code, err}, true
	}
	f.Dialogue.Say("This was not used: " + failure.Seen + ". Still waiting.")
	return nil, false
}
