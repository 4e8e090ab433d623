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

// lookEvery is how often the token file is read while a token is waited for.
const lookEvery = time.Second / 2

// An inbox is the token file while somebody else writes to it.
type inbox struct {
	path    string
	secrets *redact.Set
	old     string // the token that it held at first

	text string // what it held at the last look in the place of the token
	note string // why that is no new token; empty if there is none at all
}

// await looks into the file until another token has stood in it for two looks
// in a row: a program that does not write safely may be in the middle of it.
func (f Flow) await(ctx context.Context, in *inbox) (token.Token, error) {
	f.tell(ctx, in)
	if f.Dialogue.Wait != nil {
		defer f.Dialogue.Wait("")
	}
	looks := time.NewTicker(lookEvery)
	defer looks.Stop()
	last := ""
	for {
		fresh := in.look()
		if fresh != "" && fresh == last {
			return token.Parse(fresh), nil
		}
		last = fresh
		if f.Dialogue.Wait != nil {
			f.tell(ctx, in)
		}
		select {
		case <-ctx.Done():
			return token.Token{}, ctx.Err()
		case <-looks.C:
		}
	}
}

// tell says what is waited for, and how long still where a line can be redrawn.
func (f Flow) tell(ctx context.Context, in *inbox) {
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

// look reads the file, and returns a token if it is well formed and not the
// old one. Whatever else is there may be half of what is being written.
func (in *inbox) look() string {
	in.note = ""
	file, err := token.ReadFile(in.path)
	if err != nil {
		in.note = "cannot be read"
		if e, ok := errors.AsType[*token.FileError](err); ok {
			in.note += " (" + e.What + ")"
		}
		return ""
	}
	text := in.clean(file.Token)
	if text == "" || text == in.old {
		return ""
	}
	if t := token.Parse(text); t.Form == token.Malformed {
		in.note = "holds no token (" + t.Malformation + ")"
		return ""
	}
	return text
}

// clean takes away what surrounds a token in a file, and remembers that the
// rest is a secret.
func (in *inbox) clean(raw string) string {
	text, _ := dotenv.Clean(raw)
	if text != in.text {
		in.secrets.Add(raw, text)
		in.text = text
	}
	return text
}

// seen names the file, and what is in it in place of a new token.
func (in *inbox) seen() string {
	if in.note == "" {
		return in.path
	}
	return in.path + ", which " + in.note + ","
}
