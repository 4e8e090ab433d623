package catalog

// TLSUntrusted is a chain that ends in an authority that this machine does not
// trust.
var TLSUntrusted = &Entry{
	Code: "tls-untrusted", Stage: "network", Grade: Fails, Owner: Network,
	Title:  "The certificate comes from an authority that is not trusted",
	Cause:  "Somebody between you and Upstox signs with a certificate of their own: TLS inspection by a company or an antivirus. The official Python SDK verifies nothing on the feed, so it may work all the same.",
	Remedy: inspected,
	Steps: []Step{
		seeIssuer,
		exemptHosts,
		installRoot("Install the company's root certificate if IT cannot exempt the hosts."),
		{Do: "Keep verification on in your program; without it anyone on the way can read your token."},
		runAgainNetwork,
	},
	Signs: []Symptom{{Hop: HopTLS, Kind: KindUntrusted}},
	Texts: join(
		logTexts(rankCertain+1, "certificate signed by unknown authority", "unable to get local issuer certificate", "unable_to_get_issuer_cert_locally",
			"unable to get issuer certificate", "unable_to_get_issuer_cert", "unable_to_verify_leaf_signature", "unable to verify the first certificate"),
		logTexts(rankCertain, "self signed certificate", "self-signed certificate", "self_signed_cert_in_chain", "depth_zero_self_signed_cert",
			"certificate is not trusted", "invalid peer certificate: unknownissuer", "sec_e_untrusted_root", "err_cert_authority_invalid",
			"pkix path building failed", "unable to find valid certification path", "doesn't have a known issuer", "is not trusted", "basic constraints of ca cert not marked critical", "missing authority key identifier",
			"untrustedroot", "partialchain", "remote certificate is invalid", "remotecertificatechainerrors", "trust anchor for certification path not found", "err_cert_invalid", "nsurlerrordomain code=-1202",
			"nsosstatuserrordomain code=-9807", "nsosstatuserrordomain code=-9813", "nsosstatuserrordomain code=-9812", "certificate for this server is invalid", "sec_error_unknown_issuer", "mozilla_pkix_error_mitm_detected", "self signed certificate in certificate chain", "unknown ca", "unknownissuer", "unknown certificate authority", "could not establish trust relationship"),
		logTexts(rankHint+2, "error has occurred during the tls handshake", "ssl handshake has failed", "ssl handshake failed", "tls handshake failed", "raw socket: handshake failed"),
		logTexts(rankHint+1, "x509: ", "certificate_verify_failed", "certificate verify failed", "curl: (60)", "ssl certificate problem", "failed to verify certificate"),
	),
}

// NoCARoots is a machine or image without root certificates.
var NoCARoots = &Entry{
	Code: "no-ca-roots", Stage: "network", Grade: Fails, Owner: You, Retry: Never,
	Title: "This machine has no root certificates",
	Cause: "Without them no certificate can be trusted. Small container images come without, and so does Python from python.org on a Mac.",
	Steps: []Step{
		{
			Do:      "Install the root certificates.",
			Run:     `$(command -v sudo) sh -c 'apt-get install -y ca-certificates || dnf install -y ca-certificates || apk add ca-certificates'`,
			Mac:     `open "/Applications/Python $(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')/Install Certificates.command"`,
			Windows: `certutil -generateSSTFromWU "$env:TEMP\roots.sst"; Import-Certificate -FilePath "$env:TEMP\roots.sst" -CertStoreLocation Cert:\LocalMachine\Root`,
		},
		{
			Do:      "Unset variables that may point at a file which is gone.",
			Run:     "unset SSL_CERT_FILE SSL_CERT_DIR",
			Windows: "Remove-Item env:SSL_CERT_FILE, env:SSL_CERT_DIR -ErrorAction SilentlyContinue",
		},
		{Do: "Copy /etc/ssl/certs/ca-certificates.crt into a scratch or distroless image when you build it."},
		runAgainNetwork,
	},
	Signs: []Symptom{{Hop: HopTLS, Kind: KindNoRoots}},
	Texts: join(
		logTexts(rankCertain, "failed to load system roots", "no roots provided", "error setting certificate verify locations", "curl: (77)", "could not load pem file", "cafile, capath and cadata cannot be all omitted", "trustanchors parameter must be non-empty", "no ca certificates", "ca bundle…does not exist", "could not find a suitable tls ca certificate bundle",
			"no system certificates", "no native root ca certificates found",
			"unable to get local issuer certificate", "certificate signed by unknown authority"),
	),
}

