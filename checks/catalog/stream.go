package catalog

// quietReader is the fix for a program that is too slow to read or to answer
// pings.
var quietReader = Step{Do: "Move slow work out of the message callback into a queue; the reader must always be free."}

// StreamClosed is a close frame before the snapshot.
var StreamClosed = &Entry{
	Code: "stream-closed", Stage: "ticks", Grade: Fails, Owner: Upstox,
	Title: "The feed closes the stream",
	Cause: "The server said goodbye with a close frame. Its code and reason are all that is known: Upstox documents no close codes.",
	Guide: "WebSocket onclose",
	Signs: []Symptom{{Hop: HopStream, Kind: KindClosed}},
	Steps: []Step{
		{Do: "Read the close code and reason.", Run: "upstox-doctor --verbose"},
		freshURL,
		{Do: "Run the doctor again in a minute.", Run: "sleep 60; upstox-doctor", Windows: "Start-Sleep 60; upstox-doctor"},
		reportToForum,
	},
	Texts: logTexts(rankHint, "websocket: close 1001", "websocket: close 1008", "websocket: close 1011", "websocket: close 1012", "websocket: close 1013",
		"received close frame: status", "received 1001", "received 1008", "received 1011", "received 1012", "received 1013",
		"close code 1001", "close code 1008", "close code 1011", "close code: 1008", "close code: 1011"),
}

// ConnectionLimit is one connection more than the user may have.
var ConnectionLimit = &Entry{
	Code: "connection-limit", Stage: "handshake", Grade: Fails, Owner: You,
	Title:  "Too many connections to the feed are open",
	Cause:  "A user has two connections, with Plus five, all programs and machines together. A program that ended without a close frame is counted for some minutes more.",
	Guide:  "403 Forbidden",
	Signs:  []Symptom{{Hop: HopStream, Kind: KindConnectionLimit}, {Hop: HopHandshake, Kind: KindConnectionLimit}},
	Remedy: tooMany,
	Steps: []Step{
		countConnections,
		stopOthers,
		shareConnection,
		againInFiveMinutes,
	},
	Texts: logTexts(rankAnswer, "connection limit", "maximum connections", "max connections", "maximum number of connections", "too many connections", "connections exceeded", "max no of connections", "maximum websocket connections",
		"connection count exceeded", "limit of connections", "concurrent connections", "connections limit", "simultaneous connections"),
}

// StreamDropped is a connection that ends without a close frame.
var StreamDropped = &Entry{
	Code: "stream-dropped", Stage: "ticks", Grade: Fails, Owner: Network, Several: true,
	Title:  "The stream breaks off without a close frame",
	Cause:  "The connection was up and ended underneath: an idle limit of a router or proxy, a VPN or Wi-Fi change, or the server. An expired token shows at the next reconnect, not here.",
	Guide:  "WebSocket onclose",
	Signs:  []Symptom{{Hop: HopStream, Kind: KindDropped}},
	Remedy: afterDrop,
	Why:    whyDropped,
	Steps: []Step{
		{Do: "Send a ping every 20 seconds in your program; it keeps routers and proxies from closing an idle stream."},
		{Do: "Fetch a fresh URL for each reconnect, and stop after three refusals with 401 or 403."},
		{Do: "Subscribe again after each reconnect; the server has forgotten the old subscription."},
		disconnectVPN,
		runAgain,
	},
	Texts: join(
		logTexts(rankCertain, "connection to remote host was lost", "websocketconnectionclosedexception", "connection is already closed", "transport endpoint is not connected", "errno 107", "software caused connection abort", "read econnaborted", "write econnaborted", "socketexception (103)", "use of closed network connection"),
		logTexts(rankCertain, windowsAborts...),
		logTexts(rankCertain, "closed the websocket connection without completing the close handshake", "connectionclosedprematurely", "connection closed prematurely", "connection closed uncleanly",
			"connection was lost", "abnormal closure", "1006 (abnormal", "socket was disconnected", "winerror 10057", "enotconn", "ns_error_net_reset", "network connection was lost", "code=-1005", "websocketclosederror", "transitioned into the 'aborted' state", "an exception has occurred while receiving", "incompletereaderror", "cannot write to closing transport", "peer dropped the tcp connection", "closed uncleanly (none",
			"no more websocket frame", "nomoreframeexception", "invalid state ('aborted'", "socket is not connected", "without closing handshake", "connection reset without closing", "closed by the remote host without"),
		logTexts(rankHint+1, "socket closed", "socket is closed", "unable to read data from the transport connection", "closed uncleanly", "interrupted while the page was loading"),
		logTexts(rankHint+3, "no close frame received"),
		logTexts(rankHint+1, "websocket…unexpected eof", "failed to read…eof", "failed to get reader…eof", "stream…unexpected eof", "eofexception", "read frame…eof"),
		logTexts(rankEcho+3, onClose...),
		logTexts(rankEcho+3, lostWithoutCode...),
		logTexts(rankEcho, "socket is already closed"),
	),
}

