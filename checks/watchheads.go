package checks

import (
	"cmp"
	"errors"
	"net/http"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/upstox"
	"upstox-doctor/checks/watch"
)

// answerHead is the head of a REST answer, nil if none came.
func answerHead(a upstox.Answer) *watch.Head {
	if a.Status == 0 {
		return nil
	}
	return &watch.Head{Path: a.Path, Status: a.Status, Fields: headOf(a.Header, a.Location), RetryAfter: a.RetryAfter()}
}

// upgradeHead is the head of the answer that refused an upgrade.
func upgradeHead(err error, now time.Time) *watch.Head {
	var r *feed.Refusal
	if !errors.As(err, &r) || r.Status == 0 {
		return nil
	}
	if date, err := http.ParseTime(r.Header.Get("Date")); err == nil {
		now = date
	}
	return &watch.Head{Path: "upgrade", Status: r.Status, Fields: headOf(r.Header, r.Location), RetryAfter: upstox.RetryAfter(r.Header, now)}
}

// whole makes a result a finding that can stand alone: what is not known has
// a code too.
func whole(res doctor.Result) doctor.Result {
	if res.Code == "" {
		res.Status, res.Code = doctor.Fail, catalog.NotKnown.Code
	}
	res.Confidence = cmp.Or(res.Confidence, doctor.Certain)
	res.CausedBy, res.ID = "", cmp.Or(res.ID, catalog.StageWatch)
	return res
}
