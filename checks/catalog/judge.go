package catalog

import (
	"slices"
	"strings"
)

// tokenGap is the time in seconds after which a token that worked may have
// ended, as 03:30 IST may lie in between.
const tokenGap = 4 * 3600

// machineWide are faults of this machine or its way out, whichever host it was
// that a program wanted.
var machineWide = []*Entry{
	Offline, DNSUnreachable, DNSServerFailure, ClockSkew, NoCARoots, SocketsExhausted,
	ProxyInvalid, ProxyUnreachable, ProxyAuthRequired, ProxyDenied, ProgramFault,
}

// judge removes from a record the entries that its hosts, and what had worked
// before it, rule out, and keeps the most specific ones. Spoken means that the text
// mentions Upstox.
func (r *record) judge(folded string, spoken bool) {
	window := folded[r.from:min(r.to, r.from+maxWindow)]
	if r.to-r.from > maxWindow {
		window += folded[max(r.from+maxWindow, r.to-maxWindow):r.to]
	}
	r.placeHost(window, spoken)
	if r.before&progress != 0 {
		r.worked(window)
	}
	r.settle(window)
	if r.before&(opened|ticked) == 0 {
		r.perhapsUpgrade(window)
	}
	r.number()
	top := 0
	for _, f := range r.finds {
		top = max(top, band(f.rank))
	}
	r.finds = slices.DeleteFunc(r.finds, func(f hit) bool { return band(f.rank) < top })
}

// placeHost decides by the hosts and services in the record whether it is about
// Upstox, and what of it counts if it is not.
func (r *record) placeHost(window string, spoken bool) {
	kind, host := hostsIn(window)
	switch {
	case r.has(OtherService):
		r.aside = "a service of your own"
		r.keep()
	case kind == upstox || r.answered():
	case kind == localHTTP && spoken:
		r.instead(rankExact, DNSHijacked)
	case kind == proxyPort && r.marks&service == 0:
		r.instead(rankExact, ProxyUnreachable, TCPRefused)
	case kind == own || kind == localHTTP || kind == proxyPort:
		r.aside = host
		r.keep(SocketsExhausted, ProgramFault)
	case r.marks&(service|serving) != 0:
		r.aside = "another service"
		if kind == foreign {
			r.aside = host
		}
		r.keep(machineWide...)
	case kind == foreign && strings.Contains(window, "proxy"): // the proxy's own name
	case kind == foreign:
		r.aside = host
		if spoken || slices.Contains(services, host) {
			r.keep(machineWide...)
		}
	}
}

// answered reports whether the record holds words of Upstox's own, by a code or
// of the login, whatever address stands beside them.
func (r *record) answered() bool {
	return slices.ContainsFunc(r.finds, func(f hit) bool { return f.Meaning != "" || f.Entry.Stage == StageLogin })
}

// settle drops readings that others in the record contradict: a page that came
// with a server's fault is the server's own, an upgrade that failed is no drop,
// and what curl had connected to is reached.
func (r *record) settle(window string) {
	if slices.ContainsFunc(r.finds, func(f hit) bool { return f.number >= 500 && f.number < 600 }) {
		r.finds = slices.DeleteFunc(r.finds, func(f hit) bool {
			return band(f.rank) == rankHint && (f.Entry == CaptivePortal || f.Entry == EdgeBlocked || f.Entry == APIUnexpectedResponse)
		})
	}
	if strings.Contains(window, "syntaxerror") { // a token of a language
		r.finds = slices.DeleteFunc(r.finds, func(f hit) bool { return band(f.rank) == bare && f.number == 0 })
	}
	if holds(window, "<html", "<!doctype html") {
		r.drop(AuthorizeNoURL)
	}
	if r.refused() {
		r.drop(StreamDropped, StreamClosed)
	}
	if r.has(EdgeBlocked) && strings.Contains(window, "403") && !strings.Contains(window, "429") {
		r.drop(EdgeRateLimited)
	}
	for i, f := range r.finds {
		if f.Entry == TCPTimeout && r.wire && strings.Contains(window, "* connected to") {
			r.finds[i].Entry = TLSTimeout
		}
	}
}

// number gives the status beside an answer to the answer.
func (r *record) number() {
	i := slices.IndexFunc(r.finds, func(f hit) bool { return band(f.rank) == bare && f.number != 0 })
	if i < 0 {
		return
	}
	for j, f := range r.finds {
		if band(f.rank) == rankAnswer && f.number == 0 {
			r.finds[j].number = r.finds[i].number
		}
	}
}

