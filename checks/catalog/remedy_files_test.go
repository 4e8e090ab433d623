package catalog

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A cure is a finding in a file, and what its first step makes of the file.
type cure struct {
	name       string
	entry      *Entry
	seen       map[string]any
	file       string // its name
	text, want string // empty for what an editor does
}

const jwt = "eyJh.eyJi.c2ln"

// try runs the first command of the steps twice, in a directory where the file is a
// link: the second time there is nothing to do.
func (c cure) try(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "target", c.text)
	if err := os.Symlink("target", filepath.Join(dir, c.file)); err != nil {
		t.Fatal(err)
	}
	f := Finding{Target: apiHost, Evidence: map[string]any{"target": apiHost, "file": c.file}}
	maps.Copy(f.Evidence, c.seen)
	var run string
	for _, s := range c.entry.StepsFor(f) {
		if run == "" && !strings.HasPrefix(s.Run, "unset ") {
			run = filled(s, f)
		}
	}
	want := c.want
	if want == "" {
		want = c.text
		if !strings.HasPrefix(run, "${EDITOR:-vi}") && run != "upstox-doctor login" {
			t.Errorf("not left to an editor or a login: %s", run)
		}
	}
	for range 2 {
		out := shell(t, dir, "", []string{"EDITOR=true"}, strings.ReplaceAll(run, "upstox-doctor login", "true"))
		if got := read(t, dir, "target"); got != want || strings.Contains(out, "sed:") {
			t.Fatalf("%s\nprints %q, got\n%q\nwant\n%q", run, out, got, want)
		}
	}
	if info, err := os.Lstat(filepath.Join(dir, c.file)); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link is gone")
	}
}

func at(line int, variable string, more ...string) map[string]any {
	seen := map[string]any{"source": "file line", "variable": variable, "line": line}
	for _, name := range more {
		seen[name] = true
	}
	return seen
}

// TestStepsLeaveTheRestOfAFile lets bash follow them.
func TestStepsLeaveTheRestOfAFile(t *testing.T) {
	t.Parallel()
	const token, key, toml = "UPSTOX_ACCESS_TOKEN", "upstox.api_key", "secrets.toml"
	for _, c := range []cure{
		{"clean .env", EnvMalformedValue, at(2, token), ".env", "A=“x”\nexport " + token + "=“Bearer " + jwt + "” # mine\nB= y\n", "A=“x”\nexport " + token + "=" + jwt + " # mine\nB= y\n"},
		{"clean a file with a mark", EnvMalformedValue, at(1, token), ".env", "\ufeff" + token + "=BEARER bearer " + jwt + "\r\n", token + "=" + jwt + "\n"},
		{"clean what was edited since", EnvMalformedValue, at(1, token), ".env", "A=“x”\n" + token + "=“" + jwt + "”\n", "A=“x”\n" + token + "=“" + jwt + "”\n"},
		{"clean a secret of two words", EnvMalformedValue, at(1, "UPSTOX_API_SECRET"), ".env", "UPSTOX_API_SECRET=' a b '\n", "UPSTOX_API_SECRET=' a b '\n"},
		{"clean TOML", EnvMalformedValue, at(2, "upstox.access_token"), toml, "[upstox]\n\taccess_token = \"Bearer " + jwt + "\\n\" # daily\n", "[upstox]\n\taccess_token = \"" + jwt + "\" # daily\n"},
		{"clean an inline table", EnvMalformedValue, at(1, key, "inline_table"), toml, "upstox = { api_key = \"k\", access_token = \"Bearer " + jwt + "\" }\n", ""},
		{"clean a token of several lines", EnvMalformedValue, at(1, token, "multiline"), ".env", token + "=\"\n" + jwt + "\n\"\nA=1\n", ""},
		{"clean a secret of several lines", EnvMalformedValue, at(1, "upstox.api_secret", "multiline"), toml, "api_secret = \"\"\"\nx\n\"\"\"\n", ""},
		{"delete in .env", TokenShadowed, at(3, token), ".env", "OLD_" + token + "=keepme\n# " + token + "=x\n  export " + token + "=old.token\n" + token + " = older\n" + token + "_2=a\n", "OLD_" + token + "=keepme\n# " + token + "=x\n" + token + "_2=a\n"},
		{"delete several lines", TokenShadowed, at(1, token, "multiline"), ".env", token + "=\"\n" + jwt + "\n\"\n", ""},
		{"delete several lines of TOML", TokenShadowed, at(1, "access_token", "multiline"), toml, "access_token = \"\"\"\nx\n\"\"\"\n", ""},
		{"delete in an inline table", TokenShadowed, at(1, "upstox.access_token", "inline_table"), toml, "upstox = { access_token = \"a, }b\", api_key = \"k\" }\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.try(t)
		})
	}
}

