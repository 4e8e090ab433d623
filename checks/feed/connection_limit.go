package feed

import "upstox-doctor/checks/lazyregexp"

// connectionLimit is how servers say that a user has too many connections.
// Upstox documents the limit and no words for it, so these are inferred from
// what other servers and brokers say.
var connectionLimit = lazyregexp.New(`(?i)too many (open |active |concurrent |simultaneous |websocket )*(connections|sockets|sessions)` +
	`|(connections?|sockets?|sessions?) (limit|quota|count)( is| was| has been)? (reached|exceeded)` +
	`|max(imum)?( number of| no\.? of| allowed)?( open| active| concurrent| simultaneous| websocket)* (connections|sockets|sessions)`)

// connectionRate is how they say that connections are opened too often.
var connectionRate = lazyregexp.New(`(?i)(connections|sockets|sessions) (per|a|each) (second|minute|hour)`)

// saysConnectionLimit reports whether a close reason or a body speaks of too
// many connections at a time.
func saysConnectionLimit(text string) bool {
	return connectionLimit.MatchString(text) && !connectionRate.MatchString(text)
}