// seeDates prints the dates of the certificate and the clock.
var seeDates = Step{
	Do:      "Compare this machine's clock with the certificate's dates.",
	Run:     "date -u; openssl s_client -connect {target}:443 -servername {target} </dev/null 2>/dev/null | openssl x509 -noout -dates -issuer",
	Windows: "[DateTime]::UtcNow; $c = [Net.Sockets.TcpClient]::new('{target}', 443); $s = [Net.Security.SslStream]::new($c.GetStream(), $false, { $true }); $s.AuthenticateAsClient('{target}'); $s.RemoteCertificate | Format-List Issuer, NotBefore, NotAfter",
}

// TLSExpired is a certificate past its last day.
var TLSExpired = &Entry{
	Code: "tls-expired", Stage: "network", Grade: Fails, Owner: Network, Retry: Ask,
	Title:  "The server's certificate has expired",
	Cause:  "Its last day is past by a clock that is right. Upstox's edge renews by itself, so an inspecting proxy with a stale certificate is more likely.",
	Remedy: staleCertificate,
	Steps: []Step{
		seeDates,
		{Do: "Ask IT to renew the certificate if the issuer is your company or antivirus."},
		{Do: "Report it to Upstox if the issuer is a public authority: https://community.upstox.com."},
		runAgainNetwork,
	},
	Signs: []Symptom{{Hop: HopTLS, Kind: KindExpired}},
	Texts: append(logTexts(rankHint, "certificate_verify_failed", "certificate verify failed"), logTexts(rankCertain+1, "certificate has expired", "cert_has_expired", "certificateexpired", "certificate expired", "err_cert_date_invalid", "sec_e_cert_expired",
		"nsosstatuserrordomain code=-9814", "sec_error_expired_certificate", "peer certificate: expired", "certificate of…has expired", "certificate has been expired", "certificate is expired", "chain uses expired certificate", "certificateexpiredexception")...),
}

// TLSNotYetValid is a certificate before its first day.
var TLSNotYetValid = &Entry{
	Code: "tls-not-yet-valid", Stage: "network", Grade: Fails, Owner: Network, Retry: Ask,
	Title:  "The server's certificate is not valid yet",
	Cause:  "Its first day is still to come by a clock that is right: the machine that issued it has a wrong clock.",
	Remedy: staleCertificate,
	Steps: []Step{
		seeDates,
		{Do: "Ask the issuer's owner to correct that clock and issue the certificate again."},
		runAgainNetwork,
	},
	Signs: []Symptom{{Hop: HopTLS, Kind: KindNotYetValid}},
	Texts: join(
		logTexts(rankExact, "certificate has expired or is not yet valid: current time…is before"),
		logTexts(rankCertain, "certificate is not yet valid", "cert_not_yet_valid", "notvalidyet", "is not yet activated", "has not yet been activated", "certificatenotyetvalidexception"),
	),
}

// TLSNameMismatch is a certificate for another host.
var TLSNameMismatch = &Entry{
	Code: "tls-name-mismatch", Stage: "network", Grade: Fails, Owner: Network,
	Title:  "The certificate is for other names",
	Cause:  "Another server answers under this name: a captive portal, a hijacked name or a wrong line in the hosts file.",
	Remedy: otherNames,
	Steps: []Step{
		{
			Do:      "Read the names in the certificate; they say who answers.",
			Run:     "openssl s_client -connect {target}:443 -servername {target} </dev/null 2>/dev/null | openssl x509 -noout -text | grep -E 'Subject:|DNS:'",
			Windows: seeIssuer.Windows + "; $s.RemoteCertificate.Subject",
		},
		signIn,
		hostsEntry,
		runAgainNetwork,
	},
	Signs: []Symptom{{Hop: HopTLS, Kind: KindNameMismatch}},
	Texts: join(logTexts(rankExact, "remotecertificatenamemismatch"), logTexts(rankCertain, "x509: certificate is valid for", "x509: certificate is not valid for any names", "doesn't contain any ip sans",
		"x509: certificate relies on legacy common name", "hostname mismatch", "err_tls_cert_altname_invalid", "does not match certificate's altnames",
		"no alternative certificate subject name matches", "curl: (51)", "doesn't match…certificate", "ip address mismatch", "err_cert_common_name_invalid",
		"notvalidforname", "sec_e_wrong_principal",
		"nsosstatuserrordomain code=-9843", "ssl_error_bad_cert_domain", "tlsv1_unrecognized_name", "tlsv1 unrecognized name", "no subject alternative dns name matching", "no name matching…found", "hostname…not verified", "does not match the expected hostname", "certificate not valid for name", "err_ssl_unrecognized_name_alert", "does not match target host name")),
}

