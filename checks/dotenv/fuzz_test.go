package dotenv

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// said is every message that an error may hold; nothing else can come from
// the file.
var said = regexp.MustCompile(`^line [0-9]+: (?:` + strings.Join([]string{whatNothing, whatNoName, whatShell, whatSpace,
	whatHidden, whatName, whatOpen, whatAfter}, "|") + `)$|^the file is (?:UTF-16LE|UTF-16BE|binary), not UTF-8 text$`)

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "A=b", "export A = 'b' # c\n", "A=\"b\\n\\\"\nc\"\nD=e", "A=\"b\nB=\"c\"\n", "\ufeffA=b\r\nC='d\r\ne'\r\n",
		"\xff\xfeA\x00=\x00", "A\x00B", "=\n==\nset A=b\n$env:A=1\nA B=c\n", "export A\nexport =\n", "A=#b\nB= #c\nD='e' f\n", "A=b\rC=d",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Parse(data)
		if (err == nil) != (len(file.Errors) == 0) {
			t.Fatalf("error %v, list %v", err, file.Errors)
		}
		lines := 1 + strings.Count(string(data), "\n") + strings.Count(string(data), "\r")
		for _, e := range file.Errors {
			if !said.MatchString(e.Error()) || e.Line > lines {
				t.Errorf("error says %q", e.Error())
			}
		}
		at := 0
		for _, v := range file.Vars {
			if v.Name == "" || v.Line <= at || v.Line > lines {
				t.Errorf("variable %+v after line %d of %d", v, at, lines)
			}
			at = v.Line
			if got, ok := file.Lookup(v.Name); !ok || got.Line < v.Line {
				t.Errorf("Lookup(%q) = %+v, not the last", v.Name, got)
			}
		}
		if text := string(data); !strings.Contains(text, "\r") && Encoding(data) == "UTF-8" {
			windows, _ := Parse([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
			windows.CRLF = file.CRLF
			if d := cmp.Diff(file, windows); d != "" {
				t.Errorf("line ends change the meaning: %s", d)
			}
		}
	})
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "ab", " \"Bearer 'a b\u200b'\"\r\n", "Bea\u200brer x", "\xffBearer\xa0x\xfe", "“Bearer”", "bearerbearer x", "'\u00a0\"", "Bearer"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		clean, faults := Clean(value)
		if (clean == value) != (len(faults) == 0) {
			t.Errorf("%q became %q with faults %q", value, clean, faults)
		}
		if again, more := Clean(clean); again != clean || len(more) > 0 {
			t.Errorf("%q became %q, and that %q (%q)", value, clean, again, more)
		}
		for _, words := range faults {
			if !faultWords.MatchString(words) {
				t.Errorf("fault %q", words)
			}
		}
		Placeholder(value)
	})
}

var faultWords = regexp.MustCompile(`^(?:(?:leading|trailing) )?[a-zA-Z0-9 -]+?(?: at character [0-9]+)?$`)
