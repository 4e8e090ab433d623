package login

import (
	"context"
	"errors"
	"fmt"
	"time"

	"upstox-doctor/checks/dotenv"
	"upstox-doctor/checks/redact"
	"upstox-doctor/checks/token"
)

// pollInterval is how often the token file is read while a token is waited for.
const pollInterval = time.Second / 2

// A tokenFileWatch is the token file while somebody else writes to it.
type tokenFileWatch struct {
	path     string
	secrets  *redact.Set
	oldToken string // the token that it held at first

	text string // what it held at the last look in the place of the token
	note string // why that is no new token; empty if there is none at all
}

// awaitToken looks into the file until another token has stood in it for two
// looks in a row: a program that does not write safely may be in the middle of
// it.
func (f Flow) awaitToken(ctx context.Context, in *tokenFileWatch) (token.Token, error) {
	f.showWaiting(ctx, in)
	if f.Dialogue.Wait != nil {
		defer f.Dialogue.Wait("")
	}
	looks := time.NewTicker(pollInterval)
	defer looks.Stop()
	last := ""
	for {
		fresh := in.poll()
		if fresh.Value() != "" && fresh.Value() == last {
			return fresh, nil
		}
		last = fresh.Value()
		if f.Dialogue.Wait != nil {
			f.showWaiting(ctx, in)
		}
		select {
		case <-ctx.Done():
			return token.Token{}, ctx.Err()
		case <-looks.C:
		}
	}
}

// showWaiting says what is waited for, and how long still where a line can be
// redrawn.
func (f Flow) showWaiting(ctx context.Context, in *tokenFileWatch) {
	if f.Dialogue.Wait == nil {
		f.Dialogue.Say("Waiting for another token in " + in.path)
		return
	}
	ends, _ := ctx.Deadline()
	line := remaining(time.Until(ends)) + " left, waiting for another token in " + in.path
	if in.note != "" {
		line += "; it " + in.note
	}
	f.Dialogue.Wait(line)
}

// remaining writes a time to wait as a clock does.
func remaining(d time.Duration) string {
	s := int(max(d, 0).Round(time.Second) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// poll reads the file, and returns a token if it is well formed and not the
// old one. Whatever else is there may be half of what is being written.
func (in *tokenFileWatch) poll() token.Token {
	in.note = ""
	file, err := token.ReadFile(in.path)
	if err != nil {
		in.note = "cannot be read"
		if e, ok := errors.AsType[*token.FileError](err); ok {
			in.note += " (" + e.What + ")"
		}
		return token.Token{}
	}
	text := in.clean(file.Token)
	if text == "" || text == in.oldToken {
		return token.Token{}
	}
	t := token.Parse(text)
	if t.Form == token.Malformed {
		in.note = "holds no token (" + t.Malformation + ")"
		return token.Token{}
	}
	return t
}

// clean takes away what surrounds a token in a file, and remembers that the
// rest is a secret.
func (in *tokenFileWatch) clean(raw string) string {
	text, _ := dotenv.Clean(raw)
	if text != in.text {
		in.secrets.Add(raw, text)
		in.text = text
	}
	return text
}

// describe names the file, and what is in it in place of a new token.
func (in *tokenFileWatch) describe() string {
	if in.note == "" {
		return in.path
	}
	return in.path + ", which " + in.note + ","
}
