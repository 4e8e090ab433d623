package catalog

// login returns the way to a new token by hand. The secret goes through a
// pipe, since arguments are open to all users of a machine, and the answer goes
// into a file that nobody else can read; only a UDAPI code is ever printed.
func login() []Step {
	return []Step{
		{
			Do:      "Open the URL that this prints; it reads your API key from .env.",
			Run:     loginURL,
			Windows: loginURLWindows,
		},
		{Do: "Log in with mobile number, OTP or TOTP and PIN, not by QR; then copy the whole address of the page you land on, even if it does not load."},
		{
			Do:      "Paste the address here within a minute; it holds a code= that works once. The token goes into .upstox_token.",
			Run:     loginExchange,
			Windows: loginExchangeWindows,
		},
		{
			Do:      "Put the new token into .env too; without a line for it nothing changes.",
			Run:     loginEnv,
			Windows: loginEnvWindows,
		},
		restart,
		again,
	}
}

const (
	loginURL = `[ ! -f .env ] || { set -a; eval "$(tr -d '\r' < .env)" 2>/dev/null; set +a; }; unset UPSTOX_ACCESS_TOKEN UPSTOX_ANALYTICS_TOKEN; ` +
		`echo "https://api.upstox.com/v2/login/authorization/dialog?response_type=code&client_id=${UPSTOX_API_KEY:=${UPSTOX_CLIENT_ID:?is not set}}&redirect_uri=${UPSTOX_REDIRECT_URI:?is not set}"`
	loginURLWindows = `Get-Content .env -ErrorAction SilentlyContinue | ForEach-Object { if ($_ -match '^\s*(?:export\s+)?(UPSTOX_\w+)\s*=\s*(.*?)\s*$') { Set-Item "env:$($Matches[1])" $Matches[2].Trim('"', "'") } }; ` +
		`Remove-Item env:UPSTOX_ACCESS_TOKEN, env:UPSTOX_ANALYTICS_TOKEN -ErrorAction SilentlyContinue; if (-not $env:UPSTOX_API_KEY) { $env:UPSTOX_API_KEY = $env:UPSTOX_CLIENT_ID }; ` +
		`"https://api.upstox.com/v2/login/authorization/dialog?response_type=code&client_id=$($env:UPSTOX_API_KEY)&redirect_uri=$($env:UPSTOX_REDIRECT_URI)"`

	loginExchange = `(umask 077; printf 'address: '; read -r a; a=${a##*code=}; printf %s "${UPSTOX_API_SECRET:-$UPSTOX_CLIENT_SECRET}" | ` +
		`curl -sS -m 30 -o .upstox_token.new -H 'Accept: application/json' --data-urlencode "code=${a%%&*}" -d "client_id=${UPSTOX_API_KEY:-$UPSTOX_CLIENT_ID}" ` +
		`--data-urlencode client_secret@- --data-urlencode "redirect_uri=$UPSTOX_REDIRECT_URI" -d grant_type=authorization_code https://api.upstox.com/v2/login/authorization/token; ` +
		`if grep -q '"access_token"' .upstox_token.new; then mv .upstox_token.new .upstox_token && echo 'token saved'; else grep -o 'UDAPI[0-9]*' .upstox_token.new | head -1; rm -f .upstox_token.new; fi)`
	loginExchangeWindows = `$a = (Read-Host 'address') -replace '^.*code=' -replace '&.*$'; if (-not $env:UPSTOX_API_SECRET) { $env:UPSTOX_API_SECRET = $env:UPSTOX_CLIENT_SECRET }; ` +
		`try { $r = Invoke-RestMethod -Method Post https://api.upstox.com/v2/login/authorization/token -Headers @{ Accept = 'application/json' } -Body @{ code = $a; client_id = $env:UPSTOX_API_KEY; client_secret = $env:UPSTOX_API_SECRET; redirect_uri = $env:UPSTOX_REDIRECT_URI; grant_type = 'authorization_code' }; ` +
		`[IO.File]::WriteAllText("$PWD\.upstox_token", ($r | ConvertTo-Json)); 'token saved' } catch { [regex]::Match("$($_.ErrorDetails.Message)", 'UDAPI\d+').Value }`

	loginEnv = `[ ! -f .env ] || (umask 077; awk -F'"' 'NR==FNR {for (i=1; i<NF; i++) if ($i=="access_token") t=$(i+2); next} t && /^(export )?UPSTOX_ACCESS_TOKEN=/ {sub(/=.*/, "=" t)} {print}' ` +
		`.upstox_token .env > .env.new && mv .env.new .env || rm -f .env.new)`
	loginEnvWindows = `if (Test-Path .env) { $t = (Get-Content .upstox_token -Raw | ConvertFrom-Json).access_token; [IO.File]::WriteAllLines("$PWD\.env", [string[]]@(Get-Content .env | ForEach-Object { $_ -replace '^((?:export )?UPSTOX_ACCESS_TOKEN=).*', "` + "`" + `${1}$t" })) }`
)

