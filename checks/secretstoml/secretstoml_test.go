package secretstoml

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestLookup(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, file, want string }{
		{"full name", "UPSTOX_ACCESS_TOKEN = \"t\"\n", "UPSTOX_ACCESS_TOKEN line 1"},
		{"small letters", "# mine\n\nupstox_access_token='t'\n", "upstox_access_token line 3"},
		{"without the prefix", "access_token = \"t\"", "access_token line 1"},
		{"table", "[upstox]\napi_key = \"k\"\naccess_token = \"t\" # daily\n", "upstox.access_token line 3"},
		{"table in capitals", "[UPSTOX]\nACCESS_TOKEN = \"t\"\n", "UPSTOX.ACCESS_TOKEN line 2"},
		{"table with the prefix", "[Upstox]\nUPSTOX_ACCESS_TOKEN = \"t\"\n", "Upstox.UPSTOX_ACCESS_TOKEN line 2"},
		{"dotted key", "upstox.access_token = \"t\"", "upstox.access_token line 1"},
		{"inline table", "a = 1\nupstox = { api_key = \"k\", access_token = \"t\" }", "upstox.access_token line 2"},
		{"number", "access_token = 482913", "access_token line 1"},
		{"several lines", "a = \"\"\"\nx\n\"\"\"\naccess_token = \"\"\"\nt\"\"\"", "access_token line 4"},
		{"Windows line ends and a mark", "\ufeffa = 1\r\naccess_token = \"t\"\r\n", "access_token line 2"},
		{"the full name goes before the table", "access_token = \"a\"\nUPSTOX_ACCESS_TOKEN = \"b\"\n[upstox]\naccess_token = \"c\"", "UPSTOX_ACCESS_TOKEN line 2"},
		{"the table goes before a bare name", "access_token = \"a\"\n[upstox]\naccess_token = \"c\"", "upstox.access_token line 3"},
		{"another table", "[kite]\naccess_token = \"t\"", ""},
		{"a table within", "[upstox.paper]\naccess_token = \"t\"", ""},
		{"one of many tables", "[[upstox]]\naccess_token = \"t\"", ""},
		{"a list", "access_token = [\"t\"]", ""},
		{"nothing", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f, err := Parse([]byte(tc.file))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if v, ok := f.Lookup("UPSTOX_ACCESS_TOKEN"); ok {
				got = fmt.Sprintf("%s line %d", v.Name, v.Line)
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestSyntaxErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, file, want string }{
		{"no quotes", "[upstox]\naccess_token = hunter2.abc\n", "line 2, column 16: a value without quotes"},
		{"quote not closed", "access_token = \"hunter2\napi_key = \"x\"\n", "line 1, column 24: not TOML"},
		{"no equals sign", "hunter2 x\n", "line 1, column 9: not TOML"},
		{"table not closed", "[upstox\nhunter2 = 1", "line 1, column 8: not TOML"},
		{"a name twice", "hunter2 = 1\nhunter2 = 2\n", "line 2, column 1: a name that stands twice"},
		{"a table twice", "[upstox]\na = 1\n[upstox]\n", "line 3, column 2: a name that stands twice"},
		{"bad escape", `a = "\hunter2"`, "line 1, column 6: not TOML"},
		{"number too large", "hunter2 = 99999999999999999999", "line 1, column 11: a value without quotes"},
		{"UTF-16", "\xff\xfea\x00", "the file is UTF-16LE, not UTF-8 text"},
		{"not UTF-8", "a = \"\xff\"", "line 1, column 6: not TOML"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f, err := Parse([]byte(tc.file))
			if _, ok := errors.AsType[*SyntaxError](err); !ok || err.Error() != tc.want || len(f.Values) != 0 {
				t.Errorf("got %v with %d values, want %s", err, len(f.Values), tc.want)
			}
			if got, err := Set([]byte(tc.file), "hunter2", "x"); err == nil || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("written as %q, %v", got, err)
			}
		})
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, key, file, want string }{
		{"root", "access_token", "a=1\naccess_token  =  \"old\"  # keep\n", "a=1\naccess_token  =  \"NEW\"  # keep\n"},
		{"literal quotes", "access_token", "access_token='old'", "access_token='NEW'"},
		{"table, Windows line ends", "upstox.access_token", "access_token=\"x\"\r\n[upstox]\r\n\taccess_token = \"old\"\r\n[b]\r\naccess_token=\"y\"\r\n", "access_token=\"x\"\r\n[upstox]\r\n\taccess_token = \"NEW\"\r\n[b]\r\naccess_token=\"y\"\r\n"},
		{"inline table", "upstox.access_token", "upstox = { access_token = \"old\", api_key = \"k\" }", "upstox = { access_token = \"NEW\", api_key = \"k\" }"},
		{"empty", "access_token", "\ufeffaccess_token = \"\"\n", "\ufeffaccess_token = \"NEW\"\n"},
		{"several lines", "access_token", "access_token = \"\"\"\nold\n\"\"\"\nb = 1\n", "access_token = \"NEW\"\nb = 1\n"},
		{"number", "access_token", "access_token = 123 # x", "access_token = \"NEW\" # x"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := Set([]byte(tc.file), tc.key, "NEW")
			if err != nil || string(got) != tc.want {
				t.Errorf("got %q, %v; want %q", got, err, tc.want)
			}
		})
	}
	if got, err := Set([]byte("a = 1\n"), "access_token", "NEW"); err == nil {
		t.Errorf("a name that is not there is written: %q", got)
	}
}

func FuzzSet(f *testing.F) {
	for _, s := range []string{"t = \"old\"\n[upstox]\nt = 'x' # y\r\n", "\ufefft=\"a\\\"b\"", "t = 1\na = \"\"\"\nx\"\"\"", "t = {a=1}"} {
		f.Add([]byte(s), "new.token-1")
	}
	f.Fuzz(func(t *testing.T, file []byte, value string) {
		got, err := Set(file, "t", value)
		if err != nil {
			return
		}
		before, _ := Parse(file)
		after, err := Parse(got)
		if err != nil {
			t.Fatal("the file is broken by a write")
		}
		for i, v := range before.Values {
			want := v.Text
			if v.Name == "t" {
				want = value
			}
			if after.Values[i].Text != want {
				t.Fatalf("%s is read back as %q", v.Name, after.Values[i].Text)
			}
		}
	})
}
