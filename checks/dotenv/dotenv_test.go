package dotenv

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		text string
		want []Var
	}{
		{"nothing", "", nil},
		{"plain", "A=b\n", []Var{{"A", "b", 1, 0, false, false}}},
		{"last line without newline", "A=b\nC=d", []Var{{"A", "b", 1, 0, false, false}, {"C", "d", 2, 0, false, false}}},
		{"export", "export A=b\nexport\tC=d\n", []Var{{"A", "b", 1, 0, true, false}, {"C", "d", 2, 0, true, false}}},
		{"a name that begins with export", "exported=b", []Var{{"exported", "b", 1, 0, false, false}}},
		{"bare export sets nothing", "A=b\nexport A\n", []Var{{"A", "b", 1, 0, false, false}}},
		{"blanks around everything", "  A \t= b c \t\n", []Var{{"A", "b c", 1, 0, false, false}}},
		{"empty values", "A=\nB=  \nC=''\nD=\"\"", []Var{{"A", "", 1, 0, false, false}, {"B", "", 2, 0, false, false}, {"C", "", 3, '\'', false, false}, {"D", "", 4, '"', false, false}}},
		{"= in the value", "A=b=c==", []Var{{"A", "b=c==", 1, 0, false, false}}},
		{"blank and comment lines", "\n  \n# A=no\n\t# no\nA=b", []Var{{"A", "b", 5, 0, false, false}}},
		{"line of invisible characters", "\u00a0\u200b\nA=b", []Var{{"A", "b", 2, 0, false, false}}},
		{"comment after a value", "A=b # c\nB=d\t#e", []Var{{"A", "b", 1, 0, false, false}, {"B", "d", 2, 0, false, false}}},
		{"comment in place of a value", "A= # fill in", []Var{{"A", "", 1, 0, false, false}}},
		{"hash inside a value", "A=b#c\nB=#d", []Var{{"A", "b#c", 1, 0, false, false}, {"B", "#d", 2, 0, false, false}}},
		{"comment after quotes", "A='b' # c\nB=\"d\"#e", []Var{{"A", "b", 1, '\'', false, false}, {"B", "d", 2, '"', false, false}}},
		{"hash inside quotes", `A="b # c"`, []Var{{"A", "b # c", 1, '"', false, false}}},
		{"blanks inside quotes stay", `A=" b "`, []Var{{"A", " b ", 1, '"', false, false}}},
		{"escapes in double quotes", `A="a\nb\tc\"d\\n\x"`, []Var{{"A", "a\nb\tc\"d\\n\\x", 1, '"', false, false}}},
		{"no escapes in single quotes", `A='a\nb\'`, []Var{{"A", `a\nb\`, 1, '\'', false, false}}},
		{"no escapes without quotes", `A=a\nb`, []Var{{"A", `a\nb`, 1, 0, false, false}}},
		{"quotes inside an unquoted value", `A=b"c'd`, []Var{{"A", `b"c'd`, 1, 0, false, false}}},
		{"nothing is expanded", "A=$HOME\nB=\"${A}x\"\nC=pa$$word", []Var{{"A", "$HOME", 1, 0, false, false}, {"B", "${A}x", 2, '"', false, false}, {"C", "pa$$word", 3, 0, false, false}}},
		{"several lines in quotes", "A=\"b\nc\"\nD='e\n\nf' # g\nH=i", []Var{{"A", "b\nc", 1, '"', false, true}, {"D", "e\n\nf", 3, '\'', false, true}, {"H", "i", 6, 0, false, false}}},
		{"typographic quotes are no quotes", "A=“b”", []Var{{"A", "“b”", 1, 0, false, false}}},
		{"non-breaking space stays for Clean", "A=b\u00a0", []Var{{"A", "b\u00a0", 1, 0, false, false}}},
		{"dot and hyphen in a name", "a.b-c=d", []Var{{"a.b-c", "d", 1, 0, false, false}}},
		{"line ends of old Macs", "A=b\rC=d\r", []Var{{"A", "b", 1, 0, false, false}, {"C", "d", 2, 0, false, false}}},
		{"doubled carriage return stays for Clean", "A=b\r\r\n", []Var{{"A", "b\r", 1, 0, false, false}}},
		{"last line end cut short", "A=b\r\nC=d\r", []Var{{"A", "b", 1, 0, false, false}, {"C", "d", 2, 0, false, false}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse([]byte(tc.text))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, got.Vars); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestParseNotes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		bom, crlf  bool
	}{
		{"plain", "A=b\n", false, false},
		{"byte order mark", "\ufeffA=b\n", true, false},
		{"Windows", "A=b\r\n", false, true},
		{"Notepad", "\ufeffA='b'\r\n# x\r\n", true, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse([]byte(tc.text))
			if err != nil {
				t.Fatal(err)
			}
			if got.BOM != tc.bom || got.CRLF != tc.crlf {
				t.Errorf("BOM %v, CRLF %v; want %v, %v", got.BOM, got.CRLF, tc.bom, tc.crlf)
			}
			if v, _ := got.Lookup("A"); v.Value != "b" {
				t.Errorf("A = %q, want b", v.Value)
			}
		})
	}
}

// Every text has a good line GOOD=1 after the fault, and holds "hunter2".
func TestParseFaults(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"no assignment", "hunter2\nGOOD=1", []string{"line 1: " + whatNothing}},
		{"export of nothing nameable", "export hunter2!\nGOOD=1", []string{"line 1: " + whatNothing}},
		{"colon", "A: hunter2\nGOOD=1", []string{"line 1: " + whatNothing}},
		{"no name", "\n=hunter2\nGOOD=1", []string{"line 2: " + whatNoName}},
		{"digit first", "2hunter2=x\nGOOD=1", []string{"line 1: " + whatName}},
		{"letter of another alphabet", "АPI=hunter2\nGOOD=1", []string{"line 1: " + whatName}},
		{"space in the name", "A hunter2=x\nGOOD=1", []string{"line 1: " + whatSpace}},
		{"zero-width space in the name", "A\u200b=hunter2\nGOOD=1", []string{"line 1: " + whatHidden}},
		{"second byte order mark", "\ufeff\ufeffA=hunter2\nGOOD=1", []string{"line 1: " + whatHidden}},
		{"cmd", "set A=hunter2\nGOOD=1", []string{"line 1: " + whatShell}},
		{"PowerShell", "$env:A = 'hunter2'\nGOOD=1", []string{"line 1: " + whatShell}},
		{"open quote", "A='hunter2\nGOOD=1", []string{"line 1: " + whatOpen}},
		{"open quote before another quote", "A=\"hunter2\nB=\"x\"\nGOOD=1", []string{"line 1: " + whatOpen}},
		{"text after the quote", "A='hunter2'hunter2\nGOOD=1", []string{"line 1: " + whatAfter}},
		{"escaped end", "A=\"hunter2\\\"\nGOOD=1", []string{"line 1: " + whatOpen}},
		{"several", "hunter2\nA=1\n\nB='x'hunter2\n=\nGOOD=1", []string{"line 1: " + whatNothing, "line 4: " + whatAfter, "line 5: " + whatNoName}},
		{"after a value of several lines", "A='x\ny'\nhunter2\nGOOD=1", []string{"line 3: " + whatNothing}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f, err := Parse([]byte(tc.text))
			var got []string
			for _, e := range f.Errors {
				got = append(got, e.Error())
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
			var first *SyntaxError
			if !errors.As(err, &first) || first != f.Errors[0] {
				t.Errorf("error is %v, want the first of the list", err)
			}
			if strings.Contains(strings.Join(got, " "), "hunter2") {
				t.Error("an error quotes the file")
			}
			if v, ok := f.Lookup("GOOD"); !ok || v.Value != "1" || v.Line != strings.Count(tc.text, "\n")+1 {
				t.Errorf("the good line is lost or misplaced: %+v", f.Vars)
			}
		})
	}
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	f, err := Parse([]byte("A=1\nB=2\n\nA=3\nexport A=4\n"))
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := f.Lookup("A"); !ok || v.Value != "4" || v.Line != 5 {
		t.Errorf("A is %+v, want the last one", v)
	}
	if got := f.Duplicates("A"); !slices.Equal(got, []int{1, 4, 5}) {
		t.Errorf("lines of A: %v", got)
	}
	if got := f.Duplicates("B"); got != nil {
		t.Errorf("lines of B: %v, want none", got)
	}
	if _, ok := f.Lookup("a"); ok {
		t.Error("names are compared without case")
	}
}

