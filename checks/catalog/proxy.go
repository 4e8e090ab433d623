package catalog

// ProxyInvalid is a proxy variable that cannot be used.
var ProxyInvalid = &Entry{
	Code: "proxy-invalid", Stage: "network", Grade: Fails, Owner: You, Retry: Never,
	Title:  "The proxy variable cannot be used",
	Cause:  "Its scheme, host or port cannot be read. The doctor understands http, https, socks5 and socks5h; many libraries know fewer.",
	Remedy: proxyWrong,
	Steps: []Step{
		seeProxies,
		{Do: "Write it as http://host:port or socks5://host:port; percent-encode a user and password."},
		unsetProxies,
		runAgainNetwork,
	},
	Signs: []Symptom{{Hop: HopProxy, Kind: KindInvalid}},
	Texts: logTexts(rankCertain, "invalid proxy address", "invalid proxy url", "proxy: unknown scheme", "unsupported proxy scheme", "unsupported proxy", "unable to determine socks version",
		"missing dependencies for socks support", "proxy url had no scheme", "unknown scheme for proxy url", "proxyschemeunknown", "proxyschemeunsupported", "unsupported proxy syntax"),
}

// ProxyUnreachable is a proxy that cannot be found or does not answer.
var ProxyUnreachable = &Entry{
	Code: "proxy-unreachable", Stage: "network", Grade: Fails, Owner: Proxy,
	Title:  "The proxy does not answer",
	Cause:  "HTTPS_PROXY or a similar variable names a proxy whose address refuses, stays silent or does not resolve. A debugging proxy or VPN that has ended often leaves the variable behind.",
	Remedy: proxyGone,
	Steps: []Step{
		seeProxies,
		unsetProxies,
		{Do: "Start the local proxy program again if this machine does need it."},
		{Do: "Ask IT for the proxy's present address if the company requires one."},
		runAgainNetwork,
	},
	Signs: []Symptom{{Hop: HopProxy, Kind: KindUnreachable}, {Hop: HopProxy, Kind: KindTimeout}, {Hop: HopProxy, Kind: KindRefused}},
	Texts: join(
		logTexts(rankExact, "proxyconnect tcp", "proxyerror…connection refused", "proxyerror…timed out", "proxyerror…name resolution", "proxyerror…name or service not known",
			"proxyerror…getaddrinfo failed", "proxyerror…newconnectionerror", "tunneling socket could not be established, cause=", "could not resolve proxy", "couldn't resolve proxy",
			"socks connect tcp…dial tcp", "failed to connect to proxy", "err_proxy_connection_failed", "the proxy tunnel request to proxy", "can't connect to proxy", "proxyconnectionerror", "proxyconnecterror"),
		logTexts(rankHint, "cannot connect to proxy", "unable to connect to proxy", "proxyerror", "curl: (5)"),
	),
}

// ProxyAuthRequired is a proxy that wants a user name and a password.
var ProxyAuthRequired = &Entry{
	Code: "proxy-auth-required", Stage: "network", Grade: Fails, Owner: Proxy, Retry: Never,
	Title:  "The proxy asks for a user and password",
	Cause:  "It answered 407: the proxy variable holds no credentials, wrong ones, or a kind of login that the proxy does not accept.",
	Remedy: proxyPassword,
	Steps: []Step{
		{
			Do:      "Read which logins the proxy offers.",
			Run:     `curl -sSI -x "{proxy}" http://{target}/ | grep -i '^proxy-authenticate'`,
			Windows: `curl.exe -sSI -x "{proxy}" http://{target}/ | Select-String '^proxy-authenticate'`,
		},
		{Do: "Write user and password into HTTPS_PROXY as http://user:password@host:port, percent-encoded, if Basic is offered."},
		{Do: "Start a local helper such as cntlm and point HTTPS_PROXY at it if only NTLM or Negotiate is offered."},
		runAgainNetwork,
	},
	Signs: []Symptom{{Hop: HopProxy, Kind: KindAuthRequired}, {HTTP: 407}},
	Texts: join(
		logTexts(rankAnswer, "proxy authentication required", "code 407 from proxy", "connect tunnel failed, response 407", "tunnel connection failed: 407",
			"could not be established, statuscode=407"),
		logTexts(rankCertain, "err_proxy_auth_unsupported", "err_proxy_auth_requested"),
	),
}

// ProxyDenied is any other refusal of CONNECT.
var ProxyDenied = &Entry{
	Code: "proxy-denied", Stage: "network", Grade: Fails, Owner: Proxy,
	Title:  "The proxy refuses to connect to the host",
	Cause:  "The proxy answers, and its rules do not let this host or port 443 through. The refusal is the proxy's; Upstox has not seen the request.",
	Remedy: proxyForbids,
	Steps: []Step{
		{
			Do:      "Read the proxy's own words.",
			Run:     `curl -sS -o /dev/null -x "{proxy}" https://{target}/`,
			Windows: `curl.exe -sS -o NUL -x "{proxy}" https://{target}/`,
		},
		{Do: "Ask its owner to allow CONNECT to api.upstox.com:443 and wsfeeder-api.upstox.com:443."},
		bypassProxy,
		runAgainNetwork,
	},
	Signs: []Symptom{{Hop: HopProxy, Kind: KindDenied}},
	Texts: logTexts(rankExact, "tunnel connection failed", "connect tunnel failed", "from proxy after connect", "could not be established, statuscode=", "failed connect via proxy",
		"unable to tunnel through proxy", "proxy connect…forbidden", "connect request was denied", "tunnel failed: 403",
		"err_tunnel_connection_failed", "proxy refused connection", "socks connect…not allowed by ruleset", "connection not allowed by ruleset"),
}
