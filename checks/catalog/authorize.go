package catalog

// AuthorizeUnauthorized is a 401 of authorize for a token that another call
// accepts.
var AuthorizeUnauthorized = &Entry{
	Code: "authorize-unauthorized", Stage: "authorize", Grade: Fails, Owner: You, Retry: Never, Repair: "login",
	Title: "Only the feed's authorize call refuses the token",
	Cause: "Another call accepts the same token at the same time. Most likely it was replaced between the two calls by a login elsewhere.",
	Guide: "Failed to get WebSocket URL",
	Steps: login(), Remedy: newToken,
	Signs: []Symptom{{Hop: HopAuthorize, HTTP: 401}, {Hop: HopAuthorize, HTTP: 401, Upstox: "UDAPI100050"}},
	Texts: logTexts(rankHint+2, "failed to get websocket url"),
}

// AuthorizeForbidden is a 403 of authorize without a UDAPI code.
var AuthorizeForbidden = &Entry{
	Code: "authorize-forbidden", Stage: "authorize", Grade: Fails, Owner: Upstox, Retry: Never,
	Title: "Upstox does not authorize the feed for this token",
	Cause: "The answer is 403 without a code that explains it. It is known of some Analytics tokens for which everything else works. Upstox documents no WebSocket permission that you could switch on.",
	Guide: "403 Forbidden", Remedy: otherToken,
	Steps: []Step{
		{Do: "Create a new Analytics token at https://account.upstox.com/developer/apps#analytics if yours is one."},
		{Do: "Use the token of a daily login in its place; put it into UPSTOX_ACCESS_TOKEN."},
		{Do: "Run the authorize check again.", Run: "upstox-doctor --only authorize"},
		reportToForum,
	},
	Signs: []Symptom{{Hop: HopAuthorize, HTTP: 403}, {Hop: HopAuthorize, Responder: ResponderUpstox, HTTP: 403}},
	Texts: join(
		logTexts(rankCertain, "403 client error…feed/market-data-feed/authorize", "feed/market-data-feed/authorize…403 forbidden", "feed/market-data-feed/authorize…status code 403"),
		logTexts(rankHint+1, "failed to get websocket url"),
	),
}

// AuthorizeNoURL is a 200 of authorize without a stream URL.
var AuthorizeNoURL = &Entry{
	Code: "authorize-no-url", Stage: "authorize", Grade: Fails, Owner: Upstox, Retry: Ask,
	Title: "The authorize call succeeds and gives no URL",
	Cause: "The answer is 200 and holds authorized_redirect_uri in neither spelling. Programs that read only the deprecated authorizedRedirectUri fail in the same way.",
	Guide: "Failed to get WebSocket URL",
	Steps: []Step{
		{Do: "Look at the answer.", Run: "upstox-doctor --only authorize --verbose"},
		{Do: "Read authorized_redirect_uri first in your program, and status before it."},
		reportToForum,
	},
	Texts: join(
		logTexts(rankCertain, "keyerror: 'authorizedredirecturi'", "keyerror: 'authorized_redirect_uri'", "reading 'authorizedredirecturi'", "reading 'authorized_redirect_uri'",
			"has no attribute 'authorized_redirect_uri'", "no authorized_redirect_uri", "without authorized_redirect_uri", "no authorizedredirecturi", "missing authorized_redirect_uri", "invalid url: undefined", "invalid url: null", "input: 'undefined'"),
		logTexts(rankHint+1, "invalid url"),
		logTexts(rankHint, "failed to get websocket url"),
	),
}

// AuthorizeUntrustedURL is a stream URL that is not wss, or whose host is not
// under upstox.com.
var AuthorizeUntrustedURL = &Entry{
	Code: "authorize-untrusted-url", Stage: "authorize", Grade: Fails, Owner: Network, Retry: Never,
	Title: "The feed URL does not lead to Upstox",
	Cause: "It is not wss, or its host is not under upstox.com. The doctor has sent nothing there. Somebody may answer in Upstox's place and see your token.",
	Steps: []Step{
		{Do: "Stop your programs until this is clear."},
		seeProxies,
		hostsEntry,
		{Do: "Log in anew over another network afterwards, and put the new token in place."},
		{Do: "Run the doctor again.", Run: "upstox-doctor --verbose"},
	},
}