func TestEncoding(t *testing.T) {
	t.Parallel()
	wide := func(little bool, s string) string {
		var b strings.Builder
		for _, c := range []byte(s) {
			if little {
				b.WriteString(string([]byte{c, 0}))
			} else {
				b.WriteString(string([]byte{0, c}))
			}
		}
		return b.String()
	}
	const text = "UPSTOX_API_SECRET=hunter2\r\n"
	for _, tc := range []struct{ name, data, want string }{
		{"empty", "", "UTF-8"},
		{"ASCII", text, "UTF-8"},
		{"UTF-8 with mark", "\ufeff" + text, "UTF-8"},
		{"Latin-1", "# caf\xe9\n" + text, "UTF-8"},
		{"little-endian with mark", "\xff\xfe" + wide(true, text), "UTF-16LE"},
		{"little-endian mark alone", "\xff\xfe", "UTF-16LE"},
		{"big-endian with mark", "\xfe\xff" + wide(false, text), "UTF-16BE"},
		{"little-endian", wide(true, text), "UTF-16LE"},
		{"big-endian", wide(false, text), "UTF-16BE"},
		{"little-endian with Hindi", wide(true, text) + "\x28\x09\x2e\x09", "UTF-16LE"},
		{"one NUL", text + "\x00\x01" + text, "binary"},
		{"program", "\x7fELF\x02\x01\x01\x00\x00\x00hunter2", "binary"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := Encoding([]byte(tc.data)); got != tc.want {
				t.Fatalf("got %s, want %s", got, tc.want)
			}
			f, err := Parse([]byte(tc.data))
			if tc.want == "UTF-8" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var e *SyntaxError
			if !errors.As(err, &e) || e.Encoding != tc.want || !strings.Contains(e.Error(), tc.want) || e.Line != 0 {
				t.Errorf("got error %v", err)
			}
			if len(f.Vars) > 0 || strings.Contains(err.Error(), "hunter2") {
				t.Error("something of the file was used")
			}
		})
	}
}

// Unclosed quotes must not make the parser read the rest of the file again
// for each line.
func TestParseIsLinear(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"A=\"\n", "A='x\"\n", "A='\\\n", "=\n", "A=\"\\\"\n", "A=\"x\" y\n"} {
		f, _ := Parse([]byte(strings.Repeat(line, 1<<20/len(line))))
		if len(f.Vars)+len(f.Errors) == 0 {
			t.Errorf("nothing came of many lines %q", line)
		}
	}
}
