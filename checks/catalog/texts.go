package catalog

import "slices"

// A Text is how an entry looks in a log. Pattern is in lower case; letters
// match either case, "…" stands for anything within the line, and a letter or
// digit at an end of a piece begins or ends a word. Rank says how much the text
// tells: the tens are one of the bands below, and the ones put entries that
// share a text in order of likelihood.
type Text struct {
	Pattern string
	Rank    int
}

// The bands of ranks. Within a line only the highest band counts.
const (
	echoes  = 10 // said because of another error; dropped when anything else is found
	status  = 20 // an HTTP status without the code that explains it; dropped when any answer is found
	points  = 30 // one or a few diagnoses
	decides = 40 // one diagnosis, as a rule
	narrows = 50 // one diagnosis, and the reason named in the same line is a part of it
	answer  = 60 // what the one who answered says itself: Upstox, its edge, a proxy
)

// says returns the patterns as texts of one rank.
func says(rank int, patterns ...string) []Text {
	texts := make([]Text, len(patterns))
	for i, p := range patterns {
		texts[i] = Text{p, rank}
	}
	return texts
}

// refused returns how libraries word a handshake that ended in one of the
// statuses: ws, websocket-client, websockets, aiohttp, browsers, OkHttp, coder.
func refused(rank int, statuses ...string) []Text {
	var texts []Text
	for _, s := range statuses {
		texts = append(texts, says(rank,
			"unexpected server response: "+s,
			"handshake status "+s,
			"unexpected response code: "+s,
			"rejected websocket connection: http "+s,
			"wsserverhandshakeerror: "+s,
			"expected http 101 response but was '"+s,
			"handshake response status code 101 but got "+s,
			"bad handshake…status "+s,
			"bad handshake: "+s,
			"bad handshake ("+s)...)
	}
	return texts
}

// answered returns how HTTP clients word an answer of that status.
func answered(rank int, code, reason string) []Text {
	return says(rank,
		code+" "+reason,
		"apiexception: ("+code+")", "apiexception ("+code+")",
		"reason: "+reason,
		"status code "+code, "status code: "+code, "statuscode: "+code, "status_code="+code,
		"http error "+code, "http status "+code, "http "+code, "http/1.1 "+code, "http/2 "+code,
		code+" client error", code+" server error",
	)
}

// Texts that several entries share, each with its own rank.
var (
	// What SDKs and programs print once their retries have run out, or that
	// the socket is gone; the error that matters stands above it.
	gaveUp = []string{
		"clearsubscriptions is not a function", "autoreconnectstopped", "auto reconnect stopped", "auto-reconnect stopped",
		"websocket is not open", "websocket is already in closing or closed state",
	}
	// What the guide calls by its handler. It is said of a socket that never
	// opened as well, and then the token is the usual reason.
	onClose = []string{"websocket onclose", "websocket.onclose", "ws onclose", "socket onclose", "onclose repeatedly"}
	// A close without a close frame, or the label that clients give to it.
	gone = []string{
		"close 1006", "code 1006", "code: 1006", "code=1006", "code\":1006", "code\": 1006", "1006 (abnormal", "abnormal closure",
	}
	// The connection was ended by the other side, at an unnamed moment.
	resets = []string{
		"connection reset by peer", "econnreset", "errno 104", "errno 54", "winerror 10054", "wsarecv…forcibly closed",
		"forcibly closed by the remote host", "connection aborted",
	}
	// The name could not be resolved now; either no resolver answered or it failed.
	unresolved = []string{"temporary failure in name resolution", "eai_again", "errno -3", "errno 11002", "wsatry_again"}
	// Requests that failed for a reason that another line names.
	retriesOut = []string{"max retries exceeded", "failed to establish a new connection", "typeerror: fetch failed"}
)

// join returns the texts of all lists.
func join(lists ...[]Text) []Text { return slices.Concat(lists...) }
