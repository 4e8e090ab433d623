package catalog

import (
	"slices"
	"strconv"
	"strings"
)

// maxNumbers is how many numbers of one line are looked at.
const maxNumbers = 32

// numbers returns what the HTTP statuses and close codes of a normalized line
// mean. The context is the message up to the end of the line; opening says that
// a stream was being opened there. A number counts only where the words beside it
// show what it is.
func numbers(line, context string, opening bool) []hit {
	var finds []hit
	for i, left := 0, maxNumbers; i < len(line) && left > 0; i++ {
		if line[i] < '0' || line[i] > '9' {
			continue
		}
		from := i
		for i < len(line) && '0' <= line[i] && line[i] <= '9' {
			i++
		}
		if n := i - from; n != 3 && n != 4 || !isNumber(line, from, i) {
			continue
		}
		value, _ := strconv.Atoi(line[from:i])
		if value < 1000 && (value > 599 || !statuses[value]) {
			continue
		}
		left--
		var causes []ranked
		if i-from == 3 {
			causes = statusOf(value, line, context, from, i, opening)
		} else {
			causes = closing(value, line, context, from)
		}
		for _, c := range causes {
			finds = append(finds, hit{Match: Match{Entry: c.entry}, rank: c.rank, at: from, number: value})
		}
	}
	return finds
}

// isNumber reports whether the digits are a whole number, and not part of a time,
// a price, a version, a path, a word or a quantity.
func isNumber(line string, from, to int) bool {
	if from > 0 {
		switch b := line[from-1]; {
		case isWordByte(b), strings.IndexByte("._/#$%+\\", b) >= 0:
			return false
		case strings.IndexByte(",:-", b) >= 0 && from > 1 && '0' <= line[from-2] && line[from-2] <= '9':
			return false
		case b == '-':
			return false
		}
	}
	after := line[to:]
	if after == "" {
		return true
	}
	if b := after[0]; isWordByte(b) || b == '%' || b == '_' || (b == '.' || b == ',' || b == '/' || b == '-') && len(after) > 1 && isWordByte(after[1]) {
		return false
	}
	return !hasUnit(after) && !isNamed(line[:from])
}

// hasUnit reports whether a unit follows.
func hasUnit(after string) bool {
	word, ok := strings.CutPrefix(after, " ")
	if !ok {
		return false
	}
	if end := strings.IndexFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }); end >= 0 {
		word = word[:end]
	}
	switch word {
	case "ms", "s", "sec", "secs", "seconds", "milliseconds", "min", "minutes", "bytes", "kb", "mb", "keys", "rows", "ticks", "lines", "candles", "symbols", "instruments", "times", "shares", "lots", "orders", "items", "messages":
		return true
	}
	return false
}

// isNamed reports whether the word before shows that it is another kind of number.
func isNamed(before string) bool {
	before = strings.TrimRight(before, " :='\"(")
	word := before[strings.LastIndexFunc(before, func(r rune) bool { return r < 'a' || r > 'z' })+1:]
	switch word {
	case "line", "column", "char", "port", "pid", "price", "ltp", "strike", "qty", "quantity", "rs", "inr", "volume", "vol", "oi", "high", "low", "lot", "row", "day", "id", "step", "base", "nifty", "at", "size", "total", "length", "count", "every", "after":
		return true
	}
	return false
}

