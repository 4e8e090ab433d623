package catalog

// Offline is a machine without a route to any network.
var Offline = &Entry{
	Code: "offline", Stage: "network", Grade: Fails, Owner: You,
	Title: "This machine has no route to the internet",
	Cause: "Every attempt ended at once with \"network is unreachable\": no interface is connected, or no default route is set.",
	Steps: []Step{
		{Do: "Connect the cable or the Wi-Fi, or start the container with a network."},
		{
			Do:      "Look at the default route; an empty answer means that there is none.",
			Run:     "ip route show default",
			Mac:     "netstat -rn -f inet | grep default",
			Windows: "Get-NetRoute -DestinationPrefix 0.0.0.0/0 -ErrorAction SilentlyContinue",
		},
		runAgainNetwork,
	},
	Signs: []Symptom{{Kind: KindOffline}},
	Texts: join(logTexts(rankHint+2, windowsUnreachable...), logTexts(rankCertain, "getaddrinfo enotfound", "getaddrinfo failed", "errno 11001", "wsahost_not_found"), logTexts(rankCertain, "unresolvedaddressexception"), logTexts(rankCertain-1, "unable to resolve host", "nsurlerrordomain code=-1003"), logTexts(rankHint+2, "network is unreachable", "enetunreach", "errno 101", "errno 51", "os error 101", "os error 51", "socketexception (101)", "err_internet_disconnected", "nsurlerrordomain code=-1009", "internet connection appears to be offline", "no internet connection", "network is down", "enetdown")),
}

// DNSNotFound is a name that does not exist or has no address, by the
// resolver's answer.
var DNSNotFound = &Entry{
	Code: "dns-not-found", Stage: "network", Grade: Fails, Owner: Network,
	Title: "The resolver says that the host name does not exist",
	Cause: "Upstox's names do exist. A DNS filter, a resolver for internal names only, or a mistyped host gives such an answer.",
	Steps: []Step{
		{
			Do:      "Ask a public resolver; an address from it means that your own resolver filters the name.",
			Run:     `curl -sS -H 'accept: application/dns-json' 'https://1.1.1.1/dns-query?name={target}'`,
			Mac:     "nslookup {target} 1.1.1.1",
			Windows: "Resolve-DnsName {target} -Server 1.1.1.1",
		},
		{Do: "Allow *.upstox.com in the DNS filter: Pi-hole, router or company."},
		publicResolver,
		{Do: "Run the name checks again.", Run: "upstox-doctor --only network.dns"},
	},
	Signs: []Symptom{{Hop: HopDNS, Kind: KindNotFound}},
	Texts: join(
		logTexts(rankCertain+1, "getaddrinfo enotfound", "getaddrinfo failed", "errno 11001", "wsahost_not_found"),
		logTexts(rankCertain, "no such host", "name or service not known", "errno -2", "errno -5", "errno 7", "errno 11004", "eai_nodata", "eai_noname", "ns_error_unknown_host", "nodename nor servname provided", "no address associated with hostname",
			"nxdomain", "name_not_resolved", "nosuchhost", "enotfound", "non-existent domain", "nsurlerrordomain code=-1003", "server with the specified hostname could not be found", "remote name could not be resolved", "hostname could not be resolved", "host could not be resolved",
			"failed host lookup", "dnslookuperror", "dns lookup failed", "name resolution failed", "unknown host", "php_network_getaddresses", "failed to lookup address"),
		logTexts(rankCertain, windowsUnknownHosts...),
		logTexts(rankCertain+1, "could not resolve host", "couldn't resolve host", "unknownhostexception", "unresolvedaddressexception"),
		logTexts(rankHint, "nameresolutionerror", "failed to resolve 'api.upstox.com'", "failed to lookup address information"),
		logTexts(rankEcho, retriesOut...),
	),
}

