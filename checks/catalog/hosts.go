package catalog

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// An about is the kind of host that a message of a log names.
type about int

const (
	noHost    about = iota // no host is named
	upstox                 // a host under upstox.com
	localHTTP              // port 443 of this machine, where a hijacked name leads
	proxyPort              // a port of this machine on which local proxies listen
	ownHost                // a service on this machine or in its private network
	otherHost              // another host
)

// hostsIn returns the most relevant kind of host in the normalized text, and the
// host.
func hostsIn(text string) (about, string) {
	if page := strings.Index(text, "<html"); page >= 0 {
		text = text[:page] // a page names hosts that were not called
	}
	best, name := noHost, ""
	for i := 0; i < len(text); {
		if !isWordByte(text[i]) {
			i++
			continue
		}
		from := i
		for i < len(text) && (isWordByte(text[i]) || text[i] == '.' || text[i] == '-' || text[i] == '_') {
			i++
		}
		token := strings.Trim(text[from:i], ".-")
		if near(text[i:]) {
			continue
		}
		kind := kindOf(token, text[:from], text[i:])
		if kind == upstox {
			return upstox, token
		}
		if kind != noHost && (best == noHost || best == otherHost && kind != otherHost) {
			best, name = kind, token
			if port := portAfter(text[i:]); port > 0 && kind != otherHost {
				name += ":" + strconv.Itoa(port)
			}
		}
	}
	return best, name
}

// near reports whether the host is the local end of a connection, "A:1->B:2".
func near(after string) bool {
	if port := portAfter(after); port > 0 {
		after = after[1+len(strconv.Itoa(port)):]
	}
	return strings.HasPrefix(after, "->")
}

// kindOf returns the kind of host that a word is, by the text before and after it.
func kindOf(token, before, after string) about {
	switch {
	case token == "upstox.com" || strings.HasSuffix(token, ".upstox.com"):
		return upstox
	case token == "localhost" || token == "host.docker.internal":
		return local(portAfter(after))
	case token == "1" && strings.HasSuffix(before, "::") && (len(before) == 2 || !isWordByte(before[len(before)-3])):
		return local(portAfter(strings.TrimPrefix(after, "]")))
	}
	if ip, err := netip.ParseAddr(token); err == nil {
		port := portAfter(after)
		switch {
		case ip.IsLoopback() || ip.IsUnspecified():
			return local(port)
		case ip.IsPrivate() && port > 0 && port < 30000 && port != 53 && port != 443 && !slices.Contains(proxyPorts, port):
			return ownHost
		}
		return noHost
	}
	if port := portAfter(after); slices.Contains(ownPorts, port) && introduced(before) {
		return ownHost
	}
	if (introduced(before) || portAfter(after) > 0) && isName(token) {
		return otherHost
	}
	return noHost
}

// local returns the kind of a port of this machine.
func local(port int) about {
	switch {
	case port == 443:
		return localHTTP
	case port == 53:
		return noHost // a resolver
	case slices.Contains(proxyPorts, port):
		return proxyPort
	case port == 0:
		return noHost
	}
	return ownHost
}

var (
	// The usual ports of local proxies: Clash, v2ray, Shadowsocks, Fiddler, squid, privoxy, Tor.
	proxyPorts = []int{7890, 7891, 7892, 7893, 7897, 1080, 1086, 1087, 2080, 10808, 10809, 20171, 8888, 3128, 8118, 9050, 9150}
	// The usual ports of databases, queues, gateways and own web servers.
	ownPorts = []int{5432, 3306, 6379, 27017, 9092, 5672, 11211, 9200, 8086, 9000, 1433, 1521, 2181, 1883, 2375, 7496, 7497, 4001, 4002, 8765, 5555, 11434}
)

// portAfter returns the port that directly follows a host, as in ":6379" or
// "', 8765", or 0. " 6379" is none.
func portAfter(after string) int {
	after = strings.TrimLeft(after, "'\"]")
	digits, ok := strings.CutPrefix(after, ":")
	if !ok {
		if digits, ok = strings.CutPrefix(after, ", "); !ok {
			return 0
		}
		digits = strings.TrimPrefix(digits, "port=")
	}
	end := 0
	for end < len(digits) && end < 6 && '0' <= digits[end] && digits[end] <= '9' {
		end++
	}
	if end == len(digits) || !isWordByte(digits[end]) {
		port, _ := strconv.Atoi(digits[:end])
		return port
	}
	return 0
}

// introduced reports whether the text before a word announces a host.
func introduced(before string) bool {
	before = strings.TrimRight(before, "'\"")
	for _, word := range []string{
		"://", "host=", "host: ", "host ", "lookup ", "enotfound ", "eai_again ", "econnrefused ", "etimedout ", "econnreset ", "resolve ", "resolve host ", "resolve host: ", "resolving ",
		"connect to ", "connecting to ", "connection to ", "connected to ", "server at ", "dial tcp ", "unknownhostexception: ", "for ", " to ", "hostname=", "unable to connect to ", "reach ", "hostname ",
	} {
		if strings.HasSuffix(before, word) {
			return true
		}
	}
	return false
}

// isName reports whether the word has the form of a public host name, unlike the
// name of a file or a class.
func isName(token string) bool {
	dot := strings.LastIndexByte(token, '.')
	if dot <= 0 || strings.ContainsRune(token, '_') || slices.Contains(references, token) {
		return false
	}
	top := token[dot+1:]
	for _, c := range []byte(top) {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	switch top {
	case "py", "js", "ts", "mjs", "cjs", "go", "java", "cs", "rs", "php", "rb", "log", "txt", "json", "exe", "dll", "so", "c", "h", "html", "env", "pem", "crt", "toml", "yaml", "yml", "gz", "exception", "error":
		return false
	}
	return len(top) >= 2 && len(top) <= 8
}

// references are hosts of documentation to which error messages link.
var references = []string{"curl.se", "curl.haxx.se", "aka.ms", "nodejs.org", "docs.python.org", "urllib3.readthedocs.io", "github.com", "www.w3.org", "bit.ly", "errors.pydantic.dev", "developer.mozilla.org", "go.microsoft.com", "login.microsoftonline.com", "goo.gl"}
