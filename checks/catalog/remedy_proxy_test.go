package catalog

import (
	"strings"
	"testing"
)

// TestProxyPasswordNamesTheProxy: the command has the proxy that was seen, if no
// shell reads its address as anything else.
func TestProxyPasswordNamesTheProxy(t *testing.T) {
	t.Parallel()
	for proxy, want := range map[string]string{
		"http://proxy.example.net:3128": "export {variable}=http://USER:PASSWORD@proxy.example.net:3128",
		"socks5://10.0.0.1:1080":        "export {variable}=socks5://USER:PASSWORD@10.0.0.1:1080",
		"http://a;reboot:3128":          "export {variable}=http://USER:PASSWORD@HOST:PORT",
		"http://$(reboot):3128":         "export {variable}=http://USER:PASSWORD@HOST:PORT",
		"":                              "export {variable}=http://USER:PASSWORD@HOST:PORT",
	} {
		steps := ProxyAuthRequired.StepsFor(Finding{Evidence: map[string]any{"variable": "HTTPS_PROXY", "proxy": proxy}})
		if got := steps[1].Run; got != want {
			t.Errorf("%q: %s, want %s", proxy, got, want)
		}
	}
}

// TestForbiddenNamesWhatIsLeft: a run has used fresh URLs only, so that a used one is
// no cause.
func TestForbiddenNamesWhatIsLeft(t *testing.T) {
	t.Parallel()
	read := HandshakeForbidden.CauseOf(Finding{})
	seen := HandshakeForbidden.CauseOf(Finding{Evidence: map[string]any{"other_local_connections": 0}})
	if !strings.Contains(read, "used before") || strings.Contains(seen, "used before") || !strings.Contains(seen, "limit of connections") {
		t.Errorf("read about: %s\nseen: %s", read, seen)
	}
}
