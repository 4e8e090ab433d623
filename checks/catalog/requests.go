package catalog

// ServiceHours is a request outside the hours of its service.
var ServiceHours = &Entry{
	Code: "service-hours", Stage: "any", Grade: Informs, Owner: Upstox,
	Title: "This service of Upstox is closed at this hour",
	Cause: "Funds and orders are served between 05:30 and 24:00 IST only. The token is not at fault; feed and quotes have no such hours.",
	Steps: []Step{
		{Do: "Wait until 05:30 IST for funds and orders."},
		{Do: "Use a quote in place of the funds call as your test of a token."},
		runAgain,
	},
	Signs: []Symptom{{HTTP: 423}},
	Texts: logTexts(rankAnswer, "service is accessible from 5:30"),
}

// RequestInvalid is a request that Upstox cannot read.
var RequestInvalid = &Entry{
	Code: "request-invalid", Stage: "any", Grade: Fails, Owner: You,
	Title: "Upstox finds a mistake in the request",
	Cause: "A value is missing or not allowed: the meaning of the code says which. Token and network are not at fault.",
	Steps: []Step{
		{Do: "Read the code and the message in the answer; they name the value."},
		{Do: "Correct that value in your program; send the token exchange form-encoded and encode | as %7C."},
		{Do: "Run the doctor again; if it passes, the mistake is in your program.", Run: "upstox-doctor"},
	},
	Signs: []Symptom{{Hop: HopAPI, HTTP: 400}, {Hop: HopAPI, HTTP: 405}, {Hop: HopAPI, HTTP: 406}, {Hop: HopAPI, HTTP: 415}, {Hop: HopAPI, HTTP: 422}},
}

// OrderRefused is an order that breaks a rule of the order service.
var OrderRefused = &Entry{
	Code: "order-refused", Stage: "orders", Grade: Fails, Owner: You,
	Title: "A rule of the order service refuses the call",
	Cause: "The account, the segment or the X-Algo-Name header may not place this order by API. Token and network are not at fault; the feed is not concerned.",
	Steps: []Step{
		{Do: "Read the code and the message in the answer; they name the rule."},
		{Do: "Place urgent orders in the Upstox app meanwhile."},
		reportToForum,
	},
}

// StaticIPChangeRefused is a change of the static IP that Upstox does not make.
var StaticIPChangeRefused = &Entry{
	Code: "static-ip-change-refused", Stage: "orders", Grade: Fails, Owner: You,
	Title: "Upstox does not change the static IP",
	Cause: "The app or the user may not change it, an address is wrong, or it was changed this week already. The old addresses stay in force, and so do your tokens.",
	Steps: []Step{
		egressAddressStep,
		{Do: "Correct the addresses at https://account.upstox.com/developer/apps; primary and secondary must differ."},
		{Do: "Wait for the next calendar week if it was changed in this one."},
	},
}

// LoginRequestRefused is a token request that Upstox does not start.
var LoginRequestRefused = &Entry{
	Code: "login-request-refused", Stage: "login", Grade: Fails, Owner: You, Repair: "login",
	Title: "Upstox does not start the token request",
	Cause: "The app has no notifier URL, is under review, rejected or expired, or the user is not an individual. A login by browser may work meanwhile.",
	Steps: append([]Step{{Do: "Open https://account.upstox.com/developer/apps and read the app's state and notifier URL."}}, login()...),
}
