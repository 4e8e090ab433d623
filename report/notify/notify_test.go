package notify

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// awkward is what a script would obey if the text became a part of it.
var awkward = Notice{Title: `-u $(touch x) "it's" %PATH%`, Text: "a; `b`\n' + $env:X + '₹ <a href='//x'>C:\\n</a> &amp;", Status: "fail"}

func TestCommandHasTheNotice(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the command is one of sh")
	}
	told := filepath.Join(t.TempDir(), "told")
	err := Send(t.Context(), awkward, `{ printf '%s|' "$UPSTOX_NOTICE_STATUS" "$UPSTOX_NOTICE_TITLE" "$UPSTOX_NOTICE_TEXT"; cat; } >'`+told+`'`)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(told)
	if want := "fail|" + awkward.Title + "|" + awkward.Text + "|" + awkward.Title + "\n" + awkward.Text + "\n"; string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := Send(t.Context(), awkward, "exit 3"); err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("a command that fails: %v", err)
	}
}

// TestDesktopOfLinux has a notify-send that writes down how it was called.
func TestDesktopOfLinux(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("another system")
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	if err := Send(t.Context(), awkward, Desktop); err == nil || !strings.Contains(err.Error(), "notify-send") {
		t.Errorf("without notify-send: %v", err)
	}
	const fake = "#!/bin/sh\nprintf '%s\\n' \"$@\" >\"${0%/*}/told\"\n"
	if err := os.WriteFile(filepath.Join(dir, "notify-send"), []byte(fake), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Send(t.Context(), awkward, Desktop); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(filepath.Join(dir, "told"))
	if want := "--app-name=upstox-doctor\n--urgency=critical\n--\n" + awkward.Title + "\na; `b`\n' + $env:X + '₹ &lt;a href='//x'&gt;C:\\\\n&lt;/a&gt; &amp;amp;\n"; string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestScriptsHoldNoText: on every system the notice is an argument or a variable.
func TestScriptsHoldNoText(t *testing.T) {
	t.Parallel()
	for _, goos := range []string{"darwin", "windows", "linux", "freebsd"} {
		for _, words := range awkward.desktop(goos) {
			scripts := slices.DeleteFunc(slices.Clone(words), func(w string) bool {
				return w == awkward.Title || w == awkward.Text || w == bodyMarkup.Replace(awkward.Text) || w == awkward.Title+"\r\n"+awkward.Text
			})
			if all := strings.Join(scripts, " "); strings.Contains(all, "touch") || strings.Contains(all, "$env:X") {
				t.Errorf("%s: %q", goos, scripts)
			}
		}
	}
	if strings.Contains(toast, `"`) {
		t.Error("PowerShell takes double quotes off")
	}
	for _, name := range []string{"$env:UPSTOX_NOTICE_TITLE", "$env:UPSTOX_NOTICE_TEXT"} {
		if !strings.Contains(toast, name) {
			t.Errorf("the toast lacks %s", name)
		}
	}
}
