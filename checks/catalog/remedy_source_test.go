package catalog

import "testing"

// TestLineOfTOMLIsDeletedIfItStillSetsTheName lets sed do it.
func TestLineOfTOMLIsDeletedIfItStillSetsTheName(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, variable, line, file, want string }{
		{"in a table", "upstox.access_token", "3", "[upstox]\na=1\n  access_token = \"old.token\" # x\n[kite]\naccess_token = \"k\"\n", "[upstox]\na=1\n[kite]\naccess_token = \"k\"\n"},
		{"in the root", "UPSTOX_ACCESS_TOKEN", "1", "UPSTOX_ACCESS_TOKEN='old.token'\nb=1\n", "b=1\n"},
		{"dotted", "upstox.access_token", "1", "upstox . access_token = \"old.token\"\nb=1\n", "b=1\n"},
		{"quoted", "access_token", "1", "\"access_token\" = \"old.token\"\nb=1\n", "b=1\n"},
		{"the file was edited since", "upstox.access_token", "2", "[upstox]\napi_secret = \"s\"\naccess_token = \"old.token\"\n", "[upstox]\napi_secret = \"s\"\naccess_token = \"old.token\"\n"},
		{"a longer name", "access_token", "1", "my_access_token = \"k\"\n", "my_access_token = \"k\"\n"},
		{"a name that is none", "a/d;s/b", "1", "b=1\n", "b=1\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, dir, "secrets.toml", tc.file)
			f := Finding{Evidence: map[string]any{"source": "secrets.toml line " + tc.line, "variable": tc.variable, "file": "secrets.toml", "line": tc.line}}
			shell(t, dir, "", []string{"EDITOR=true"}, filled(unset(f)[0], f))
			if got := read(t, dir, "secrets.toml"); got != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}
