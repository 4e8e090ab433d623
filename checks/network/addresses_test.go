package network

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"
)

func TestWhyNotPublic(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"0.0.0.0": "unspecified", "::": "unspecified", "::ffff:0.0.0.0": "unspecified",
		"127.0.0.1": "loopback", "127.9.9.9": "loopback", "::1": "loopback",
		"10.0.0.1": "private", "172.16.0.1": "private", "172.31.255.255": "private", "192.168.0.1": "private", "fd12::1": "private", "fc00::5": "private",
		"169.254.0.1": "link-local", "fe80::1%eth0": "link-local",
		"100.64.0.1": "carrier-grade NAT", "100.127.255.255": "carrier-grade NAT", "::ffff:100.100.0.1": "carrier-grade NAT",
		"100.63.255.255": "", "100.128.0.0": "", "172.32.0.1": "", "198.18.0.1": "", "198.19.255.255": "",
		"104.18.0.1": "", "2606:4700::1": "", "64:ff9b::c000:201": "", "203.0.113.7": "",
	} {
		if got := whyNotPublic(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s is %q, want %q", addr, got, want)
		}
	}
}

func TestHostsEntries(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "hosts")
	text := "\ufeff127.0.0.1 first.example\n#127.0.0.1 api.upstox.com\n127.0.0.1 localhost#api.upstox.com\n\n0.0.0.0\n" +
		"0.0.0.0 wsfeeder-api.upstox.com API.UPSTOX.COM\r\n::1\tapi.upstox.com.\nbad api.upstox.com\n10.0.0.1 xapi.upstox.com\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := join(hostsEntries(file, "api.upstox.com")); got != "0.0.0.0, ::1" {
		t.Errorf("got %q", got)
	}
	if got := hostsEntries(file, "upstox.com"); got != nil {
		t.Errorf("a part of a name gives %v", got)
	}
	if got := hostsEntries(filepath.Join(t.TempDir(), "none"), host); got != nil {
		t.Errorf("a missing file gives %v", got)
	}
	if (&Network{HostsFile: file}).hostsFile() != file || new(Network).hostsFile() == "" {
		t.Error("the hosts file is not where it was said to be")
	}
}
