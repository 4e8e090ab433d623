package checks

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestTokenSources(t *testing.T) {
	t.Parallel()
	issued := monday.Add(-time.Hour)
	good, other := jwt(issued, monday.Add(time.Hour)), jwt(issued, monday.Add(2*time.Hour))
	for _, tc := range []struct {
		name         string
		flag         string
		env          map[string]string
		dotenv, file string
		want         []string
	}{
		{name: "nothing is set"},
		{name: "all hold the same", flag: good, env: map[string]string{varToken: good, "UPSTOX_ANALYTICS_TOKEN": good}, dotenv: varToken + "=" + good, file: good,
			want: []string{
				"UPSTOX_ACCESS_TOKEN (command line) active oauth", "UPSTOX_ACCESS_TOKEN (environment) duplicate oauth",
				"UPSTOX_ANALYTICS_TOKEN (environment) duplicate oauth", "UPSTOX_ACCESS_TOKEN (.env line 1) duplicate oauth", ".upstox_token duplicate oauth",
			}},
		{name: "the same in quotes is the same", env: map[string]string{varToken: `"` + good + `"`}, file: good,
			want: []string{"UPSTOX_ACCESS_TOKEN (environment) active oauth", ".upstox_token duplicate oauth"}},
		{name: "another token", env: map[string]string{varToken: good}, file: other,
			want: []string{"UPSTOX_ACCESS_TOKEN (environment) active oauth", ".upstox_token shadowed oauth"}},
		{name: "sample text is passed over", env: map[string]string{varToken: "YOUR_ACCESS_TOKEN"}, file: good,
			want: []string{"UPSTOX_ACCESS_TOKEN (environment) placeholder ", ".upstox_token active oauth"}},
		{name: "sample text only", env: map[string]string{varToken: "YOUR_ACCESS_TOKEN"}, file: "<token>",
			want: []string{"UPSTOX_ACCESS_TOKEN (environment) placeholder ", ".upstox_token placeholder "}},
		{name: "no token wins over a good one", env: map[string]string{varToken: "mk404x"}, file: good,
			want: []string{"UPSTOX_ACCESS_TOKEN (environment) active ", ".upstox_token shadowed oauth"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := World{
				Env: func(name string) (string, bool) { v, ok := tc.env[name]; return v, ok },
				Dir: t.TempDir(), Flags: map[string]string{varToken: tc.flag}, Now: at(monday),
			}.WithDefaults()
			for name, text := range map[string]string{".env": tc.dotenv, ".upstox_token": tc.file} {
				if text == "" {
					continue
				}
				if err := os.WriteFile(filepath.Join(w.Dir, name), []byte(text+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var got []string
			for _, s := range w.read(w.readFiles()).tokenSources() {
				got = append(got, fmt.Sprint(s.Source, " ", s.Role, " ", s.Kind))
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

func TestTokenFileOnDisk(t *testing.T) {
	t.Parallel()
	w := World{Dir: t.TempDir()}.WithDefaults()
	if f := w.statTokenFile(monday); f.Exists || f.Name != ".upstox_token" {
		t.Errorf("no file: %+v", f)
	}
	path := filepath.Join(w.Dir, ".upstox_token")
	for name, tc := range map[string]struct {
		text  string
		empty bool
	}{"with a token": {"a-token-of-some-length", false}, "without": {"\n", true}, "that cannot be read": {"\xff\xfea\x00", false}} {
		if err := os.WriteFile(path, []byte(tc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, monday, monday.Add(-90*time.Minute)); err != nil {
			t.Fatal(err)
		}
		f := w.statTokenFile(monday)
		if !f.Exists || f.Empty != tc.empty || f.Age != 90*time.Minute || !f.Modified.Equal(monday.Add(-90*time.Minute)) {
			t.Errorf("a file %s: %+v", name, f)
		}
	}
}
