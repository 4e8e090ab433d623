package catalog

import "strings"

// LoginNoTerminal is a login that can neither listen for the browser nor ask.
var LoginNoTerminal = &Entry{
	Code: "login-no-terminal", Stage: "login", Grade: Fails, Owner: You,
	Title: "The redirect URL leads elsewhere, and there is no terminal to ask",
	Cause: "The browser lands on a page elsewhere, and its address holds the code. This login has no terminal at which somebody could paste it.",
	Steps: []Step{
		{Do: "Log in from a terminal, which asks for the address; ssh -t and docker exec -it give one.", Run: "upstox-doctor login"},
		{
			Do:      "Give the address through a pipe where there is no terminal; write it there from another shell: cat >landed.",
			Run:     "mkfifo -m 600 landed; upstox-doctor login --code-from landed",
			Windows: "upstox-doctor login --code-from -",
		},
	},
}

// TokenFileUnwritable is a file that could not take the new token. It is found
// before the login, which may end the old one.
var TokenFileUnwritable = &Entry{
	Code: "token-file-unwritable", Stage: "login", Grade: Fails, Owner: You,
	Title:  "The file for the new token cannot be written",
	Cause:  "A login may end the old token, so it does not begin where the new one could not be kept. Nothing has changed.",
	Remedy: writableFile,
	Steps: []Step{
		{Do: "Keep the token in a file that you may write.", Run: "upstox-doctor login --token-file ~/.upstox_token"},
		runAgain,
	},
}

// writableFile makes room for the token, or leads to where there is some.
func writableFile(f Finding) []Step {
	again := Step{Do: "Log in.", Run: "upstox-doctor login"}
	elsewhere := Step{Do: "Or keep the token in another file, and name it in each call.", Run: "upstox-doctor login --token-file ~/.upstox_token"}
	switch {
	case f.Seen("leads_to") && strings.HasSuffix(f.Text("file"), ".toml"):
		return []Step{{
			Do:      "{file} is a link to {leads_to}, out of its directory, which is not followed. Put the file itself in its place.",
			Run:     "cp {leads_to} {file}.new && chmod 600 {file}.new && mv {file}.new {file}",
			Windows: "Copy-Item {leads_to} {file}.new; Move-Item -Force {file}.new {file}",
		}, again}
	case f.Seen("leads_to"):
		flag := "--env-file"
		if f.Text("form") == "token" {
			flag = "--token-file"
		}
		return []Step{{Do: "{file} is a link to {leads_to}, out of its directory, which is not followed. Name that file itself, in each call.", Run: "upstox-doctor login " + flag + " {leads_to}"}}
	case f.Text("problem") == "permission":
		return []Step{{
			Do:      "Give yourself the right to write in the directory {directory}, if it is yours to use.",
			Run:     `$(command -v sudo) chown "$(id -un)" {directory} && chmod u+rwx {directory}`,
			Windows: `icacls {directory} /grant "${env:USERNAME}:M"`,
		}, again, elsewhere}
	case f.Text("problem") == "missing" && f.Text("directory") == ".":
		return []Step{leaveRemovedDir, again, elsewhere}
	case f.Text("problem") == "missing":
		return []Step{{Do: "Make the directory {directory}.", Run: "mkdir -p {directory}", Windows: "New-Item -ItemType Directory -Force {directory}"}, again, elsewhere}
	}
	return nil
}

// leaveRemovedDir cannot name the directory of the program, which may be another.
var leaveRemovedDir = Step{
	Do:      "The directory that you are in was removed. Change to the one of your program; if it was made anew, by the same name.",
	Run:     `cd "$PWD"`,
	Windows: "Set-Location $PWD.Path",
}
