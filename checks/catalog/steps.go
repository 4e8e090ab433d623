package catalog

// Steps that several entries share.
var (
	runAgain        = Step{Do: "Run the doctor again.", Run: "upstox-doctor"}
	runAgainNetwork = Step{Do: "Run the network checks again.", Run: "upstox-doctor --only network"}
	runAgainToken   = Step{Do: "Look at the token again.", Run: "upstox-doctor token"}

	editEnv = Step{
		Do:      "Write the real value into .env, one NAME=value per line.",
		Run:     "${EDITOR:-vi} .env",
		Mac:     "touch .env && open -e .env",
		Windows: "notepad .env",
	}
	disconnectVPN = Step{Do: "Disconnect the VPN, then repeat; tunnels often filter or lose such traffic."}
	allowHosts    = Step{Do: "Allow outgoing TCP port 443 to api.upstox.com and wsfeeder-api.upstox.com in the firewall."}
	exemptHosts   = Step{Do: "Ask IT to exempt api.upstox.com and wsfeeder-api.upstox.com from TLS inspection."}
	signIn        = Step{
		Do:      "Open this page in a browser and sign in to the Wi-Fi if a sign-in page comes.",
		Run:     "xdg-open http://neverssl.com",
		Mac:     "open http://neverssl.com",
		Windows: "Start-Process http://neverssl.com",
	}
	publicResolver = Step{
		Do:      "Set a public resolver on the connection in use.",
		Run:     `$(command -v sudo) resolvectl dns "$(ip route show default | sed -n '1s/.* dev \([^ ]*\).*/\1/p')" 1.1.1.1 8.8.8.8`,
		Mac:     "sudo networksetup -setdnsservers Wi-Fi 1.1.1.1 8.8.8.8",
		Windows: "Set-DnsClientServerAddress -InterfaceIndex (Get-NetRoute -DestinationPrefix 0.0.0.0/0)[0].ifIndex -ServerAddresses 1.1.1.1, 8.8.8.8",
	}
	hostsEntry = Step{
		Do:      "Look for Upstox in the hosts file; take its names out of the lines that this prints.",
		Run:     "grep -n upstox /etc/hosts",
		Windows: `Select-String upstox "$env:SystemRoot\System32\drivers\etc\hosts"`,
	}
	seeIssuer = Step{
		Do:      "Read who issued the certificate; a company or antivirus name means inspection.",
		Run:     "openssl s_client -connect {target}:443 -servername {target} </dev/null 2>/dev/null | openssl x509 -noout -issuer -subject",
		Windows: "$c = [Net.Sockets.TcpClient]::new('{target}', 443); $s = [Net.Security.SslStream]::new($c.GetStream(), $false, { $true }); $s.AuthenticateAsClient('{target}'); $s.RemoteCertificate.Issuer",
	}
	seeProxies = Step{
		Do:      "Read the proxy variables; this hides passwords.",
		Run:     `env | grep -i '_proxy=' | sed -E 's#=([a-zA-Z0-9]+://)?.*@#=\1***@#'`,
		Windows: `Get-ChildItem env: | Where-Object Name -match '_proxy$' | ForEach-Object { $_.Name + '=' + ($_.Value -replace '^(\w+://)?.*@', '$1***@') }`,
	}
	unsetProxies = Step{
		Do:      "Unset the proxy variables if this network needs no proxy.",
		Run:     "unset HTTPS_PROXY https_proxy HTTP_PROXY http_proxy ALL_PROXY all_proxy",
		Windows: "Remove-Item env:HTTPS_PROXY, env:HTTP_PROXY, env:ALL_PROXY -ErrorAction SilentlyContinue",
	}
	timeAnswer = Step{
		Do:      "Time one answer by hand.",
		Run:     `curl -sS -m 30 -o /dev/null -w '%{http_code} after %{time_total} s\n' https://api.upstox.com/v2/market/holidays`,
		Windows: `curl.exe -sS -m 30 -o NUL -w '%{http_code} after %{time_total} s\n' https://api.upstox.com/v2/market/holidays`,
	}
	countConnections = Step{
		Do:      "Count the connections that this machine holds to the feed.",
		Run:     "ss -tnp state established dst wsfeeder-api.upstox.com",
		Mac:     "lsof -nP -iTCP@wsfeeder-api.upstox.com:443 -sTCP:ESTABLISHED",
		Windows: "Get-NetTCPConnection -State Established -RemotePort 443 | Where-Object RemoteAddress -in (Resolve-DnsName wsfeeder-api.upstox.com).IPAddress | Format-Table OwningProcess, RemoteAddress",
	}
	stopOthers         = Step{Do: "Stop every other program, notebook and server that streams with this account."}
	shareConnection    = Step{Do: "Connect once and hand the prices on to all your programs."}
	againInFiveMinutes = Step{Do: "Run the doctor again in five minutes; a dead session counts on for a while.", Run: "sleep 300; upstox-doctor", Windows: "Start-Sleep 300; upstox-doctor"}
	bypassProxy        = Step{
		Do:      "Bypass the proxy for Upstox if this machine may go out directly.",
		Run:     `export NO_PROXY="${NO_PROXY:+$NO_PROXY,}upstox.com"`,
		Windows: `$env:NO_PROXY = (@($env:NO_PROXY, 'upstox.com') | Where-Object { $_ }) -join ','`,
		Cmd:     "set NO_PROXY=%NO_PROXY%,upstox.com",
	}
	syncClock = Step{
		Do:      "Set the clock from a time server.",
		Run:     "$(command -v sudo) timedatectl set-ntp false; $(command -v sudo) timedatectl set-ntp true",
		Mac:     "sudo sntp -sS time.apple.com",
		Windows: "Start-Service w32time; w32tm /resync /force",
	}
	hardwareClock     = Step{Do: "Set it from the hardware clock if you are inside WSL: hwclock -s, as root."}
	backoffStep       = Step{Do: "Add a pause to your reconnects that grows from 1 second to 5 minutes."}
	freshURL          = Step{Do: "Call authorize before every connect in your program; each URL opens once."}
	restart           = Step{Do: "Restart every program that still holds the old token."}
	reportToForum     = Step{Do: "Report it on https://community.upstox.com with the time, your user id and what the doctor saw."}
	egressAddressStep = Step{
		Do:      "Read the address that Upstox sees.",
		Run:     "curl -sS https://www.cloudflare.com/cdn-cgi/trace | grep '^ip='",
		Windows: "curl.exe -sS https://www.cloudflare.com/cdn-cgi/trace | Select-String '^ip='",
	}
	registerIP = Step{Do: "Register that address as static IP at https://account.upstox.com/developer/apps; one change a week is allowed."}
)
