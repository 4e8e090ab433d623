package token

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const word20 = "abcdefghij0123456789"

func TestParseFile(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, data string
		want       File
	}{
		{"empty", "", File{Format: "plain", Empty: true}},
		{"white space", " \r\n\n", File{Format: "plain", Empty: true}},
		{"only a byte order mark", "\ufeff", File{Format: "plain", Empty: true}},
		{"only Bearer", "Bearer \n", File{Format: "plain", Empty: true}},
		{"plain", word20, File{Format: "plain", Token: word20}},
		{"plain is kept as it is", "\ufeffBearer " + word20 + "\r\n", File{Format: "plain", Token: "\ufeffBearer " + word20 + "\r\n"}},
		{"single quotes", "'" + word20 + "'", File{Format: "plain", Token: "'" + word20 + "'"}},
		{"number", "482913\n", File{Format: "plain", Token: "482913\n"}},
		{"placeholder in braces", "{your_access_token}", File{Format: "plain", Token: "{your_access_token}"}},
		{"placeholder in brackets", "[your token]\n", File{Format: "plain", Token: "[your token]\n"}},
		{"opening quote only", `"` + word20, File{Format: "plain", Token: `"` + word20}},
		{"JSON string", `"` + word20 + `"` + "\n", File{Format: "json", Token: word20}},
		{"empty JSON string", `""`, File{Format: "json", Empty: true}},
		{"JSON", `{"access_token":"` + word20 + `"}`, File{Format: "json", Token: word20}},
		{"JSON with mark and Windows line ends", "\ufeff{\r\n\"access_token\": \"" + word20 + "\"\r\n}\r\n", File{Format: "json", Token: word20}},
		{"JSON value is kept as it is", `{"access_token":"Bearer x\n"}`, File{Format: "json", Token: "Bearer x\n"}},
		{"JSON with date", `{"access_token":"` + word20 + `","date":"2026-11-20"}`, File{Format: "json", Token: word20, Note: "dated 2026-11-20"}},
		{"JSON with time", `{"access_token":"` + word20 + `","generated_at":"2026-11-20T08:00:00"}`, File{Format: "json", Token: word20, Note: "dated 2026-11-20"}},
		{"date that is none", `{"access_token":"` + word20 + `","date":"today"}`, File{Format: "json", Token: word20}},
		{"answer of the token endpoint", `{"email":"a@b.c","is_active":true,"access_token":"` + word20 + `","extended_token":"other"}`, File{Format: "json", Token: word20}},
		{"notifier message", `{"client_id":"c","access_token":"` + word20 + `","expires_at":"1732226400000","issued_at":"1732200000000"}`, File{Format: "json", Token: word20}},
		{"under data", `{"status":"success","data":{"access_token":"` + word20 + `"}}`, File{Format: "json", Token: word20}},
		{"named token", `{"token":"` + word20 + `"}`, File{Format: "json", Token: word20}},
		{"under token", `{"token":{"access_token":"` + word20 + `"}}`, File{Format: "json", Token: word20}},
		{"camel case", `{"accessToken":"` + word20 + `"}`, File{Format: "json", Token: word20}},
		{"named like the variable", `{"UPSTOX_ACCESS_TOKEN":"` + word20 + `"}`, File{Format: "json", Token: word20}},
		{"access_token before token", `{"token":"other","access_token":"` + word20 + `"}`, File{Format: "json", Token: word20}},
		{"empty access_token", `{"access_token":""}`, File{Format: "json", Empty: true, Note: "JSON with an empty access_token"}},
		{"invisible access_token", `{"access_token":"\u200b"}`, File{Format: "json", Empty: true, Note: "JSON with an empty access_token"}},
		{"null access_token", `{"access_token":null}`, File{Format: "json", Empty: true, Note: "JSON with an empty access_token"}},
		{"number as access_token", `{"access_token":5}`, File{Format: "json", Note: "JSON whose access_token is not text"}},
		{"no token", `{"date":"2026-11-20"}`, File{Format: "json", Note: "JSON without access_token"}},
		{"list", `[1]`, File{Format: "json", Note: "JSON without access_token"}},
		{"extended token only", `{"extended_token":"other"}`, File{Format: "json", Note: "JSON without access_token, only with an extended_token"}},
		{"error answer", `{"status":"error","errors":[{"errorCode":"UDAPI100057","message":"Invalid Auth code"}]}`, File{Format: "json", Note: "an error answer of Upstox: UDAPI100057"}},
		{"error answer, snake case", `{"errors":[{"error_code":"UDAPI100069"}]}`, File{Format: "json", Note: "an error answer of Upstox: UDAPI100069"}},
		{"error answer without a fit code", `{"status":"error","errors":[{"errorCode":"` + word20 + `"}]}`, File{Format: "json", Note: "an error answer of Upstox"}},
		{"error answer without a list", `{"status":"error"}`, File{Format: "json", Note: "an error answer of Upstox"}},
		{"assignment", "UPSTOX_ACCESS_TOKEN=" + word20 + "\n", File{Format: "env", Token: word20}},
		{"assignment with export and quotes", "# mine\nexport UPSTOX_ACCESS_TOKEN = '" + word20 + "'\r\n", File{Format: "env", Token: word20}},
		{"several assignments", "BOT_TOKEN=no\ntoken=no\nUPSTOX_ACCESS_TOKEN=no\nUPSTOX_ACCESS_TOKEN=" + word20 + "\n???\n", File{Format: "env", Token: word20}},
		{"empty assignment", "access_token=", File{Format: "env", Empty: true}},
		{"blank assignment", "token=' '", File{Format: "env", Empty: true}},
		{"another one's token", "BOT_TOKEN=x", File{Format: "plain", Token: "BOT_TOKEN=x"}},
		{"assignment of something else", "UPSTOX_API_KEY=x", File{Format: "plain", Token: "UPSTOX_API_KEY=x"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseFile([]byte(tc.data))
			if err != nil {
				t.Fatal(err)
			}
			if got != tc.want {
				t.Errorf("got %+v token %q note %q, want %+v token %q note %q", got, got.Token, got.Note, tc.want, tc.want.Token, tc.want.Note)
			}
		})
	}
}

