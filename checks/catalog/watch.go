package catalog

// The diagnoses of watch: how one connection was lost, and what several losses
// have in common.

// SlowConsumer is a stream that was not read fast enough.
var SlowConsumer = &Entry{
	Code: "slow-consumer", Stage: "watch", Grade: Fails, Owner: You,
	Title: "The stream was not read fast enough, and was lost",
	Cause: "The frames were taken too slowly, so the connection stood full. Pings then stay unanswered, and Upstox or the network gives the connection up.",
	Guide: "WebSocket onclose",
	Steps: []Step{
		quietReader,
		{Do: "Write what the watch prints to a file instead of a slow program or terminal.", Run: "upstox-doctor watch -o jsonl >ticks.jsonl"},
		{Do: "Subscribe to fewer keys, or in mode ltpc in place of full."},
	},
}

// MachineAsleep is a machine or program that was suspended.
var MachineAsleep = &Entry{
	Code: "machine-asleep", Stage: "watch", Grade: Fails, Owner: You,
	Title: "This machine slept",
	Cause: "Nothing ran here for over half a minute: the machine slept, its lid was closed, a virtual machine was paused, or the program was stopped. A connection that nobody answers on is given up by the other side.",
	Guide: "WebSocket onclose",
	Steps: []Step{
		{
			Do:      "Keep the machine awake during trading hours.",
			Run:     "systemd-inhibit --what=sleep:idle:handle-lid-switch upstox-doctor watch",
			Mac:     "caffeinate -is upstox-doctor watch",
			Windows: "powercfg /change standby-timeout-ac 0",
		},
		{Do: "Run trading programs on a machine that never sleeps, such as a small server."},
		{Do: "Reconnect your program with a fresh URL when it wakes, and subscribe again."},
	},
}

// StreamLifetimeLimit is a limit, of Upstox or of the network, on the age of a
// connection.
var StreamLifetimeLimit = &Entry{
	Code: "stream-lifetime-limit", Stage: "watch", Grade: Fails, Owner: Network,
	Title: "Every connection ends at the same age",
	Cause: "Several connections in a row lived equally long, to the second. A proxy, load balancer, firewall or VPN on the way has a time limit; 60 and 350 seconds are usual ones.",
	Guide: "WebSocket onclose",
	Steps: []Step{
		{Do: "Repeat over a phone's hotspot; a stream that lives longer there means that this network has the limit.", Run: "upstox-doctor watch"},
		disconnectVPN,
		{Do: "Raise the time-out for WebSockets in your own proxy or load balancer, such as proxy_read_timeout in nginx."},
		{Do: "Ask IT to exempt wsfeeder-api.upstox.com from the proxy's time limit."},
		{Do: "Reconnect your program with a fresh URL as soon as it happens; no tick is lost for long."},
	},
}

// StreamOutOfHours is a stream that ends only while nothing is traded.
var StreamOutOfHours = &Entry{
	Code: "stream-out-of-hours", Stage: "watch", Grade: Warns, Owner: Upstox,
	Title: "The stream ends only while the market is closed",
	Cause: "It held during trading and was lost several times outside of it, when no prices flow: maintenance, or an idle limit on the way. Nothing is missed.",
	Steps: []Step{
		{Do: "Ignore losses outside trading hours; a program that reconnects with growing pauses needs no repair."},
		{Do: "Send a ping every 20 seconds in your program; it keeps routers and proxies from closing an idle stream."},
		{Do: "Start your program before 09:00 IST instead of leaving it on overnight."},
	},
}

// TokenRollover is a stream that ends at 03:30 IST, when all tokens end.
var TokenRollover = &Entry{
	Code: "token-rollover", Stage: "watch", Grade: Warns, Owner: You, Retry: Never, Repair: "login",
	Title: "The stream ends at 03:30 IST, the hour at which tokens end",
	Cause: "Tokens of the login end at 03:30 IST each night. A stream that was opened with one may end then, and the next one needs a token of the new day.",
	Steps: append([]Step{{Do: "Place a login before the market opens into your daily routine."}}, login()...),
}

// NetworkChanged is a machine that moves between networks.
var NetworkChanged = &Entry{
	Code: "network-changed", Stage: "watch", Grade: Fails, Owner: Network,
	Title: "The stream ends when this machine changes its network",
	Cause: "After each loss this machine had another address than before: Wi-Fi, cable, VPN or mobile data took turns. A connection cannot move to another address.",
	Guide: "WebSocket onclose",
	Steps: []Step{
		{Do: "Connect by cable, or stay on one Wi-Fi during trading hours."},
		disconnectVPN,
		{Do: "Turn off power saving of the network adapter and automatic changes of the Wi-Fi."},
		{Do: "Reconnect your program with a fresh URL as soon as it happens."},
	},
	Texts: logTexts(rankCertain, "err_network_changed"),
}

// CompetingConnections is several programs that use the feed as one user.
var CompetingConnections = &Entry{
	Code: "competing-connections", Stage: "watch", Grade: Fails, Owner: You,
	Title: "Several programs of one user push each other off the feed",
	Cause: "Upstox closed connection after connection while other programs of this machine held one too. A user has two connections, with Plus five; programs that reconnect take them in turn.",
	Guide: "WebSocket onclose",
	Steps: []Step{
		{
			Do:      "Look for the programs that hold a connection to the feed.",
			Run:     `ss -tnp state established "( dport = :443 )" | grep -F "$(getent ahostsv4 wsfeeder-api.upstox.com | awk '{print $1; exit}')"`,
			Mac:     "lsof -nP -iTCP:443 -sTCP:ESTABLISHED",
			Windows: "Get-NetTCPConnection -RemotePort 443 -State Established | Select-Object OwningProcess, RemoteAddress",
		},
		{Do: "Stop all but one of them, also those on other machines."},
		shareConnection,
	},
}