// TLSTimeout is a TLS handshake that is not answered in time.
var TLSTimeout = &Entry{
	Code: "tls-timeout", Stage: "network", Grade: Fails, Owner: Network, Retry: Ask,
	Title:  "The host connects and then stays silent in the TLS handshake",
	Cause:  "Small packets pass and large ones are lost, as in a VPN or tunnel with a smaller packet size, or a filter swallows the handshake.",
	Remedy: func(f Finding) []Step { return onlyThisHost(f, CheckTLS) },
	Steps: []Step{
		disconnectVPN,
		{
			Do:      "Lower the packet size of the connection in use until the next restart.",
			Run:     `$(command -v sudo) ip link set mtu 1280 dev "$(ip route show default | sed -n '1s/.* dev \([^ ]*\).*/\1/p')"`,
			Mac:     `sudo ifconfig "$(route -n get default | awk '/interface:/ {print $2}')" mtu 1280`,
			Windows: "Set-NetIPInterface -InterfaceIndex (Get-NetRoute -DestinationPrefix 0.0.0.0/0)[0].ifIndex -AddressFamily IPv4 -NlMtuBytes 1280",
		},
		allowHosts,
		runAgainNetwork,
	},
	Signs: []Symptom{{Hop: HopTLS, Kind: KindTimeout}},
	Texts: append(logTexts(rankHint+2, "http connect timed out", "timeout while connecting"), logTexts(rankCertain, "tls handshake timeout", "handshake operation timed out", "ssl connection timeout", "_ssl.c…timed out")...),
}

// TLSReset is a connection that ends during the TLS handshake.
var TLSReset = &Entry{
	Code: "tls-reset", Stage: "network", Grade: Fails, Owner: Network,
	Title:  "The connection is cut during the TLS handshake",
	Cause:  "The host accepts the connection, and somebody ends it when the handshake names Upstox: a content filter, an antivirus web shield or the edge itself.",
	Remedy: func(f Finding) []Step { return onlyThisHost(f, CheckTLS) },
	Steps: []Step{
		{Do: "Repeat over a phone's hotspot; success there means that this network filters.", Run: "upstox-doctor --only network"},
		{Do: "Add upstox.com to the exceptions of the antivirus web shield."},
		{Do: "Ask the network's owner to allow TLS to api.upstox.com and wsfeeder-api.upstox.com."},
		runAgainNetwork,
	},
	Signs: []Symptom{{Hop: HopTLS, Kind: KindReset}},
	Texts: join(
		logTexts(rankCertain, "disconnected before secure tls connection was established", "ssl_error_syscall", "sslconnectionreset", "curl: (35)…reset by peer",
			"ssl: unexpected_eof_while_reading", "eof occurred in violation of protocol", "tls handshake eof", "handshake…unexpected eof", "err_connection_reset", "tls/ssl connection has been closed", "sslzeroreturnerror",
			"remote host terminated the handshake", "remote host closed connection during handshake", "ssl peer shut down incorrectly", "gnutls_handshake() failed: the tls connection was non-properly terminated",
			"sslhandshake…connectionreset", "the handshake failed due to an unexpected packet format", "the remote party has closed the transport stream", "received an unexpected eof or 0 bytes from the transport stream",
			"the tls connection was non-properly terminated", "error in the pull function", "client network socket disconnected", "connection was terminated during the handshake", "connection terminated during handshake", "lost during tls handshake", "openssl ssl_connect: connection reset", "ssl_error_eof", "nsosstatuserrordomain code=-9806", "nsosstatuserrordomain code=-9805"),
		logTexts(rankHint+1, "error has occurred during the tls handshake", "ssl handshake has failed", "ssl handshake failed", "tls handshake failed", "raw socket: handshake failed", "bad record mac", "bad_record_mac", "decryption_failed_or_bad_record_mac", "the decryption operation failed", "err_connection_closed"),
		logTexts(rankHint+1, "curl: (35)", "curl error 35", "nsurlerrordomain code=-1200", "an unexpected error occurred on a receive"),
	),
}

