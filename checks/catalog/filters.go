package catalog

// FilterBlocked is the block page of a filter in the network.
var FilterBlocked = &Entry{
	Code: "filter-blocked", Stage: "network", Grade: Fails, Owner: Network,
	Title: "A filter of this network blocks Upstox",
	Cause: "A block page answers in place of Upstox: that of a firewall, a web filter or the internet provider. Upstox has not seen the request; token and account are not at fault.",
	Guide: "403 Forbidden",
	Steps: []Step{
		{Do: "Send the network team: the filter blocks {connection}; allow api.upstox.com and wsfeeder-api.upstox.com, port 443, with WebSocket upgrades."},
		{Do: "Repeat over a phone's hotspot; success there means that the filter of this network is the cause.", Run: "upstox-doctor"},
		runAgain,
	},
	Signs: []Symptom{{Responder: ResponderFilter}, {Responder: ResponderFilter, Kind: KindBlocked}, {Responder: ResponderFilter, Kind: KindBlocked, HTTP: 403}, {Responder: ResponderFilter, Kind: KindBlocked, HTTP: 451}},
	Texts: join(logTexts(rankAnswer, "fortiguard intrusion prevention", "web filter violation", "web page blocked", "internet security by zscaler",
		"blocked as per the directions", "blocked as per instructions from department of telecommunications", "blocked due to content filtering"),
		logTexts(rankAnswer, blockPages...)),
}

// GeoBlocked is a refusal because of the country from which the request comes.
var GeoBlocked = &Entry{
	Code: "geo-blocked", Stage: "any", Grade: Fails, Owner: You,
	Retry: Never,
	Title: "The country or region of this address is refused",
	Cause: "Cloudflare's error 1009 or the status 451 refuses the country or region of your address: that of a cloud server, a VPN or a proxy abroad. Upstox has not seen the token.",
	Guide: "403 Forbidden",
	Steps: []Step{
		egressAddressStep,
		disconnectVPN,
		{Do: "Move the program to a machine in India if this one is abroad, such as a cloud region in Mumbai."},
		{Do: "Report the address and the Ray ID on https://community.upstox.com if the address is in India."},
		runAgain,
	},
	Signs: []Symptom{{HTTP: 451}, {Responder: ResponderEdge, Kind: "1009"}},
	Texts: logTexts(rankAnswer, "error code: 1009", "error 1009…ray id", "cloudflare error 1009", "unavailable for legal reasons",
		"configured to block access from your country", "banned the country or region", "not available in your country", "not available in your region"),
}
