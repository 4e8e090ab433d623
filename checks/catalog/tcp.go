package catalog

// TCPRefused is a reset in answer to connect.
var TCPRefused = &Entry{
	Code: "tcp-refused", Stage: "network", Grade: Fails, Owner: Network,
	Title:  "The connection is refused",
	Cause:  "Upstox's hosts do listen on port 443, so the refusal comes from something on the way: a local VPN or proxy program that is gone, or a firewall.",
	Remedy: func(f Finding) []Step { return onlyThisHost(f, CheckTCP) },
	Steps: []Step{
		{
			Do:      "Repeat the connect; a refusal within a few milliseconds comes from this machine.",
			Run:     `curl -sS -o /dev/null --noproxy '*' -w '%{remote_ip} after %{time_total} s\n' https://{target}/`,
			Windows: "Test-NetConnection {target} -Port 443",
		},
		{Do: "Disconnect the VPN or the filter program that runs on this machine."},
		allowHosts,
		runAgainNetwork,
	},
	Signs: []Symptom{{Hop: HopTCP, Kind: KindRefused}},
	Texts: join(
		logTexts(rankExact, "dial tcp…connect: connection reset by peer"),
		logTexts(rankCertain, "connection refused", "econnrefused", "errno 111", "errno 61", "winerror 10061", "err_connection_refused", "ns_error_connection_refused", "(10061)", "connectionrefused", "os error 111", "os error 61", "error 111 connecting",
			"connect call failed", "socketexception (111)", "socketexception (61)", "nsposixerrordomain code=61", "nsurlerrordomain code=-1004", "could not connect to the server", "failed to connect to /", "is the computer able to access the url"),
		logTexts(rankHint+2, "connectexception", "all connection attempts failed", "unable to connect to the remote server", "can’t establish a connection to the server", "can't establish a connection to the server"),
		logTexts(rankCertain, windowsRefusals...),
		logTexts(rankHint+1, "curl: (7)", "couldn't connect to server"),
		logTexts(rankEcho+1, retriesOut...),
	),
}

// SocketsExhausted is a machine that cannot open one more connection.
var SocketsExhausted = &Entry{
	Code: "sockets-exhausted", Stage: "network", Grade: Fails, Owner: You,
	Title: "This machine has no file or socket left to give",
	Cause: "Its limit of open files, ports or memory is reached. The usual reason is a program that opens a new connection at each reconnect and never closes the old one.",
	Steps: []Step{
		{
			Do:      "Count the connections that each program holds to port 443.",
			Run:     `ss -tnpH '( dport = :443 )' | grep -o 'users:.*' | sort | uniq -c | sort -rn | head`,
			Mac:     "lsof -nP -iTCP:443 | awk '{print $1, $2}' | sort | uniq -c | sort -rn | head",
			Windows: "Get-NetTCPConnection -RemotePort 443 | Group-Object OwningProcess -NoElement | Sort-Object Count -Descending",
		},
		{Do: "Stop the program that holds the most."},
		{Do: "Close the old connection in your program before it opens the next one."},
		{Do: "Raise the limit of open files if your program needs that many: ulimit -n on Linux and macOS."},
	},
	Signs: []Symptom{{Hop: HopDNS, Kind: KindExhausted}, {Hop: HopTCP, Kind: KindExhausted}, {Hop: HopTLS, Kind: KindExhausted}},
	Texts: join(
		logTexts(rankExact+1, "too many open files", "err_insufficient_resources", "emfile", "enfile", "errno 24", "winerror 10024", "winerror 10055", "no buffer space available", "system lacked sufficient buffer space"),
		logTexts(rankHint, "cannot assign requested address", "can't assign requested address", "errno 99", "errno 49", "winerror 10048", "eaddrnotavail", "os error 99", "socketexception (99)"),
	),
}

