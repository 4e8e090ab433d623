package login

import (
	"cmp"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"os/user"
	"runtime"
	"strconv"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/lazyregexp"
)

// A Place is where the program runs, as far as it decides how a browser can come
// back to it. The zero value is the user's own desktop.
type Place struct {
	Kind      catalog.LoginPlace
	NoBrowser bool   // none can be opened that the user would see
	Host      string // this machine as an argument of ssh, with user and port, or the name of the codespace
}

// A Machine is what tells of a Place.
type Machine struct {
	Env  func(name string) (string, bool)
	Root fs.FS  // of the file system
	OS   string // as in runtime.GOOS
	User string // of this process, where the environment names none
	Name string // of the machine, where SSH names no address
}

// FindPlace finds out where this process runs.
func FindPlace() Place {
	m := Machine{Env: os.LookupEnv, Root: os.DirFS("/"), OS: runtime.GOOS}
	m.Name, _ = os.Hostname()
	if u, err := user.Current(); err == nil {
		m.User = u.Username
	}
	return m.Place()
}

// Place finds out where the program runs. SSH comes first: who came by it can
// forward a port by it, wherever it has led to.
func (m Machine) Place() Place {
	p := Place{NoBrowser: m.OS == "linux" && !m.has("DISPLAY", "WAYLAND_DISPLAY")}
	switch {
	case m.has("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"):
		p = Place{Kind: catalog.OverSSH, NoBrowser: true, Host: m.host()}
	case m.has("CODESPACES"):
		p = Place{Kind: catalog.Codespace, NoBrowser: true, Host: m.codespace()}
	case m.has("GITPOD_WORKSPACE_ID", "REPL_ID"):
		p = Place{Kind: catalog.CloudWorkspace, NoBrowser: true}
	case m.wsl():
		p = Place{Kind: catalog.WSL}
	case m.container():
		p = Place{Kind: catalog.Container, NoBrowser: true}
	}
	if m.has("BROWSER") { // whoever has set it knows a way, as editors do that work on another machine
		p.NoBrowser = false
	}
	return p
}

func (m Machine) has(names ...string) bool {
	for _, name := range names {
		if value, _ := m.Env(name); value != "" {
			return true
		}
	}
	return false
}

func (m Machine) file(name string) string {
	if m.Root == nil {
		return ""
	}
	data, _ := fs.ReadFile(m.Root, name)
	return string(data)
}

func (m Machine) wsl() bool {
	return m.has("WSL_DISTRO_NAME", "WSL_INTEROP") || strings.Contains(strings.ToLower(m.file("proc/sys/kernel/osrelease")), "microsoft")
}

// cgroups are words in the names of control groups of containers.
var cgroups = lazyregexp.New(`docker|containerd|kubepods|libpod|lxc|garden`)

func (m Machine) container() bool {
	if m.OS != "linux" || m.Root == nil {
		return false
	}
	for _, name := range []string{".dockerenv", "run/.containerenv"} {
		if _, err := fs.Stat(m.Root, name); err == nil {
			return true
		}
	}
	return m.has("container", "KUBERNETES_SERVICE_HOST") || cgroups.MatchString(m.file("proc/1/cgroup"))
}

// plainName is what a shell takes as one word.
var plainName = lazyregexp.New(`^[A-Za-z0-9._][A-Za-z0-9._-]*$`)

// host names this machine as the user's ssh knows it: by the address and port
// that it came to.
func (m Machine) host() string {
	connection, _ := m.Env("SSH_CONNECTION") // client's address and port, then the server's
	host, port := m.Name, ""
	if f := strings.Fields(connection); len(f) == 4 {
		if addr, err := netip.ParseAddr(f[2]); err == nil {
			host = addr.WithZone("").Unmap().String()
		}
		if n, err := strconv.ParseUint(f[3], 10, 16); err == nil && n != 22 {
			port = "-p " + strconv.FormatUint(n, 10) + " "
		}
	}
	name, _ := m.Env("USER")
	logName, _ := m.Env("LOGNAME")
	name = cmp.Or(name, logName, m.User)
	if !plainName.MatchString(name) {
		name = "USER"
	}
	return port + name + "@" + cmp.Or(host, "HOST")
}

// codespace is the name of the codespace, or "".
func (m Machine) codespace() string {
	if name, _ := m.Env("CODESPACE_NAME"); plainName.MatchString(name) {
		return name
	}
	return ""
}

// forward is the command that brings the browser's answer from the user's own
// computer to this one, or "" if there is none. A login page on this machine, as
// a simulated one is, comes the same way.
func (p Place) forward(redirect, page string) string {
	own, _ := forwarded(page)
	back, possible := forwarded(redirect)
	switch {
	case p.Host == "" || !possible:
		return ""
	case p.Kind == catalog.Codespace:
		_, port, _ := strings.Cut(back, ":127.0.0.1:")
		return "gh codespace ports forward " + port + ":" + port + " -c " + p.Host
	case own != "":
		back += " -L " + own
	}
	return "ssh -L " + back + " " + p.Host
}

// forwarded is the argument of ssh -L that leads the port of a URL on a loopback
// address to the same one on this machine. Below 1024 only the administrator of
// the user's computer may listen.
func forwarded(raw string) (string, bool) {
	u, local := landing(raw)
	if !local {
		return "", false
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil || port < 1024 {
		return "", false
	}
	if ip := u.Hostname(); strings.Contains(ip, ":") {
		return "'[::1]':" + u.Port() + ":'" + net.JoinHostPort(ip, u.Port()) + "'", true
	}
	return u.Port() + ":127.0.0.1:" + u.Port(), true
}
