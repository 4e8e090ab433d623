package checks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/edge"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/network"
)

// handshake upgrades the connection that proved the feed host's certificate.
// A first 403 may come from a URL that was used up elsewhere, so one second
// fresh URL is tried; never more, and not if another server than the feed
// refused.
func (w World) handshake() doctor.Check {
	h := hops(FeedHost)
	return doctor.Check{
		ID: IDHandshake, Target: FeedHost, Title: "The feed answers the upgrade with 101",
		Needs: facts(streamURL, h.secured, accessToken, client), Uses: facts(h.addrs), Provides: facts(stream),
		Run: func(ctx context.Context, f *doctor.Facts) doctor.Result {
			raw, ready := streamURL.Get(f), h.secured.Get(f)
			s, err := w.open(ctx, raw, ready)
			twice := false
			if forbiddenByFeed(err) {
				if fresh, s2, err2 := w.retryHandshake(ctx, f); fresh != "" {
					raw, s, err, twice = fresh, s2, err2, true
				}
			}
			if err != nil {
				ready.Close()
				addrs, _ := h.addrs.Peek(f)
				return w.handshakeFailure(err, twice, hostOf(raw), accessToken.Get(f), addrs)
			}
			f.Defer(func() { s.Close() })
			stream.Put(f, s)
			if twice {
				var ev doctor.Evidence
				ev.Add("first_answer", 403)
				return pass(ev, "101 on the second fresh URL; the first was refused with 403")
			}
			return pass(nil, "101 Switching Protocols")
		},
	}
}

// retryHandshake tries a second URL. It returns none if there is no URL, or if
// the time ran out before the answer: then the first 403 is reported, not a
// timeout.
func (w World) retryHandshake(ctx context.Context, f *doctor.Facts) (string, *feed.Stream, error) {
	raw, a := client.Get(f).Authorize(ctx, accessToken.Get(f).Value())
	if !a.OK() {
		return "", nil, nil
	}
	if _, fault := w.checkStreamURL(raw, a); fault != nil {
		return "", nil, nil
	}
	s, err := w.open(ctx, raw, nil)
	if err != nil && ctx.Err() != nil {
		return "", nil, nil
	}
	return raw, s, err
}

// forbiddenByFeed reports whether the upgrade was refused with a 403 that is the
// feed's own, as far as can be told.
func forbiddenByFeed(err error) bool {
	var r *feed.Refusal
	if !errors.As(err, &r) || r.Status != http.StatusForbidden {
		return false
	}
	who := r.By().Responder
	return who == catalog.ResponderUpstox || who == catalog.ResponderOther
}

// maxWords is how much is shown of what a refusal says, in characters.
const maxWords = 400

func (w World) handshakeFailure(err error, twice bool, host string, active ActiveToken, addrs []netip.Addr) doctor.Result {
	var r *feed.Refusal
	if !errors.As(err, &r) {
		return netFailure(err, host)
	}
	entry, by := catalog.Classify(r.Symptom(), catalog.NotKnown), r.By()
	var ev doctor.Evidence
	if r.Status != 0 {
		ev.Add("status", r.Status)
	}
	addResponder(&ev, by)
	for _, name := range []string{"Server", "Cf-Ray", "Content-Type", "Retry-After"} {
		if v := r.Header.Get(name); v != "" {
			ev.Add(headerNames[name], v)
		}
	}
	if r.Location != "" {
		ev.Add("location", r.Location)
	}
	if words := r.Words(maxWords); words != "" {
		ev.Add("body", words)
	}
	res := unsure(withSymptom(fail(entry, host, r.Error(), ev), r.Symptom()), by)
	switch entry {
	case catalog.HandshakeForbidden:
		w.explainForbidden(&res, twice, active, addrs)
	case catalog.ConnectionLimit:
		w.addLocalPrograms(&res, addrs)
	}
	return res
}

// addResponder adds who answered, if it is told, and what the network team needs
// to find a filter's rule.
func addResponder(ev *doctor.Evidence, by edge.Verdict) {
	if by.Responder != "" && by.Responder != catalog.ResponderOther {
		ev.Add("answered_by", by.Responder)
	}
	addFilter(ev, by)
}

func addFilter(ev *doctor.Evidence, by edge.Verdict) {
	if by.Responder != catalog.ResponderFilter {
		return
	}
	for _, named := range []struct{ name, value string }{{"filter", by.Name}, {"category", by.Category}, {"reference", by.Reference}} {
		if named.value != "" {
			ev.Add(named.name, named.value)
		}
	}
}

// unsure lowers the confidence in a block page that names neither a product nor
// a category: a server's own error page may look like it.
func unsure(res doctor.Result, by edge.Verdict) doctor.Result {
	if by.Responder == catalog.ResponderFilter && by.Name == "" && by.Category == "" {
		res.Confidence = doctor.Likely
	}
	return res
}

var headerNames = map[string]string{
	"Server": "server", "Cf-Ray": "ray_id", "Content-Type": "content_type", "Retry-After": "retry_after",
}

// connectionLimit is how many connections to the feed the plan allows, if the
// token tells the plan. Source: Upstox's documentation of the v3 feed.
func connectionLimit(active ActiveToken) (limit int, told bool) {
	if active.Plus == nil {
		return 0, false
	}
	if *active.Plus {
		return 5, true
	}
	return 2, true
}

// addLocalPrograms adds the other programs of this machine that are connected to
// the feed, as far as the system tells.
func (w World) addLocalPrograms(res *doctor.Result, addrs []netip.Addr) {
	if programs := programNames(w.Net.LocalPrograms(addrs, httpsPort)); len(programs) > 0 {
		res.Message += "; connected to the feed: " + strings.Join(programs, ", ")
		res.Evidence.Add("local_programs", programs)
	}
}

// programNames returns names and numbers of at most five processes.
func programNames(all []network.Process) []string {
	const maxNamed = 5
	var names []string
	for _, p := range all[:min(len(all), maxNamed)] {
		names = append(names, p.String())
	}
	if more := len(all) - maxNamed; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return names
}

// explainForbidden adds what narrows a 403 down: fresh URLs were refused
// twice, so it is not a used one; how many sockets to the feed this machine
// holds besides our own; and the kind of the token. More is not known.
func (w World) explainForbidden(res *doctor.Result, twice bool, active ActiveToken, addrs []netip.Addr) {
	res.Confidence = doctor.Possible
	if twice {
		res.Message += ", and again on a second fresh URL"
		res.Evidence.Add("fresh_urls_refused", 2)
	}
	if others, known := w.Net.LocalPeers(addrs, httpsPort); known && len(addrs) > 0 {
		res.Evidence.Add("other_local_connections", others)
		if others > 0 {
			res.Confidence = doctor.Likely
			if limit, told := connectionLimit(active); told && others >= limit {
				res.Code, res.Symptom = catalog.ConnectionLimit.Code, nil
			}
			res.Message += fmt.Sprintf("; this machine holds %s to the feed", humanize.Count(others, "other connection"))
			w.addLocalPrograms(res, addrs)
		}
	}
	res.Evidence.Add("token_kind", active.Kind())
	if active.Plus != nil {
		res.Evidence.Add("plus_plan", *active.Plus)
	}
}
