package checks

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/upstox"
	"upstox-doctor/checks/watch"
)

// authorizeNow asks for a stream URL, and for the difference of the clocks.
func (c *connector) authorizeNow(ctx context.Context, api *upstox.Client, active ActiveToken) (string, time.Duration, *watch.Refusal) {
	asking, cancel := context.WithTimeout(ctx, authorizeWait)
	defer cancel()
	raw, a := api.Authorize(asking, active.Value())
	var offset time.Duration
	if !a.Date.IsZero() {
		// The header tells whole seconds: the middle of the second is nearest.
		offset = a.Date.Add(500 * time.Millisecond).Sub(c.Now().Add(-a.Took / 2))
	}
	var fault *doctor.Result
	if a.OK() {
		_, fault = c.checkStreamURL(raw, a)
	} else {
		fault = new(c.judgeAuthorize(ctx, api, active, a))
	}
	if fault == nil {
		return raw, offset, nil
	}
	return "", 0, &watch.Refusal{Finding: withCode(*fault), Head: responseHead(a), Authorized: true}
}

// judgeAuthorize returns the finding for a refusal. Another call shows whether a
// refused token is bad or refused by authorize only.
func (c *connector) judgeAuthorize(ctx context.Context, api *upstox.Client, active ActiveToken, a upstox.Response) doctor.Result {
	res := responseFailure(a)
	if a.Status != http.StatusUnauthorized || a.Responder != catalog.ResponderUpstox {
		return res
	}
	ctx, cancel := context.WithTimeout(ctx, authorizeWait)
	defer cancel()
	now := cmp.Or(a.Date, c.Now())
	if !active.Expired(now) {
		switch _, quote := api.LTP(ctx, active.Value(), ControlKey); {
		case quote.OK():
			res.Message += "; a market quote accepts the same token"
			return res
		case quote.Status != http.StatusUnauthorized:
			res.Confidence = doctor.Likely
			return res
		}
	}
	res = judgeDeadToken(ctx, api, active, now, tokenEvidence(active))
	res.Message += " (" + a.String() + ")"
	return res
}
