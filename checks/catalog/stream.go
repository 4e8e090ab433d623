package catalog

// quietReader is the fix for a consumer that is too slow to read or to pong.
var quietReader = Step{Do: "Move slow work out of the message callback into a queue; the reader must always be free."}

// StreamClosed is a close frame in place of data.
var StreamClosed = &Entry{
	Code: "stream-closed", Stage: "ticks", Grade: Fails, Owner: Upstox,
	Title: "The feed closes the stream",
	Cause: "The server said goodbye with a close frame. Its code and reason are all that is known: Upstox documents no close codes.",
	Guide: "WebSocket onclose",
	Signs: []Symptom{{At: HopStream, Kind: KindClosed}},
	Steps: []Step{
		{Do: "Read the close code and reason.", Run: "upstox-doctor --verbose"},
		freshURL,
		{Do: "Run the doctor again in a minute.", Run: "sleep 60; upstox-doctor", Windows: "Start-Sleep 60; upstox-doctor"},
		reportToForum,
	},
	Texts: says(points, "websocket: close 1001", "websocket: close 1008", "websocket: close 1011", "websocket: close 1012", "websocket: close 1013",
		"received 1001", "received 1008", "received 1011", "received 1012", "received 1013",
		"close code 1001", "close code 1008", "close code 1011", "close code: 1008", "close code: 1011"),
}

// StreamDropped is an end without a goodbye.
var StreamDropped = &Entry{
	Code: "stream-dropped", Stage: "ticks", Grade: Fails, Owner: Network,
	Title: "The stream breaks off without a close frame",
	Cause: "The connection was up and ended underneath: an idle limit of a router or proxy, a VPN or Wi-Fi change, or the server. An expired token shows at the next reconnect, not here.",
	Guide: "WebSocket onclose",
	Signs: []Symptom{{At: HopStream, Kind: KindDropped}},
	Steps: []Step{
		{Do: "Send a ping every 20 seconds in your program; it keeps routers and proxies from closing an idle stream."},
		{Do: "Fetch a fresh URL for each reconnect, and stop after three refusals with 401 or 403."},
		{Do: "Subscribe again after each reconnect; the server has forgotten the old subscription."},
		disconnectVPN,
		again,
	},
	Texts: join(
		says(decides, "connection to remote host was lost", "websocketconnectionclosedexception", "wsasend…aborted by the software in your host machine", "winerror 10053"),
		says(points+3, "no close frame received"),
		says(points+2, resets...),
		says(echoes+3, gone...),
		says(echoes+3, onClose...),
		says(echoes, "socket is already closed"),
	),
}

// StreamSilent is an open socket without a frame.
var StreamSilent = &Entry{
	Code: "stream-silent", Stage: "ticks", Grade: Fails, Owner: Network,
	Title: "The stream opens and not one frame arrives",
	Cause: "A healthy feed sends market_info at once, also when the market is closed. Something on the way holds frames back, or the socket is not the feed's.",
	Signs: []Symptom{{At: HopStream, Kind: KindSilent}},
	Steps: []Step{
		seeIssuer,
		exemptHosts,
		{Do: "Call authorize and connect to the URL in its answer; the bare wss://api.upstox.com address may stay silent."},
		again,
	},
}

// StreamStalled is a socket that looks open and is dead.
var StreamStalled = &Entry{
	Code: "stream-stalled", Stage: "ticks", Grade: Fails, Owner: Network,
	Title: "The stream goes silent, and pings stay without answer",
	Cause: "Frames came, then neither data nor a pong: the connection is dead underneath though both sides think it open, or a busy program does not read.",
	Guide: "WebSocket onclose",
	Signs: []Symptom{{At: HopStream, Kind: KindStalled}},
	Steps: []Step{
		{Do: "Send a ping every 20 seconds in your program, and reconnect when no pong comes in 10."},
		quietReader,
		disconnectVPN,
		again,
	},
	Texts: says(decides+1, "keepalive ping timeout", "ping/pong timed out"),
}

// NoSnapshot is a subscription without effect.
var NoSnapshot = &Entry{
	Code: "no-snapshot", Stage: "ticks", Grade: Fails, Owner: You, Retry: Ask,
	Title: "The feed ignores the subscription",
	Cause: "Only market_info arrives. The feed says nothing about a request it does not like: a text frame in place of a binary one, a mode such as full_d5, or a wrong key.",
	Signs: []Symptom{{At: HopStream, Kind: KindUnpriced}},
	Steps: []Step{
		{Do: "Send the subscription as a binary frame in your program."},
		{Do: "Use one of the modes ltpc, option_greeks, full and full_d30, in lower case."},
		{Do: "Subscribe with the simplest mode.", Run: "upstox-doctor --mode ltpc --instrument 'NSE_INDEX|Nifty 50'"},
	},
}

// FrameUndecodable is a frame that is not the feed's protobuf.
var FrameUndecodable = &Entry{
	Code: "frame-undecodable", Stage: "ticks", Grade: Fails, Owner: Upstox,
	Title: "A frame of the feed cannot be decoded",
	Cause: "The frame is binary and no FeedResponse of v3. In a program of your own the usual reason is the schema of v2; here the frame is damaged or the feed has changed.",
	Signs: []Symptom{{At: HopStream, Kind: KindUndecodable}},
	Steps: []Step{
		{
			Do:      "Replace your program's schema by the present one and generate its code again.",
			Run:     "curl -sSO https://assets.upstox.com/feed/market-data-feed/v3/MarketDataFeed.proto",
			Windows: "curl.exe -sSO https://assets.upstox.com/feed/market-data-feed/v3/MarketDataFeed.proto",
		},
		{Do: "Run the doctor again; it names the byte where the frame goes wrong.", Run: "upstox-doctor --verbose"},
		reportToForum,
	},
	Texts: says(decides, "google.protobuf.message.decodeerror", "protobuf…error parsing message", "rangeerror: index out of range:", "invalid wire type",
		"cannot parse invalid wire-format data", "protocol message…tag had invalid wire type", "protocol message contained an invalid tag"),
}

// FrameNotBinary is text where protobuf belongs.
var FrameNotBinary = &Entry{
	Code: "frame-not-binary", Stage: "ticks", Grade: Fails, Owner: Network,
	Title: "The feed sends text where protobuf belongs",
	Cause: "Upstox's feed sends binary frames only. Text comes from something else that answers on this connection.",
	Steps: []Step{
		{Do: "Read the text.", Run: "upstox-doctor --verbose"},
		seeIssuer,
		again,
	},
}
