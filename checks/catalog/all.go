package catalog

// all holds the entries in the order of the contract's table of diagnoses,
// then those that the contract allows to be added.
var all = []*Entry{
	EnvMissingCredentials, EnvMalformedValue, EnvPlaceholderValue, EnvFileUnreadable, TokenFilePermissions,

	Offline, DNSNotFound, DNSUnreachable, DNSServerFailure, DNSHijacked, DNSSlow,
	TCPRefused, TCPTimeout, TCPUnreachable,
	TLSUntrusted, NoCARoots, TLSExpired, TLSNotYetValid, TLSNameMismatch, TLSTimeout, TLSReset, TLSNotTLS, TLSVersion,
	ProxyInvalid, ProxyUnreachable, ProxyAuthRequired, ProxyDenied,
	ClockSkew,

	CaptivePortal, EdgeBlocked, EdgeRateLimited, RateLimited, UpstoxUnavailable,
	APITimeout, APIDropped, APIUnexpectedResponse, EndpointGone,
	AccountInactive, AppInactive, StaticIPRequired,

	TokenMissing, TokenMalformed, TokenExpired, TokenExpiringSoon, TokenRejected, TokenShadowed, TokenNotPermitted, TokenIPRestricted,

	AuthorizeUnauthorized, AuthorizeForbidden, AuthorizeNoURL, AuthorizeUntrustedURL,

	HandshakeUnauthorized, HandshakeForbidden, HandshakeRateLimited, HandshakeNotUpgraded, HandshakeRedirected,
	HandshakeInvalid, HandshakeTimeout, HandshakeDropped,

	StreamClosed, StreamDropped, StreamSilent, StreamStalled, NoSnapshot, InstrumentUnknown, NoLiveTicks, TicksStale,
	MarketClosed, FrameUndecodable, FrameNotBinary, PlanLimit,

	TokenElsewhere, TokenSandbox, FilterBlocked, GeoBlocked, ConnectionLimit, FrameTooBig, FrameCorrupt, ProgramFault, OtherService,

	LoginRedirectMismatch, LoginCodeInvalid, LoginCredentialsInvalid,
	LoginCancelled, LoginTimeout, LoginStateMismatch, LoginPortBusy,

	SocketsExhausted,

	SlowConsumer, MachineAsleep, StreamLifetimeLimit, StreamOutOfHours, TokenRollover, NetworkChanged, CompetingConnections,

	LoginAddressInvalid, LoginNoTerminal, TokenFileUnwritable, ServiceHours, RequestInvalid, OrderRefused, StaticIPChangeRefused, LoginRequestRefused, NotKnown, DoctorFault,
}
