package catalog

import "strings"

// hopPing is a ping of an open stream, which only texts tell of.
const hopPing = "ping"

// hops are the places where something can stay silent or break off, each with
// words that tell of it, in the order in which they decide.
var hops = []struct {
	at    string
	words []string
}{
	{HopDNS, []string{"lookup ", "getaddrinfo", "resolv", "gethostby", "name resolution", "nameserver"}},
	{HopProxy, []string{"proxy", "tunnel", "socks"}},
	{hopPing, []string{"ping", "pong", "keepalive", "keep-alive", "heartbeat"}},
	{HopTLS, []string{
		"tls connect", "secure connection", "tls handshake", "ssl handshake", "do_handshake", "sslhandshake", "ssl_connect", "wrap_socket", "handshake operation", "secure tls", "starttls", "_ssl.c",
		"sslsocket", "ssl/tls", "tls_handshake", "initial_handshake", "authenticateasclient", "ensurefulltls", "error in connection establishment", "client hello",
	}},
	{HopHandshake, []string{"handshake", "upgrade", "switching protocols", "websocket_connect", "ws_connect", "websockets.connect", "dial: ", "websocket dial", "jdk.internal.net.http.websocket"}},
	{HopTCP, []string{
		"dial ", "connect(", "connect:", "connect tcp", "connecting", "to connect", "connect to ", "connection to ", "connect call", "sock.connect", "create_connection", "open_connection", "connecttimeout",
		"connect timeout", "connect timed", "connect_timeout", "connection attempt", "connect econn", "connect etimed", "connection timed out", "connectex", "connectasync", "tcptimedout", "tcp connection", "connection timeout", "connection failure", "connecterror", "connectexception", "cannot connect", "can't connect",
	}},
	{HopAPI, []string{"get \"", "post \"", "awaiting headers", "urlopen", "axios", "fetch failed", "httpsconnectionpool", "httpx", "aiohttp.client_exceptions", "curl:", "authorize"}},
	{HopStream, []string{"websocket", "wss:", "ws://", "ws_", " ws ", "[ws]", "on_message", "on_error", "frame", "receiveasync", "wsarecv", "readmessage"}},
	{HopAPI, []string{"get \"", "post \"", "readtimeout", "read timeout", "awaiting headers", "response", "http", "request", "headers", "urlopen", "axios", "fetch", "service", "rest", "order", "quote", "history", "historical", "candle", "funds", "holdings"}},
}

// hopOf returns where the words say that it happened, or "".
func hopOf(folded string) string {
	closing := strings.Contains(folded, "close handshake") || strings.Contains(folded, "closing handshake")
	for _, h := range hops {
		for _, w := range h.words {
			if strings.Contains(folded, w) && !(closing && w == "handshake") {
				return h.at
			}
		}
	}
	return ""
}

// A ranked is an entry with its rank.
type ranked struct {
	entry *Entry
	rank  int
}

// silence returns the entries for a timeout at the hop, by wire signs where there
// are any.
func silence(hop string, open bool) []ranked {
	switch hop {
	case HopDNS, HopTLS, HopTCP, HopHandshake:
		return []ranked{{Classify(Symptom{At: hop, Kind: KindTimeout}, NotKnown), decides}}
	case HopProxy:
		return []ranked{{ProxyUnreachable, narrows}}
	case hopPing:
		return []ranked{{StreamStalled, decides}}
	case HopStream:
		if open {
			return []ranked{{StreamStalled, decides}}
		}
		return []ranked{{HandshakeTimeout, points + 3}, {TCPTimeout, points + 2}, {StreamStalled, points}}
	case HopAPI:
		return []ranked{{APITimeout, points + 2}, {TCPTimeout, points}}
	}
	if open {
		return []ranked{{StreamStalled, points + 2}, {APITimeout, points + 1}}
	}
	return []ranked{{APITimeout, points + 2}, {TCPTimeout, points + 1}}
}

// breaks returns what a connection that the other side ended means at the hop.
func breaks(hop string, open bool) []ranked {
	switch hop {
	case HopTLS:
		return []ranked{{TLSReset, decides}}
	case HopHandshake:
		return []ranked{{HandshakeDropped, points + 3}, {TLSReset, points + 2}}
	case HopAPI:
		return []ranked{{APIDropped, points + 3}, {TLSReset, points + 1}}
	case HopProxy:
		return []ranked{{ProxyUnreachable, points}}
	}
	switch {
	case open:
		return []ranked{{StreamDropped, points + 2}}
	case hop == HopTCP:
		return []ranked{{TLSReset, points + 3}, {TCPRefused, points + 2}, {HandshakeDropped, points}}
	}
	return []ranked{{StreamDropped, points + 2}, {APIDropped, points + 1}, {TLSReset, points}}
}