// DNSUnreachable is a name lookup that no resolver answers.
var DNSUnreachable = &Entry{
	Code: "dns-unreachable", Stage: "network", Grade: Fails, Owner: Network,
	Title: "No DNS resolver answers",
	Cause: "The questions for the name ran into a time-out or a closed port. A VPN, a container or WSL often leaves a resolver behind that is no longer there.",
	Steps: []Step{
		{
			Do:      "Look at which resolvers this machine asks.",
			Run:     "cat /etc/resolv.conf",
			Mac:     "scutil --dns | grep nameserver",
			Windows: "Get-DnsClientServerAddress -AddressFamily IPv4",
		},
		publicResolver,
		{Do: "Allow UDP and TCP port 53 to that resolver in the firewall if it does not answer either."},
		{Do: "Restart WSL from Windows if you are inside it: wsl --shutdown."},
		{Do: "Run the name checks again.", Run: "upstox-doctor --only network.dns"},
	},
	Signs: []Symptom{{Hop: HopDNS, Kind: KindUnreachable}, {Hop: HopDNS, Kind: KindTimeout}, {Hop: HopDNS, Kind: KindRefused}},
	Texts: join(
		logTexts(rankExact, "lookup…:53: read udp", "lookup…:53: write udp", "lookup…:53: dial udp", "lookup…i/o timeout", "lookup…:53: read: connection refused", "lookup…:53: connect: network is unreachable", "lookup…context deadline exceeded"),
		logTexts(rankCertain+1, unresolved...),
		logTexts(rankCertain, "unknownhostexception", "unresolvedaddressexception"),
		logTexts(rankCertain, "could not resolve host", "couldn't resolve host"),
		logTexts(rankCertain, "resolving timed out", "query…etimeout", "dns_probe_finished", "connection timed out; no servers could be reached"),
	),
}

// DNSServerFailure is a resolver that answers with SERVFAIL or REFUSED.
var DNSServerFailure = &Entry{
	Code: "dns-server-failure", Stage: "network", Grade: Fails, Owner: Network,
	Title: "The DNS resolver fails for this name",
	Cause: "It answered SERVFAIL or REFUSED: it could not ask further, or it does not serve this machine.",
	Steps: []Step{
		{
			Do:      "Restart the machine's own resolver.",
			Run:     "$(command -v sudo) systemctl restart systemd-resolved",
			Mac:     "sudo dscacheutil -flushcache; sudo killall -HUP mDNSResponder",
			Windows: "Clear-DnsClientCache",
		},
		publicResolver,
		{Do: "Run the name checks again.", Run: "upstox-doctor --only network.dns"},
	},
	Signs: []Symptom{{Hop: HopDNS, Kind: KindServerFailure}},
	Texts: join(
		logTexts(rankCertain, "server misbehaving", "servfail", "no_recovery", "eai_fail", "errno -4", "errno 11003"),
		logTexts(rankCertain, unresolved...),
	),
}

// DNSHijacked is a name that resolves to an address that cannot be Upstox's.
var DNSHijacked = &Entry{
	Code: "dns-hijacked", Stage: "network", Grade: Fails, Owner: Network,
	Title:  "The host name leads to a private address",
	Cause:  "A hosts entry, an ad blocker or a captive portal answers in Upstox's place; the real hosts have public addresses.",
	Remedy: wrongAddress,
	Steps: []Step{
		hostsEntry,
		{Do: "Allow *.upstox.com in the ad blocker or DNS filter if the hosts file is clean."},
		publicResolver,
		{Do: "Run the name checks again.", Run: "upstox-doctor --only network.dns"},
	},
	Signs: []Symptom{{Hop: HopDNS, Kind: KindHijacked}},
	Texts: logTexts(rankHint, "winerror 10049", "(10049)"),
}

// DNSSlow is a name lookup that takes over a second.
var DNSSlow = &Entry{
	Code: "dns-slow", Stage: "network", Grade: Warns, Owner: Network,
	Title: "Resolving the host name takes over a second",
	Cause: "Usually the first resolver in the list is dead and the second one answers. Every new connection pays for it, and short time-outs end before it.",
	Steps: []Step{
		{
			Do:      "Time one lookup.",
			Run:     "time getent ahosts {target}",
			Mac:     "time dscacheutil -q host -a name {target}",
			Windows: "Measure-Command { Resolve-DnsName {target} -DnsOnly }",
		},
		publicResolver,
		{Do: "Run the name checks again.", Run: "upstox-doctor --only network.dns"},
	},
	Signs: []Symptom{{Hop: HopDNS, Kind: KindSlow}},
}
