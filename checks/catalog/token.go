package catalog

// newAnalyticsToken is the way to the long-lived, read-only token.
var newAnalyticsToken = Step{
	Do: "Copy the newest token from https://account.upstox.com/developer/apps#analytics if yours is an Analytics token; else go on.",
}

// TokenMissing is a run for which no source holds a token.
var TokenMissing = &Entry{
	Code: "token-missing", Stage: "token", Grade: Fails, Owner: You, Retry: Never, Repair: "login",
	Title:  "No access token is set",
	Cause:  "No flag, UPSTOX_ACCESS_TOKEN, .env line, secrets.toml or .upstox_token file holds one. An empty token file counts as none.",
	Guide:  "Token is expired or invalid",
	Remedy: seenAtStart,
	Steps:  login(),
	Texts: logTexts(rankCertain, "keyerror: 'upstox_access_token'", "upstox_access_token…is not set", "upstox_access_token…not found", "missing upstox_access_token",
		"no access token", "access token is missing", "access token is none", "access token is null", "access_token is none", "access_token is null", "token is null", "token is none", "token is empty", "token is undefined", "access token not found", "keyerror: 'upstox_analytics_token'"),
}

// TokenElsewhere is a token in a place that the doctor and the user's program
// do not read.
var TokenElsewhere = &Entry{
	Code: "token-elsewhere", Stage: "token", Grade: Fails, Owner: You, Retry: Never, Repair: "login",
	Title:  "A token or key lies near, where it is not read",
	Cause:  "What is missing stands in a file or under a name that is not read.",
	Guide:  "Token is expired or invalid",
	Remedy: useNear,
	Steps: append([]Step{
		{Do: "Write the value into .env under the name that is read, such as UPSTOX_ACCESS_TOKEN; if it is a token that has ended, go on.", Run: editEnv.Run, Mac: editEnv.Mac, Windows: editEnv.Windows},
	}, login()...),
}

// TokenMalformed is a value that cannot be a token.
var TokenMalformed = &Entry{
	Code: "token-malformed", Stage: "token", Grade: Fails, Owner: You, Retry: Never, Repair: "login",
	Title: "The access token does not have the form of a token",
	Cause: "It is neither a JWT of three parts nor a plausible opaque token: cut off when it was copied, or the short authorization code of the login in its place.",
	Guide: "Token is expired or invalid",
	Steps: login(), Remedy: newLogin,
	Texts: logTexts(rankCertain, "jwt malformed", "not enough segments", "token contains an invalid number of segments", "token is malformed"),
}

// TokenExpired is a token past its end.
var TokenExpired = &Entry{
	Code: "token-expired", Stage: "token", Grade: Fails, Owner: You, Retry: Never, Repair: "login",
	Title: "The access token has expired",
	Cause: "Upstox ends a daily token at the next 03:30 IST, not after 24 hours: one issued at 02:30 lives an hour. It cannot be refreshed, only replaced by a new login.",
	Guide: "Token is expired or invalid",
	Steps: login(), Remedy: newToken, Why: whyExpired,
	Texts: join(
		logTexts(rankAnswer+2, "udapi100050", "invalid token used to access api"),
		logTexts(rankCertain+1, "token is expired or invalid", "jwt expired", "token expired", "expired token", "token has been expired", "tokenexception", "tokenexpirederror", "access token has expired", "access token expired", "token has expired", "expiredsignatureerror", "token is expired"),
		logTexts(rankHint+3, "failed to get websocket url"),
		logTexts(rankHint+2, "please login again", "please log in again", "not logged in", "session has expired", "session expired, please"),
		logTexts(rankStatus+2, "authentication failed", "auth failed", "not authenticated", "invalid session", "invalid feed token", "reason: unauthorized", "upstox…unauthorized", "invalid token", "invalid access token", "invalid bearer token", "token invalid", "unauthorizedexception"),
		logTexts(rankEcho+2, retryPhrases...),
		logTexts(rankEcho+4, onClose...),
	),
}

// TokenExpiringSoon is a token near its end.
var TokenExpiringSoon = &Entry{
	Code: "token-expiring-soon", Stage: "token", Grade: Warns, Owner: You, Retry: Never, Repair: "login",
	Title:  "The access token ends soon",
	Cause:  "Daily tokens end at 03:30 IST. An open feed may live on, and the first reconnect after it fails.",
	Guide:  "Token is expired or invalid",
	Steps:  append([]Step{{Do: "Wait until 03:30 IST before you log in; a token from a login before then ends at 03:30 too."}}, login()...),
	Remedy: afterTheEnd,
}