// TCPTimeout is a connect that is not answered in time.
var TCPTimeout = &Entry{
	Code: "tcp-timeout", Stage: "network", Grade: Fails, Owner: Network, Retry: Ask,
	Title:  "The host does not answer on port 443",
	Cause:  "Packets leave and nothing comes back: a firewall, security group or VPN drops them. Firewalls that know api.upstox.com only are a common reason on the feed host.",
	Remedy: func(f Finding) []Step { return onlyThisHost(f, CheckTCP) },
	Steps: []Step{
		{
			Do:      "Connect to a host outside Upstox; if that works, only Upstox is filtered.",
			Run:     "curl -sS -m 10 -o /dev/null https://example.com && echo open",
			Windows: "Test-NetConnection example.com -Port 443",
		},
		allowHosts,
		disconnectVPN,
		{Do: "Set HTTPS_PROXY to your company's proxy if nothing leaves without one."},
		runAgainNetwork,
	},
	Signs: []Symptom{{Hop: HopTCP, Kind: KindTimeout}},
	Texts: join(
		logTexts(rankCertain, "dial tcp…i/o timeout", "dial tcp…operation timed out", "dial tcp…context deadline exceeded", "etimedout", "errno 110", "errno 60", "winerror 10060", "(10060)", "winerror 121", "ns_error_net_timeout", "tcptimedouterror", "connection timeout to host", "requesttimeout: connection timeout", "os error 110", "os error 60", "socketexception (110)", "socketexception (60)", "nsposixerrordomain code=60",
			"connecttimeout", "connecttimeouterror", "und_err_connect_timeout", "err_connection_timed_out",
			"did not properly respond after a period of time", "connect timeout error", "connect timed out",
			"failed to connect…connection timed out", "failed to connect…timeout was reached", "failed to connect…timed out", "connection timed out after", "curl: (28) failed to connect"),
		logTexts(rankCertain+2, "request canceled while waiting for connection"),
		logTexts(rankHint+3, "http connect timed out", "timeout while connecting"),
		logTexts(rankCertain, windowsTimeouts...),
		logTexts(rankCertain, "exceeded while awaiting headers", "opening handshake has timed out", "timed out during opening handshake", "timed out during handshake"),
		logTexts(rankHint+1, "all connection attempts failed", "unable to connect to the remote server"),
		logTexts(rankHint+2, "connection timed out", "curl: (28)"),
		logTexts(rankEcho+2, retriesOut...),
	),
}

// TCPUnreachable is an answer of a router or of this machine that it has no
// route to the address.
var TCPUnreachable = &Entry{
	Code: "tcp-unreachable", Stage: "network", Grade: Fails, Owner: Network,
	Title:  "No route leads to the host",
	Cause:  "A router or this machine says that the address cannot be reached or is prohibited. With an IPv6 address the usual reason is IPv6 without a working route.",
	Remedy: func(f Finding) []Step { return onlyThisHost(f, CheckTCP) },
	Steps: []Step{
		{
			Do:      "Connect over IPv4 alone; an address in the answer means that IPv6 is broken.",
			Run:     `curl -4 -sS -m 10 -o /dev/null -w '%{remote_ip}\n' https://{target}/`,
			Windows: `curl.exe -4 -sS -m 10 -o NUL -w '%{remote_ip}\n' https://{target}/`,
		},
		{
			Do:      "Turn IPv6 off until it is repaired, if IPv4 alone worked.",
			Run:     "$(command -v sudo) sysctl -w net.ipv6.conf.all.disable_ipv6=1",
			Mac:     "sudo networksetup -setv6off Wi-Fi",
			Windows: "Disable-NetAdapterBinding -Name * -ComponentID ms_tcpip6",
		},
		allowHosts,
		runAgainNetwork,
	},
	Signs: []Symptom{{Hop: HopTCP, Kind: KindUnreachable}},
	Texts: join(
		logTexts(rankExact, "dial tcp […network is unreachable", "enetunreach…(:::", "dial tcp…connect: operation not permitted", "dial tcp…connect: permission denied"),
		logTexts(rankCertain, "no route to host", "ehostunreach", "errno 113", "errno 65", "winerror 10065", "host is unreachable", "err_address_unreachable", "socketexception (113)", "socketexception (10065)", "os error 113", "os error 65", "noroutetohostexception", "unreachable host", "host unreachable", "host is down", "errno 112", "ehostdown", "winerror 10013", "(10013)", "forbidden by its access permissions", "permission denied: connect"),
		logTexts(rankHint+1, "network is unreachable", "enetunreach", "errno 101", "errno 51", "os error 101", "os error 51", "socketexception (101)"),
		logTexts(rankHint+1, windowsUnreachable...),
	),
}
