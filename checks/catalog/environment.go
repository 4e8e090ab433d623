package catalog

// EnvMissingCredentials is an API key or secret that no source holds.
var EnvMissingCredentials = &Entry{
	Code: "env-missing-credentials", Stage: "environment", Grade: FailsOrWarns, Owner: You, Retry: Never,
	Title:  "The API key or secret is not set",
	Cause:  "No flag, environment variable, .env line or secrets.toml gives the value. Without it a login is impossible; a token that still works is enough for the feed.",
	Guide:  "401 Unauthorized",
	Remedy: seenAtStart,
	Steps: []Step{
		{Do: "Set the app up: this asks for its values, says where each stands at Upstox, writes .env and logs in.", Run: "upstox-doctor init"},
		runAgain,
	},
	Texts: join(
		logTexts(rankCertain, "keyerror: 'upstox_api_key'", "keyerror: 'upstox_api_secret'", "keyerror: 'upstox_client_id'", "keyerror: 'upstox_client_secret'",
			"upstox_api_key…is not set", "upstox_api_secret…is not set", "upstox_client_id…is not set", "upstox_client_secret…is not set",
			"upstox_api_key…not found", "upstox_api_secret…not found", "missing upstox_api_key", "missing upstox_api_secret"),
	),
}

// EnvMalformedValue is a value with characters around it that do not belong to
// it, such as quotes.
var EnvMalformedValue = &Entry{
	Code: "env-malformed-value", Stage: "environment", Grade: FailsOrWarns, Owner: You, Retry: Never,
	Title:  "A value holds characters that do not belong to it",
	Cause:  "White space, a line break, quotes, invisible characters or a Bearer prefix are part of the value, so Upstox receives something else than you see. The doctor goes on with the cleaned value.",
	Guide:  "Token is expired or invalid",
	Remedy: cleanValue,
	Steps: []Step{
		{
			Do:      "Remove invisible characters and trailing white space from both files.",
			Run:     `perl -i -pe 's/\xEF\xBB\xBF|\xE2\x80[\x8B-\x8D]//g; s/[ \t\r]+$//' .env .upstox_token 2>/dev/null`,
			Windows: `foreach ($f in '.env', '.upstox_token') { if (Test-Path $f) { [IO.File]::WriteAllLines("$PWD\$f", [string[]]@(Get-Content $f -Encoding UTF8 | ForEach-Object { $_.Trim() })) } }`,
		},
		{
			Do:      "Delete quotes, spaces and a leading Bearer from the value itself.",
			Run:     editEnv.Run,
			Mac:     editEnv.Mac,
			Windows: editEnv.Windows,
		},
		{Do: "Delete quotes also from a file for docker --env-file or systemd; there they become part of the value."},
		{Do: "Run the environment checks again.", Run: "upstox-doctor --only environment"},
	},
	Texts: join(
		logTexts(rankCertain, `invalid header field value for "authorization"`, `invalid character in header content ["authorization"]`,
			"bearer bearer", "illegal header value b'bearer", "invalid header value b'bearer", "unexpected char…in authorization value", "null byte detected in headers", "new-line characters…header values", "reserved character(s), or return character(s) in header value", `\ufeffupstox_`),
		logTexts(rankHint, "err_invalid_char"),
	),
}

// EnvPlaceholderValue is sample text in the place of a value.
var EnvPlaceholderValue = &Entry{
	Code: "env-placeholder-value", Stage: "environment", Grade: FailsOrWarns, Owner: You, Retry: Never,
	Title:  "A value is still the sample text",
	Cause:  "The value was copied from an example, such as YOUR_ACCESS_TOKEN, and was never replaced by your own.",
	Guide:  "401 Unauthorized",
	Remedy: withoutPlaceholder,
	Steps: []Step{
		{Do: "Copy the real key or secret from https://account.upstox.com/developer/apps; a token comes from a login."},
		editEnv,
		runAgain,
	},
	Texts: logTexts(rankHint, "your_access_token", "{your_access_token}", "your_api_key", "your_api_secret", "your_client_id"),
}

// EnvFileUnreadable is a settings file that was named or exists, and cannot be
// used.
var EnvFileUnreadable = &Entry{
	Code: "env-file-unreadable", Stage: "environment", Grade: Fails, Owner: You, Retry: Never,
	Title:  "A settings file cannot be used",
	Cause:  "It or its directory does not exist, it is a directory, belongs to someone else, is too large, is not UTF-8 text, or has a line that cannot be read. The finding says which.",
	Remedy: readableFile,
	Steps: []Step{
		{
			Do:      "Look at what the file is.",
			Run:     `ls -ld {file}; file {file}`,
			Windows: `Get-Item {file} -Force | Format-List FullName, Length, Mode`,
		},
		{
			Do:      "Give yourself the right to read it.",
			Run:     `$(command -v sudo) chown "$(id -un)" {file} && chmod 600 {file}`,
			Windows: `icacls {file} /grant "${env:USERNAME}:R"`,
		},
		{
			Do:      "Convert it to UTF-8 if it is UTF-16; any other file stays as it is.",
			Run:     `head -c 2 {file} | od -An -tx1 | grep -qE 'ff fe|fe ff' && (` + freeName + `t=$(iconv -f UTF-16 -t UTF-8 "$f") && cp -p "$f" "$old" && printf '%s\n' "$t" >"$f")`,
			Windows: freeNameWindows + `Copy-Item $p $old; [IO.File]::WriteAllLines($p, [string[]]@(Get-Content $old))`,
		},
		{
			Do:      "Correct the line that the finding names.",
			Run:     `${EDITOR:-vi} {file}`,
			Mac:     `open -e {file}`,
			Windows: `notepad {file}`,
		},
		{Do: "Run the environment checks again.", Run: "upstox-doctor --only environment"},
	},
	Texts: logTexts(rankCertain, "permission denied: '.env'", "open .env: permission denied", "eacces: permission denied, open…/.env'",
		"open .upstox_token: permission denied", "permission denied: '.upstox_token'", "is a directory: '.env'", "is a directory: '.upstox_token'"),
}

// TokenFilePermissions is a token file that other users can read.
var TokenFilePermissions = &Entry{
	Code: "token-file-permissions", Stage: "environment", Grade: Warns, Owner: You, Retry: Never,
	Title: "Other users of this machine can read the token file",
	Cause: "The file's mode gives its group or everybody the right to read. Whoever holds the token can use your account until it ends.",
	Steps: []Step{
		{
			Do:      "Close the file to everybody else.",
			Run:     `chmod 600 {file}`,
			Windows: `icacls {file} /inheritance:r /grant:r "${env:USERNAME}:F"`,
		},
		{Do: "Run the environment checks again.", Run: "upstox-doctor --only environment"},
	},
}
