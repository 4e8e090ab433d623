package catalog

import "strings"

// hopPing is a ping of an open stream. It occurs in texts only.
const hopPing = "ping"

// hops are the places where a timeout or a dropped connection can occur, each
// with words that indicate it. The first match decides.
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

// hopOf returns the hop that the words indicate, or "".
func hopOf(text string) string {
	closing := strings.Contains(text, "close handshake") || strings.Contains(text, "closing handshake")
	for _, h := range hops {
		for _, w := range h.words {
			if strings.Contains(text, w) && !(closing && w == "handshake") {
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

// timeoutsAt returns the entries for a timeout at the hop; open says that a stream
// was open before.
func timeoutsAt(hop string, open bool) []ranked {
	switch hop {
	case HopDNS, HopTLS, HopTCP, HopHandshake:
		return []ranked{{Classify(Symptom{Hop: hop, Kind: KindTimeout}, NotKnown), rankCertain}}
	case HopProxy:
		return []ranked{{ProxyUnreachable, rankExact}}
	case hopPing:
		return []ranked{{StreamStalled, rankCertain}}
	case HopStream:
		if open {
			return []ranked{{StreamStalled, rankCertain}}
		}
		return []ranked{{HandshakeTimeout, rankHint + 3}, {TCPTimeout, rankHint + 2}, {StreamStalled, rankHint}}
	case HopAPI:
		return []ranked{{APITimeout, rankHint + 2}, {TCPTimeout, rankHint}}
	}
	if open {
		return []ranked{{StreamStalled, rankHint + 2}, {APITimeout, rankHint + 1}}
	}
	return []ranked{{APITimeout, rankHint + 2}, {TCPTimeout, rankHint + 1}}
}

// dropsAt returns the entries for a connection that the other side ended at the
// hop; open says that a stream was open before.
func dropsAt(hop string, open bool) []ranked {
	switch hop {
	case HopTLS:
		return []ranked{{TLSReset, rankCertain}}
	case HopHandshake:
		return []ranked{{HandshakeDropped, rankHint + 3}, {TLSReset, rankHint + 2}}
	case HopAPI:
		return []ranked{{APIDropped, rankHint + 3}, {TLSReset, rankHint + 1}}
	case HopProxy:
		return []ranked{{ProxyUnreachable, rankHint}}
	}
	switch {
	case open:
		return []ranked{{StreamDropped, rankHint + 2}}
	case hop == HopTCP:
		return []ranked{{TLSReset, rankHint + 3}, {TCPRefused, rankHint + 2}, {HandshakeDropped, rankHint}}
	}
	return []ranked{{StreamDropped, rankHint + 2}, {APIDropped, rankHint + 1}, {TLSReset, rankHint}}
}
