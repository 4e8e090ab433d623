package command

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"upstox-doctor/report"
)

// TestStepsOnFilesOfManyForms follows the first printed command for a token with a
// Bearer prefix: it alone is touched, or the file is left to an editor or a login.
func TestStepsOnFilesOfManyForms(t *testing.T) {
	const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjE3OTUzNDk3MDAsImV4cCI6MTc5NTM4NDgwMH0.c2lnbmF0dXJl"
	for _, tc := range []struct{ name, file, text, want string }{
		{"a line of .env", ".env", "A=1\nexport UPSTOX_ACCESS_TOKEN='Bearer " + jwt + "'\n", "A=1\nexport UPSTOX_ACCESS_TOKEN=" + jwt + "\n"},
		{"several lines of .env", ".env", "UPSTOX_ACCESS_TOKEN=\"\n" + jwt + "\n\"\n", ""},
		{"a table", ".streamlit/secrets.toml", "[upstox]\naccess_token = 'Bearer " + jwt + "'\n", "[upstox]\naccess_token = \"" + jwt + "\"\n"},
		{"a table in one line", ".streamlit/secrets.toml", "upstox = { api_key = \"k\", access_token = \"Bearer " + jwt + "\" }\n", ""},
		{"several lines of a table", ".streamlit/secrets.toml", "[upstox]\naccess_token = \"\"\"\n" + jwt + "\n\"\"\"\n", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			t.Setenv("HOME", filepath.Join(dir, "home"))
			for _, name := range []string{"UPSTOX_ACCESS_TOKEN", "UPSTOX_ANALYTICS_TOKEN"} {
				t.Setenv(name, "")
			}
			if err := os.MkdirAll(filepath.Dir(tc.file), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(tc.file, []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			run := firstCommand(t, "env-malformed-value")
			if tc.want == "" {
				tc.want = tc.text
				if !strings.HasPrefix(run, "${EDITOR:-vi} +") && run != "upstox-doctor login" {
					t.Errorf("not left to an editor or a login: %s", run)
				}
			} else if out, err := exec.CommandContext(t.Context(), "bash", "-c", run).CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", run, err, out)
			}
			if got, err := os.ReadFile(tc.file); err != nil || string(got) != tc.want {
				t.Errorf("%s: got\n%s\nwant\n%s", run, got, tc.want)
			}
		})
	}
}

// firstCommand is that of the finding with the code, in the directory of the test.
func firstCommand(t *testing.T, code string) string {
	t.Helper()
	var out bytes.Buffer
	o := defaultRun("")
	o.Outputs, o.Only = []string{"json"}, []string{"environment.values"}
	App{In: strings.NewReader(""), Out: &out, Errs: io.Discard, Version: "test"}.Run(t.Context(), o)
	var doc report.Document
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	for _, c := range doc.RootCauses {
		for _, s := range c.Fix.Steps {
			if c.Code == code && s.Run != "" {
				return s.Run
			}
		}
	}
	t.Fatalf("no %s with a command in\n%s", code, out.Bytes())
	return ""
}