// TLSNotTLS is an answer that is not TLS.
var TLSNotTLS = &Entry{
	Code: "tls-not-tls", Stage: "network", Grade: Fails, Owner: Network,
	Title: "The answer on port 443 is not TLS",
	Cause: "A captive portal or a plain HTTP proxy answers. A proxy that speaks plain HTTP needs http:// in its variable, also for HTTPS targets.",
	Steps: []Step{
		seeProxies,
		signIn,
		runAgainNetwork,
	},
	Signs: []Symptom{{Hop: HopTLS, Kind: KindNotTLS}},
	Texts: logTexts(rankCertain, "first record does not look like a tls handshake", "wrong version number", "wrong_version_number", "server gave http response to https client",
		"packet length too long", "ssl routines:…unknown protocol", "err_ssl_protocol_error", "invalidcontenttype", "tls: oversized record received", "unsupported or unrecognized ssl message", "unrecognized ssl message", "plaintext connection",
		"not an ssl/tls record", "an unexpected tls packet was received", "corrupt message of type", "[ssl: http_request", "bytes written to a plaintext", "http request was sent to https port"),
}

// TLSVersion is a server without a protocol version or cipher in common with
// the client.
var TLSVersion = &Entry{
	Code: "tls-version", Stage: "network", Grade: Fails, Owner: You,
	Title: "The two sides share no TLS version or cipher",
	Cause: "Either an old library or a forced setting on this machine offers too little, or a filter on the way does not speak TLS 1.2.",
	Steps: []Step{
		{
			Do:      "Connect with TLS 1.2 by hand; success means that your program's library is at fault.",
			Run:     "curl -sSI --tlsv1.2 https://{target}/",
			Windows: "curl.exe -sSI '--tlsv1.2' https://{target}/",
		},
		{Do: "Update the runtime of your program: Python, Node, Java or OpenSSL."},
		{Do: "Remove forced TLS versions and ciphers from your program's settings."},
		runAgainNetwork,
	},
	Signs: []Symptom{{Hop: HopTLS, Kind: KindVersion}},
	Texts: join(
		logTexts(rankCertain, "remote error: tls: handshake failure", "remote error: tls: protocol version not supported", "tls: no supported versions", "tls: server selected unsupported",
			"alert protocol version", "alert handshake failure", "sslv3_alert_handshake_failure", "tlsv1_alert_protocol_version", "no protocols available",
			"ssl routines…unsupported protocol", "ssl: unsupported protocol", "unsupported_protocol", "no shared cipher", "no_shared_cipher", "fatal alert: protocol_version", "received fatal alert: handshake_failure", "no appropriate protocol", "legacy sigalg disallowed", "unsafe legacy renegotiation", "unsafe_legacy_renegotiation_disabled", "dh key too small", "ee key too small", "no suitable signature algorithm", "wrong signature type", "could not create ssl/tls secure channel", "no protocols in common",
			"nsosstatuserrordomain code=-9800", "nsosstatuserrordomain code=-9836", "nsosstatuserrordomain code=-9824", "handshakefailure", "alertreceived(protocolversion", "peerincompatible", "a tls fatal alert has been received", "the client and server cannot communicate, because they do not possess a common algorithm", "err_ssl_version_or_cipher_mismatch", "handshake_failure", "curl: (35)…handshake failure"),
		logTexts(rankHint+2, "nsurlerrordomain code=-1200", "an ssl error has occurred", "an unexpected error occurred on a receive", "an unexpected error occurred on a send"),
		logTexts(rankHint, "remote error: tls: ", "curl: (35)"),
	),
}
