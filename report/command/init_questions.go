package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/redact"
	"upstox-doctor/checks/token"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
)

// questions are those of the first run, with the answers.
type questions struct {
	prompter *report.Prompter
	setup    checks.Setup
	secrets  *redact.Set
	session  *sim.Session // nil unless simulated

	settings []token.Setting // to write into .env
	ignore   []string        // to write into .gitignore
	redirect string          // the redirect URI that the login will use
}

// askAll asks for everything before anything is written.
func (q *questions) askAll(ctx context.Context) error {
	q.explain("This writes the credentials of your app into " + q.setup.Path + ", logs in unless a token works already, and shows live prices. Nothing is written before the last answer; Ctrl-C ends it.")
	if q.session != nil {
		q.prompter.Say("Simulated: nothing goes to Upstox, and nothing is written here unless --env-file or --token-file names a file.")
		q.explain("An empty answer takes the value of the simulated app.")
	}
	for _, v := range catalog.AppValues {
		if err := q.askValue(ctx, v); err != nil {
			return err
		}
	}
	names := q.setup.Committable()
	if len(names) == 0 {
		return nil
	}
	yes, err := q.prompter.Confirm(ctx, "This is a git work tree. Add "+strings.Join(names, " and ")+" to .gitignore, so that git does not take them?")
	if yes {
		q.ignore = names
	}
	return q.ended(ctx, ".gitignore", err, true)
}

// askValue asks for a value, unless one is there that stays.
func (q *questions) askValue(ctx context.Context, v catalog.AppValue) error {
	if found, ok := q.setup.Found.Best(v.Variable); ok && !found.Sample {
		keep, err := q.keep(ctx, found)
		if err != nil || keep {
			q.chosen(v, found.Value)
			return err
		}
	} else if ok {
		q.prompter.Say(found.String() + " holds sample text. What you enter now replaces it.")
	}
	for _, line := range v.Find {
		q.explain(line)
	}
	for {
		entered, err := q.answer(ctx, v)
		if err := q.ended(ctx, v.Variable, err, entered != ""); err != nil {
			return err
		}
		value, notes, fault := checks.CheckAppValue(v.Variable, entered)
		for _, note := range notes {
			q.prompter.Say(note)
		}
		switch {
		case fault == nil:
			q.chosen(v, value)
			q.settings = append(q.settings, token.Setting{Name: v.Variable, Value: value})
			return nil
		case !q.prompter.Possible():
			return UsageError("%s: %w; nothing is written", v.Variable, fault)
		}
		q.prompter.Say("Not taken: " + fault.Error() + ".")
	}
}

// keep reports whether the value that was found stays.
func (q *questions) keep(ctx context.Context, found checks.CredentialSource) (bool, error) {
	if found.Fixed() {
		q.prompter.Say(found.String() + " is set, and wins over every file. It stays as it is.")
		return true, nil
	}
	other, err := q.prompter.Confirm(ctx, found.String()+" is set. Enter another value?")
	return !other, q.ended(ctx, found.Name, err, true)
}

// answer is what the user enters, or the value of the simulated app if that is
// nothing.
func (q *questions) answer(ctx context.Context, v catalog.AppValue) (string, error) {
	ask, prompt := q.prompter.Ask, v.Is+": "
	if v.Secret {
		ask, prompt = q.prompter.AskHidden, v.Is+" (not shown): "
	}
	entered, err := ask(ctx, prompt)
	if v.Secret {
		q.secrets.Add(entered)
	}
	if q.session == nil || strings.TrimSpace(entered) != "" || err != nil {
		return entered, err
	}
	app := q.session.App()
	return map[string]string{"UPSTOX_API_KEY": app.Key, "UPSTOX_API_SECRET": app.Secret, "UPSTOX_REDIRECT_URI": app.Redirect}[v.Variable], nil
}

// chosen notes the value that will count.
func (q *questions) chosen(v catalog.AppValue, value string) {
	if v.Secret {
		q.secrets.Add(value)
	}
	if v.Variable == "UPSTOX_REDIRECT_URI" {
		q.redirect = value
	}
}

// ended is the error of a question that has no answer. The last line may lack
// its end.
func (q *questions) ended(ctx context.Context, what string, err error, answered bool) error {
	switch {
	case ctx.Err() != nil:
		return ExitError{ExitInterrupted, errors.New("interrupted; nothing is written")}
	case err == nil, answered && errors.Is(err, io.EOF):
		return nil
	case errors.Is(err, io.EOF):
		return ExitError{Declined, fmt.Errorf("the input ended at the question for %s; nothing is written", what)}
	}
	return fault(fmt.Errorf("%s: %w; nothing is written", what, err))
}

// explain says what only somebody at a terminal needs to read.
func (q *questions) explain(line string) {
	if q.prompter.Possible() {
		q.prompter.Say(line)
	}
}
