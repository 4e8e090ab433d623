package command

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/login"
	"upstox-doctor/fixtures/sim"
	"upstox-doctor/report"
	"upstox-doctor/report/serve"
)

// ledgerName is the file beside the token file that keeps who may press buttons.
const ledgerName = ".upstox_doctor_sessions"

// A pageOf is the page of one world.
type pageOf struct {
	app     App
	options ServeOptions
	world   checks.World
	session *sim.Session // of a simulated world
	ledger  string
}

// restart is how the environment that the program was started with is left; a
// simulated one is of no shell.
func (p pageOf) restart() []report.Step {
	if p.session != nil {
		return nil
	}
	return report.Steps([]catalog.Step{p.serveAgain(catalog.RestartServe, p.options.Metrics)}, p.app.reportMeta(nil, p.options.WorldOptions))
}

// serveAgain adds what the command needs to serve at the same address.
func (p pageOf) serveAgain(step catalog.Step, address string) catalog.Step {
	if address != DefaultMetrics {
		step.Run += " --metrics " + address
	}
	return step
}

// server runs the checks that were chosen, and says each change of the verdict on
// standard error.
func (p pageOf) server(chosen []doctor.Check) *serve.Server {
	verdict := ""
	return &serve.Server{
		Run: func(ctx context.Context, ask serve.RunRequest) report.Document {
			return p.app.runOnce(ctx, p.options.RunOptions, p.world, chosen, ask)
		},
		Every: p.options.Every, Public: p.options.Public, Now: p.world.Now, Feed: p.feed(), Login: p.logIn, History: p.history(),
		Bundle: p.bundle, Schedule: p.schedule, Restart: p.restart(),
		Routine: report.Steps(catalog.Routine, p.app.reportMeta(nil, p.options.WorldOptions)),
		OnReport: func(doc report.Document) {
			if line := serve.Line(doc); line != verdict {
				verdict = line
				fmt.Fprintln(p.app.Errs, doc.StartedAt, line)
			}
		},
	}
}

// begin says how a browser comes to the buttons.
func (p pageOf) begin(address string) []report.Step {
	return report.Steps([]catalog.Step{p.serveAgain(catalog.BeginSession, address)}, p.app.reportMeta(nil, p.options.WorldOptions))
}

// historyName is the file beside the token file that keeps the last seven days.
const historyName = ".upstox_doctor_history"

// history is nil if it is not wanted, or cannot be kept, which is said.
func (p pageOf) history() *serve.History {
	if p.options.NoHistory {
		return nil
	}
	h, err := serve.OpenHistory(filepath.Join(filepath.Dir(p.ledger), historyName), p.world.Now)
	keepsNone := func(err error) { fmt.Fprintf(p.app.Errs, "The page keeps no history: %v\n", err) }
	if err != nil {
		keepsNone(err)
		return nil
	}
	h.Failed = keepsNone
	return h
}

// DefaultMetrics is where the page is served unless another address is given.
const DefaultMetrics = "127.0.0.1:9469"

// tell says where the page is, and opens it for a user at a terminal. Without the
// ledger the page only shows. What it returns ends what was opened.
func (p pageOf) tell(s *serve.Server, address string) (done func()) {
	done = func() {}
	if !p.options.Public {
		ledger, err := serve.OpenLedger(p.ledger)
		if err != nil {
			fmt.Fprintf(p.app.Errs, "The page only shows: who may press its buttons cannot be kept: %v\n", err)
		} else {
			s.Ledger, s.Begin = ledger, p.begin(address)
		}
	}
	fmt.Fprintf(p.app.Errs, "Upstox Data: http://%s/ with a run every %s. Ctrl-C ends it.\n", address, humanize.Duration(p.options.Every))
	if s.Ledger != nil && p.invites() {
		_, done = p.invite(s.Ledger, address)
	}
	return done
}

// invites reports whether there is a user to open the page for.
func (p pageOf) invites() bool { return p.app.DoubleClicked || report.IsTerminal(p.app.Errs) }

// invite prints the address with a key, on a terminal alone, and opens it with
// another, which it returns. The end of what was opened may wait until that is
// used.
func (p pageOf) invite(l *serve.Ledger, address string) (opened string, done func()) {
	done = func() {}
	at := "http://" + address + "/"
	var err error
	if report.IsTerminal(p.app.Errs) {
		var key string
		if key, err = l.NewKey(); err == nil {
			fmt.Fprintf(p.app.Errs, "Its buttons work in the browser that opens this address, once and within an hour:\n    %s\n", at+serve.KeyFragment(key))
		} else {
			fmt.Fprintf(p.app.Errs, "The page only shows: %v\n", err)
		}
	}
	if err != nil || p.options.NoBrowser || login.FindPlace().NoBrowser {
		return "", done
	}
	if opened, err = l.NewKey(); err != nil {
		return "", done
	}
	opens := new(opener)
	path, err := opens.lead(at + serve.KeyFragment(opened))
	if err != nil {
		return "", done
	}
	go openBrowser(path)
	return opened, opens.close
}

// readWait is how long a browser may take to open the page.
const readWait = 20 * time.Second

// join opens the page of the server that listens already, if it is one of this
// user and directory. Only a terminal is told a key.
func (p pageOf) join(ctx context.Context, taken error) error {
	ledger, address := serve.Join(ctx, p.options.Metrics, p.ledger)
	if ledger == nil || p.options.Public || !p.invites() {
		return fault(taken)
	}
	fmt.Fprintf(p.app.Errs, "Upstox Data is served already: http://%s/\n", address)
	opened, done := p.invite(ledger, address)
	defer done()
	for end := time.Now().Add(readWait); opened != "" && time.Now().Before(end) && !ledger.Used(opened); {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Second / 4):
		}
	}
	return nil
}
