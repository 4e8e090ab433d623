package catalog

// Where a Symptom was seen: the hops on the way to Upstox, then its answers.
const (
	HopProxy = "proxy"
	HopDNS   = "dns"
	HopTCP   = "tcp"
	HopTLS   = "tls"

	HopAPI       = "api" // any call
	HopAuthorize = "authorize"
	HopLogin     = "login"
	HopHandshake = "handshake"
	HopStream    = "stream"
)

// What happened there. KindOther is for what no other kind fits; a wrong kind
// would lead to a wrong diagnosis.
const (
	KindOther = "other"

	KindOffline       = "offline"        // dns, tcp: this machine has no route at all
	KindNotFound      = "not-found"      // dns: no such name, or no address record
	KindServerFailure = "server-failure" // dns: the resolver answered with an error
	KindHijacked      = "hijacked"       // dns: addresses that cannot be the host's
	KindSlow          = "slow"           // dns
	KindUnreachable   = "unreachable"    // dns, tcp, proxy
	KindExhausted     = "exhausted"      // dns, tcp, tls: this machine has no file or socket left
	KindRefused       = "refused"        // tcp: refused, or reset during connect
	KindUntrusted     = "untrusted"      // tls: the chain ends in an unknown authority
	KindNoRoots       = "no-roots"       // tls: this machine trusts no authority
	KindExpired       = "expired"        // tls
	KindNotYetValid   = "not-yet-valid"  // tls
	KindNameMismatch  = "name-mismatch"  // tls
	KindReset         = "reset"          // tls: reset or end of file
	KindNotTLS        = "not-tls"        // tls: something else answered
	KindVersion       = "version"        // tls: no version or cipher in common
	KindAuthRequired  = "auth-required"  // proxy
	KindDenied        = "denied"         // proxy: any other refusal

	KindTimeout         = "timeout"          // tcp, tls, api, handshake: no answer in time
	KindDropped         = "dropped"          // api, handshake: the connection ended before the answer; stream: without a close frame
	KindInvalid         = "invalid"          // proxy: the setting cannot be used; handshake: 101 without an upgrade, another 1xx, or no HTTP
	KindRedirected      = "redirected"       // handshake
	KindForeignRedirect = "foreign-redirect" // to a host that is not Upstox's
	KindHTML            = "html"             // a page where JSON belongs
	KindUnexpected      = "unexpected"       // api: not what is documented
	KindBlocked         = "blocked"          // the block page of the edge or of a filter
	KindUnavailable     = "unavailable"      // a 5xx of a server that names itself

	KindClosed          = "closed"           // stream: by a close frame
	KindConnectionLimit = "connection-limit" // handshake, stream: the server says that there are too many connections

	KindTooBig     = "too-big"     // stream: a frame is larger than its reader's limit
	KindCorrupt    = "corrupt"     // stream: a frame breaks the protocol
	KindSilent     = "silent"      // stream: not one frame
	KindStalled    = "stalled"     // stream: frames, then neither data nor a pong
	KindUnpriced   = "unpriced"    // stream: market_info and pongs, but no price
	KindUnknownKey = "unknown-key" // stream: the control key has a price, the asked ones have none
	KindPlan       = "plan"        // stream: the plan lacks what was asked for
)

// Who answered.
const (
	ResponderUpstox = "upstox" // the body is the API's JSON envelope
	ResponderEdge   = "edge"   // Cloudflare or CloudFront made the answer itself
	ResponderPortal = "portal" // a page or redirect that asks to sign in, or a page where JSON belongs
	ResponderFilter = "filter" // the block page of a filter
	ResponderProxy  = "proxy"  // a proxy that asks for a login, or a 5xx of a server that names itself
	ResponderOther  = "other"  // not known
)

// A Symptom is what was seen on the wire; as a sign in an Entry, the pattern
// that recognises it. HTTP is a status, or as a sign a class such as 5 for 5xx.
type Symptom struct {
	Hop       string // one of the hops
	Kind      string // one of the kinds, or the number of the edge's error: "1010"
	Responder string // who answered: one of Responder…
	HTTP      int
	Upstox    string // UDAPI code
}
