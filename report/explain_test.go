package report

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"upstox-doctor/checks/catalog"
)

func fromLog() Explanation {
	return Explain([]catalog.Match{
		{Entry: fakes[0], Line: 41, Text: `ERROR 401 {"errorCode":"UDAPI100050"} ` + secret + "\x1b[0m", Meaning: "Invalid token used to access API"},
		{Entry: fakes[1], Line: 7, Text: "dial tcp: i/o timeout"},
	}, Meta{OS: "linux", Scrub: scrub})
}

func TestGoldenExplain(t *testing.T) {
	t.Parallel()
	for name, columns := range map[string]int{"explain/log-60.txt": 60, "explain/log-80.txt": 80} {
		var out bytes.Buffer
		if err := fromLog().Table(&out, Options{Width: columns}); err != nil {
			t.Fatal(err)
		}
		compareGolden(t, name, out.Bytes())
		if strings.Contains(out.String(), secret) || strings.Contains(out.String(), "\x1b") {
			t.Errorf("the secret or an escape is shown in\n%s", out.String())
		}
	}
	var out bytes.Buffer
	if err := fromLog().JSON(&out); err != nil {
		t.Fatal(err)
	}
	compareGolden(t, "explain/log.json", out.Bytes())
}

// TestGoldenExplainSession has one cause, something later, and another service.
func TestGoldenExplainSession(t *testing.T) {
	t.Parallel()
	x := Explain([]catalog.Match{
		{Entry: fakes[1], Line: 7, Text: "dial tcp: i/o timeout"},
		{Entry: fakes[0], Line: 41, Text: "ERROR 401", Place: catalog.Later},
		{Entry: catalog.OtherService, Line: 9, Text: "ECONNREFUSED 127.0.0.1:6379", Meaning: "127.0.0.1:6379", Place: catalog.Aside},
	}, Meta{OS: "linux"})
	var out bytes.Buffer
	if err := x.Table(&out, Options{}); err != nil {
		t.Fatal(err)
	}
	compareGolden(t, "explain/session.txt", out.Bytes())
	if n := strings.Count(out.String(), "What to do"); n != 1 {
		t.Errorf("steps stand %d times", n)
	}
	if got := []string{x.Diagnoses[0].Confidence, x.Diagnoses[1].Confidence, x.Diagnoses[2].Place}; !slices.Equal(got, []string{"likely", "", "other"}) {
		t.Errorf("got %q", got)
	}
}

// TestExplainOther has only a service that is not Upstox.
func TestExplainOther(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	x := Explain([]catalog.Match{{Entry: catalog.OtherService, Line: 1, Text: "x", Meaning: "127.0.0.1:6379", Place: catalog.Aside}}, Meta{})
	if err := x.Table(&out, Options{}); err != nil {
		t.Fatal(err)
	}
	const want = "Nothing in this text is about Upstox\n\nNot about Upstox\nline 1      127.0.0.1:6379 (other-service)\n\nTo see how it stands with Upstox, run\n    upstox-doctor\n"
	if out.String() != want {
		t.Errorf("got %q", out.String())
	}
}

func TestExplainCode(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	x := Explain([]catalog.Match{{Entry: fakes[0], Line: 1, Text: fakes[0].Code}}, Meta{OS: "linux"})
	if err := x.Table(&out, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"The access token has expired (token-expired)\n", "    upstox-doctor login\n", `"Token is expired or invalid"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	for _, not := range []string{"line 1", "1 of 1", "{"} {
		if strings.Contains(out.String(), not) {
			t.Errorf("%q in\n%s", not, out.String())
		}
	}
}

func TestExplainNothing(t *testing.T) {
	t.Parallel()
	var text, data bytes.Buffer
	x := Explain(nil, Meta{})
	if err := x.Table(&text, Options{}); err != nil || text.Len() > 0 {
		t.Errorf("got %q, %v", text.String(), err)
	}
	var got map[string]any
	if err := x.JSON(&data); err != nil || json.Unmarshal(data.Bytes(), &got) != nil || got["diagnoses"] == nil {
		t.Errorf("got %s, %v, want an empty list", data.String(), err)
	}
}

// TestWholeCatalogExplains renders every entry of the true catalog on every
// system and holds it to the width.
func TestWholeCatalogExplains(t *testing.T) {
	t.Parallel()
	for _, e := range catalog.All() {
		for _, goos := range []string{"linux", "darwin", "windows"} {
			for _, columns := range []int{60, 80} {
				var out bytes.Buffer
				x := Explain([]catalog.Match{{Entry: e, Line: 1, Text: e.Code}}, Meta{OS: goos})
				if err := x.Table(&out, Options{Width: columns}); err != nil {
					t.Fatal(err)
				}
				for line := range strings.Lines(out.String()) {
					line = strings.TrimSuffix(line, "\n")
					if alone := strings.HasPrefix(line, "    ") && line[4] != ' '; width(line) > columns && !alone {
						t.Errorf("%s: line of %d: %q", e.Code, width(line), line)
					}
				}
				for _, s := range x.Diagnoses[0].Fix.Steps {
					if s.Run != "" && !strings.Contains(out.String(), "\n    "+s.Run+"\n") {
						t.Errorf("%s on %s: the command is not whole: %s", e.Code, goos, s.Run)
					}
				}
			}
		}
	}
}

// TestGuideRowsFitScreen explains the rows of the guide, and numbers, as they are
// typed, on a terminal of 80 x 24: the causes, the first step and last the command
// that decides are on it, called as the program was.
func TestGuideRowsFitScreen(t *testing.T) {
	t.Parallel()
	caller := Caller{Program: "./upstox-doctor"}
	for _, typed := range []string{"Token is expired or invalid", "Failed to get WebSocket URL", "WebSocket onclose", "WebSocket onclose repeatedly", "401 Unauthorized", "403 Forbidden", "401", "403", "1006", "1015", "429", "503"} {
		for _, goos := range []string{"linux", "darwin", "windows"} {
			x := Explain(catalog.Explain(typed), Meta{OS: goos, Caller: caller})
			x.Typed = true
			var text, full bytes.Buffer
			x.Table(&text, Options{Caller: caller})
			x.Table(&full, Options{Caller: caller, Verbose: true})
			first, got := x.Diagnoses[0], text.String()
			if rows := strings.Count(got, "\n"); rows > maxRows {
				t.Errorf("%s on %s: %d rows\n%s", typed, goos, rows, got)
			}
			if x.Decide != "" && !strings.HasSuffix(got, "\n    ./"+strings.TrimPrefix(x.Decide, "./")+"\n") {
				t.Errorf("%s on %s: the command that decides is not last\n%s", typed, goos, got)
			}
			if step := first.Fix.Steps[0]; !strings.Contains(got, step.Run) || !strings.Contains(got, first.Code) {
				t.Errorf("%s on %s: not %s with its first step\n%s", typed, goos, first.Code, got)
			}
			if strings.Contains(got, " upstox-doctor") {
				t.Errorf("%s on %s: not called as the program was\n%s", typed, goos, got)
			}
			for _, d := range x.Diagnoses {
				if !strings.Contains(full.String(), "("+d.Code+")") {
					t.Errorf("%s on %s: --verbose leaves %s out", typed, goos, d.Code)
				}
			}
		}
	}
}
