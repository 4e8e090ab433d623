package checks_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// jwtOver is a token that ended before the world of these tests begins.
const jwtOver = "eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjE3OTUyMDAwMDAsImV4cCI6MTc5NTI5ODQwMH0.c2lnbmF0dXJl"

func TestWhatLiesNear(t *testing.T) {
	t.Parallel()
	app := map[string]string{"UPSTOX_API_KEY": key, "UPSTOX_API_SECRET": secret}
	with := func(name, value string) map[string]string {
		m := maps.Clone(app)
		m[name] = value
		return m
	}
	const missing = "fail token-missing UPSTOX_ACCESS_TOKEN certain"
	for _, tc := range []struct {
		name  string
		files map[string]string
		env   map[string]string
		want  string // of token.present; what follows in the message is left out
	}{
		{"nothing", nil, app, missing},
		{"a JSON file", map[string]string{"upstox_token.json": `{"access_token":"` + jwtA + `"}`}, app, "fail token-elsewhere upstox_token.json likely"},
		{"a plain file of a directory", map[string]string{"credentials/token.txt": jwtA + "\n"}, app, "fail token-elsewhere credentials/token.txt possible"},
		{"an opaque token in a file of Upstox", map[string]string{"cache/upstox_access_token.txt": "opaque-token-of-some-length"}, app, "fail token-elsewhere cache/upstox_access_token.txt likely"},
		{"an opaque token in a file of anybody", map[string]string{"token.txt": "opaque-token-of-some-length"}, app, missing},
		{"sample text", map[string]string{"upstox_token.json": `{"access_token":"YOUR_ACCESS_TOKEN"}`}, app, missing},
		{"a file that is too large", map[string]string{"token.txt": jwtA + strings.Repeat("\n", 64<<10)}, app, missing},
		{"a file of another directory", map[string]string{"backup/token.txt": jwtA}, app, missing},
		{"a living token before one that has ended", map[string]string{"upstox_token.json": jwtOver, "data/token.txt": jwtA}, app, "fail token-elsewhere data/token.txt possible"},
		{"a variable", nil, with("UPSTOX_TOKEN", jwtA), "fail token-elsewhere UPSTOX_TOKEN likely"},
		{"a variable in small letters", nil, with("upstox_access_token", jwtA), "fail token-elsewhere upstox_access_token likely"},
		{"a variable of anybody", nil, with("ACCESS_TOKEN", jwtA), "fail token-elsewhere ACCESS_TOKEN possible"},
		{"a variable of anybody, and no token", nil, with("ACCESS_TOKEN", "opaque-token-of-some-length"), missing},
		{"a line of .env", map[string]string{".env": "export upstox_access_token=" + jwtA}, app, "fail token-elsewhere upstox_access_token likely"},
		{"secrets.toml of the home directory", map[string]string{"~/.streamlit/secrets.toml": "[upstox]\njwt = \"" + jwtA + "\"\n"}, app, "fail token-elsewhere upstox.jwt likely"},
		{"another table of secrets.toml", map[string]string{".streamlit/secrets.toml": "[kite]\ntoken = \"" + jwtA + "\"\n"}, app, missing},
		{"sample text in a source", map[string]string{".upstox_token": "YOUR_ACCESS_TOKEN", "token.txt": jwtA}, app, missing},
		{"a source that cannot be read", map[string]string{".env": "\x00", "upstox_token.json": jwtA}, app, missing},
		{"a shell start file, which is told first", map[string]string{"~/.bashrc": "UPSTOX_ACCESS_TOKEN=" + jwtA, "upstox_token.json": jwtA}, app, missing},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := offlineWorld(t, tc.files, tc.env)
			res := find(t, local(t, w), "token.present")
			got, _, _ := strings.Cut(line(res), " |")
			if got, _, _ = strings.Cut(got, " because"); got != tc.want {
				t.Errorf("\ngot  %s\nwant %s", line(res), tc.want)
			}
		})
	}
}

