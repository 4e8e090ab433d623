package catalog

// Tell returns what distinguishes the diagnosis from others that look alike in a
// log, or "".
func (e *Entry) Tell() string { return tells[e] }

// tells are in one list, because each is written against the others. Each is a
// clause without a capital and without a full stop.
var tells = map[*Entry]string{
	EnvMissingCredentials:   "only the login fails; a token that still works opens the feed",
	EnvMalformedValue:       "the token in the file differs from the one sent: quotes, spaces or a line end",
	EnvPlaceholderValue:     "the value is still an example's, such as YOUR_ACCESS_TOKEN",
	Offline:                 "no other site opens on this machine either",
	DNSNotFound:             "other names resolve, and a public resolver knows this one",
	DNSUnreachable:          "no name resolves, also none outside Upstox",
	DNSServerFailure:        "the resolver answers at once, with SERVFAIL or REFUSED",
	DNSHijacked:             "the name leads to 127.0.0.1, 0.0.0.0 or a private address",
	TCPRefused:              "the refusal comes within milliseconds",
	TCPTimeout:              "nothing comes back at all, and the program waits until its limit",
	TCPUnreachable:          "other sites open; only this address, often IPv6, has no route",
	TLSUntrusted:            "the certificate's issuer is a company or an antivirus",
	NoCARoots:               "every HTTPS site fails alike on this machine or in this container",
	TLSExpired:              "this machine's clock is right",
	TLSNotYetValid:          "this machine's clock is right",
	ClockSkew:               "this machine's clock is wrong by over a minute",
	TLSTimeout:              "the connection is made, and no certificate comes",
	TLSNameMismatch:         "the certificate is for another site",
	TLSNotTLS:               "the first bytes of the answer are plain text",
	TLSVersion:              "the same host opens in a browser or by a newer library",
	TLSReset:                "it ends before any certificate is seen",
	ProxyUnreachable:        "the address in HTTPS_PROXY does not answer",
	ProxyDenied:             "the proxy answers, and refuses this host",
	CaptivePortal:           "the page in the answer asks to sign in",
	FilterBlocked:           "the page in the answer names a filter or says blocked",
	GeoBlocked:              "the answer is 451 or Cloudflare's 1009; it opens from India",
	EdgeBlocked:             "the body says 1010 or 1020, or holds a Ray ID, and no UDAPI code",
	EdgeRateLimited:         "the body says 1015, and every token of this address fails",
	RateLimited:             "the body says UDAPI10005, and only this user's calls fail",
	UpstoxUnavailable:       "every user and token meets it; it ends by itself",
	APITimeout:              "the connection is made, and the answer stays out",
	APIDropped:              "a REST call was cut, not the stream",
	APIUnexpectedResponse:   "the body is neither JSON nor a page to sign in at",
	EndpointGone:            "the same token opens other paths",
	StaticIPRequired:        "it was an order call; quotes still answer 200",
	TokenMissing:            "the token sent was empty",
	TokenMalformed:          "the token has not the three parts of a JWT",
	TokenElsewhere:          "the program reads another file or variable than the one that holds it",
	TokenExpired:            "every call answers 401, a quote too, and the token is older than 03:30 IST",
	TokenExpiringSoon:       "it still works; it ends at 03:30 IST",
	TokenRejected:           "every call answers 401, though the token's own end is still to come",
	TokenShadowed:           "two sources hold different tokens, and the older one wins",
	TokenNotPermitted:       "the body says UDAPI100067; the token is an Analytics or extended one",
	TokenSandbox:            "the token was made for a sandbox app",
	TokenIPRestricted:       "the body says UDAPI1221; a quote answers 200",
	AuthorizeUnauthorized:   "only authorize answers 401; a quote answers 200",
	AuthorizeForbidden:      "authorize itself answers 403; a quote answers 200",
	AuthorizeNoURL:          "authorize answers 200 without a URL",
	HandshakeUnauthorized:   "authorize answers 200 and the upgrade 401",
	HandshakeForbidden:      "authorize answers 200 and the upgrade 403, also with a URL that nobody has used",
	HandshakeRateLimited:    "only the upgrade answers 429",
	HandshakeNotUpgraded:    "REST works, and the upgrade gets an ordinary answer",
	HandshakeRedirected:     "the upgrade answers 3xx with another address",
	HandshakeInvalid:        "the answer is 101 with a wrong key",
	HandshakeTimeout:        "the secure connection stands, and the upgrade gets no answer",
	HandshakeDropped:        "it never opened; the connection ends on the upgrade",
	ConnectionLimit:         "other programs of the account hold connections; it opens when they stop",
	StreamClosed:            "it was open, and a close frame with a code came",
	StreamDropped:           "it was open, and ended without a close frame",
	StreamSilent:            "it opened, and not even market_info came",
	StreamStalled:           "it stays open, and pings get no answer",
	SlowConsumer:            "the program is busy when it ends; a program that only reads holds",
	MachineAsleep:           "the clock jumps by half a minute or more before it",
	StreamLifetimeLimit:     "every connection ends at the same age",
	NetworkChanged:          "this machine's address changes each time",
	CompetingConnections:    "another program of this user connects at that moment",
	NoSnapshot:              "market_info comes, and no snapshot",
	InstrumentUnknown:       "the control key NSE_INDEX|Nifty 50 ticks, and this one does not",
	NoLiveTicks:             "the snapshot came, the market is open, and no tick follows",
	MarketClosed:            "it is before 09:15 or after 15:30 IST, a weekend or a holiday",
	FrameTooBig:             "the program itself closes with 1009",
	FrameCorrupt:            "the library names reserved bits, an opcode or a mask",
	FrameUndecodable:        "the frame is whole, and the protobuf decoder fails",
	LoginCredentialsInvalid: "the exchange of the code fails, not a call with a token",
	LoginRedirectMismatch:   "the login page itself shows the error, before any code comes",
	ProgramFault:            "the doctor's own stream works at the same time",
}

// Decides returns the command of the doctor that finds out which of the entries
// applies.
func Decides(entries []*Entry) string {
	all := func(stages ...string) bool {
		for _, e := range entries {
			if !containsAny(" "+e.Stage+" ", stages...) {
				return false
			}
		}
		return len(entries) > 0
	}
	switch {
	case all(" login "):
		return "upstox-doctor login"
	case all(" environment "):
		return "upstox-doctor --only environment"
	case all(" network "):
		return "upstox-doctor --only network"
	case all(" watch ", " ticks "):
		return "upstox-doctor watch"
	}
	return "upstox-doctor"
}