// TokenRejected is a token that Upstox refuses before its end.
var TokenRejected = &Entry{
	Code: "token-rejected", Stage: "token", Grade: Fails, Owner: You, Retry: Never, Repair: "login",
	Title:  "Upstox refuses the token before its end",
	Cause:  "The answer is 401, though the token's own end is still to come: it was logged out, revoked or replaced, or the static IP was changed, which ends every token.",
	Guide:  "Token is expired or invalid",
	Remedy: newToken,
	Steps:  append([]Step{newAnalyticsToken}, login()...),
	Signs:  []Symptom{{Hop: HopAPI, HTTP: 401}},
	Texts: join(
		logTexts(rankAnswer+1, "udapi100050", "invalid token used to access api"),
		logTexts(rankCertain, "token is expired or invalid"),
		logTexts(rankStatus+1, "authentication failed", "auth failed", "not authenticated", "invalid session", "invalid feed token", "reason: unauthorized", "upstox…unauthorized", "invalid access token", "invalid bearer token", "invalid token", "token invalid", "unauthorizedexception"),
	),
}

// TokenShadowed is an accepted token that is not used, because a bad one takes
// precedence over it.
var TokenShadowed = &Entry{
	Code: "token-shadowed", Stage: "token", Grade: Fails, Owner: You, Retry: Never,
	Title:  "An old token hides a good one",
	Cause:  "Two sources hold different tokens. The one that wins is dead, and Upstox accepts the other. Flag beats environment, environment beats .env, .env beats secrets.toml, and that beats .upstox_token.",
	Guide:  "Token is expired or invalid",
	Remedy: unhide,
	Steps: []Step{
		{
			Do:      "Read where tokens are set; this prints names only.",
			Run:     `env | grep -oE '^UPSTOX_[A-Z_]*TOKEN'; grep -HnoE '^(export )?UPSTOX_[A-Z_]*TOKEN' .env; ls -l .upstox_token`,
			Windows: `(Get-ChildItem env:UPSTOX_*TOKEN).Name; Select-String '^(export )?UPSTOX_\w*TOKEN' .env | ForEach-Object { $_.Matches.Value }; Get-Item .upstox_token`,
		},
		{
			Do:      "Unset the old one in this shell.",
			Run:     "unset UPSTOX_ACCESS_TOKEN UPSTOX_ANALYTICS_TOKEN",
			Windows: "Remove-Item env:UPSTOX_ACCESS_TOKEN, env:UPSTOX_ANALYTICS_TOKEN -ErrorAction SilentlyContinue",
		},
		{
			Do:      "Delete its line if it stands in .env.",
			Run:     editEnv.Run,
			Mac:     editEnv.Mac,
			Windows: editEnv.Windows,
		},
		restart,
		runAgainToken,
	},
}

// TokenNotPermitted is a token of a kind that the call does not accept.
var TokenNotPermitted = &Entry{
	Code: "token-not-permitted", Stage: "token", Grade: Fails, Owner: You, Retry: Never, Repair: "login",
	Title: "This kind of token may not make the call",
	Cause: "The token is read-only: an Analytics token, or the extended_token of a login answer. The call needs the access_token of a daily login.",
	Guide: "403 Forbidden",
	Steps: login(), Remedy: newLogin,
	Texts: join(
		logTexts(rankAnswer, "not permitted with an extended_token"),
	),
}

// keepSandbox is for those who want both kinds of token.
var keepSandbox = Step{Do: "Keep the sandbox token in a variable of its own; a live app's token opens the feed."}

// TokenSandbox is a token of Upstox's sandbox.
var TokenSandbox = &Entry{
	Code: "token-sandbox", Stage: "token", Grade: Fails, Owner: You, Repair: "login",
	Retry:  Never,
	Title:  "The token belongs to the sandbox",
	Cause:  "A sandbox token opens the order calls of api-sandbox.upstox.com only. It opens neither the feed nor the profile, and Upstox answers 401 there.",
	Guide:  "401 Unauthorized",
	Steps:  append([]Step{keepSandbox}, login()...),
	Remedy: func(f Finding) []Step { return append([]Step{keepSandbox}, newLogin(f)...) },
	Texts:  logTexts(rankHint, "api-sandbox.upstox.com…401"),
}

// TokenIPRestricted is a token that market data accepts and that a call bound
// to a static IP refuses.
var TokenIPRestricted = &Entry{
	Code: "token-ip-restricted", Stage: "token", Grade: Warns, Owner: You, Retry: Never,
	Title: "Account data is closed to this token from this address",
	Cause: "The token is good: feed and quotes accept it. Profile, funds and orders answer an Analytics token only from the static IP of the account.",
	Guide: "401 Unauthorized",
	Steps: []Step{
		{Do: "Ignore this if you stream or quote only."},
		{Do: "Replace /v2/user/profile as your test of a token; a quote is a fair one."},
		egressAddressStep,
		registerIP,
		runAgainToken,
	},
	Texts: join(
		logTexts(rankAnswer, "permitted only when requested from the static ip"),
		logTexts(rankStatus, "reason: unauthorized"),
	),
}
