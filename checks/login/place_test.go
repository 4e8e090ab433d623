package login

import (
	"io/fs"
	"maps"
	"testing"
	"testing/fstest"

	"upstox-doctor/checks/catalog"
)

// machine is a Linux machine with a display, and with what is given.
func machine(env map[string]string, files ...string) Machine {
	all := map[string]string{"DISPLAY": ":0", "USER": "asha"}
	maps.Copy(all, env)
	root := fstest.MapFS{"proc/sys/kernel/osrelease": {Data: []byte("6.8.0-45-generic\n")}, "proc/1/cgroup": {Data: []byte("0::/init.scope\n")}}
	for i := 0; i < len(files); i += 2 {
		root[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return Machine{
		Env:  func(name string) (string, bool) { value, ok := all[name]; return value, ok },
		Root: root, OS: "linux", User: "process", Name: "trader",
	}
}

type vars = map[string]string

func TestPlace(t *testing.T) {
	t.Parallel()
	ssh := vars{"SSH_CONNECTION": "198.51.100.7 51000 203.0.113.9 22"}
	container := []string{".dockerenv", ""}
	for _, tc := range []struct {
		name    string
		machine Machine
		want    Place
	}{
		{"a desktop", machine(nil), Place{}},
		{"a Wayland desktop", machine(vars{"DISPLAY": "", "WAYLAND_DISPLAY": "wayland-0"}), Place{}},
		{"Linux without a display", machine(vars{"DISPLAY": ""}), Place{NoBrowser: true}},
		{"Linux without a display and with a browser", machine(vars{"DISPLAY": "", "BROWSER": "w3m"}), Place{}},

		{"SSH", machine(ssh), Place{catalog.OverSSH, true, "asha@203.0.113.9"}},
		{"SSH at another port", machine(vars{"SSH_CONNECTION": "198.51.100.7 51000 203.0.113.9 2222"}), Place{catalog.OverSSH, true, "-p 2222 asha@203.0.113.9"}},
		{"SSH by IPv6 with a zone", machine(vars{"SSH_CONNECTION": "fe80::7%eth0 51000 fe80::9%eth0 22"}), Place{catalog.OverSSH, true, "asha@fe80::9"}},
		{"SSH by IPv4 in IPv6", machine(vars{"SSH_CONNECTION": "::ffff:198.51.100.7 51000 ::ffff:203.0.113.9 22"}), Place{catalog.OverSSH, true, "asha@203.0.113.9"}},
		{"SSH that names a terminal only", machine(vars{"SSH_TTY": "/dev/pts/0"}), Place{catalog.OverSSH, true, "asha@trader"}},
		{"SSH that names no machine", func() Machine { m := machine(vars{"SSH_CLIENT": "x"}); m.Name = ""; return m }(), Place{catalog.OverSSH, true, "asha@HOST"}},
		{"SSH of a login name", machine(vars{"SSH_TTY": "x", "USER": "", "LOGNAME": "ravi"}), Place{catalog.OverSSH, true, "ravi@trader"}},
		{"SSH of the user of the process", machine(vars{"SSH_TTY": "x", "USER": ""}), Place{catalog.OverSSH, true, "process@trader"}},
		{"SSH of a name that a shell would take apart", machine(vars{"SSH_TTY": "x", "USER": "a;b"}), Place{catalog.OverSSH, true, "USER@trader"}},
		{"SSH from an editor that opens the browser", machine(vars{"SSH_CONNECTION": ssh["SSH_CONNECTION"], "BROWSER": "/x/browser.sh"}), Place{catalog.OverSSH, false, "asha@203.0.113.9"}},
		{"SSH into a container", machine(ssh, container...), Place{catalog.OverSSH, true, "asha@203.0.113.9"}},

		{"a codespace", machine(vars{"CODESPACES": "true", "CODESPACE_NAME": "fluffy-potato-4711"}, container...), Place{catalog.Codespace, true, "fluffy-potato-4711"}},
		{"a codespace with a name that a shell would take apart", machine(vars{"CODESPACES": "true", "CODESPACE_NAME": "$(id)"}), Place{catalog.Codespace, true, ""}},
		{"Gitpod", machine(vars{"GITPOD_WORKSPACE_ID": "w"}, container...), Place{Kind: catalog.CloudWorkspace, NoBrowser: true}},
		{"Replit", machine(vars{"REPL_ID": "r"}, container...), Place{Kind: catalog.CloudWorkspace, NoBrowser: true}},

		{"WSL by its variable", machine(vars{"WSL_DISTRO_NAME": "Ubuntu", "DISPLAY": ""}), Place{Kind: catalog.WSL}},
		{"WSL by its kernel", machine(vars{"DISPLAY": ""}, "proc/sys/kernel/osrelease", "5.15.153.1-Microsoft-standard-WSL2\n"), Place{Kind: catalog.WSL}},

		{"Docker", machine(nil, container...), Place{Kind: catalog.Container, NoBrowser: true}},
		{"Podman", machine(nil, "run/.containerenv", ""), Place{Kind: catalog.Container, NoBrowser: true}},
		{"systemd-nspawn", machine(vars{"container": "systemd-nspawn"}), Place{Kind: catalog.Container, NoBrowser: true}},
		{"Kubernetes", machine(vars{"KUBERNETES_SERVICE_HOST": "10.0.0.1"}), Place{Kind: catalog.Container, NoBrowser: true}},
		{"a control group of containerd", machine(nil, "proc/1/cgroup", "0::/system.slice/containerd.service/kubepods-x\n"), Place{Kind: catalog.Container, NoBrowser: true}},
		{"a container with a browser of the editor", machine(vars{"BROWSER": "/vscode/browser.sh"}, container...), Place{Kind: catalog.Container}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := tc.machine.Place(); got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
		})
	}
}

// TestPlaceOfOtherSystems reads no file of Linux.
func TestPlaceOfOtherSystems(t *testing.T) {
	t.Parallel()
	for _, system := range []string{"darwin", "windows"} {
		m := machine(vars{"DISPLAY": ""}, ".dockerenv", "")
		m.OS = system
		if got := m.Place(); got != (Place{}) {
			t.Errorf("%s: %+v", system, got)
		}
	}
}

// TestPlaceWithoutFiles is a file system that cannot be read.
func TestPlaceWithoutFiles(t *testing.T) {
	t.Parallel()
	for name, root := range map[string]fs.FS{"none": nil, "empty": fstest.MapFS{}} {
		m := machine(nil)
		m.Root = root
		if got := m.Place(); got != (Place{}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
