package catalog

// HandshakeUnauthorized is a 401 in answer to the upgrade.
var HandshakeUnauthorized = &Entry{
	Code: "handshake-unauthorized", Stage: "handshake", Grade: Fails, Owner: You, Retry: Never,
	Title: "The feed finds no valid code in the URL",
	Cause: "The one-time code in the URL lets you in, not a Bearer header. It is missing or damaged: cut at & by a shell, encoded twice, or &amp; in place of &.",
	Guide: "401 Unauthorized",
	Steps: []Step{
		{Do: "Pass the URL on exactly as authorize gave it, with requestId and code."},
		freshURL,
		{Do: "Run the doctor again; if its own handshake passes, your program changes the URL.", Run: "upstox-doctor"},
	},
	Signs: []Symptom{{Hop: HopHandshake, HTTP: 401}, {Hop: HopHandshake, HTTP: 401, Upstox: "UDAPI100050"}},
	Texts: join(
		logTexts(rankHint+1, "deploymentexception: handshake error", "websocketbadstatusexception", "websocket: bad handshake"),
		logTexts(rankEcho+1, retryPhrases...),
	),
}

// HandshakeForbidden is a 403 in answer to the upgrade, on a fresh URL and
// again on a second one.
var HandshakeForbidden = &Entry{
	Code: "handshake-forbidden", Stage: "handshake", Grade: Fails, Owner: You,
	Title:  "The feed refuses the connection with 403",
	Cause:  "In order of likelihood: the URL was used before, " + freshForbidden,
	Why:    whyForbidden,
	Guide:  "403 Forbidden",
	Remedy: forbidden,
	Steps: []Step{
		countConnections,
		stopOthers,
		freshURL,
		againInFiveMinutes,
		reportToForum,
	},
	Signs: []Symptom{{Hop: HopHandshake, HTTP: 403}, {Hop: HopHandshake, Responder: ResponderUpstox, HTTP: 403}},
	Texts: join(
		logTexts(rankEcho+3, "websocket connection to…failed"),
		logTexts(rankHint+2, "deploymentexception: handshake error", "websocketbadstatusexception", "websocket: bad handshake", "expected 101 status code", "non-101 status code"),
		logTexts(rankHint, "invalid http upgrade", "httpupgradeerror", "nsurlerrordomain code=-1011", "bad response from the server", "can’t establish a connection to the server", "can't establish a connection to the server"),
		logTexts(rankEcho+3, retryPhrases...),
		logTexts(rankEcho+1, onClose...),
	),
}

// HandshakeRateLimited is a 429 in answer to the upgrade.
var HandshakeRateLimited = &Entry{
	Code: "handshake-rate-limited", Stage: "handshake", Grade: Fails, Owner: You,
	Title:  "The feed refuses further connects for now",
	Cause:  "The handshake is answered with 429: a reconnect loop, here or elsewhere with this account, connects too often.",
	Remedy: waitOut("Stop the program that reconnects in a loop."),
	Steps: []Step{
		{Do: "Stop the program that reconnects in a loop."},
		backoffStep,
		{Do: "Run the doctor again in a minute.", Run: "sleep 60; upstox-doctor", Windows: "Start-Sleep 60; upstox-doctor"},
	},
	Signs: []Symptom{{Hop: HopHandshake, HTTP: 429}, {Hop: HopHandshake, Responder: ResponderUpstox, HTTP: 429}},
}

// HandshakeNotUpgraded is an ordinary HTTP answer, such as 200, 400 or 426, to
// the upgrade.
var HandshakeNotUpgraded = &Entry{
	Code: "handshake-not-upgraded", Stage: "handshake", Grade: Fails, Owner: Network, Retry: Ask,
	Title:  "Something on the way strips the WebSocket upgrade",
	Cause:  "The feed's host answers as to an ordinary request. An inspecting proxy or web shield that does not know WebSockets removes the Upgrade header.",
	Remedy: inspectedStream,
	Steps: []Step{
		seeIssuer,
		exemptHosts,
		{Do: "Add wsfeeder-api.upstox.com to the exceptions of the antivirus web shield."},
		runAgain,
	},
	Signs: []Symptom{
		{Hop: HopHandshake, HTTP: 200}, {Hop: HopHandshake, HTTP: 400}, {Hop: HopHandshake, HTTP: 426}, {Hop: HopHandshake, Kind: KindHTML},
		{Hop: HopHandshake, HTTP: 200, Responder: ResponderEdge}, {Hop: HopHandshake, HTTP: 400, Responder: ResponderEdge},
	},
	Texts: join(
		logTexts(rankCertain, "invalid upgrade header", "invalid connection header", "not a websocket handshake", "hixie", "the websocket upgrade was not accepted", "did not upgrade", "was not upgraded to websocket", "non-websocket response", "upgrade was not accepted"),
		logTexts(rankHint+1, "nsurlerrordomain code=-1011", "bad response from the server", "invalid http upgrade", "httpupgradeerror", "expected 101 status code", "non-101 status code"),
		logTexts(rankHint, "websocket: bad handshake", "malformed http response", "websockethandshakeexception", "opening handshake failed", "refuses handshake"),
	),
}

