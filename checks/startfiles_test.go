package checks

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSetAtStart(t *testing.T) {
	t.Parallel()
	const name, secret = "UPSTOX_ACCESS_TOKEN", "eyJsecret"
	for _, tc := range []struct {
		name, file, text, want string
	}{
		{"exported", ".bashrc", "# mine\nexport NAME=VALUE\n", "~/.bashrc 2"},
		{"in quotes, at the end of the file", ".zshrc", "alias ll='ls -l'\n\n  export NAME=\"VALUE\"", "~/.zshrc 3"},
		{"Windows line ends", ".profile", "export NAME=VALUE\r\n", "~/.profile 1"},
		{"not exported", ".bashrc", "NAME=VALUE\n", "~/.bashrc 1 not exported"},
		{"exported later", ".bashrc", "NAME=VALUE\nexport OTHER NAME\n", "~/.bashrc 1"},
		{"declared", ".bashrc", "declare -x NAME=VALUE\n", "~/.bashrc 1"},
		{"the last counts", ".bashrc", "export NAME=old\nexport NAME=VALUE\n", "~/.bashrc 2 set_with_others"},
		{"with another variable", ".bashrc", "export KEY=a NAME=VALUE\n", "~/.bashrc 1 set_with_others"},
		{"with another command", ".bashrc", "[ -f x ] && export NAME=VALUE\n", "~/.bashrc 1 set_with_others"},
		{"over two lines", ".bashrc", "export NAME=VALUE \\\n  KEY=a\n", "~/.bashrc 1 set_with_others"},
		{"one that was commented out", ".bashrc", "if true; then\n  : # export NAME=VALUE\nfi\n", ""},
		{"of one command", ".bashrc", "NAME=VALUE python bot.py\n", "~/.bashrc 1 set_with_others not exported"},
		{"the end of a longer line", ".bashrc", "env \\\n  NAME=VALUE\n", "~/.bashrc 2 set_with_others not exported"},
		{"a command over several lines", ".bashrc", "export NAME=$(cat <<E\nVALUE\nE\n)\n", "~/.bashrc 1 set_with_others"},
		{"fish", ".config/fish/config.fish", "set -gx NAME VALUE\n", "~/.config/fish/config.fish 1"},
		{"fish, not exported", ".config/fish/config.fish", "set -g NAME VALUE\n", "~/.config/fish/config.fish 1 not exported"},
		{"a comment", ".bashrc", "# export NAME=VALUE\n", ""},
		{"a longer name", ".bashrc", "export MY_NAME=VALUE\nexport NAME_2=VALUE\n", ""},
		{"only used", ".bashrc", "curl -H \"Bearer $NAME\"\nexport TOKEN=$NAME\n", ""},
		{"nothing", ".bashrc", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := World{Home: t.TempDir()}
			path := filepath.Join(w.Home, filepath.FromSlash(tc.file))
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			text := strings.NewReplacer("NAME", name, "VALUE", secret).Replace(tc.text)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			found, got := w.setAtStart(name), ""
			for _, item := range found.evidence() {
				switch v := item.Value.(type) {
				case bool:
					got += " " + item.Name
				default:
					got += fmt.Sprint(" ", v)
				}
			}
			if found.line > 0 && !found.exported {
				got += " not exported"
			}
			if got = strings.TrimSpace(got); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestSetAtStartReadsOnlyRegularFiles(t *testing.T) {
	t.Parallel()
	w := World{Home: t.TempDir()}
	if err := os.Mkdir(filepath.Join(w.Home, ".bashrc"), 0o700); err != nil {
		t.Fatal(err)
	}
	large := "export A=b\n" + strings.Repeat("#", maxEnvFile)
	if err := os.WriteFile(filepath.Join(w.Home, ".profile"), []byte(large), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, home := range []string{w.Home, ""} {
		if got := (World{Home: home}).setAtStart("A"); got.line != 0 {
			t.Errorf("in %q: %+v", home, got)
		}
	}
}

func TestSetAtStartOfSeveralShells(t *testing.T) {
	t.Parallel()
	w := World{Home: t.TempDir()}
	for _, name := range []string{".bashrc", ".profile"} {
		if err := os.WriteFile(filepath.Join(w.Home, name), []byte("\nexport A=b\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.setAtStart("A"); got.file != "~/.bashrc" || fmt.Sprint(got.also) != "[~/.profile line 2]" {
		t.Errorf("%+v", got)
	}
}

func TestVariablesThatNoProgramSees(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"none", "", ""},
		{"not exported", "UPSTOX_API_KEY=a\nUPSTOX_CLIENT_SECRET=b\n", "variable UPSTOX_API_KEY set_in_file ~/.bashrc set_in_line 1 not_exported [UPSTOX_API_KEY UPSTOX_CLIENT_SECRET]"},
		{"one exported", "export UPSTOX_API_KEY=a\nUPSTOX_ACCESS_TOKEN=b\n", "variable UPSTOX_API_KEY set_in_file ~/.bashrc set_in_line 1 not_exported [UPSTOX_ACCESS_TOKEN]"},
		{"exported", "export UPSTOX_ACCESS_TOKEN=b\n", "variable UPSTOX_ACCESS_TOKEN set_in_file ~/.bashrc set_in_line 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := World{Home: t.TempDir()}
			if err := os.WriteFile(filepath.Join(w.Home, ".bashrc"), []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, item := range w.unseen(Credentials{}) {
				got += fmt.Sprint(" ", item.Name, " ", item.Value)
			}
			if got = strings.TrimSpace(got); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
