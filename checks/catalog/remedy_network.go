package catalog

import "upstox-doctor/checks/lazyregexp"

// The hosts, and the checks of the way to them, that remedies compare.
const (
	apiHost  = "api.upstox.com"
	feedHost = "wsfeeder-api.upstox.com"

	CheckTCP = StageNetwork + ".tcp"
	CheckTLS = StageNetwork + ".tls"
)

// healthyHost is the host of Upstox that the finding is not about, if that one
// passed the check; else "".
func healthyHost(f Finding, check string) string {
	other := map[string]string{apiHost: feedHost, feedHost: apiHost}[f.Target]
	if other == "" || len(f.Targets) > 1 || !f.passed(check, other) {
		return ""
	}
	return other
}

// onlyThisHost are the steps where the other host answers, so that port 443 is
// open and the name or address of this one is what somebody refuses.
func onlyThisHost(f Finding, check string) []Step {
	if f.Seen("hosts_file") {
		return append(cleanHosts(), runAgainNetwork)
	}
	other := healthyHost(f, check)
	if other == "" {
		return nil
	}
	return []Step{
		{Do: "Ask the network's owner, or correct your own firewall: " + other + ":443 is let through, {target}:443 is not; allow it too, with WebSockets."},
		disconnectVPN,
		{Do: "Repeat over a phone's hotspot; success there means that this network filters {target}.", Run: "upstox-doctor --only network"},
	}
}

// clearProxy takes away a proxy variable, or sets it right.
func clearProxy(f Finding) []Step {
	if !f.Seen("variable") {
		return nil
	}
	steps := []Step{unsetVariable("{variable}", " in this shell if this network needs no proxy.")}
	for _, name := range variables(f, "other_variables") { // with the same value
		steps = append(steps, unsetVariable(name, " too; it names the same proxy."))
	}
	if f.Seen("set_in_file") {
		steps = append(steps, deleteAtStart(f)...)
	}
	return steps
}

// proxyGone are the steps for a proxy that does not answer.
func proxyGone(f Finding) []Step {
	steps := clearProxy(f)
	if steps == nil {
		return nil
	}
	return append(steps,
		Step{Do: "Start the proxy program behind {proxy} again, or ask IT for its present address, if this network does need it."},
		runAgainNetwork)
}

// proxyWrong are the steps for a variable that cannot be used.
func proxyWrong(f Finding) []Step {
	steps := clearProxy(f)
	if steps == nil {
		return nil
	}
	return append(steps,
		Step{Do: "Write it as http://host:port or socks5://host:port if a proxy is needed; percent-encode user and password."},
		runAgainNetwork)
}

// proxyAddress is the address of a proxy that no shell reads as anything else.
var proxyAddress = lazyregexp.New(`^([a-z0-9]+://)([A-Za-z0-9.:-]+)$`)

// proxyPassword are the steps for a proxy that asks who is there.
func proxyPassword(f Finding) []Step {
	if !f.Seen("variable") {
		return nil
	}
	address := "http://USER:PASSWORD@HOST:PORT"
	if seen := proxyAddress.FindStringSubmatch(f.Text("proxy")); seen != nil {
		address = seen[1] + "USER:PASSWORD@" + seen[2]
	}
	return []Step{
		{Do: "Ask IT for a user and password for {proxy}."},
		{
			Do:      "Put them into {variable} in place of USER and PASSWORD, percent-encoded.",
			Run:     "export {variable}=" + address,
			Windows: "$env:{variable} = '" + address + "'",
			Cmd:     "set {variable}=" + address,
		},
		{Do: "Start a local helper such as cntlm and point {variable} at it if the proxy offers NTLM or Negotiate only."},
		runAgainNetwork,
	}
}

// proxyForbids are the steps for a proxy whose rules leave the host out.
func proxyForbids(f Finding) []Step {
	if !f.Seen("variable") {
		return nil
	}
	return []Step{
		{Do: "Ask the proxy's owner to allow CONNECT through {proxy} to api.upstox.com:443 and wsfeeder-api.upstox.com:443; it refuses {target}."},
		bypassProxy,
		runAgainNetwork,
	}
}

