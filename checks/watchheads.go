package checks

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
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
	return &watch.Head{Path: "upgrade", Status: r.Status, Fields: headOf(r.Header, r.Location), RetryAfter: retryAfter(r.Header, now)}
}

// retryAfter reads the header in both of its forms.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	if at, err := http.ParseTime(value); err == nil {
		if date, err := http.ParseTime(h.Get("Date")); err == nil {
			now = date
		}
		return max(0, at.Sub(now))
	}
	n, _ := strconv.ParseUint(value, 10, 31) // the watch has a limit of its own
	return time.Duration(n) * time.Second
}

// whole makes a result a finding that can stand alone: what is not known has
// a code too.
func whole(res doctor.Result) doctor.Result {
	if res.Code == "" {
		res.Status, res.Code = doctor.Fail, catalog.NotKnown.Code
	}
	res.Confidence = cmp.Or(res.Confidence, doctor.Certain)
	res.Because, res.ID = "", cmp.Or(res.ID, "watch")
	return res
}
