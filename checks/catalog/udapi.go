package catalog

import (
	"slices"
	"strings"
)

// An UpstoxCode is the meaning of one errorCode of Upstox's answers.
// Meanings come from Upstox's documentation and from answers seen in public;
// "inferred" marks those whose meaning or entry is concluded from other codes.
type UpstoxCode struct {
	Code    string
	Meaning string
	Entry   *Entry
}

var upstoxCodes = []UpstoxCode{
	{"UDAPI10000", "Upstox does not support the request: a wrong URL, method or character", RequestInvalid},
	{"UDAPI100010", "no order has this id", OrderRefused},
	{"UDAPI100011", "the instrument key is invalid", InstrumentUnknown},
	{"UDAPI100012", "the endpoint does not exist", EndpointGone},
	{"UDAPI100015", "the API version is missing or does not exist", RequestInvalid},
	{"UDAPI100016", "the credentials are invalid", LoginCredentialsInvalid},
	{"UDAPI100036", "a value of the request is invalid", RequestInvalid},
	{"UDAPI100038", "a value of the request is invalid", RequestInvalid},
	{"UDAPI100040", "the order has ended and cannot be cancelled", OrderRefused},
	{"UDAPI100041", "the order has ended and cannot be modified", OrderRefused},
	{"UDAPI100042", "too many instrument keys in one call", RequestInvalid},
	{"UDAPI100043", "too many instrument keys in one call", RequestInvalid},
	{"UDAPI100049", "this access to the order API is reserved for Uplink Business", OrderRefused},
	{"UDAPI10005", "too many requests in a short time", RateLimited},
	{"UDAPI100050", "the access token is not valid: expired, revoked or not a token", TokenRejected},
	{"UDAPI100057", "the authorization code is used, too old or mistyped", LoginCodeInvalid},
	{"UDAPI100058", "the account has no active segment", AccountInactive},
	{"UDAPI100060", "the path does not exist", EndpointGone},
	{"UDAPI100067", "the call is not permitted with an extended or Analytics token", TokenNotPermitted},
	{"UDAPI100068", "client_id or redirect_uri is not what the app has registered", LoginRedirectMismatch},
	{"UDAPI100069", "client_id or client_secret is wrong", LoginCredentialsInvalid},
	{"UDAPI100070", "redirect_uri is not the registered one", LoginRedirectMismatch}, // inferred
	{"UDAPI100072", "the funds service answers between 05:30 and 24:00 IST only", ServiceHours},
	{"UDAPI100073", "the app behind this client_id is inactive", AppInactive},
	{"UDAPI100074", "the order service answers between 05:30 and 24:00 IST only", ServiceHours},
	{"UDAPI100095", "the instrument key is invalid for this call", InstrumentUnknown},
	{"UDAPI100099", "too many calls of the token endpoint", RateLimited}, // inferred
	{"UDAPI100500", "a general fault at Upstox; at login also the limit of OTPs", UpstoxUnavailable},
	{"UDAPI1009", "the instrument key is missing", RequestInvalid},
	{"UDAPI1010", "the order id has characters that are not allowed", RequestInvalid},
	{"UDAPI1011", "the instrument key has the wrong form", InstrumentUnknown},
	{"UDAPI1015", "a date of the range is invalid, or its end lies before its beginning", RequestInvalid},
	{"UDAPI1017", "client_id is missing", RequestInvalid},
	{"UDAPI1018", "redirect_uri is missing", RequestInvalid},
	{"UDAPI1020", "the interval of the candles is not one of v2", RequestInvalid},
	{"UDAPI1021", "the instrument key has the wrong form", InstrumentUnknown},
	{"UDAPI1022", "the authorization code is missing", RequestInvalid},
	{"UDAPI1023", "grant_type is missing", RequestInvalid},
	{"UDAPI1024", "client_secret is missing", RequestInvalid},
	{"UDAPI1026", "the instrument key of the order is missing", OrderRefused},
	{"UDAPI1027", "the interval is missing", RequestInvalid},
	{"UDAPI1028", "the interval is invalid", RequestInvalid},
	{"UDAPI1052", "the quantity of the order is zero", OrderRefused},
	{"UDAPI1087", "the instrument key is invalid", InstrumentUnknown},
	{"UDAPI1088", "the date is invalid", RequestInvalid},
	{"UDAPI1089", "the exchange is invalid; a segment such as MCX_FO is not an exchange", RequestInvalid},
	{"UDAPI1123", "the app has no notifier URL", LoginRequestRefused},
	{"UDAPI1124", "the user is not an individual", LoginRequestRefused},
	{"UDAPI1146", "the unit of the candles is invalid", RequestInvalid},
	{"UDAPI1147", "the interval does not fit the unit of the candles", RequestInvalid},
	{"UDAPI1148", "the range of dates is wider than the call allows", RequestInvalid},
	{"UDAPI1149", "the call needs the Upstox Plus plan", PlanLimit},
	{"UDAPI1154", "orders are refused: no static IP is registered, or the call came from another", StaticIPRequired},
	{"UDAPI1155", "the app is under review or was rejected", LoginRequestRefused},
	{"UDAPI1156", "the X-Algo-Name header of the order is wrong", OrderRefused},
	{"UDAPI1157", "the app has expired", LoginRequestRefused},
	{"UDAPI1161", "MCX orders by API are switched off", OrderRefused},
	{"UDAPI1179", "this user may not change the static IP", StaticIPChangeRefused},
	{"UDAPI1180", "the app is inactive, so its static IP cannot be changed", StaticIPChangeRefused},
	{"UDAPI1181", "static IPs are not available for this type of app", StaticIPChangeRefused},
	{"UDAPI1182", "a primary IP is required", StaticIPChangeRefused},                     // inferred
	{"UDAPI1183", "the IP address is invalid", StaticIPChangeRefused},                    // inferred
	{"UDAPI1184", "primary and secondary IP must differ", StaticIPChangeRefused},         // inferred
	{"UDAPI1185", "the static IP can be changed once a week", StaticIPChangeRefused},     // inferred
	{"UDAPI1186", "another change of the static IP is under way", StaticIPChangeRefused}, // inferred
	{"UDAPI1221", "account data is open to this token from the registered static IP only", TokenIPRestricted},
}

// LookupUpstox returns what a UDAPI code means; letters match either case.
func LookupUpstox(code string) (UpstoxCode, bool) {
	if code == "" {
		return UpstoxCode{}, false
	}
	i := slices.IndexFunc(upstoxCodes, func(c UpstoxCode) bool { return strings.EqualFold(c.Code, code) })
	if i < 0 {
		return UpstoxCode{}, false
	}
	return upstoxCodes[i], true
}