// HandshakeRedirected is a 3xx in answer to the upgrade.
var HandshakeRedirected = &Entry{
	Code: "handshake-redirected", Stage: "handshake", Grade: Fails, Owner: You, Retry: Never,
	Title: "The handshake is answered with a redirect",
	Cause: "wss://api.upstox.com/v3/feed/market-data-feed redirects to the feed by design, and not every client follows. From the feed's own host, a portal on the way answers.",
	Steps: []Step{
		{Do: "Call authorize and connect to the URL in its answer, in place of the redirecting address."},
		{Do: "Read where the redirect points.", Run: "upstox-doctor --verbose"},
		signIn,
		runAgain,
	},
	Signs: []Symptom{{Hop: HopHandshake, HTTP: 3}, {Hop: HopHandshake, Kind: KindRedirected}, {Hop: HopHandshake, Kind: KindForeignRedirect}},
	Texts: join(
		logTexts(rankCertain, "scheme https is invalid", "scheme isn't ws or wss", "not supported url scheme wss", "unsupported protocol scheme \"wss\""),
	),
}

// HandshakeInvalid is a 101 whose headers break RFC 6455.
var HandshakeInvalid = &Entry{
	Code: "handshake-invalid", Stage: "handshake", Grade: Fails, Owner: Network, Retry: Ask,
	Title:  "The upgrade is accepted with a wrong key or protocol",
	Cause:  "The answer is 101, and its accept key does not belong to the request: a proxy on the way answers by itself or from a cache.",
	Remedy: inspectedStream,
	Steps: []Step{
		seeIssuer,
		exemptHosts,
		runAgain,
	},
	Signs: []Symptom{{Hop: HopHandshake, Kind: KindInvalid}},
	Texts: logTexts(rankCertain, "invalid sec-websocket-accept header", "incorrect 'sec-websocket-accept'", "sec-websocket-accept…mismatch", "invalid websocket header",
		"invalid subprotocol", "invalid sec-websocket-accept", "challenge response…invalid", "refuses handshake", "invalid 'sec-websocket-accept'", "server sent no subprotocol", "sec-websocket-accept…incorrect", "invalid challenge", "challenge failed", "bad sec-websocket-accept", "sec-websocket-accept bogus", "bad handshake…101 switching"),
}

// HandshakeTimeout is an upgrade that is not answered in time.
var HandshakeTimeout = &Entry{
	Code: "handshake-timeout", Stage: "handshake", Grade: Fails, Owner: Network, Retry: Ask,
	Title: "The feed does not answer the upgrade",
	Cause: "The secure connection stands, and no answer to the upgrade comes: a proxy or web shield holds it back, or the feed is overloaded.",
	Steps: []Step{
		{Do: "Repeat over a phone's hotspot; success there means that this network holds the answer back.", Run: "upstox-doctor"},
		exemptHosts,
		{Do: "Run the doctor again with a longer time-out.", Run: "upstox-doctor --timeout 30s"},
	},
	Signs: []Symptom{{Hop: HopHandshake, Kind: KindTimeout}},
	Texts: append(logTexts(rankCertain, "httptimeoutexception"), logTexts(rankCertain+1, "opening handshake has timed out", "timed out during opening handshake", "timed out during handshake", "websocket opening handshake timed out",
		"handshake response not received", "opening handshake timeout", "handshake timed out")...),
}

// HandshakeDropped is a connection that ends during the upgrade.
var HandshakeDropped = &Entry{
	Code: "handshake-dropped", Stage: "handshake", Grade: Fails, Owner: Network, Retry: Ask, Several: true,
	Title:  "The connection ends during the upgrade",
	Cause:  "The secure connection stands, and somebody closes it on seeing the upgrade: a proxy or web shield without WebSockets, or the feed's edge.",
	Guide:  "WebSocket onclose",
	Remedy: inspectedStream,
	Steps: []Step{
		seeIssuer,
		exemptHosts,
		disconnectVPN,
		runAgain,
	},
	Signs: []Symptom{{Hop: HopHandshake, Kind: KindDropped}},
	Texts: join(
		logTexts(rankCertain, "websocket connection is closed before the connection is established", "websocket was closed before the connection was established",
			"did not receive a valid http response", "connection closed while reading http status line", "is closed before the connection is established", "connection closed before receiving a handshake response",
			"handshake not finished", "connection closed during handshake", "handle_read_http_response error"),
		logTexts(rankHint+2, "err_connection_closed"),
		logTexts(rankHint, "can’t establish a connection to the server", "can't establish a connection to the server", "interrupted while the page was loading"),
		logTexts(rankEcho+2, "websocket connection to…failed"),
		logTexts(rankCertain, "socket hang up", "http/1.1 header parser received no bytes"),
		logTexts(rankEcho, retryPhrases...),
	),
}