func containsAny(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// statusOf returns what an HTTP status means at its place in the line.
func statusOf(status int, line, context string, from, to int, opening bool) []ranked {
	near := line[max(0, from-200):min(len(line), to+200)]
	before, after := line[max(0, from-60):from], line[to:min(len(line), to+200)]
	if strings.HasSuffix(before, `" `) && containsAny(before, "http/1", "http/2") && !strings.Contains(near, "upstox.com") {
		return nil // an access log of a server
	}
	reason := strings.TrimLeft(after, " -:,('\"")
	introduced := strings.HasPrefix(reason, reasons[status]) || strings.HasPrefix(reason, "client error") || strings.HasPrefix(reason, "server error") ||
		containsAny(before, "status", "http", "response", "code", "handshake", "rejected", "answer", "returned", "replied", "reply", "101", "server said") ||
		containsAny(line[max(0, from-16):from], "exception", "error") && !containsAny(before, "keyerror", "valueerror", "indexerror", "typeerror")
	aboutUpstox := containsAny(context, "upstox", "websocket", "token", "auth", "feed", "api", "ws ") && containsAny(near, "fail", "error", "reject", "refus", "denied", "invalid", "unauthor", "forbid", "wait", "retry", "block", "❌", "got", "->")
	if !introduced && !aboutUpstox {
		return nil
	}
	switch {
	case containsAny(context, "proxy", "tunnel", "failed connect"):
		return proxyStatus(status)
	case wordIndex(context, "authorize") >= 0 || containsAny(context, "websocket url", "feed url"):
		return authorizeStatus(status)
	case opening || upgrading(context):
		return upgradeStatus(status)
	}
	return apiStatus(status, containsAny(context, "apiexception", "axios", "status code", "requests.", "urllib", "httpx", "urlopen", "/v2/", "/v3/", "order", "http error"))
}

// upgrading reports whether the words are about the upgrade to a WebSocket.
func upgrading(context string) bool {
	return containsAny(context, "handshake", "websocket", "web socket", "upgrade", "101", "unexpected server response", "wss:", "wsfeeder", "srwebsocket", "ws error", "ws connect", "wsserver", "[ws]", "ws:", "invalid status code received", "status line")
}

// reasons are the statuses that mean something to us, with their phrases.
var reasons = map[int]string{
	200: "ok", 301: "moved", 302: "found", 303: "see other", 307: "temporary redirect", 308: "permanent redirect", 400: "bad request", 401: "unauthorized", 403: "forbidden",
	404: "not found", 407: "proxy authentication", 410: "gone", 423: "locked", 426: "upgrade required", 429: "too many requests",
	500: "internal server", 502: "bad gateway", 503: "service ", 504: "gateway time", 511: "network authentication",
	520: "web server", 521: "web server", 522: "connection timed", 523: "origin", 524: "a timeout", 525: "ssl handshake", 526: "invalid ssl", 530: "origin dns",
}

// statuses are those of reasons.
var statuses = func() (known [600]bool) {
	for s := range reasons {
		known[s] = true
	}
	return known
}()

func upgradeStatus(status int) []ranked {
	switch {
	case status == 401:
		return []ranked{{TokenExpired, rankCertain + 1}, {HandshakeUnauthorized, rankCertain}}
	case status == 407:
		return []ranked{{ProxyAuthRequired, rankCertain}}
	case status == 404 || status == 410:
		return []ranked{{EndpointGone, rankCertain}}
	case status == 511:
		return []ranked{{CaptivePortal, rankCertain}}
	}
	if e := Classify(Symptom{Hop: HopHandshake, HTTP: status}, nil); e != nil {
		return []ranked{{e, rankCertain}}
	}
	return nil
}

func authorizeStatus(status int) []ranked {
	switch status {
	case 200:
		return nil
	case 401:
		return []ranked{{TokenExpired, rankCertain + 2}, {TokenRejected, rankCertain + 1}, {AuthorizeUnauthorized, rankCertain}}
	case 403:
		return []ranked{{AuthorizeForbidden, rankCertain + 2}, {EdgeBlocked, rankCertain + 1}, {TokenNotPermitted, rankCertain}}
	case 404, 410:
		return []ranked{{EndpointGone, rankCertain}}
	case 429:
		return []ranked{{RateLimited, rankCertain + 1}, {EdgeRateLimited, rankCertain}}
	}
	if e := Classify(Symptom{Hop: HopAuthorize, HTTP: status}, nil); e != nil && e != APIUnexpectedResponse {
		return []ranked{{e, rankCertain}}
	}
	return nil
}

func proxyStatus(status int) []ranked {
	switch status {
	case 200:
		return nil
	case 407:
		return []ranked{{ProxyAuthRequired, rankAnswer}}
	}
	return []ranked{{ProxyDenied, rankExact}}
}

// apiStatus is what a bare status may mean; rest says that an ordinary call had
// it, and not perhaps the stream.
func apiStatus(status int, rest bool) []ranked {
	switch {
	case status == 401:
		return []ranked{{TokenExpired, rankStatus + 2}, {TokenRejected, rankStatus + 1}, {TokenIPRestricted, rankStatus}}
	case status == 403 && rest:
		return []ranked{{EdgeBlocked, rankStatus + 3}, {TokenNotPermitted, rankStatus + 2}, {AuthorizeForbidden, rankStatus + 1}, {StaticIPRequired, rankStatus}}
	case status == 403:
		return []ranked{{HandshakeForbidden, rankStatus + 5}, {AuthorizeForbidden, rankStatus + 4}, {EdgeBlocked, rankStatus + 3}, {TokenNotPermitted, rankStatus + 1}}
	case status == 404 || status == 410:
		return []ranked{{EndpointGone, rankStatus}}
	case status == 407:
		return []ranked{{ProxyAuthRequired, rankStatus}}
	case status == 423:
		return []ranked{{ServiceHours, rankStatus}}
	case status == 429:
		return []ranked{{RateLimited, rankStatus + 1}, {EdgeRateLimited, rankStatus}}
	case status == 511:
		return []ranked{{CaptivePortal, rankStatus}}
	case status >= 500:
		return []ranked{{UpstoxUnavailable, rankStatus}}
	}
	return nil
}

// closing returns what a close code means at its place in the line.
func closing(code int, line, context string, from int) []ranked {
	known := code >= 1000 && code <= 1015 && code != 1004
	private := code >= 3000 && code <= 4999
	if !known && !private {
		return nil
	}
	before := line[max(0, from-60):from]
	if private && !(containsAny(before, "close code", "code=", "code:", "closed", "code ") && containsAny(context, "clos", "websocket", "socket", "ws")) {
		return nil
	}
	if !containsAny(context, "clos", "websocket", "socket", "wserror", "networkerror", "disconnect", "stream", "ws ", "received ", "sent ", "code") {
		return nil
	}
	switch code {
	case 1002:
		return []ranked{{FrameCorrupt, rankHint + 1}, {StreamClosed, rankHint}}
	case 1006:
		return lostEntries()
	case 1009:
		if strings.HasSuffix(before, "received ") {
			return []ranked{{StreamClosed, rankCertain + 2}, {FrameTooBig, rankCertain}}
		}
		return []ranked{{FrameTooBig, rankCertain + 1}, {StreamClosed, rankCertain}}
	case 1015:
		return []ranked{{TLSUntrusted, rankHint + 1}, {TLSReset, rankHint}}
	}
	return []ranked{{StreamClosed, rankHint}}
}

// lostEntries are the entries for close code 1006, which clients report both for
// a stream that ended without a close frame and for one that never opened.
func lostEntries() []ranked {
	return []ranked{{StreamDropped, rankEcho + 3}, {TokenExpired, rankEcho + 2}, {HandshakeForbidden, rankEcho + 1}}
}