// Each content holds "hunter2", which no error may show.
func TestParseFileFaults(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, data, want string
	}{
		{"broken JSON", "{\n\"access_token\": hunter2\n}", "token file, line 2: is not valid JSON"},
		{"cut JSON", `{"access_token":"hunter2`, "token file, line 1: is not valid JSON"},
		{"broken JSON after empty lines", "\n\n{\"access_token\":hunter2}", "token file, line 3: is not valid JSON"},
		{"JSON twice", `{"access_token":"hunter2"}{"access_token":"hunter2"}`, "token file, line 1: is not valid JSON"},
		{"Python's print of a dict", `{'access_token': 'hunter2'}`, "token file, line 1: is not valid JSON"},
		{"deep JSON", strings.Repeat("[", 20000) + "hunter2", "token file, line 1: is not valid JSON"},
		{"assignment that never closes", "UPSTOX_ACCESS_TOKEN='hunter2", "token file, line 1: the quote that opens the value is never closed"},
		{"little-endian", "\xff\xfeh\x00u\x00n\x00", "token file: is UTF-16LE, not UTF-8 text"},
		{"big-endian without mark", "\x00h\x00u\x00n\x00t\x00e\x00r\x002", "token file: is UTF-16BE, not UTF-8 text"},
		{"binary", "hunter2\x00\x01\x02hunter2", "token file: is binary, not UTF-8 text"},
		{"too large", strings.Repeat("hunter2 ", maxFileSize/8) + "x", "token file: is larger than 1024 KiB"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f, err := ParseFile([]byte(tc.data))
			var e *FileError
			if !errors.As(err, &e) || e.Error() != tc.want {
				t.Errorf("got %v, want %s", err, tc.want)
			}
			if f.Token != "" || strings.Contains(fmt.Sprintf("%v %+v", err, f), "hunter2") {
				t.Error("content is used or shown")
			}
		})
	}
}

