package catalog

// CaptivePortal is a page to sign in at, or a redirect to one, where Upstox's
// JSON belongs.
var CaptivePortal = &Entry{
	Code: "captive-portal", Stage: "network", Grade: Fails, Owner: Network,
	Title: "A web page answers in place of Upstox",
	Cause: "The answer is HTML, or a redirect to a foreign host: most likely the sign-in page of a Wi-Fi. A filter without a name is possible.",
	Steps: []Step{
		signIn,
		{Do: "Repeat over a phone's hotspot if no sign-in page comes; the network's filter answers then.", Run: "upstox-doctor --only network"},
		runAgain,
	},
	Signs: []Symptom{{Kind: KindHTML}, {Kind: KindForeignRedirect}, {HTTP: 511}, {Kind: KindHTML, HTTP: 511}, {Responder: ResponderPortal, Kind: KindHTML, HTTP: 403}},
	Texts: join(
		logTexts(rankHint+2, "invalid character '<' looking for beginning of value", "unexpected token '<'…is not valid json", "unexpected token < in json"),
		logTexts(rankHint, "requests.exceptions.jsondecodeerror: expecting value", "network authentication required"),
		logTexts(rankHint+2, "unexpected token <", "unexpected character ('<'", "unexpected token '<'", "is not valid json", "invalid character '<'", "expected begin_object but was string", "a jsonobject text must begin with '{'",
			"<!doctype of type java.lang.string cannot be converted", "'<' is an invalid start of a value", "unexpected character encountered while parsing value: <", "json parse error", "jsonparseexception", "json text must be an object or array", "syntax error, malformed json",
			"contenttypeerror", "attempt to decode json with unexpected mimetype", "unexpected character at line 1 column 1", "unrecognized token '<'", "<!doctype html", "but got html", "received html"),
	),
}

// EdgeBlocked is a refusal by Cloudflare, in front of Upstox.
var EdgeBlocked = &Entry{
	Code: "edge-blocked", Stage: "any", Grade: Fails, Owner: You, Retry: Never,
	Title: "Cloudflare, in front of Upstox, refuses the request",
	Cause: "Error 1010 dislikes the client's signature, above all a library's default User-Agent; 1020 or \"you have been blocked\" your address or VPN. Upstox has not seen the token.",
	Guide: "403 Forbidden",
	Steps: []Step{
		{
			Do:      "Repeat with a User-Agent of your own; 200 here means that your program's is refused.",
			Run:     `curl -sS -A my-bot/1.0 -o /dev/null -w '%{http_code}\n' https://api.upstox.com/v2/market/holidays`,
			Windows: `curl.exe -sS -A my-bot/1.0 -o NUL -w '%{http_code}\n' https://api.upstox.com/v2/market/holidays`,
		},
		{Do: "Set such a User-Agent in your program, on REST calls and on the socket."},
		disconnectVPN,
		{Do: "Report the Ray ID to Upstox if it stays: https://community.upstox.com."},
		runAgain,
	},
	Signs: []Symptom{
		{Responder: ResponderEdge, Kind: "1010"}, {Responder: ResponderEdge, Kind: "1020"}, {Responder: ResponderEdge, Kind: KindBlocked},
		{Responder: ResponderEdge, HTTP: 403}, {Responder: ResponderEdge, Kind: KindHTML}, {Responder: ResponderEdge, Kind: KindHTML, HTTP: 403},
	},
	Texts: join(
		logTexts(rankAnswer, "error code: 1010", "error code: 1020", "error 1010…ray id", "error 1020…ray id", "upstox error 1020", "cloudflare error 1010", "cloudflare error 1020", "sorry, you have been blocked", "attention required! | cloudflare",
			"enable javascript and cookies to continue", "cf-mitigated: challenge"),
		logTexts(rankHint+1, "invalid character '<' looking for beginning of value", "unexpected token '<'…is not valid json", "unexpected token < in json"),
	),
}

// EdgeRateLimited is a ban by Cloudflare of an address that asks too often.
var EdgeRateLimited = &Entry{
	Code: "edge-rate-limited", Stage: "any", Grade: Fails, Owner: You,
	Title:  "Cloudflare has banned this address for too many requests",
	Cause:  "Error 1015 counts all requests of your address, whatever the token. Every further call prolongs the ban.",
	Remedy: waitOut("Stop every program on this address that calls Upstox, now."),
	Steps: []Step{
		{Do: "Stop every program on this address that calls Upstox, now."},
		{Do: "Wait two minutes without a single call.", Run: "sleep 120", Windows: "Start-Sleep 120"},
		{Do: "Put one rate limit in front of all calls of this machine before you start them again."},
		runAgain,
	},
	Signs: []Symptom{{Responder: ResponderEdge, Kind: "1015"}, {Responder: ResponderEdge, HTTP: 429}, {Responder: ResponderEdge, Kind: KindHTML, HTTP: 429}},
	Texts: join(
		logTexts(rankAnswer+1, "used cloudflare to restrict access"),
		logTexts(rankAnswer, "error code: 1015", "error 1015…ray id", "cloudflare error 1015", "you are being rate limited"),
		logTexts(rankStatus, "too many requests", "rate limit exceeded"),
	),
}

