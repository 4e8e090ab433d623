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

// line is all that a result says.
func line(r doctor.Result) string {
	out := string(r.Status)
	for _, s := range []string{r.Code, r.Target, string(r.Confidence)} {
		if s != "" {
			out += " " + s
		}
	}
	if r.CausedBy != "" {
		out += " because " + r.CausedBy
	}
	out += " | " + r.Message
	for i, it := range r.Evidence {
		out += map[bool]string{true: " | ", false: ", "}[i == 0] + it.Name + "=" + text(it.Value)
	}
	return out
}

func TestFilesAreDescribed(t *testing.T) {
	t.Parallel()
	const a, b = "UPSTOX_ACCESS_TOKEN=" + jwtA + "\n", "UPSTOX_ACCESS_TOKEN=" + jwtB + "\n"
	for _, tc := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"none", nil, "pass | no .env and no .upstox_token in /bot | directory=/bot"},
		{"an empty .env", map[string]string{".env": "# nothing\n"}, "pass | no .env and no .upstox_token in /bot | directory=/bot"},
		{"one variable", map[string]string{".env": a}, "pass | .env with 1 variable | directory=/bot"},
		{"two variables and a token file", map[string]string{".env": a + "OTHER=1\n", ".upstox_token": jwtA}, "pass | .env with 2 variables; .upstox_token | directory=/bot"},
		{"a token twice", map[string]string{".env": a + "\n" + b}, "pass | .env with 2 variables; UPSTOX_ACCESS_TOKEN stands on lines 1, 3, the last wins | directory=/bot, duplicate=UPSTOX_ACCESS_TOKEN on lines 1, 3: the last wins"},
		{"an alias twice", map[string]string{".env": "UPSTOX_CLIENT_ID=a\nUPSTOX_CLIENT_ID=b\n"}, "pass | .env with 2 variables; UPSTOX_CLIENT_ID stands on lines 1, 2, the last wins | directory=/bot, duplicate=UPSTOX_CLIENT_ID on lines 1, 2: the last wins"},
		{"another program's variable twice", map[string]string{".env": "OTHER=a\nOTHER=b\n"}, "pass | .env with 2 variables | directory=/bot"},
		{"an empty token file", map[string]string{".upstox_token": " \n"}, "pass | .upstox_token without a token | directory=/bot"},
		{"a dated token file", map[string]string{".upstox_token": `{"access_token":"` + jwtA + `","date":"2026-11-20"}`}, "pass | .upstox_token | directory=/bot, token_file=dated 2026-11-20"},
		{"JSON without a token", map[string]string{".upstox_token": `{"date":"2026-11-20"}`}, "pass | .upstox_token without a token | directory=/bot, token_file=JSON without access_token"},
		{"secrets.toml", map[string]string{".streamlit/secrets.toml": "[upstox]\napi_key = \"k\"\n[kite]\na = 1\n"}, "pass | .streamlit/secrets.toml with 1 value | directory=/bot"},
		{"a line that is no setting", map[string]string{".env": a + "nonsense\n"}, "fail env-file-unreadable .env certain | read .env: line 2: neither an assignment nor a comment | file=.env, problem=syntax, line=2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := line(find(t, local(t, offlineWorld(t, tc.files, nil)), "environment.files")); got != tc.want {
				t.Errorf("\ngot  %s\nwant %s", got, tc.want)
			}
		})
	}
}

