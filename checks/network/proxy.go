package network

import (
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpproxy"

	"upstox-doctor/checks/catalog"
)

// Route returns the proxy for HTTPS to host, or nil for the direct way. A
// setting that cannot be used gives an *Error of kind "invalid"; it never
// holds the setting, which may hold a password.
func (n *Network) Route(host string) (*url.URL, error) {
	if n.Proxy == nil {
		return nil, nil
	}
	proxy, err := n.Proxy(&url.URL{Scheme: "https", Host: host, Path: "/"})
	if err == nil && proxy != nil {
		err = checkProxyURL(proxy)
	}
	if err == nil {
		return proxy, nil
	}
	e := &Error{Hop: catalog.HopProxy, Kind: catalog.KindInvalid, Host: host, Reason: "the proxy setting cannot be used"}
	if bad := settingError(""); errors.As(err, &bad) {
		e.Reason = string(bad)
	}
	return nil, e
}

// The variables that set a proxy, the first that is not empty wins. Lower
// case before upper case is what httpproxy, curl and Python do. ALL_PROXY is
// read by curl and Python but not by Go and Node.js programs; it comes last.
var (
	proxyVariables   = []string{"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}
	noProxyVariables = []string{"no_proxy", "NO_PROXY"}
)

// ProxyFromEnv chooses the proxy by the environment: the proxy of the variable
// that ProxyVariable names, unless NO_PROXY excepts the host. A value without
// a scheme is taken as http, as is usual. As everywhere, localhost and
// loopback addresses are never reached through a proxy.
func ProxyFromEnv(env func(name string) (string, bool)) func(*url.URL) (*url.URL, error) {
	_, except := firstSet(env, noProxyVariables)
	// httpproxy takes a bad value for none at all, so that it is asked only
	// whether there is to be a proxy.
	rule := (&httpproxy.Config{HTTPSProxy: "http://proxy.invalid", NoProxy: except}).ProxyFunc()
	variable, value := firstSet(env, proxyVariables)
	return func(u *url.URL) (*url.URL, error) {
		if some, err := rule(u); variable == "" || some == nil {
			return nil, err
		}
		proxy, err := parseProxy(value)
		if err != nil {
			return nil, settingError(variable + ": " + err.Error())
		}
		return proxy, nil
	}
}

// ProxyVariable returns the name of the environment variable that sets the
// proxy, or "" if none does. NO_PROXY may still except a host.
func ProxyVariable(env func(name string) (string, bool)) string {
	variable, _ := firstSet(env, proxyVariables)
	return variable
}

// SameProxy returns the further variables that set the same proxy. On Windows the
// case of a name makes no other variable.
func SameProxy(env func(name string) (string, bool)) (names []string) {
	variable, value := firstSet(env, proxyVariables)
	for _, name := range proxyVariables {
		if other, _ := env(name); other != "" && other == value && name != variable && (runtime.GOOS != "windows" || !strings.EqualFold(name, variable)) {
			names = append(names, name)
		}
	}
	return names
}

func firstSet(env func(string) (string, bool), names []string) (name, value string) {
	for _, name := range names {
		if value, _ := env(name); value != "" {
			return name, value
		}
	}
	return "", ""
}

// A settingError says what is wrong with a proxy setting without repeating
// it.
type settingError string

func (e settingError) Error() string { return string(e) }

// ports are those of proxies without a port, as in package net/http.
var ports = map[string]uint16{"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}

func parseProxy(value string) (*url.URL, error) {
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	proxy, err := url.Parse(value)
	if err != nil {
		return nil, settingError("not a URL") // the parser's error repeats the value
	}
	return proxy, checkProxyURL(proxy)
}

// checkProxyURL finds what is wrong with a proxy's URL. A path, query or
// fragment is a mistake: the address of a PAC file, or a password with a "/",
// "?" or "#" that is not percent-encoded, whose first half now stands where the
// port should be.
func checkProxyURL(proxy *url.URL) error {
	if _, known := ports[proxy.Scheme]; !known {
		return settingError(fmt.Sprintf("scheme %q is none of http, https, socks5, socks5h", proxy.Scheme))
	}
	if proxy.Opaque != "" || !slices.Contains([]string{"", "/"}, proxy.Path) || proxy.RawQuery != "" || proxy.Fragment != "" {
		return settingError("more than scheme, user, host and port")
	}
	if proxy.Hostname() == "" {
		return settingError("no host")
	}
	if _, ok := proxyPort(proxy); !ok {
		return settingError("no such port")
	}
	password, _ := proxy.User.Password()
	if strings.HasPrefix(proxy.Scheme, "socks5") && (len(proxy.User.Username()) > 255 || len(password) > 255) {
		return settingError("user or password longer than the 255 bytes of SOCKS5")
	}
	return nil
}

func proxyPort(proxy *url.URL) (uint16, bool) { return PortOf(proxy, ports[proxy.Scheme]) }

// PortOf is the port that a URL names, or else the usual one of its scheme. It
// is not ok if there is no such port.
func PortOf(u *url.URL, usual uint16) (port uint16, ok bool) {
	if u.Port() == "" {
		return usual, true
	}
	number, err := strconv.ParseUint(u.Port(), 10, 16)
	return uint16(number), err == nil && number != 0
}