// StreamSilent is an open WebSocket on which not one frame arrives.
var StreamSilent = &Entry{
	Code: "stream-silent", Stage: "ticks", Grade: Fails, Owner: Network,
	Title:  "The stream opens and not one frame arrives",
	Cause:  "A healthy feed sends market_info at once, also when the market is closed. Something on the way holds frames back, or the socket is not the feed's.",
	Signs:  []Symptom{{Hop: HopStream, Kind: KindSilent}},
	Remedy: inspectedStream,
	Steps: []Step{
		seeIssuer,
		exemptHosts,
		{Do: "Call authorize and connect to the URL in its answer; the bare wss://api.upstox.com address may stay silent."},
		runAgain,
	},
}

// StreamStalled is an open WebSocket on which frames came, and then neither
// data nor a pong.
var StreamStalled = &Entry{
	Code: "stream-stalled", Stage: "ticks", Grade: Fails, Owner: Network, Several: true,
	Title: "The stream goes silent, and pings stay without answer",
	Cause: "Frames came, then neither data nor a pong: the connection is dead underneath though both sides think it open, or a busy program does not read.",
	Guide: "WebSocket onclose",
	Signs: []Symptom{{Hop: HopStream, Kind: KindStalled}},
	Steps: []Step{
		{Do: "Send a ping every 20 seconds in your program, and reconnect when no pong comes in 10."},
		quietReader,
		disconnectVPN,
		runAgain,
	},
	Texts: append(logTexts(rankExact+1, "read etimedout"), logTexts(rankCertain+1, "keepalive ping timeout", "ping/pong timed out", "ping timeout", "pong timeout", "didn't receive pong", "did not respond with a pong", "did not respond with pong", "no pong received", "pong not received", "missed pong", "heartbeat timeout", "no pong")...),
}

// NoSnapshot is a subscription that brings no prices.
var NoSnapshot = &Entry{
	Code: "no-snapshot", Stage: "ticks", Grade: Fails, Owner: You, Retry: Ask,
	Title: "The feed ignores the subscription",
	Cause: "Only market_info arrives. The feed says nothing about a request it does not like: a text frame in place of a binary one, a mode such as full_d5, or a wrong key.",
	Signs: []Symptom{{Hop: HopStream, Kind: KindUnpriced}},
	Steps: []Step{
		{Do: "Send the subscription as a binary frame in your program."},
		{Do: "Use one of the modes ltpc, option_greeks, full and full_d30, in lower case."},
		{Do: "Subscribe with the simplest mode.", Run: "upstox-doctor --mode ltpc --instrument 'NSE_INDEX|Nifty 50'"},
	},
	Texts: logTexts(rankEcho+3, silences...),
}

