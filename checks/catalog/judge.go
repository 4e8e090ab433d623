package catalog

import (
	"slices"
	"strings"
)

// tokenGap is the time in seconds after which a token that worked may have
// ended, as 03:30 IST may lie in between.
const tokenGap = 4 * 3600

// machineWide are faults of this machine or of its proxy, which affect every
// host.
var machineWide = []*Entry{
	Offline, DNSUnreachable, DNSServerFailure, ClockSkew, NoCARoots, SocketsExhausted,
	ProxyInvalid, ProxyUnreachable, ProxyAuthRequired, ProxyDenied, ProgramFault,
}

// judge removes from a record the entries that its hosts, and what had worked
// before it, rule out, and keeps the most specific ones.
func (r *record) judge(text string, mentionsUpstox bool) {
	window := text[r.from:min(r.to, r.from+maxWindow)]
	if r.to-r.from > maxWindow {
		window += text[max(r.from+maxWindow, r.to-maxWindow):r.to]
	}
	r.placeHost(window, mentionsUpstox)
	if r.before&progress != 0 {
		r.dropRefuted(window)
	}
	r.dropContradicted(window)
	if r.before&(opened|ticked) == 0 {
		r.addUpgradeFaults(window)
	}
	r.numberAnswers()
	top := 0
	for _, f := range r.finds {
		top = max(top, band(f.rank))
	}
	r.finds = slices.DeleteFunc(r.finds, func(f hit) bool { return band(f.rank) < top })
}

// placeHost decides by the hosts and services in the record whether it is about
// Upstox. If it is not, only faults of the whole machine remain.
func (r *record) placeHost(window string, mentionsUpstox bool) {
	kind, host := hostsIn(window)
	switch {
	case r.has(OtherService):
		r.aside = "a service of your own"
		r.keep()
	case kind == upstox || r.answered():
	case kind == localHTTP && mentionsUpstox:
		r.replaceConnectFault(rankExact, DNSHijacked)
	case kind == proxyPort && r.marks&service == 0:
		r.replaceConnectFault(rankExact, ProxyUnreachable, TCPRefused)
	case kind == ownHost || kind == localHTTP || kind == proxyPort:
		r.aside = host
		r.keep(SocketsExhausted, ProgramFault)
	case r.marks&(service|serving) != 0:
		r.aside = "another service"
		if kind == otherHost {
			r.aside = host
		}
		r.keep(machineWide...)
	case kind == otherHost && strings.Contains(window, "proxy"): // the proxy's own name
	case kind == otherHost:
		r.aside = host
		if mentionsUpstox || slices.Contains(services, host) {
			r.keep(machineWide...)
		}
	}
}

// answered reports whether the record quotes an answer of Upstox: a UDAPI code,
// or a message of the login. The hosts in the record do not matter then.
func (r *record) answered() bool {
	return slices.ContainsFunc(r.finds, func(f hit) bool { return f.Meaning != "" || f.Entry.Stage == StageLogin })
}

// dropContradicted removes finds that others in the record contradict: a page
// that came with a 5xx is the server's error page, after a failed upgrade there
// is no stream to drop, and after curl's "connected" TCP has not timed out.
func (r *record) dropContradicted(window string) {
	if slices.ContainsFunc(r.finds, func(f hit) bool { return f.number >= 500 && f.number < 600 }) {
		r.finds = slices.DeleteFunc(r.finds, func(f hit) bool {
			return band(f.rank) == rankHint && (f.Entry == CaptivePortal || f.Entry == EdgeBlocked || f.Entry == APIUnexpectedResponse)
		})
	}
	if strings.Contains(window, "syntaxerror") { // a token of a programming language
		r.finds = slices.DeleteFunc(r.finds, func(f hit) bool { return band(f.rank) == rankStatus && f.number == 0 })
	}
	if containsAny(window, "<html", "<!doctype html") {
		r.drop(AuthorizeNoURL)
	}
	if r.isRefusedUpgrade() {
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

// numberAnswers adds the HTTP status in the record to its answers without one.
func (r *record) numberAnswers() {
	i := slices.IndexFunc(r.finds, func(f hit) bool { return band(f.rank) == rankStatus && f.number != 0 })
	if i < 0 {
		return
	}
	for j, f := range r.finds {
		if band(f.rank) == rankAnswer && f.number == 0 {
			r.finds[j].number = r.finds[i].number
		}
	}
}

// upgradeFrames are parts of stack traces and of printed requests that show that
// a stream was being opened.
var upgradeFrames = []string{"upgrade: websocket", "jdk.internal.net.http.websocket", "/websocket/_", "websockets/legacy/client", "websockets/asyncio/client", "websocket_connect", "ws_connect"}

// addUpgradeFaults is for a record before which no stream was open. If its stack
// trace shows an upgrade, API faults become handshake faults. A dropped stream
// may also be a handshake or a TLS handshake that was dropped.
func (r *record) addUpgradeFaults(window string) {
	opening := containsAny(window, upgradeFrames...)
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

// services are hosts, other than a broker's, that trading programs call.
var services = []string{
	"api.telegram.org", "hooks.slack.com", "slack.com", "discord.com", "www.nseindia.com", "nseindia.com", "archives.nseindia.com", "nsearchives.nseindia.com", "www.bseindia.com", "api.bseindia.com",
	"query1.finance.yahoo.com", "query2.finance.yahoo.com", "finance.yahoo.com", "fc.yahoo.com", "smtp.gmail.com", "sheets.googleapis.com", "oauth2.googleapis.com", "fcm.googleapis.com",
	"api.openai.com", "api.github.com", "pypi.org", "files.pythonhosted.org", "registry.npmjs.org", "api.twilio.com", "api.anthropic.com", "ntfy.sh", "api.pushover.net",
}

// keep removes all finds but those of the entries.
func (r *record) keep(entries ...*Entry) {
	if r.has(DNSNotFound) {
		r.drop(Offline) // one name does not exist; others do
	}
	r.finds = slices.DeleteFunc(r.finds, func(f hit) bool { return !slices.Contains(entries, f.Entry) })
}

func (r *record) has(e *Entry) bool {
	return slices.ContainsFunc(r.finds, func(f hit) bool { return f.Entry == e })
}

func (r *record) drop(entries ...*Entry) {
	r.finds = slices.DeleteFunc(r.finds, func(f hit) bool { return slices.Contains(entries, f.Entry) })
}

// replaceConnectFault adds the entries, most likely first, if a connection was
// refused or not answered.
func (r *record) replaceConnectFault(rank int, entries ...*Entry) {
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

// dropRefuted is for a record before which the same program had prices or an
// accepted token. It removes or changes finds that this rules out: a token ends
// at 03:30 IST only, and a stream that was open was dropped and not refused.
func (r *record) dropRefuted(window string) {
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