// RateLimited is a 429 by Upstox itself.
var RateLimited = &Entry{
	Code: "rate-limited", Stage: "any", Grade: Fails, Owner: You,
	Title:  "Upstox's limit of calls is used up",
	Cause:  "Each user may call each API 50 times a second, 500 a minute and 2000 in 30 minutes; orders 10 a second. A feed that reconnects in a loop uses it up by authorize calls.",
	Remedy: waitOut("Stop the program that calls most often."),
	Steps: []Step{
		{Do: "Stop the program that calls most often."},
		backoffStep,
		{Do: "Wait a minute; after 2000 calls, half an hour.", Run: "sleep 60", Windows: "Start-Sleep 60"},
		runAgain,
	},
	Signs: []Symptom{{Hop: HopAPI, HTTP: 429}, {Hop: HopAPI, Responder: ResponderUpstox, HTTP: 429}},
	Texts: logTexts(rankStatus+1, "too many requests", "rate limit exceeded", "too much request weight", "rate limited"),
}

// UpstoxUnavailable is a 5xx of the API or the feed.
var UpstoxUnavailable = &Entry{
	Code: "upstox-unavailable", Stage: "any", Grade: Fails, Owner: Upstox,
	Title: "Upstox answers with a fault of its own",
	Cause: "A 5xx status comes from Upstox or its edge: overload, often at the opening, or maintenance. Neither your token nor your network is at fault.",
	Steps: []Step{
		{Do: "Open https://status.upstox.com; the feed is not listed there, so silence proves nothing."},
		backoffStep,
		{Do: "Keep the token and do not log in again; a new login cannot help."},
		{Do: "Run the doctor again in a minute.", Run: "sleep 60; upstox-doctor", Windows: "Start-Sleep 60; upstox-doctor"},
	},
	Signs: []Symptom{{HTTP: 5}, {Responder: ResponderEdge, HTTP: 5}, {Kind: KindHTML, HTTP: 5}, {Responder: ResponderEdge, Kind: KindHTML, HTTP: 5}},
	Texts: join(
		logTexts(rankAnswer, "error code: 520", "error code: 521", "error code: 522", "error code: 523", "error code: 524", "error code: 525", "error code: 526"),
		logTexts(rankAnswer, "web server is returning an unknown error", "web server is down", "a timeout occurred", "ssl handshake failed…cloudflare", "web server reported a bad gateway", "origin is unreachable", "origin connection time-out", "origin web server timed out", "origin dns error"),
		logTexts(rankStatus, "internal server error", "bad gateway", "service unavailable", "service temporarily unavailable", "gateway timeout", "gateway time-out"),
		logTexts(rankCertain, "remote error: tls: internal error", "tlsv1 alert internal error", "tlsv1_alert_internal_error"),
	),
}

// APITimeout is a request that is not answered in time.
var APITimeout = &Entry{
	Code: "api-timeout", Stage: "network", Grade: Fails, Owner: Upstox, Retry: Ask,
	Title: "Upstox takes the request and does not answer in time",
	Cause: "The connection stands and the request was sent: the server is slow, as at the opening, or a proxy holds the answer back.",
	Steps: []Step{
		timeAnswer,
		{Do: "Raise your program's time-out to 15 seconds and retry with a growing pause."},
		{Do: "Run the doctor again with a longer time-out.", Run: "upstox-doctor --timeout 30s"},
		reportToForum,
	},
	Signs: []Symptom{{Hop: HopAPI, Kind: KindTimeout}},
	Texts: join(
		logTexts(rankCertain+1, "exceeded while awaiting headers"),
		logTexts(rankCertain, "readtimeout", "read timed out", "readtimeouterror", "und_err_headers_timeout", "und_err_body_timeout",
			"esockettimedout", "timeout of…ms exceeded", "operation timed out after", "exceeded while reading body", "headerstimeouterror", "bodytimeouterror", "read timeout=",
			"the request timed out", "the request was canceled due to the configured httpclient.timeout"),
		logTexts(rankExact, "read etimedout"),
		logTexts(rankCertain+1, "request timed out"),
		logTexts(rankHint+1, "curl: (28)", "curl error 28"),
	),
}

// APIDropped is a connection that ends before the whole answer has come.
var APIDropped = &Entry{
	Code: "api-dropped", Stage: "network", Grade: Fails, Owner: Network, Retry: Ask,
	Title: "The connection ends before the whole answer has come",
	Cause: "Something between you and Upstox closes connections that stand, such as a proxy, a VPN or a web shield; less often the server itself.",
	Steps: []Step{
		timeAnswer,
		disconnectVPN,
		{Do: "Retry once on a new connection in your program; a reused one may be closed already."},
		runAgain,
	},
	Signs: []Symptom{{Hop: HopAPI, Kind: KindDropped}},
	Texts: join(
		logTexts(rankCertain, "remote end closed connection without response", "remotedisconnected", "socket hang up", "empty reply from server", "other side closed", "und_err_socket",
			"incompleteread", "premature close", "server closed idle connection", "server disconnected", "curl: (52)", "curl: (18)", "transfer closed with", "err_empty_response",
			"remoteprotocolerror", "httpstreamclosederror", "peer closed connection without sending complete message", "unexpected end of stream on", "response ended prematurely", "http2: client connection lost", "stream error: stream id", "server sent goaway"),
		logTexts(rankCertain, "curl: (56)…reset by peer"),
		logTexts(rankCertain+1, "http/1.1 header parser received no bytes"),
		logTexts(rankHint+1, "curl: (56)"),
	),
}