// inspected are the steps for a certificate of an authority that is not
// trusted, and whose name was seen.
func inspected(f Finding) []Step {
	if !f.Seen("issuer") {
		return nil
	}
	by := issuer(f)
	return []Step{
		{Do: "Ask IT to exempt api.upstox.com and wsfeeder-api.upstox.com from the TLS inspection by " + by + "."},
		installRoot("Install the root certificate of " + by + " as company-root.crt if IT cannot exempt the hosts."),
		{Do: "Switch off HTTPS scanning in the antivirus for these hosts if the issuer is the antivirus."},
		runAgainNetwork,
	}
}

// commonName is the name of an authority in its distinguished name.
var commonName = lazyregexp.New(`CN=([^,+]+)`)

// issuer is the name of who signed the certificate that was seen.
func issuer(f Finding) string {
	if m := commonName.FindStringSubmatch(f.Text("issuer")); m != nil {
		return m[1]
	}
	return f.Text("issuer")
}

// installRoot lets the machine trust an authority.
func installRoot(do string) Step {
	return Step{
		Do:      do,
		Run:     "$(command -v sudo) cp company-root.crt /usr/local/share/ca-certificates/ && $(command -v sudo) update-ca-certificates",
		Mac:     "sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain company-root.crt",
		Windows: `Import-Certificate -FilePath company-root.crt -CertStoreLocation Cert:\LocalMachine\Root`,
	}
}

// staleCertificate are the steps for a certificate outside its dates.
func staleCertificate(f Finding) []Step {
	if !f.Seen("issuer") {
		return nil
	}
	return []Step{
		{Do: "Ask IT to renew the certificate for {target} if " + issuer(f) + " is your company or antivirus."},
		{Do: "Report it on https://community.upstox.com if the issuer is a public authority: issuer, dates and host as seen above."},
		runAgainNetwork,
	}
}

// otherNames are the steps for a certificate of another server.
func otherNames(f Finding) []Step {
	switch {
	case f.Seen("hosts_file"):
		return append(cleanHosts(), runAgainNetwork)
	case len(f.List("names")) == 0:
		return nil
	}
	return []Step{signIn, {Do: "Ask the network's owner, if no sign-in page comes, why {target} leads here to a server of other names."}, runAgainNetwork}
}

// wrongAddress are the steps for a name that leads to a private address.
func wrongAddress(f Finding) []Step {
	again := Step{Do: "Run the name checks again.", Run: "upstox-doctor --only network.dns"}
	if f.Seen("hosts_file") {
		return append(cleanHosts(), again)
	}
	return []Step{{Do: "Allow *.upstox.com in the ad blocker or DNS filter."}, publicResolver, again}
}

// cleanHosts takes a host out of the hosts file, and with it only lines that name no
// other. It writes into the file, which in a container cannot be replaced.
func cleanHosts() []Step {
	return []Step{{
		Do: "Delete {target} alone from {hosts_file}.",
		Run: `$(command -v sudo) sh -c 'kept=$(sed -E "s/^([^#]*[[:space:]]){target}([[:space:]#]|$)/\1\2/;/^[^#[:space:]]+[[:space:]]*$/d" {hosts_file}) && ` +
			`printf "%s\n" "$kept" > {hosts_file}'`,
		Windows: `$p = '{hosts_file}'; [IO.File]::WriteAllLines($p, [string[]]@(Get-Content $p | ForEach-Object { $l = $_ -replace '^([^#]*?)\s+{target}(?=[\s#]|$)', '$1'; ` +
			`if ($l -eq $_ -or $l -notmatch '^\s*[^#\s]+\s*(#|$)') { $l } }))`,
	}}
}

// setClock are the steps for a clock whose error was seen.
func setClock(f Finding) []Step {
	if !f.Seen("skew_seconds") {
		return nil
	}
	return []Step{syncClock, hardwareClock, runAgain}
}

// waitOut are the steps for a ban or limit that says how long it lasts.
func waitOut(stop string) func(Finding) []Step {
	return func(f Finding) []Step {
		seconds, told := f.Number("retry_after_seconds")
		if !told || seconds > 3600 {
			return nil
		}
		return []Step{
			{Do: stop},
			{Do: "Wait as long as the answer asks, without a single call.", Run: "sleep {retry_after_seconds}", Windows: "Start-Sleep {retry_after_seconds}"},
			backoffStep,
			runAgain,
		}
	}
}
