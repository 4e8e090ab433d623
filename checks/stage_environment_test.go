package checks_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
)

const (
	key    = "0b3ce18a-6a4c-4b8a-9b8f-8a6f9b1d2e3f"
	secret = "q7w8e9r0t1"
	// Tokens in the form of JWTs, without a valid signature.
	jwtA = "eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjE3OTUzNDk3MDAsImV4cCI6MTc5NTM4NDgwMH0.c2lnbmF0dXJl"
	jwtB = "eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjE3OTUzNDk3MDEsImV4cCI6MTc5NTM4NDgwMH0.c2lnbmF0dXJm"
)

// offlineWorld is a World without a network: a directory and variables.
func offlineWorld(t *testing.T, files, env map[string]string) checks.World {
	t.Helper()
	w := checks.World{
		Dir: t.TempDir(), DirName: "/bot", Now: func() time.Time { return time.Unix(1795360000, 0) },
		Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
	}.WithDefaults()
	w.Home = filepath.Join(w.Dir, "home")
	for name, body := range files {
		path := filepath.Join(w.Dir, strings.Replace(name, "~", "home", 1))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// local runs the checks that send no request.
func local(t *testing.T, w checks.World) doctor.Report {
	t.Helper()
	d, err := checks.Run(t.Context(), w, checks.Options{Only: []string{"environment", "token.present"}, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return d.Report
}

func find(t *testing.T, r doctor.Report, id string) doctor.Result {
	t.Helper()
	for _, res := range r.Results {
		if res.ID == id {
			return res
		}
	}
	t.Fatalf("no check %s", id)
	return doctor.Result{}
}

func TestWhereTheTokenComesFrom(t *testing.T) {
	t.Parallel()
	all := map[string]string{
		".env":          "UPSTOX_ACCESS_TOKEN=" + jwtB + "\n",
		".upstox_token": jwtB + "\n",
	}
	toml := map[string]string{
		".streamlit/secrets.toml":   "[upstox]\naccess_token = \"" + jwtA + "\"\n",
		"~/.streamlit/secrets.toml": "UPSTOX_ACCESS_TOKEN = \"" + jwtB + "\"\n",
		".upstox_token":             jwtB + "\n",
	}
	for _, tc := range []struct {
		name  string
		files map[string]string
		env   map[string]string
		flag  string
		want  string
	}{
		{"a flag beats all", all, map[string]string{"UPSTOX_ACCESS_TOKEN": jwtB}, jwtA, "command line"},
		{"the environment beats files", all, map[string]string{"UPSTOX_ACCESS_TOKEN": jwtA}, "", "environment"},
		{"an alias in the environment beats files", all, map[string]string{"UPSTOX_ANALYTICS_TOKEN": jwtA}, "", "environment"},
		{".env beats the token file", all, nil, "", ".env line 1"},
		{"an empty variable counts as unset", all, map[string]string{"UPSTOX_ACCESS_TOKEN": ""}, "", ".env line 1"},
		{"sample text gives way to a token", all, map[string]string{"UPSTOX_ACCESS_TOKEN": "YOUR_ACCESS_TOKEN"}, "", ".env line 1"},
		{"the token file, plain", map[string]string{".upstox_token": jwtA + "\n"}, nil, "", ".upstox_token"},
		{"the token file, JSON", map[string]string{".upstox_token": `{"access_token":"` + jwtA + `","date":"2026-11-23"}`}, nil, "", ".upstox_token"},
		{"secrets.toml beats that of the home directory", toml, nil, "", ".streamlit/secrets.toml line 2"},
		{"secrets.toml of the home directory beats the token file", map[string]string{"~/.streamlit/secrets.toml": "\nUPSTOX_ACCESS_TOKEN = \"" + jwtA + "\"\n", ".upstox_token": jwtB}, nil, "", "~/.streamlit/secrets.toml line 2"},
		{".env beats secrets.toml", map[string]string{".env": "UPSTOX_ACCESS_TOKEN=" + jwtA, ".streamlit/secrets.toml": "access_token = \"" + jwtB + "\"\n"}, nil, "", ".env line 1"},
		{"the last of two lines wins", map[string]string{".env": "UPSTOX_ACCESS_TOKEN=" + jwtB + "\nUPSTOX_ACCESS_TOKEN=" + jwtA}, nil, "", ".env line 2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := offlineWorld(t, tc.files, tc.env)
			w.Flags = map[string]string{"UPSTOX_ACCESS_TOKEN": tc.flag}
			res := find(t, local(t, w), "token.present")
			if res.Status != doctor.Pass || res.Evidence.Find("source") != tc.want {
				t.Errorf("%s from %v, want %s: %s", res.Status, res.Evidence.Find("source"), tc.want, res.Message)
			}
		})
	}
}

func TestWhatIsWrongWithTheEnvironment(t *testing.T) {
	t.Parallel()
	good := map[string]string{"UPSTOX_API_KEY": key, "UPSTOX_API_SECRET": secret, "UPSTOX_ACCESS_TOKEN": jwtA}
	with := func(name, value string) map[string]string {
		m := map[string]string{}
		for k, v := range good {
			m[k] = v
		}
		m[name] = value
		return m
	}
	for _, tc := range []struct {
		name  string
		files map[string]string
		env   map[string]string
		want  string // status code check target of the root cause
	}{
		{"all is well", nil, good, ""},
		{"nothing at all", nil, nil, "fail env-missing-credentials environment.credentials UPSTOX_API_KEY, UPSTOX_API_SECRET"},
		{"no secret, but a token", nil, with("UPSTOX_API_SECRET", ""), "warn env-missing-credentials environment.credentials UPSTOX_API_SECRET"},
		{"no token", nil, with("UPSTOX_ACCESS_TOKEN", ""), "fail token-missing token.present UPSTOX_ACCESS_TOKEN"},
		{"key under its alias", nil, map[string]string{"UPSTOX_CLIENT_ID": key, "UPSTOX_CLIENT_SECRET": secret, "UPSTOX_ACCESS_TOKEN": jwtA}, ""},
		{"sample token only", nil, with("UPSTOX_ACCESS_TOKEN", "{your_access_token}"), "fail env-placeholder-value environment.values UPSTOX_ACCESS_TOKEN"},
		{"sample key beside a token", nil, with("UPSTOX_API_KEY", "YOUR_API_KEY"), "warn env-placeholder-value environment.values UPSTOX_API_KEY"},
		{"newline behind the token", nil, with("UPSTOX_ACCESS_TOKEN", jwtA+"\n"), "fail env-malformed-value environment.values UPSTOX_ACCESS_TOKEN"},
		{"Bearer before the token", nil, with("UPSTOX_ACCESS_TOKEN", "Bearer "+jwtA), "fail env-malformed-value environment.values UPSTOX_ACCESS_TOKEN"},
		{"space behind the key", nil, with("UPSTOX_API_KEY", key+" "), "warn env-malformed-value environment.values UPSTOX_API_KEY"},
		{"authorization code for a token", nil, with("UPSTOX_ACCESS_TOKEN", "mk404x"), "fail token-malformed token.present UPSTOX_ACCESS_TOKEN"},
		{"a token of 1 MB", nil, with("UPSTOX_ACCESS_TOKEN", strings.Repeat("a", 1<<20)), "fail token-malformed token.present UPSTOX_ACCESS_TOKEN"},
		{"secrets.toml", map[string]string{".streamlit/secrets.toml": "[upstox]\napi_key = \"" + key + "\"\napi_secret = \"" + secret + "\"\naccess_token = \"" + jwtA + "\"\n"}, nil, ""},
		{"secrets.toml without quotes", map[string]string{".streamlit/secrets.toml": "api_secret = " + secret + "\n"}, good, "fail env-file-unreadable environment.files .streamlit/secrets.toml"},
		{"secrets.toml of the home directory, broken, no token", map[string]string{"~/.streamlit/secrets.toml": "api_secret = " + secret + "\n"}, nil, "fail env-file-unreadable environment.files ~/.streamlit/secrets.toml"},
		{"secrets.toml of the home directory, broken, and all is set elsewhere", map[string]string{"~/.streamlit/secrets.toml": "api_secret = " + secret + "\n"}, good, ""},
		{"UTF-16", map[string]string{".env": "\xff\xfeU\x00P\x00"}, nil, "fail env-file-unreadable environment.files .env"},
		{"a line without =", map[string]string{".env": "UPSTOX_API_KEY=a\nUPSTOX_API_SECRET\n"}, good, "fail env-file-unreadable environment.files .env"},
		{"binary token file", map[string]string{".upstox_token": "\x00\x01\x02"}, good, "fail env-file-unreadable environment.files .upstox_token"},
		{"Windows line ends", map[string]string{".env": "UPSTOX_API_KEY=" + key + "\r\nUPSTOX_API_SECRET=" + secret + "\r\nUPSTOX_ACCESS_TOKEN=" + jwtA + "\r\n"}, nil, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := local(t, offlineWorld(t, tc.files, tc.env))
			var got []string
			for _, c := range r.RootCauses() {
				got = append(got, strings.Join([]string{string(c.Status), c.Code, c.ID, c.Target}, " "))
			}
			if g := strings.Join(got, "; "); g != tc.want {
				t.Errorf("got  %q\nwant %q", g, tc.want)
			}
			for _, res := range r.Results {
				if strings.Contains(res.Message, secret) || strings.Contains(res.Message, "eyJ") {
					t.Errorf("%s shows a secret", res.ID)
				}
			}
		})
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, name := range []string{".env", ".upstox_token"} {
		w := offlineWorld(t, nil, nil)
		if err := os.Mkdir(filepath.Join(w.Dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		res := find(t, local(t, w), "environment.files")
		if res.Code != "env-file-unreadable" || res.Target != name {
			t.Errorf("a directory called %s: %s %s", name, res.Code, res.Target)
		}
	}
}

// TestNamedTokenFileThatIsNotThere counts as none, since a login writes it.
func TestNamedTokenFileThatIsNotThere(t *testing.T) {
	t.Parallel()
	app := map[string]string{"UPSTOX_API_KEY": key, "UPSTOX_API_SECRET": secret}
	w := offlineWorld(t, nil, app)
	w.TokenFile = "gone"
	r := local(t, w)
	if got := find(t, r, "environment.files"); got.Status != doctor.Pass {
		t.Errorf("without a token: %s", line(got))
	}
	if got := find(t, r, "token.present"); got.Code != "token-missing" || got.CausedBy != "" {
		t.Errorf("without a token: %s, caused by %q", line(got), got.CausedBy)
	}
	w = offlineWorld(t, map[string]string{".env": "UPSTOX_ACCESS_TOKEN=" + jwtA}, app)
	w.TokenFile = "gone"
	got := find(t, local(t, w), "environment.files")
	if got.Status != doctor.Warn || got.Code != "env-file-unreadable" || got.Target != "gone" {
		t.Errorf("with a token: %s", line(got))
	}
	if err := os.WriteFile(filepath.Join(w.Dir, "gone"), nil, 0o600); err != nil { // as the step does
		t.Fatal(err)
	}
	if got := find(t, local(t, w), "environment.files"); got.Status != doctor.Pass {
		t.Errorf("after its step: %s", line(got))
	}
}

func TestTokenFileOfOthers(t *testing.T) {
	t.Parallel()
	w := offlineWorld(t, map[string]string{".upstox_token": jwtA}, map[string]string{"UPSTOX_API_KEY": key, "UPSTOX_API_SECRET": secret})
	if err := os.Chmod(filepath.Join(w.Dir, ".upstox_token"), 0o644); err != nil {
		t.Fatal(err)
	}
	res := find(t, local(t, w), "environment.files")
	if res.Status != doctor.Warn || res.Code != "token-file-permissions" {
		t.Errorf("%s %s: %s", res.Status, res.Code, res.Message)
	}
}

// TestAllTokensAreSecret: whatever is read as a token or secret can no longer
// be shown, from whichever source.
func TestAllTokensAreSecret(t *testing.T) {
	t.Parallel()
	w := offlineWorld(t, map[string]string{
		".env": "UPSTOX_API_SECRET=from-the-file-9", ".streamlit/secrets.toml": "[upstox]\napi_secret = \"from-the-toml-9\"\n",
	}, map[string]string{"UPSTOX_ACCESS_TOKEN": "opaque-token-of-some-length"})
	local(t, w)
	for _, s := range []string{"from-the-file-9", "from-the-toml-9", "opaque-token-of-some-length"} {
		if shown := w.Secrets.String("x " + s); strings.Contains(shown, s) {
			t.Errorf("%q is shown", shown)
		}
	}
}
