package catalog

// ClockSkew is a wrong clock on this machine.
var ClockSkew = &Entry{
	Code: "clock-skew", Stage: "network", Grade: FailsOrWarns, Owner: You,
	Title:  "This machine's clock is wrong",
	Cause:  "It differs from the server's Date by over a minute. Certificates, token ends and market hours are judged by it, so good ones may look expired.",
	Remedy: setClock,
	Steps: []Step{
		{
			Do:      "Compare the two clocks; nothing secret is sent.",
			Run:     "date -u; curl -skI https://api.upstox.com/ | grep -i '^date:'",
			Windows: "[DateTime]::UtcNow.ToString('r'); curl.exe -skI https://api.upstox.com/ | Select-String '^date:'",
		},
		syncClock,
		hardwareClock,
		runAgain,
	},
	Texts: join(
		logTexts(rankHint, "certificate_verify_failed", "certificate verify failed"),
		logTexts(rankExact+1, "certificate has expired or is not yet valid: current time…is before", "is not yet activated", "has not yet been activated"),
		logTexts(rankCertain+1, "certificatenotyetvalidexception", "certificate is not yet valid", "cert_not_yet_valid", "notvalidyet"),
		logTexts(rankCertain, "certificate has expired", "cert_has_expired", "certificateexpired", "certificate expired", "err_cert_date_invalid", "sec_e_cert_expired"),
	),
}
