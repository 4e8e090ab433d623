package command

import (
	"context"
	"fmt"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
	"upstox-doctor/report"
	"upstox-doctor/report/notify"
)

// noTrading is the report of a run that is not needed today, if that was asked
// for and is so.
func (e runner) noTrading(ctx context.Context) (doc report.Document, none bool) {
	if !e.options.TradingDay {
		return doc, false
	}
	// The question takes no longer than a check, and than the run may.
	asking, cancel := context.WithTimeout(ctx, min(e.options.Timeout, e.options.Deadline))
	defer cancel()
	day := e.world.TradingDay(asking)
	if day.Trades || ctx.Err() != nil {
		return doc, false
	}
	doc = e.document(checks.Report{
		Report: doctor.Report{Started: e.world.Now(), End: doctor.Complete},
		Market: checks.MarketState{State: market.Closed, NextOpen: day.NextOpen},
	})
	doc.NoTrading = report.Clean("No trading today: "+day.Reason+".", e.meta())
	if !day.NextOpen.IsZero() {
		doc.NoTrading += " The market opens " + humanize.Date(day.NextOpen) + "."
	}
	return doc, true
}

// notify tells of a failed run, and of any run that may log in. A notice that
// cannot be shown does not change what was found.
func (e runner) notify(ctx context.Context, doc report.Document) {
	failed := doc.Status == "fail" || doc.Status == "error"
	if e.options.Notify == "" || ctx.Err() != nil || !failed && e.options.Login == nil {
		return
	}
	if err := notify.Send(ctx, doc.Notice(e.options.Simulate != ""), e.options.Notify); err != nil {
		fmt.Fprintln(e.app.Errs, "upstox-doctor: "+e.world.Secrets.String(err.Error()))
	}
}