func write(t *testing.T, data string, mode fs.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), ".upstox_token")
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadFile(t *testing.T) {
	t.Parallel()
	path := write(t, word20+"\n", 0o600)
	then := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	if err := os.Chtimes(path, then, then); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Skipf("no symbolic links: %v", err)
	}
	for _, name := range []string{path, link} {
		f, err := ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !f.Exists || f.Empty || f.Shared || f.Token != word20+"\n" || f.Format != "plain" || !f.ModTime.Equal(then) {
			t.Errorf("%s: %v, changed %s", filepath.Base(name), f, f.ModTime)
		}
	}
}

func TestReadFileShared(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no permission bits")
	}
	for mode, want := range map[fs.FileMode]bool{0o600: false, 0o400: false, 0o640: true, 0o604: true, 0o644: true, 0o622: false} {
		f, err := ReadFile(write(t, word20, mode))
		if err != nil {
			t.Fatal(err)
		}
		if f.Shared != want || f.Mode.Perm() != mode {
			t.Errorf("mode %04o: shared %v, mode %04o", mode, f.Shared, f.Mode.Perm())
		}
	}
}

func TestReadFileThatIsNotThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(dir, "gone"), link); err != nil {
		t.Skipf("no symbolic links: %v", err)
	}
	for path, note := range map[string]string{filepath.Join(dir, "none"): "", filepath.Join(dir, "no", "dir"): "", "": "", link: "a symbolic link to a file that does not exist"} {
		if f, err := ReadFile(path); err != nil || f != (File{Note: note}) {
			t.Errorf("%s: %+v, note %q, %v", path, f, f.Note, err)
		}
	}
	if got := (File{}).String(); got != "no token file" {
		t.Errorf("the missing file is called %q", got)
	}
}

func TestReadFileFaults(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	plain := write(t, word20, 0o600)
	for _, tc := range []struct{ name, path, want string }{
		{"directory", dir, "is a directory"},
		{"a file as directory", filepath.Join(plain, "x"), "not a directory"},
		{"broken JSON", write(t, `{"access_token":hunter2`, 0o600), "line 1: is not valid JSON"},
		{"too large", write(t, strings.Repeat("x", maxFileSize+1), 0o600), "is larger than"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.want == "not a directory" && runtime.GOOS == "windows" {
				t.Skip("means a missing file there")
			}
			f, err := ReadFile(tc.path)
			var e *FileError
			if !errors.As(err, &e) || e.Path != tc.path || f.Token != "" {
				t.Fatalf("got %v with error %v", f, err)
			}
			if s := err.Error(); strings.Count(s, tc.path) != 1 || !strings.Contains(s, tc.want) {
				t.Errorf("got %s, want the path once and %q", s, tc.want)
			}
		})
	}
}

func TestReadFileDenied(t *testing.T) {
	t.Parallel()
	path := write(t, word20, 0)
	if file, err := os.Open(path); err == nil {
		file.Close()
		t.Skip("this user may read everything")
	}
	f, err := ReadFile(path)
	if !errors.Is(err, fs.ErrPermission) || !f.Exists || f.Token != "" {
		t.Errorf("got %v with error %v", f, err)
	}
}

func TestReadFileDevices(t *testing.T) {
	t.Parallel()
	if f, err := ReadFile(os.DevNull); err != nil || !f.Empty || f.Shared {
		t.Errorf("null device: %+v, %v", f, err)
	}
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip("no /dev/zero")
	}
	if _, err := ReadFile("/dev/zero"); err == nil || !strings.Contains(err.Error(), "is a device") {
		t.Errorf("endless device: %v", err)
	}
}

func TestFileIsNotPrinted(t *testing.T) {
	t.Parallel()
	f, err := ReadFile(write(t, word20, 0o600))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{fmt.Sprint(f), fmt.Sprintf("%+v", f), fmt.Sprintf("%#v", f), fmt.Sprintf("%q", f), fmt.Sprintf("%v", &f)} {
		if strings.Contains(s, word20) || !strings.Contains(s, "20 characters") {
			t.Errorf("shown as %s", s)
		}
	}
}
