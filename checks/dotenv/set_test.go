package dotenv

import (
	"bytes"
	"strings"
	"testing"
)

func TestSetLeavesTheRestAlone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, file, want string }{
		{"the only line", "T=old\n", "T=new\n"},
		{"without a last line end", "A=1\nT=old", "A=1\nT=new"},
		{"between others", "# T=x\nA=1\nT=old\nB='2'\n\n", "# T=x\nA=1\nT=new\nB='2'\n\n"},
		{"exported, with blanks and a comment", "export T = old  # mine\n", "export T = new  # mine\n"},
		{"single quotes stay", "T='old' # c\n", "T='new' # c\n"},
		{"double quotes stay", "T=\"o\\\"ld\"\n", "T=\"new\"\n"},
		{"an empty value", "T=\nA=1\n", "T=new\nA=1\n"},
		{"an empty value before a comment", "T= # none\n", "T=new # none\n"},
		{"every line of the name", "T=one\nA=1\nT=two\n", "T=new\nA=1\nT=new\n"},
		{"Windows line ends", "A=1\r\nT=old\r\nB=2\r\n", "A=1\r\nT=new\r\nB=2\r\n"},
		{"a carriage return between line feeds", "A=1\rB=2\nT=old\n", "A=1\rB=2\nT=new\n"},
		{"a byte order mark", "\ufeffT=old\nA=1\n", "\ufeffT=new\nA=1\n"},
		{"a line that cannot be read", "what is this\nT=old\n", "what is this\nT=new\n"},
		{"after a value over several lines", "K=\"a\nb\"\nT=old\n", "K=\"a\nb\"\nT=new\n"},
		{"not there", "A=1\n", "A=1\nT=new\n"},
		{"not there, no last line end", "A=1", "A=1\nT=new\n"},
		{"not there, Windows line ends", "A=1\r\n", "A=1\r\nT=new\r\n"},
		{"not there, old Mac line ends", "A=1\rB=2\r", "A=1\rB=2\rT=new\r"},
		{"not there, old Mac line ends but the last", "A=\r ", "A=\r \rT=new\r"},
		{"an empty file", "", "T=new\n"},
		{"a longer name with the same end", "XT=old\nTX=old\n", "XT=old\nTX=old\nT=new\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := Set([]byte(tc.file), "T", "new")
			if err != nil || string(got) != tc.want {
				t.Errorf("got %q, %v; want %q", got, err, tc.want)
			}
		})
	}
}

func TestSetQuotesWhatNeedsIt(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"plain-1.2_3", "two words", "a#b", "a #b", `say "hi"`, "it's", `it's "both" \ `, "$HOME", "tab\there", "=", "ß"} {
		for _, file := range []string{"", "S=old\n", "S='old'\n", "S=\"old\"\n"} {
			got, err := Set([]byte(file), "S", value)
			if err != nil {
				t.Errorf("%q into %q: %v", value, file, err)
				continue
			}
			read, err := Parse(got)
			if v, _ := read.Lookup("S"); err != nil || v.Value != value {
				t.Errorf("%q is read back as %q from %q", value, v.Value, got)
			}
		}
	}
}

func TestSetRefuses(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"UTF-16":                     "\xff\xfeT\x00=\x001\x00",
		"a value over several lines": "T=\"secret\nsecret\"\n",
	} {
		if got, err := Set([]byte(file), "T", "new"); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}

func FuzzSet(f *testing.F) {
	for _, s := range []string{"T=old\n", "export T='x' # y\r\nA=1", "\ufeffT=\"a\\\"b\"", "A\rT=1\rB", "T='a\nb'\n", "\nA=\r", "\r\nA=\r", "\nA=\r\r"} {
		f.Add([]byte(s), "new.token-1")
	}
	f.Fuzz(func(t *testing.T, file []byte, value string) {
		got, err := Set(bytes.Clone(file), "T", value)
		if err != nil {
			return
		}
		before, _ := Parse(file)
		after, _ := Parse(got)
		if v, _ := after.Lookup("T"); v.Value != value {
			t.Fatalf("%q is read back as %q", value, v.Value)
		}
		for _, v := range before.Vars {
			if w, ok := after.Lookup(v.Name); v.Name != "T" && (!ok || w.Value != mustLast(before, v.Name)) {
				t.Fatalf("%s changed from %q", v.Name, v.Value)
			}
		}
	})
}

func mustLast(f File, name string) string {
	v, _ := f.Lookup(name)
	return v.Value
}
