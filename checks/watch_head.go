package checks

import (
	"errors"
	"net/http"
	"time"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/upstox"
	"upstox-doctor/checks/watch"
)

// responseHead is the head of a REST answer, nil if none came.
func responseHead(a upstox.Response) *watch.ResponseHead {
	if a.Status == 0 {
		return nil
	}
	return &watch.ResponseHead{Path: a.Path, Status: a.Status, Fields: recordedHeader(a.Header, a.Location), RetryAfter: a.RetryAfter()}
}

// upgradeHead is the head of the answer that refused an upgrade.
func upgradeHead(err error, now time.Time) *watch.ResponseHead {
	var r *feed.Refusal
	if !errors.As(err, &r) || r.Status == 0 {
		return nil
	}
	if date, err := http.ParseTime(r.Header.Get("Date")); err == nil {
		now = date
	}
	return &watch.ResponseHead{Path: "upgrade", Status: r.Status, Fields: recordedHeader(r.Header, r.Location), RetryAfter: upstox.RetryAfter(r.Header, now)}
}
