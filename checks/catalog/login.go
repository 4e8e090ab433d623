package catalog

// login returns the way to a new token.
func login() []Step {
	return []Step{
		{Do: "Log in again; the new token goes where the old one stands, or else into the token file.", Run: "upstox-doctor login"},
		restart,
		runAgain,
	}
}

// AfterLogin is what follows a login that has ended well.
var AfterLogin = []Step{
	{Do: "Start your program again: one that runs keeps the old token in memory."},
	{Do: "Watch live prices.", Run: "upstox-doctor watch"},
}

// LoginRedirectMismatch is a redirect URI or API key that the app does not have.
var LoginRedirectMismatch = &Entry{
	Code: "login-redirect-mismatch", Stage: "login", Grade: Fails, Owner: You,
	Title: "The redirect URL or the API key is not what the app has registered",
	Cause: "Every character counts: http or https, localhost or 127.0.0.1, port, path and a slash at the end. Upstox does not say which of the two is wrong.",
	Steps: []Step{
		{Do: "Open your app at https://account.upstox.com/developer/apps and copy the API key and redirect URL."},
		{
			Do:      "Write both into .env, letter by letter as they stand there.",
			Run:     editEnv.Run,
			Mac:     editEnv.Mac,
			Windows: editEnv.Windows,
		},
		{Do: "Register an https URL if only http is refused; nothing has to listen there."},
		{Do: "Log in again.", Run: "upstox-doctor login"},
	},
	Texts: logTexts(rankAnswer, "check your 'client_id' and 'redirect_uri'", "invalid_apikey_url", "invalid redirect_uri", "redirect_uri mismatch", "redirect_uri_mismatch", "redirect uri mismatch",
		"redirect url mismatch", "redirect_uri…does not match", "redirect_uri…not registered", "redirect_uri is not valid", "redirect_uri invalid"),
}

// LoginCodeInvalid is an authorization code that cannot be exchanged.
var LoginCodeInvalid = &Entry{
	Code: "login-code-invalid", Stage: "login", Grade: Fails, Owner: You, Repair: "login",
	Title: "The authorization code is used or too old",
	Cause: "A code works once, also when the exchange fails, and only for a short time. A page that loads twice or a retry uses it up.",
	Steps: login(),
	Texts: append(logTexts(rankAnswer, "invalid auth code"), logTexts(rankHint+1, "keyerror: 'access_token'")...),
}

// LoginAddressInvalid is what was given in the place of the address that the
// browser landed on, or an address whose code cannot be one.
var LoginAddressInvalid = &Entry{
	Code: "login-address-invalid", Stage: "login", Grade: Fails, Owner: You, Repair: "login",
	Title: "What was given to the login is neither an address nor a code",
	Cause: "The login needs the whole address of the page that the browser landed on, with code= and state= in it, or the code alone. Nothing was sent to Upstox.",
	Steps: append([]Step{
		{Do: "Log in on the page, and copy the whole address from the browser's address bar once it has landed, even if the page does not load."},
	}, login()...),
}

// LoginCredentialsInvalid is a wrong API key or secret.
var LoginCredentialsInvalid = &Entry{
	Code: "login-credentials-invalid", Stage: "login", Grade: Fails, Owner: You,
	Title:  "The API key or secret is wrong",
	Cause:  "Upstox knows no such pair: a secret of another app, one that was renewed, or a value with a space too many.",
	Guide:  "401 Unauthorized",
	Remedy: writeApp,
	Steps: []Step{
		{Do: "Copy the key and the secret of the same app from https://account.upstox.com/developer/apps."},
		editEnv,
		{Do: "Log in again.", Run: "upstox-doctor login"},
	},
	Signs: []Symptom{{Hop: HopLogin, Responder: ResponderUpstox, HTTP: 401}},
	Texts: append(logTexts(rankAnswer, "check your 'client_id' and 'client_secret'"), logTexts(rankHint, "keyerror: 'access_token'", "invalid credentials", "invalid api key", "invalid api_key")...),
}

// LoginCancelled is a login that its user ended.
var LoginCancelled = &Entry{
	Code: "login-cancelled", Stage: "login", Grade: Fails, Owner: You, Repair: "login",
	Title: "The login was cancelled",
	Cause: "The browser came back without a code, or the prompt was closed. Nothing has changed: the old token is as it was.",
	Steps: login(),
}

// LoginTimeout is a login that was not finished in time.
var LoginTimeout = &Entry{
	Code: "login-timeout", Stage: "login", Grade: Fails, Owner: You, Repair: "login",
	Title:  "The login was not finished in time",
	Cause:  "No browser came back with a code, or no token after a request. A QR login does not work here, a browser on another machine comes back only through a forwarded port, and of a rejected request nobody is told.",
	Remedy: requestAgain,
	Steps:  append([]Step{byHand}, login()...),
}

// requestAgain is the way on after a token request that brought no token.
func requestAgain(f Finding) []Step {
	if !f.Seen("request") {
		return nil
	}
	return []Step{
		{Do: "Read the log of the program behind the app's notifier URL."},
		{Do: "Request the token again, and approve it in the Upstox app or on WhatsApp.", Run: "upstox-doctor login --request"},
	}
}

// LoginStateMismatch is an authorization code of another login.
var LoginStateMismatch = &Entry{
	Code: "login-state-mismatch", Stage: "login", Grade: Fails, Owner: You, Repair: "login",
	Title: "The browser came back from another login",
	Cause: "The state in the address is not the one that this login sent, or a program of another user of this machine brought it. An older tab may have finished, or a foreign page or program called; the code was not used.",
	Steps: append([]Step{{Do: "Close every tab of an earlier login."}}, login()...),
}

// LoginPortBusy is a redirect port on which another program listens.
var LoginPortBusy = &Entry{
	Code: "login-port-busy", Stage: "login", Grade: Fails, Owner: You, Repair: "login",
	Title: "Another program listens on the port of the redirect URL",
	Cause: "The browser's answer would go to that program, often your own bot or an earlier login. By hand it still works: the code stands in the address bar.",
	Steps: append([]Step{byHand}, login()...),
}

// byHand is the login for a browser that cannot reach this machine.
var byHand = Step{
	Do:  "Paste the address that the browser lands on, if nothing can listen on the redirect URL or the browser is on another machine.",
	Run: "upstox-doctor login --code-from -",
}
