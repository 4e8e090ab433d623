package catalog

import "slices"

// A Text is a sign of an entry in a log. Pattern is in lower case; letters match
// either case, "…" matches anything within the line, and a letter or digit at an
// end of a piece begins or ends a word. Rank says how specific the text is: the
// tens are one of the bands below, and the ones put entries that share a text in
// order of likelihood.
type Text struct {
	Pattern string
	Rank    int
}

// The bands of ranks. Within a line only the highest band counts.
const (
	rankEcho    = 10 // message because of another error; dropped when anything else is found
	rankStatus  = 20 // an HTTP status without the code that explains it; dropped when any answer is found
	rankHint    = 30 // one or a few diagnoses
	rankCertain = 40 // one diagnosis, as a rule
	rankExact   = 50 // one diagnosis, and the reason named in the same line is a part of it
	rankAnswer  = 60 // what the one who answered says itself: Upstox, its edge, a proxy
)

// logTexts returns the patterns as texts of one rank.
func logTexts(rank int, patterns ...string) []Text {
	texts := make([]Text, len(patterns))
	for i, p := range patterns {
		texts[i] = Text{p, rank}
	}
	return texts
}

// Texts that several entries share, each with its own rank.
var (
	// What SDKs and programs print once their retries have run out, or when the
	// socket is closed already; the error that matters comes before it.
	retryPhrases = []string{
		"clearsubscriptions is not a function", "autoreconnectstopped", "auto reconnect stopped", "auto-reconnect stopped",
		"websocket is not open", "websocket is already in closing or closed state",
	}
	// The guide's "WebSocket onclose". Programs print it also for a socket that
	// never opened, and then the token is the usual reason.
	onClose = []string{"websocket onclose", "websocket.onclose", "ws onclose", "socket onclose", "onclose repeatedly"}
	// How samples print a close that had no code.
	lostWithoutCode = []string{"close_status_code=none", "close_status_code: none", "on_close: none none", "closed: none none", "connection closed: none", "closed none none", "closed: code=none"}
	// What people write about an open stream without prices.
	silences = []string{
		"no ticks", "no tick", "no live ticks", "no live data", "no data received", "no data coming", "not getting any data", "not getting data", "not getting live data", "not getting ticks", "not getting any ticks", "not getting price",
		"not receiving data", "not receiving any data", "not receiving ticks", "not receiving any ticks", "not receiving live", "data not coming", "data is not coming", "ticks not coming", "ticks are not coming", "price not updating",
		"prices not updating", "prices are not updating", "price is not updating", "ltp not updating", "ltp is not updating", "not updating live", "prices stopped", "price stopped", "ticks stopped", "feed stopped", "data stopped", "stopped updating", "stopped receiving",
		"feed is frozen", "feed frozen", "prices frozen", "price frozen", "prices are frozen", "prices stuck", "price stuck", "ltp stuck", "no messages received", "no message received", "no updates received", "no quotes", "on_message not called", "on_message is not called", "onmessage not called",
		"data nahi aa raha", "price nahi aa raha", "tick nahi aa raha", "data nahi aa rahe", "feed not working", "live feed not working",
	}
	// The name could not be resolved now; either no resolver answered or it failed.
	unresolved = []string{"temporary failure in name resolution", "eai_again", "errno -3", "errno 11002", "wsatry_again", "try again later…resolv"}
	// The pages with which filters answer in the place of the host.
	blockPages = []string{
		"fortiguard", "zscaler", "netskope", "cisco umbrella", "opendns", "sophos web", "blocked by sophos", "forcepoint", "websense", "mcafee web gateway", "barracuda web", "bluecoat", "blue coat",
		"directions of the department of telecommunications", "department of telecommunications", "blocked under instructions", "as per the directions of", "this site has been blocked", "this website has been blocked", "access to this site is blocked",
		"in violation of your internet usage policy", "blocked by your organization", "blocked by administrator", "palo alto networks", "usercheck", "smoothwall", "securly", "lightspeed systems", "kaspersky…blocked", "url was blocked", "quick heal", "seqrite",
	}
	// Requests that failed for a reason that another line names.
	retriesOut = []string{"max retries exceeded", "failed to establish a new connection", "typeerror: fetch failed"}
)

// join returns the texts of all lists.
func join(lists ...[]Text) []Text { return slices.Concat(lists...) }