// FrameUndecodable is a frame that is not the feed's protobuf.
var FrameUndecodable = &Entry{
	Code: "frame-undecodable", Stage: "ticks", Grade: Fails, Owner: Upstox,
	Title: "A frame of the feed cannot be decoded",
	Cause: "The frame is binary and no FeedResponse of v3. In a program of your own the usual reason is the schema of v2; here the frame is damaged or the feed has changed.",
	Steps: []Step{
		{
			Do:      "Replace your program's schema by the present one and generate its code again.",
			Run:     "curl -sSO https://assets.upstox.com/feed/market-data-feed/v3/MarketDataFeed.proto",
			Windows: "curl.exe -sSO https://assets.upstox.com/feed/market-data-feed/v3/MarketDataFeed.proto",
		},
		{Do: "Run the doctor again; it names the byte where the frame goes wrong.", Run: "upstox-doctor --verbose"},
		reportToForum,
	},
	Texts: logTexts(rankCertain, "google.protobuf.message.decodeerror", "protobuf…error parsing message", "rangeerror: index out of range:", "invalid wire type",
		"cannot parse invalid wire-format data", "protocol message…tag had invalid wire type", "protocol message contained an invalid tag"),
}

// FrameTooBig is a frame larger than the read limit of the program.
var FrameTooBig = &Entry{
	Code: "frame-too-big", Stage: "ticks", Grade: Fails, Owner: You,
	Title: "A frame is larger than the program's own limit",
	Cause: "The program's library closes the stream at a frame above its read limit. The first snapshot of many keys in mode full has hundreds of kilobytes; some libraries stop at 32.",
	Signs: []Symptom{{Hop: HopStream, Kind: KindTooBig}},
	Steps: []Step{
		{Do: "Raise the read limit of your WebSocket library to 16 MiB: max_size, maxPayload or SetReadLimit."},
		{Do: "Subscribe to fewer keys, or in mode ltpc in place of full."},
		{Do: "Run the doctor; if it passes, the limit of your program is all.", Run: "upstox-doctor"},
	},
	Texts: join(
		logTexts(rankCertain+1, "message too big", "max payload size exceeded", "read limit exceeded", "read limited at", "payload exceeds limit", "exceeds maximum accepted frame size", "frame size…exceeds", "message size…exceeds", "ws_err_unsupported_message_length",
			"exceeds size limit", "max frame length of", "frame size too large", "space limit exceeded", "decoded text message was too big", "decoded binary message was too big", "message too long", "payload too large: ", "frame exceeds"),
	),
}

// FrameCorrupt is a frame that breaks RFC 6455.
var FrameCorrupt = &Entry{
	Code: "frame-corrupt", Stage: "ticks", Grade: Fails, Owner: Network,
	Title: "A frame breaks the rules of WebSockets",
	Cause: "Reserved bits, an unknown opcode, or a mask from the server: something between rewrites the stream, or two threads of the program read one socket.",
	Signs: []Symptom{{Hop: HopStream, Kind: KindCorrupt}},
	Steps: []Step{
		seeIssuer,
		{Do: "Read the socket in one thread only, and switch compression off in your library."},
		exemptHosts,
		runAgain,
	},
	Texts: logTexts(rankCertain+1, "rsv1 must be clear", "control frames must be final", "reserved flags are unsupported", "unexpected rsv1", "rsv2 and rsv3 must be clear", "must be clear", "ws_err_unexpected_rsv", "ws_err_invalid_opcode", "ws_err_unexpected_mask", "invalid websocket frame", "reserved bits", "rsv is not implemented", "rsv bits",
		"invalid opcode", "unknown opcode", "bad opcode", "unsupported opcode", "mask must be", "incorrect masking", "masked frame from server", "received a masked frame", "server frames must not be masked", "one or more reserved bits are on", "unexpected reserved bits",
		"fragmented control frame", "control frame too long", "continuation frame…unexpected", "unexpected continuation", "bad mask", "bad reserved", "ws_err_invalid_utf8", "could not decode a text frame as utf-8", "rsv1 set", "invalid frame header", "reserved bit set"),
}

// FrameNotBinary is a text frame in the place of protobuf.
var FrameNotBinary = &Entry{
	Code: "frame-not-binary", Stage: "ticks", Grade: Fails, Owner: Network,
	Title: "The feed sends text where protobuf belongs",
	Cause: "Upstox's feed sends binary frames only. Text comes from something else that answers on this connection.",
	Steps: []Step{
		{Do: "Read the text.", Run: "upstox-doctor --verbose"},
		seeIssuer,
		exemptHosts,
		runAgain,
	},
}
