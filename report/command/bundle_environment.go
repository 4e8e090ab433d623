package command

import (
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"upstox-doctor/checks"
	"upstox-doctor/checks/files"
)

// relevantVars are the variables that change how a program comes to Upstox,
// beside those that hold credentials. Their values are never told.
var relevantVars = []string{
	"UPSTOX_CLIENT_ID", "UPSTOX_CLIENT_SECRET", "UPSTOX_ANALYTICS_TOKEN",
	"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy",
	"SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "GODEBUG", "RES_OPTIONS", "LOCALDOMAIN", "TZ",
}

// environmentInfo is the surroundings of a run as a bundle tells them.
type environmentInfo struct {
	Variables []variableInfo    `json:"variables"`
	Proxies   map[string]string `json:"proxies"`  // by host, without user and password
	Resolver  []string          `json:"resolver"` // lines of the system's file
}

type variableInfo struct {
	Name   string `json:"name"`
	Set    bool   `json:"set"`
	Length int    `json:"length"` // in bytes
}

// resolverFile is read on systems that have it.
const resolverFile = "/etc/resolv.conf"

func environment(w checks.World, p WorldOptions) environmentInfo {
	out := environmentInfo{Proxies: map[string]string{}, Resolver: []string{}}
	for _, name := range append(slices.Clone(checks.Variables), relevantVars...) {
		value, set := w.Env(name)
		out.Variables = append(out.Variables, variableInfo{name, set, len(value)})
	}
	for _, host := range []string{checks.APIHost, checks.FeedHost} {
		switch proxy, err := w.Net.Route(host); {
		case err != nil:
			out.Proxies[host] = "cannot be used: " + w.Secrets.String(err.Error())
		case proxy == nil:
			out.Proxies[host] = "none"
		default:
			out.Proxies[host] = proxy.Scheme + "://" + proxy.Host
		}
	}
	if p.Simulate == "" { // whose resolver is not this machine's
		out.Resolver = resolverLines(resolverFile)
	}
	return out
}

// resolverLines are the servers and options. What is searched tells a company's
// name.
func resolverLines(path string) []string {
	lines := []string{}
	text, err := files.ReadRegular(path, 1<<20)
	if err != nil {
		return lines
	}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		switch {
		case len(words) < 2 || len(lines) == 20:
		case words[0] == "nameserver" || words[0] == "options":
			lines = append(lines, strings.Join(words, " "))
		case words[0] == "search" || words[0] == "domain":
			lines = append(lines, words[0]+" (left out)")
		}
	}
	return lines
}

// versions are those of the doctor and of what it is made of.
func (a App) versions() map[string]string {
	all := map[string]string{"upstox-doctor": a.Version, "go": runtime.Version(), "os": runtime.GOOS + "/" + runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			all[m.Path] = m.Version
		}
	}
	return all
}