// TestAppNear: key and secret may lie near too.
func TestAppNear(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, env string // lines of .env
		want      string // of environment.credentials
		token     string // of token.present
	}{
		{"a pair", "API_KEY=" + key + "\nAPI_SECRET=" + secret, "fail token-elsewhere API_KEY, API_SECRET possible", "fail token-missing UPSTOX_ACCESS_TOKEN certain because environment.credentials"},
		{"a pair of another service", "API_KEY=AKIA5XNVNVEXAMPLE\nAPI_SECRET=" + secret, "fail env-missing-credentials UPSTOX_API_KEY, UPSTOX_API_SECRET certain", "fail token-missing UPSTOX_ACCESS_TOKEN certain because environment.credentials"},
		{"a key alone", "API_KEY=" + key, "fail env-missing-credentials UPSTOX_API_KEY, UPSTOX_API_SECRET certain", "fail token-missing UPSTOX_ACCESS_TOKEN certain because environment.credentials"},
		{"a key of Upstox alone", "UPSTOX_APIKEY=" + key, "fail token-elsewhere UPSTOX_APIKEY likely", "fail token-missing UPSTOX_ACCESS_TOKEN certain because environment.credentials"},
		{"a pair and a token", "API_KEY=" + key + "\nAPI_SECRET=" + secret + "\nUPSTOX_TOKEN=" + jwtA, "fail token-elsewhere API_KEY, API_SECRET, UPSTOX_TOKEN possible", "fail token-elsewhere UPSTOX_TOKEN likely because environment.credentials"},
		{"a pair and a token that has ended", "API_KEY=" + key + "\nAPI_SECRET=" + secret + "\nUPSTOX_TOKEN=" + jwtOver, "fail token-elsewhere API_KEY, API_SECRET possible", "fail token-elsewhere UPSTOX_TOKEN likely because environment.credentials"},
		{"a token alone", "UPSTOX_TOKEN=" + jwtA, "warn env-missing-credentials UPSTOX_API_KEY, UPSTOX_API_SECRET certain", "fail token-elsewhere UPSTOX_TOKEN likely"},
		{"a token alone that has ended", "UPSTOX_TOKEN=" + jwtOver, "fail env-missing-credentials UPSTOX_API_KEY, UPSTOX_API_SECRET certain", "fail token-missing UPSTOX_ACCESS_TOKEN certain because environment.credentials"},
		{"a pair and a token that is read", "API_KEY=" + key + "\nAPI_SECRET=" + secret + "\nUPSTOX_ACCESS_TOKEN=" + jwtA, "warn env-missing-credentials UPSTOX_API_KEY, UPSTOX_API_SECRET certain", "pass"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := local(t, offlineWorld(t, map[string]string{".env": tc.env + "\n"}, nil))
			for id, want := range map[string]string{"environment.credentials": tc.want, "token.present": tc.token} {
				if got, _, _ := strings.Cut(line(find(t, r, id)), " |"); got != want {
					t.Errorf("%s\ngot  %s\nwant %s", id, got, want)
				}
			}
		})
	}
}

// TestHowFarUpIsLooked: up to the home directory or the root of a work tree,
// never above a directory in which everybody may write, and at most eight levels.
func TestHowFarUpIsLooked(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, dir, env string // where the run is, and where .env is, below a directory
		git, open      string // a work tree's root, and a directory of everybody
		home           string
		want           bool
	}{
		{name: "one level", dir: "a", env: ".", want: true},
		{name: "eight levels", dir: "1/2/3/4/5/6/7/8", env: ".", want: true},
		{name: "nine levels", dir: "1/2/3/4/5/6/7/8/9", env: "."},
		{name: "the root of the work tree", dir: "repo/a/b", env: "repo", git: "repo", want: true},
		{name: "above the work tree", dir: "repo/a", env: ".", git: "repo"},
		{name: "the root itself", dir: "repo", env: ".", git: "repo"},
		{name: "the home directory", dir: "me/a/b", env: "me", home: "me", want: true},
		{name: "above the home directory", dir: "me/a", env: ".", home: "me"},
		{name: "a directory of everybody", dir: "tmp/a", env: "tmp", open: "tmp"},
		{name: "above one", dir: "tmp/a", env: ".", open: "tmp"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.open != "" && runtime.GOOS == "windows" {
				t.Skip("no modes")
			}
			top := t.TempDir()
			put := func(dir, name, text string) {
				if err := os.MkdirAll(filepath.Join(top, dir), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(top, dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			w := offlineWorld(t, nil, map[string]string{"UPSTOX_API_KEY": key, "UPSTOX_API_SECRET": secret})
			w.Dir, w.Home = filepath.Join(top, tc.dir), ""
			put(tc.dir, "bot.py", "")
			put(tc.env, ".env", "UPSTOX_ACCESS_TOKEN="+jwtA+"\n")
			if tc.git != "" {
				put(tc.git, ".git", "gitdir: elsewhere\n")
			}
			if tc.home != "" {
				w.Home = filepath.Join(top, tc.home)
			}
			if tc.open != "" {
				if err := os.Chmod(filepath.Join(top, tc.open), 0o777); err != nil {
					t.Fatal(err)
				}
			}
			res := find(t, local(t, w), "token.present")
			if got := res.Code == "token-elsewhere"; got != tc.want {
				t.Errorf("found: %t, %s", got, line(res))
			}
		})
	}
}

// TestNearIsSecret: what is found near can no longer be shown.
func TestNearIsSecret(t *testing.T) {
	t.Parallel()
	w := offlineWorld(t, map[string]string{".env": "UPSTOX_SECRET=near-secret-9\n", "upstox_token.json": `{"access_token":"opaque-token-of-some-length"}`}, nil)
	r := local(t, w)
	if found := find(t, r, "token.present"); found.Code != "token-elsewhere" {
		t.Fatal(line(found))
	}
	for _, s := range []string{"near-secret-9", "opaque-token-of-some-length"} {
		if shown := w.Secrets.String("x "+s) + fmt.Sprint(r.Results); strings.Contains(shown, s) {
			t.Errorf("%q is shown", s)
		}
	}
}
