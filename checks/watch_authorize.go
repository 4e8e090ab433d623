package checks

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/upstox"
	"upstox-doctor/checks/watch"
)

// authorizeNow asks for a stream URL, and for the difference of the clocks.
func (l *feedLine) authorizeNow(ctx context.Context, api *upstox.Client, held Held) (string, time.Duration, *watch.Refusal) {
	asking, cancel := context.WithTimeout(ctx, authorizeWait)
	defer cancel()
	raw, a := api.Authorize(asking, held.Value())
	var offset time.Duration
	if !a.Date.IsZero() {
		// The header tells whole seconds: the middle of the second is nearest.
		offset = a.Date.Add(500 * time.Millisecond).Sub(l.Now().Add(-a.Took / 2))
	}
	var fault *doctor.Result
	if a.OK() {
		_, fault = l.handedOut(raw, a)
	} else {
		fault = new(l.judgeAuthorize(ctx, api, held, a))
	}
	if fault == nil {
		return raw, offset, nil
	}
	return "", 0, &watch.Refusal{Finding: whole(*fault), Head: answerHead(a), Authorized: true}
}

// judgeAuthorize returns the finding for a refusal. Another call shows whether a
// refused token is bad or refused by authorize only.
func (l *feedLine) judgeAuthorize(ctx context.Context, api *upstox.Client, held Held, a upstox.Response) doctor.Result {
	res := l.refused(a)
	if a.Status != http.StatusUnauthorized || a.Responder != "upstox" {
		return res
	}
	ctx, cancel := context.WithTimeout(ctx, authorizeWait)
	defer cancel()
	now := cmp.Or(a.Date, l.Now())
	if !held.Expired(now) {
		switch quote := api.LTP(ctx, held.Value(), ControlKey); {
		case quote.OK():
			res.Message += "; a market quote accepts the same token"
			return res
		case quote.Status != http.StatusUnauthorized:
			res.Confidence = doctor.Likely
			return res
		}
	}
	res = l.dead(ctx, api, held, now, tokenEvidence(held.Source, held.Token))
	res.Message += " (" + a.String() + ")"
	return res
}