// upgradeFrames are what stacks and exchanges show while a stream is opened.
var upgradeFrames = []string{"upgrade: websocket", "jdk.internal.net.http.websocket", "/websocket/_", "websockets/legacy/client", "websockets/asyncio/client", "websocket_connect", "ws_connect"}

// perhapsUpgrade weighs that the stream may never have opened: the stack shows
// that it was being opened, or nothing in the text says that it was open.
func (r *record) perhapsUpgrade(window string) {
	opening := holds(window, upgradeFrames...)
	dropped := -1
	for i, f := range r.finds {
		switch {
		case opening && f.Entry == APITimeout:
			r.finds[i].Entry = HandshakeTimeout
		case opening && f.Entry == APIDropped:
			r.finds[i].Entry = HandshakeDropped
		case f.Entry == StreamDropped && band(f.rank) > rankEcho:
			dropped = i
		}
	}
	if dropped < 0 {
		return
	}
	f := r.finds[dropped]
	r.finds[dropped].rank = min(f.rank+2, band(f.rank)+9)
	for i, e := range []*Entry{HandshakeDropped, TLSReset} {
		f.Entry, f.rank = e, max(band(f.rank), r.finds[dropped].rank-1-i)
		r.finds = append(r.finds, f)
	}
}

// services are hosts that trading programs call beside their broker's.
var services = []string{
	"api.telegram.org", "hooks.slack.com", "slack.com", "discord.com", "www.nseindia.com", "nseindia.com", "archives.nseindia.com", "nsearchives.nseindia.com", "www.bseindia.com", "api.bseindia.com",
	"query1.finance.yahoo.com", "query2.finance.yahoo.com", "finance.yahoo.com", "fc.yahoo.com", "smtp.gmail.com", "sheets.googleapis.com", "oauth2.googleapis.com", "fcm.googleapis.com",
	"api.openai.com", "api.github.com", "pypi.org", "files.pythonhosted.org", "registry.npmjs.org", "api.twilio.com", "api.anthropic.com", "ntfy.sh", "api.pushover.net",
}

// keep leaves only finds of the entries.
func (r *record) keep(entries ...*Entry) {
	if r.has(DNSNotFound) {
		r.drop(Offline) // that name is missing, and not every name
	}
	r.finds = slices.DeleteFunc(r.finds, func(f hit) bool { return !slices.Contains(entries, f.Entry) })
}

func (r *record) has(e *Entry) bool {
	return slices.ContainsFunc(r.finds, func(f hit) bool { return f.Entry == e })
}

func (r *record) drop(entries ...*Entry) {
	r.finds = slices.DeleteFunc(r.finds, func(f hit) bool { return slices.Contains(entries, f.Entry) })
}

// instead puts the entries in the place of a connection that was refused or not
// answered.
func (r *record) instead(rank int, entries ...*Entry) {
	for _, f := range r.finds {
		if f.Entry != TCPRefused && f.Entry != TCPTimeout {
			continue
		}
		for i, e := range entries {
			f.Entry, f.rank = e, rank+len(entries)-i
			r.finds = append(r.finds, f)
		}
		return
	}
}

// worked takes away what cannot be when the same program had its prices, or was
// let in, a short time before: a token does not end at any minute, and a stream
// that was open has dropped and was not refused.
func (r *record) worked(window string) {
	open := r.before&(opened|ticked) != 0
	expiry := strings.Contains(window, "expired")
	var finds []hit
	for _, f := range r.finds {
		switch {
		case f.Entry == TokenExpired && !expiry && r.gap < tokenGap:
			if f.number == 401 && band(f.rank) == rankCertain { // the upgrade's
				f.Entry, f.rank = TokenRejected, rankCertain+1
				finds = append(finds, f)
			}
			continue
		case f.Entry == HandshakeUnauthorized && r.gap < tokenGap:
			f.rank = band(f.rank) + 2
		case band(f.rank) == rankEcho && open && f.Entry == StreamDropped:
			f.rank = rankHint + 3
		case band(f.rank) == rankEcho && open && r.gap < tokenGap && (f.Entry == HandshakeForbidden || f.Entry == HandshakeUnauthorized || f.Entry == HandshakeDropped):
			continue
		case f.Entry == EnvMissingCredentials || f.Entry == TokenMissing:
			continue
		}
		finds = append(finds, f)
	}
	r.finds = finds
}