// APIUnexpectedResponse is a successful answer whose body is not what the API
// documents.
var APIUnexpectedResponse = &Entry{
	Code: "api-unexpected-response", Stage: "network", Grade: Fails, Owner: Upstox, Retry: Ask,
	Title: "The answer is not what Upstox documents",
	Cause: "The status says success, and the body is neither the documented JSON nor a web page: a change at Upstox, or something on the way that rewrites answers.",
	Steps: []Step{
		{Do: "Look at the answer.", Run: "upstox-doctor --verbose"},
		{Do: "Repeat without the proxy if one is set."},
		reportToForum,
	},
	Signs: []Symptom{{Hop: HopAPI, Kind: KindUnexpected}, {Hop: HopAPI, HTTP: 3}},
	Texts: logTexts(rankHint+1, "requests.exceptions.jsondecodeerror: expecting value", "parse error: expected http"),
}

// EndpointGone is a 404 or 410 on a documented path.
var EndpointGone = &Entry{
	Code: "endpoint-gone", Stage: "any", Grade: Fails, Owner: You, Retry: Never,
	Title: "The address that is called does not exist",
	Cause: "The path is mistyped or has been retired. The v2 market feed ended on 22 Aug 2025; only /v3/feed/market-data-feed is served.",
	Guide: "Failed to get WebSocket URL",
	Steps: []Step{
		{
			Do:      "Search your program for the retired feed.",
			Run:     `grep -rnIE 'v2/feed/market-data-feed|MarketDataStreamer\b' . --exclude-dir=node_modules --exclude-dir=.git`,
			Windows: `Get-ChildItem -Recurse -Include *.py, *.js, *.ts, *.go, *.java | Select-String 'v2/feed/market-data-feed|MarketDataStreamer\b'`,
		},
		{Do: "Replace it by /v3/feed/market-data-feed/authorize, or by MarketDataStreamerV3 of a current SDK."},
		runAgain,
	},
	Signs: []Symptom{{HTTP: 404}, {HTTP: 410}, {Kind: KindHTML, Responder: ResponderEdge, HTTP: 404}, {Kind: KindHTML, Responder: ResponderEdge, HTTP: 410}},
	Texts: join(
		logTexts(rankHint, "apiexception: (404)", "apiexception: (410)", "status code 410", "410 gone", "(410)", "reason: gone"),
		logTexts(rankCertain, "404 client error…upstox.com", "410 client error…upstox.com", "v2/feed/market-data-feed…404 not found", "v2/feed/market-data-feed…410 gone"),
	),
}

// AccountInactive is an account without an active segment.
var AccountInactive = &Entry{
	Code: "account-inactive", Stage: "token", Grade: Fails, Owner: You, Retry: Never,
	Title: "The Upstox account is not active",
	Cause: "The profile says is_active: false, or the login answered UDAPI100058: no segment of the account is active, as after a long pause.",
	Steps: []Step{
		{Do: "Reactivate the segments in the Upstox app or on the web."},
		{Do: "Log in again.", Run: "upstox-doctor login"},
		runAgain,
	},
	Texts: logTexts(rankAnswer, "no segments for these users are active"),
}

// AppInactive is a disabled API app.
var AppInactive = &Entry{
	Code: "app-inactive", Stage: "token", Grade: Fails, Owner: You, Retry: Never,
	Title: "The API app behind this key is inactive",
	Cause: "Upstox has disabled or not yet approved the app, or it was deleted. Every token of the app is refused, and repeating cannot help.",
	Steps: []Step{
		{Do: "Open https://account.upstox.com/developer/apps and activate the app, or create a new one."},
		{Do: "Write the new key and secret into .env.", Run: editEnv.Run, Mac: editEnv.Mac, Windows: editEnv.Windows},
		{Do: "Log in again for a token of that app.", Run: "upstox-doctor login"},
		runAgain,
	},
	Texts: logTexts(rankAnswer, "your 'client_id' is inactive"),
}

// StaticIPRequired is an order call from an address that is not registered.
var StaticIPRequired = &Entry{
	Code: "static-ip-required", Stage: "token", Grade: Fails, Owner: You, Retry: Never,
	Title: "Upstox allows this call from a registered static IP only",
	Cause: "Placing, changing and cancelling orders is bound to the static IP of the account; this call came from another, or none is registered. Feed and quotes are free of the rule.",
	Steps: []Step{
		egressAddressStep,
		registerIP,
		{Do: "Log in again; the change has ended your token.", Run: "upstox-doctor login"},
		runAgain,
	},
	Texts: logTexts(rankAnswer, "blocked due to static ip restrictions", "no static ip has been configured"),
}