// TestStartFilesStayWhole: what is commented out may be all that an if holds.
func TestStartFilesStayWhole(t *testing.T) {
	t.Parallel()
	const name = "UPSTOX_ACCESS_TOKEN"
	for text, want := range map[string]string{
		"if true; then\n  export NAME=old\nfi\n": "if true; then\n  : # export NAME=old\nfi\n",
		"\nNAME='old'\n":                         "\n: # NAME='old'\n",
		"\ndeclare -x NAME=old\n":                "\n: # declare -x NAME=old\n",
		"\nexport MY_NAME=old\n":                 "\nexport MY_NAME=old\n", // edited since
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			fill := strings.NewReplacer("NAME", name)
			text, want := fill.Replace(text), fill.Replace(want)
			cure{entry: TokenShadowed, file: "bashrc", text: text, want: want, seen: map[string]any{
				"source": "environment", "variable": name, "set_in_file": "bashrc", "set_in_line": 2,
			}}.try(t)
			if out := shell(t, t.TempDir(), "", nil, want); out != "" {
				t.Errorf("bash says %q", out)
			}
		})
	}
	fish := cure{entry: TokenShadowed, file: "config.fish", text: "set -gx " + name + " old\n", want: ": # set -gx " + name + " old\n"}
	s := deleteAtStart(Finding{Evidence: map[string]any{"variable": name, "set_in_file": FishFile, "set_in_line": 1}})[0]
	s.Run = strings.ReplaceAll(s.Run, "{set_in_file}", "{file}")
	fish.entry, fish.seen = &Entry{Steps: []Step{s}}, map[string]any{"set_in_line": 1}
	fish.try(t)
}

// TestHostsKeepTheirOtherNames: of the hosts file only the name of Upstox goes.
func TestHostsKeepTheirOtherNames(t *testing.T) {
	t.Parallel()
	cure{
		entry: DNSHijacked, file: "hosts", seen: map[string]any{"hosts_file": "hosts"},
		text: "# api.upstox.com was here\n127.0.0.1 localhost mydev.local api.upstox.com\n127.0.0.1\tapi.upstox.com\n10.0.0.1 api.upstox.com upstream # api.upstox.com\n::1 my-api.upstox.com api.upstox.com.example\n",
		want: "# api.upstox.com was here\n127.0.0.1 localhost mydev.local \n10.0.0.1  upstream # api.upstox.com\n::1 my-api.upstox.com api.upstox.com.example\n",
	}.try(t)
}

// TestUnreadableFilesAreKept: under a name that no other file has.
func TestUnreadableFilesAreKept(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("iconv"); err != nil {
		t.Skip("no iconv")
	}
	for name, tc := range map[string]struct{ encoding, text, want string }{
		"big-endian without a mark": {"UTF-16BE", "\x00A\x00=\x001\x00\n", "A=1\n"},
		"big-endian with a mark":    {"UTF-16BE", "\xfe\xff\x00A\x00=\x001\x00\n", "A=1\n"},
		"little-endian":             {"UTF-16LE", "\xff\xfeA\x00=\x001\x00\n\x00", "A=1\n"},
		"no text":                   {"binary", "\x00\x01", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, dir, "env", tc.text)
			write(t, dir, "env.old", "keepme")
			f := Finding{Evidence: map[string]any{"problem": "encoding", "encoding": tc.encoding, "file": "env"}}
			shell(t, dir, "", nil, filled(readableFile(f)[0], f))
			if read(t, dir, "env.old") != "keepme" || read(t, dir, "env.old.old") != tc.text {
				t.Error("an old file is lost")
			}
			if got, _ := os.ReadFile(filepath.Join(dir, "env")); string(got) != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