// LoginRedirectMismatch is a redirect or key that the app does not have.
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
		again,
	},
	Texts: says(answer, "check your 'client_id' and 'redirect_uri'", "invalid_apikey_url"),
}

// LoginCodeInvalid is a code that cannot be exchanged.
var LoginCodeInvalid = &Entry{
	Code: "login-code-invalid", Stage: "login", Grade: Fails, Owner: You, Repair: "login",
	Title: "The authorization code is used or too old",
	Cause: "A code works once, also when the exchange fails, and only for a short time. A page that loads twice or a retry uses it up.",
	Steps: login(),
	Texts: says(answer, "invalid auth code"),
}

// LoginCredentialsInvalid is a wrong key or secret.
var LoginCredentialsInvalid = &Entry{
	Code: "login-credentials-invalid", Stage: "login", Grade: Fails, Owner: You,
	Title: "The API key or secret is wrong",
	Cause: "Upstox knows no such pair: a secret of another app, one that was renewed, or a value with a space too many.",
	Guide: "401 Unauthorized",
	Steps: []Step{
		{Do: "Copy the key and the secret of the same app from https://account.upstox.com/developer/apps."},
		editEnv,
		{Do: "Run the doctor again; it prints the login.", Run: "upstox-doctor"},
	},
	Texts: says(answer, "check your 'client_id' and 'client_secret'"),
}

// LoginCancelled is a login that its user ended.
var LoginCancelled = &Entry{
	Code: "login-cancelled", Stage: "login", Grade: Fails, Owner: You, Repair: "login",
	Title: "The login was cancelled",
	Cause: "The browser came back without a code, or the prompt was closed. Nothing has changed: the old token is as it was.",
	Steps: login(),
}

// LoginTimeout is a login that nobody finished.
var LoginTimeout = &Entry{
	Code: "login-timeout", Stage: "login", Grade: Fails, Owner: You, Repair: "login",
	Title: "The login was not finished in time",
	Cause: "No browser came back with a code. A QR login does not work here, and a browser on another machine cannot reach this one.",
	Steps: login(),
}

// LoginStateMismatch is a code from another login.
var LoginStateMismatch = &Entry{
	Code: "login-state-mismatch", Stage: "login", Grade: Fails, Owner: You, Repair: "login",
	Title: "The browser came back from another login",
	Cause: "The state in the address is not the one that this login sent. An older tab may have finished, or a foreign page called; the code was not used.",
	Steps: append([]Step{{Do: "Close every tab of an earlier login."}}, login()...),
}

// LoginPortBusy is a redirect port that another program holds.
var LoginPortBusy = &Entry{
	Code: "login-port-busy", Stage: "login", Grade: Fails, Owner: You, Repair: "login",
	Title: "Another program listens on the port of the redirect URL",
	Cause: "The browser's answer would go to that program, often your own bot or an earlier login. By hand it still works: the code stands in the address bar.",
	Steps: login(),
}