// TestDanglingLink: a link to nowhere is no token file, and is mentioned.
func TestDanglingLink(t *testing.T) {
	t.Parallel()
	w := offlineWorld(t, nil, nil)
	if err := os.Symlink(filepath.Join(w.Dir, "gone"), filepath.Join(w.Dir, ".upstox_token")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	want := "pass | no .env and no .upstox_token in /bot | directory=/bot, token_file=a symbolic link to a file that does not exist"
	if got := line(find(t, local(t, w), "environment.files")); got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
	w.TokenFile = ".upstox_token"
	if got := line(find(t, local(t, w), "environment.files")); got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

// TestNamedFiles: a file that the user names is the one that is read, by its
// own name, relative to the working directory or not.
func TestNamedFiles(t *testing.T) {
	t.Parallel()
	w := offlineWorld(t, map[string]string{
		".env": "UPSTOX_ACCESS_TOKEN=" + jwtB, ".upstox_token": jwtB,
		"prod.env": "UPSTOX_API_KEY=" + key + "\nUPSTOX_API_SECRET=" + secret + "\n", "prod.token": jwtA,
	}, nil)
	w.EnvFile, w.TokenFile = "prod.env", filepath.Join(w.Dir, "prod.token")
	r := local(t, w)
	if got, want := line(find(t, r, "environment.files")), "pass | prod.env with 2 variables; "+w.TokenFile+" | directory=/bot"; got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
	if got := find(t, r, "token.present").Evidence.Find("source"); got != w.TokenFile {
		t.Errorf("token from %v", got)
	}
	if got, want := find(t, r, "environment.credentials").Message, "key from prod.env line 1, secret from prod.env line 2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	w.EnvFile = "gone.env"
	if got, want := line(find(t, local(t, w), "environment.files")), "fail env-file-unreadable gone.env certain | read gone.env: no such file or directory | file=gone.env, problem=missing"; got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

func TestCredentialsAreDescribed(t *testing.T) {
	t.Parallel()
	all := map[string]string{"UPSTOX_API_KEY": key, "UPSTOX_API_SECRET": secret, "UPSTOX_ACCESS_TOKEN": jwtA}
	for _, tc := range []struct {
		name  string
		files map[string]string
		env   map[string]string
		want  string
	}{
		{"all by their names", nil, all, "pass | key from environment, secret from environment | api_key_from=environment, api_secret_from=environment, redirect_uri_from=not set, access_token_from=environment"},
		{"all by their aliases", nil, map[string]string{"UPSTOX_CLIENT_ID": key, "UPSTOX_CLIENT_SECRET": secret, "UPSTOX_ANALYTICS_TOKEN": jwtA},
			"pass | key from environment as UPSTOX_CLIENT_ID, secret from environment as UPSTOX_CLIENT_SECRET | api_key_from=environment as UPSTOX_CLIENT_ID, api_secret_from=environment as UPSTOX_CLIENT_SECRET, redirect_uri_from=not set, access_token_from=environment as UPSTOX_ANALYTICS_TOKEN"},
		{"a file under its own name", map[string]string{".upstox_token": jwtA, ".env": "UPSTOX_REDIRECT_URI=http://127.0.0.1/"}, map[string]string{"UPSTOX_API_KEY": key, "UPSTOX_API_SECRET": secret},
			"pass | key from environment, secret from environment | api_key_from=environment, api_secret_from=environment, redirect_uri_from=.env line 1, access_token_from=.upstox_token"},
		{"no key, but a token", nil, map[string]string{"UPSTOX_API_SECRET": secret, "UPSTOX_ACCESS_TOKEN": jwtA},
			"warn env-missing-credentials UPSTOX_API_KEY certain | UPSTOX_API_KEY set nowhere: a token exists, but it cannot be renewed here | api_key_from=not set, api_secret_from=environment, redirect_uri_from=not set, access_token_from=environment, missing=[UPSTOX_API_KEY]"},
		{"no key, and what stands for a token is none", nil, map[string]string{"UPSTOX_API_SECRET": secret, "UPSTOX_ACCESS_TOKEN": "mk404x"},
			"fail env-missing-credentials UPSTOX_API_KEY certain | UPSTOX_API_KEY set nowhere, and no token to work with | api_key_from=not set, api_secret_from=environment, redirect_uri_from=not set, access_token_from=environment, missing=[UPSTOX_API_KEY]"},
		{"nothing, because the file cannot be read", map[string]string{".env": "nonsense\n"}, nil,
			"fail env-missing-credentials UPSTOX_API_KEY, UPSTOX_API_SECRET certain because environment.files | UPSTOX_API_KEY, UPSTOX_API_SECRET set nowhere, and no token to work with | api_key_from=not set, api_secret_from=not set, redirect_uri_from=not set, access_token_from=not set, missing=[UPSTOX_API_KEY UPSTOX_API_SECRET]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := line(find(t, local(t, offlineWorld(t, tc.files, tc.env)), "environment.credentials")); got != tc.want {
				t.Errorf("\ngot  %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestValuesAreJudged(t *testing.T) {
	t.Parallel()
	with := func(pairs ...string) map[string]string {
		m := map[string]string{"UPSTOX_API_KEY": key, "UPSTOX_API_SECRET": secret, "UPSTOX_ACCESS_TOKEN": jwtA}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = pairs[i+1]
		}
		return m
	}
	for _, tc := range []struct {
		name  string
		files map[string]string
		env   map[string]string
		want  string
	}{
		{"nothing is set", nil, nil, "skip | nothing is set"},
		{"one value", nil, map[string]string{"UPSTOX_API_KEY": key}, "pass | 1 value without stray characters"},
		{"several sources count each", map[string]string{".upstox_token": jwtB}, with(), "pass | 4 values without stray characters"},
		{"a token with a space", nil, with("UPSTOX_ACCESS_TOKEN", " "+jwtA), "fail env-malformed-value UPSTOX_ACCESS_TOKEN certain | UPSTOX_ACCESS_TOKEN (environment) holds leading space | source=environment, variable=UPSTOX_ACCESS_TOKEN, faults=[leading space]"},
		{"a token that does not win", nil, with("UPSTOX_ANALYTICS_TOKEN", " "+jwtB), "warn env-malformed-value UPSTOX_ANALYTICS_TOKEN certain | UPSTOX_ANALYTICS_TOKEN (environment) holds leading space | source=environment, variable=UPSTOX_ANALYTICS_TOKEN, better_source=environment, faults=[leading space]"},
		{"a token of several lines", map[string]string{".env": "UPSTOX_ACCESS_TOKEN=\"\n" + jwtB + "\n\"\n"}, with("UPSTOX_ACCESS_TOKEN", ""), "fail env-malformed-value UPSTOX_ACCESS_TOKEN certain | UPSTOX_ACCESS_TOKEN (.env line 1) holds leading newline, trailing newline | source=.env line 1, variable=UPSTOX_ACCESS_TOKEN, file=.env, line=1, multiline=true, faults=[leading newline trailing newline]"},
		{"one of an inline table", map[string]string{".streamlit/secrets.toml": "upstox = { access_token = \"Bearer " + jwtB + "\" }"}, with("UPSTOX_ACCESS_TOKEN", ""), "fail env-malformed-value upstox.access_token certain | upstox.access_token (.streamlit/secrets.toml line 1) holds Bearer prefix | source=.streamlit/secrets.toml line 1, variable=upstox.access_token, file=.streamlit/secrets.toml, line=1, inline_table=true, faults=[Bearer prefix]"},
		{"a secret with a space", nil, with("UPSTOX_API_SECRET", secret+" "), "warn env-malformed-value UPSTOX_API_SECRET certain | UPSTOX_API_SECRET (environment) holds trailing space | source=environment, variable=UPSTOX_API_SECRET, faults=[trailing space]"},
		{"a sample secret beside a token", nil, with("UPSTOX_API_SECRET", "YOUR_API_SECRET"), "warn env-placeholder-value UPSTOX_API_SECRET certain | UPSTOX_API_SECRET (environment) holds sample text | source=environment, variable=UPSTOX_API_SECRET"},
		{"a sample secret and no token", nil, with("UPSTOX_API_SECRET", "YOUR_API_SECRET", "UPSTOX_ACCESS_TOKEN", ""), "fail env-placeholder-value UPSTOX_API_SECRET certain | UPSTOX_API_SECRET (environment) holds sample text | source=environment, variable=UPSTOX_API_SECRET"},
		{"a sample redirect and no token hurts no login that is not tried", nil, with("UPSTOX_REDIRECT_URI", "<your redirect>", "UPSTOX_ACCESS_TOKEN", ""), "warn env-placeholder-value UPSTOX_REDIRECT_URI certain | UPSTOX_REDIRECT_URI (environment) holds sample text | source=environment, variable=UPSTOX_REDIRECT_URI"},
		{"sample text gives way to a better token", map[string]string{".upstox_token": jwtB}, with("UPSTOX_ACCESS_TOKEN", "YOUR_ACCESS_TOKEN"), "warn env-placeholder-value UPSTOX_ACCESS_TOKEN certain | UPSTOX_ACCESS_TOKEN (environment) holds sample text | source=environment, variable=UPSTOX_ACCESS_TOKEN, better_source=.upstox_token"},
		{"sample text is the best there is", nil, with("UPSTOX_ACCESS_TOKEN", "YOUR_ACCESS_TOKEN"), "fail env-placeholder-value UPSTOX_ACCESS_TOKEN certain | UPSTOX_ACCESS_TOKEN (environment) holds sample text | source=environment, variable=UPSTOX_ACCESS_TOKEN"},
		{"two faults of one value", nil, with("UPSTOX_ACCESS_TOKEN", "Bearer "+jwtA+"\n"), "fail env-malformed-value UPSTOX_ACCESS_TOKEN certain | UPSTOX_ACCESS_TOKEN (environment) holds trailing newline, Bearer prefix | source=environment, variable=UPSTOX_ACCESS_TOKEN, faults=[trailing newline Bearer prefix]"},
		{"a failure comes before an earlier warning, and both are shown", nil, with("UPSTOX_API_SECRET", secret+" ", "UPSTOX_ACCESS_TOKEN", `"`+jwtA+`"`), "fail env-malformed-value UPSTOX_ACCESS_TOKEN certain | UPSTOX_ACCESS_TOKEN (environment) holds surrounding double quotes | source=environment, variable=UPSTOX_ACCESS_TOKEN, faults=[surrounding double quotes], UPSTOX_API_SECRET=UPSTOX_API_SECRET (environment) holds trailing space"},
		{"of two warnings the first", nil, with("UPSTOX_API_KEY", key+" ", "UPSTOX_API_SECRET", secret+" "), "warn env-malformed-value UPSTOX_API_KEY certain | UPSTOX_API_KEY (environment) holds trailing space | source=environment, variable=UPSTOX_API_KEY, faults=[trailing space], UPSTOX_API_SECRET=UPSTOX_API_SECRET (environment) holds trailing space"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := line(find(t, local(t, offlineWorld(t, tc.files, tc.env)), "environment.values")); got != tc.want {
				t.Errorf("\ngot  %s\nwant %s", got, tc.want)
			}
		})
	}
}

// TestKeysAreNotSecret: the API key and the redirect stand in every URL of a
// login, so they may be shown; nothing else may.
func TestKeysAreNotSecret(t *testing.T) {
	t.Parallel()
	w := offlineWorld(t, nil, map[string]string{"UPSTOX_API_KEY": key, "UPSTOX_REDIRECT_URI": "http://127.0.0.1:8710/callback", "UPSTOX_API_SECRET": " spaced-secret "})
	local(t, w)
	for value, hidden := range map[string]bool{key: false, "http://127.0.0.1:8710/callback": false, "spaced-secret": true} {
		if shown := w.Secrets.String(value); (shown != value) != hidden {
			t.Errorf("%s is shown as %s", value, shown)
		}
	}
}

// TestMachine: the World of this process is its environment, its directory,
// its clock and its proxy.
func TestMachine(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("UPSTOX_API_KEY", key)
	t.Setenv("HTTPS_PROXY", "socks5://proxy.example:1080")
	t.Setenv("https_proxy", "")
	t.Setenv("NO_PROXY", "")
	t.Setenv("no_proxy", "")
	for _, name := range []string{"UPSTOX_ACCESS_TOKEN", "UPSTOX_ANALYTICS_TOKEN", "UPSTOX_API_SECRET", "UPSTOX_CLIENT_SECRET", "UPSTOX_CLIENT_ID", "UPSTOX_REDIRECT_URI"} {
		t.Setenv(name, "")
	}
	if err := os.WriteFile(".upstox_token", []byte(jwtA), 0o600); err != nil {
		t.Fatal(err)
	}
	w := checks.Machine("upstox-doctor/9")
	if w.Agent != "upstox-doctor/9" || w.Net.Agent != w.Agent || time.Since(w.Now()).Abs() > time.Minute || time.Since(w.Net.Now()).Abs() > time.Minute {
		t.Errorf("agent %q and %q, now %s", w.Agent, w.Net.Agent, w.Now())
	}
	if w.Instrument != "NSE_INDEX|Nifty 50" || w.Mode != "ltpc" || w.TokenTTL != 30*time.Minute || w.FrameWait != 4*time.Second || w.LiveWait != 8*time.Second || w.Secrets == nil || w.Dir != "." {
		t.Errorf("defaults: %s %s %s %s %s in %s", w.Instrument, w.Mode, w.TokenTTL, w.FrameWait, w.LiveWait, w.Dir)
	}
	proxy, err := w.Net.Route(checks.APIHost)
	if err != nil || proxy == nil || proxy.String() != "socks5://proxy.example:1080" {
		t.Errorf("proxy %v, %v", proxy, err)
	}
	r := local(t, w)
	if got := find(t, r, "token.present").Evidence.Find("source"); got != ".upstox_token" {
		t.Errorf("token from %v", got)
	}
	if got := find(t, r, "environment.credentials").Evidence.Find("api_key_from"); got != "environment" {
		t.Errorf("key from %v", got)
	}
}

// TestDefaultsKeepWhatIsSet: what is set stays.
func TestDefaultsKeepWhatIsSet(t *testing.T) {
	t.Parallel()
	set := checks.World{Dir: "/d", Settings: checks.Settings{Instrument: "I|1", Mode: "full", TokenTTL: time.Hour, FrameWait: time.Second, LiveWait: 2 * time.Second}, Secrets: offlineWorld(t, nil, nil).Secrets}
	got := set.WithDefaults()
	if got.Dir != set.Dir || got.Instrument != set.Instrument || got.Mode != set.Mode || got.TokenTTL != set.TokenTTL || got.FrameWait != set.FrameWait || got.LiveWait != set.LiveWait || got.Secrets != set.Secrets {
		t.Errorf("%s %s %s %s %s %s", got.Dir, got.Instrument, got.Mode, got.TokenTTL, got.FrameWait, got.LiveWait)
	}
}

// TestFlagsHaveSources: a value on the command line is said to be from there,
// also if it is faulty.
func TestFlagsHaveSources(t *testing.T) {
	t.Parallel()
	w := offlineWorld(t, nil, map[string]string{"UPSTOX_ACCESS_TOKEN": jwtB})
	w.Flags = map[string]string{"UPSTOX_ACCESS_TOKEN": "Bearer " + jwtA, "UPSTOX_API_KEY": key, "UPSTOX_API_SECRET": "  "}
	r := local(t, w)
	if got := find(t, r, "environment.values").Message; got != "UPSTOX_ACCESS_TOKEN (command line) holds Bearer prefix" {
		t.Error(got)
	}
	if got := find(t, r, "environment.credentials").Target; got != "UPSTOX_API_SECRET" {
		t.Errorf("blank counts as set: %s", got)
	}
	res := find(t, r, "token.present")
	if res.Evidence.Find("source") != "command line" || !strings.Contains(line(res), "other_tokens=[UPSTOX_ACCESS_TOKEN (environment)]") {
		t.Error(line(res))
	}
}
