package command

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/report"
)

// disguises are the ways in which a peer may write a secret, none of which may
// be shown.
var disguises = []struct {
	name  string
	write func(secret string) string
}{
	{"as it is", func(s string) string { return s }},
	{"upper case", strings.ToUpper},
	{"lower case", strings.ToLower},
	{"title case", func(s string) string { return strings.ToUpper(s[:1]) + strings.ToLower(s[1:]) }},
	{"first half", func(s string) string { return s[:len(s)/2+4] }},
	{"second half", func(s string) string { return s[len(s)/2-4:] }},
	{"halves with a word between", func(s string) string { return s[:len(s)/2+4] + " and then " + s[len(s)/2-4:] }},
	{"percent-encoded", each(func(c byte) string { return fmt.Sprintf("%%%02X", c) })},
	{"percent-encoded in lower case", each(func(c byte) string { return fmt.Sprintf("%%%02x", c) })},
	{"percent-encoded twice", each(func(c byte) string { return fmt.Sprintf("%%25%02x", c) })},
	{"escaped as in JSON", each(func(c byte) string { return fmt.Sprintf(`\u%04x`, c) })},
	{"escaped as in JSON twice", each(func(c byte) string { return fmt.Sprintf(`\\u%04X`, c) })},
	{"escaped in hexadecimal", each(func(c byte) string { return fmt.Sprintf(`\x%02x`, c) })},
	{"escaped in octal", each(func(c byte) string { return fmt.Sprintf(`\%03o`, c) })},
	{"references of HTML", each(func(c byte) string { return fmt.Sprintf("&#%d;", c) })},
	{"hexadecimal references of HTML", each(func(c byte) string { return fmt.Sprintf("&#x%X;", c) })},
	{"hexadecimal", func(s string) string { return hex.EncodeToString([]byte(s)) }},
	{"hexadecimal in capitals with spaces", each(func(c byte) string { return fmt.Sprintf("%02X ", c) })},
	{"base64", func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }},
	{"base64 of URLs behind another byte", func(s string) string { return base64.URLEncoding.EncodeToString([]byte(":" + s)) }},
	{"base64 of Basic authentication", func(s string) string { return base64.StdEncoding.EncodeToString([]byte("asha:" + s)) }},
	{"base64 in capitals", func(s string) string { return strings.ToUpper(base64.StdEncoding.EncodeToString([]byte(s))) }},
	{"base32", func(s string) string { return base32.StdEncoding.EncodeToString([]byte(s)) }},
	{"spaces between", each(func(c byte) string { return string(c) + " " })},
	{"line ends between", each(func(c byte) string { return string(c) + "\r\n" })},
	{"control characters between", each(func(c byte) string { return string(c) + "\x01\x7f" })},
	{"zero bytes between", each(func(c byte) string { return string(c) + "\x00" })},
	{"zero-width characters between", each(func(c byte) string { return string(c) + "\u200b\u2060\u00ad" })},
	{"escape sequences between", each(func(c byte) string { return string(c) + "\x1b[0m" })},
	{"a line end after some", func(s string) string { return s[:7] + "\n" + s[7:] }},
	{"dots and dashes between", each(func(c byte) string { return string(c) + ".-" })},
	{"backwards", func(s string) string {
		b := []byte(s)
		slices.Reverse(b)
		return string(b)
	}},
	{"references of HTML with zeros", each(func(c byte) string { return fmt.Sprintf("&#%010d;", c) })},
	{"references of HTML without an end", each(func(c byte) string { return fmt.Sprintf("&#x%X", c) })},
	{"tags between", each(func(c byte) string { return string(c) + "<wbr>" })},
	{"escaped in braces", each(func(c byte) string { return fmt.Sprintf(`\u{%x}`, c) })},
	{"escaped by a browser", each(func(c byte) string { return fmt.Sprintf("%%u%04X", c) })},
	{"list of numbers", each(func(c byte) string { return fmt.Sprintf("%d, ", c) })},
	{"list of hexadecimal numbers", each(func(c byte) string { return fmt.Sprintf("0x%02x ", c) })},
	{"full width", each(func(c byte) string { return string(0xfee0 + rune(c)) })},
	{"bold letters of mathematics", each(func(c byte) string {
		if 'a' <= c && c <= 'z' {
			return string(0x1d41a - 'a' + rune(c))
		}
		return string(c)
	})},
	{"accents above", each(func(c byte) string { return string(c) + "\u0301\u20dd" })},
	{"colours between", each(func(c byte) string { return "\x1b[3" + string('0'+c%8) + "m" + string(c) })},
	{"colours of another sort between", each(func(c byte) string { return "\u009b31m" + string(c) })},
	{"titles of the window between", each(func(c byte) string { return string(c) + "\x1b]0;bot\a" })},
}

func each(write func(byte) string) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for _, c := range []byte(s) {
			b.WriteString(write(c))
		}
		return b.String()
	}
}

// unheard are the places of which no output repeats a word.
var unheard = []string{
	"member of the API's JSON", "authorized URL", "reason phrase of the upgrade", "binary frame",
	"page of a proxy", "headers of a proxy", "no HTTP from a proxy",
}

// TestSecretsInDisguise lets each peer repeat a secret in each place and each
// disguise, and reads all that the program writes. The run, with every format
// and a tape, meets all of them; the other commands each disguise in some places.
func TestSecretsInDisguise(t *testing.T) {
	t.Parallel()
	for i, echo := range sim.Echoes() {
		t.Run(echo.Place, func(t *testing.T) {
			t.Parallel()
			const word = "an0therW0rd"
			all, _ := echoed(t, echo, func(string) string { return word }, runEverywhere)
			if heard := strings.Contains(all, word); heard == slices.Contains(unheard, echo.Place) {
				t.Errorf("an ordinary word is shown: %t", heard)
			}
			for j, d := range disguises {
				check := func(name string, command func(context.Context, App, string)) {
					if all, secret := echoed(t, echo, d.write, command); leaked(all, secret) != "" {
						t.Errorf("%s, %s: shows %s", name, d.name, leaked(all, secret))
					}
				}
				turn := i + j
				if !testing.Short() || turn%48 == 0 {
					check("run", runEverywhere)
				}
				if turn%4 == 0 && !testing.Short() || turn%48 == 0 {
					check("watch", watchEverywhere)
					check("bundle", func(ctx context.Context, a App, dir string) {
						a.Bundle(ctx, bundling("echo", filepath.Join(dir, "zip")))
					})
				}
			}
		})
	}
}

// watchEverywhere watches for a while, with all formats and a tape.
func watchEverywhere(ctx context.Context, a App, dir string) {
	o := watching("echo")
	o.Verbose, o.Record = true, filepath.Join(dir, "tape")
	for _, format := range report.Formats(report.OfWatch) {
		o.Outputs = append(o.Outputs, format+"="+filepath.Join(dir, format))
	}
	a.Watch(ctx, o)
}

// TestServedSecretsInDisguise reads all that a server of the page shows, of each
// place in another disguise.
func TestServedSecretsInDisguise(t *testing.T) {
	t.Parallel()
	for i, echo := range sim.Echoes() {
		t.Run(echo.Place, func(t *testing.T) {
			t.Parallel()
			d, secret := disguises[i%len(disguises)], ""
			sc := echo.Scenario(func(s string) string {
				secret = s
				return "before " + d.write(s) + " after"
			})
			ctx, cancel := context.WithCancel(t.Context())
			said, errs := io.Pipe()
			a := App{In: strings.NewReader(""), Out: io.Discard, Errs: errs, Version: "test", scenario: &sc}
			ended := make(chan error, 1)
			go func() { ended <- a.Serve(ctx, served("echo")); errs.Close() }()
			lines := bufio.NewScanner(said)
			lines.Scan()
			all := lines.Text()
			base := regexp.MustCompile(`http://[0-9.:]+`).FindString(all)
			lines.Scan() // the first run is over
			all += lines.Text()
			go io.Copy(io.Discard, said)
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			for _, path := range []string{"/healthz", "/metrics", "/report.json", "/"} {
				answer, err := client.Get(base + path)
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(answer.Body)
				answer.Body.Close()
				if err != nil {
					t.Fatal(err)
				}
				all += string(body)
			}
			if found := leaked(all, secret); found != "" {
				t.Errorf("%s: shows %s", d.name, found)
			}
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

// TestSecretsOfALoginInDisguise lets Upstox repeat code and secret to a login.
func TestSecretsOfALoginInDisguise(t *testing.T) {
	t.Parallel()
	const code = "c0de-Mk404x9Zq7wT2p"
	for _, d := range disguises {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			secret := ""
			sc := sim.EchoAtLogin(code, func(s string) string {
				if s != code {
					secret = s
				}
				return d.write(s)
			})
			dir := t.TempDir()
			from := filepath.Join(dir, "landed")
			if err := os.WriteFile(from, []byte(code+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			a, s := testApp("")
			a.scenario = &sc
			err := a.LogIn(t.Context(), LoginOptions{
				OutputOptions: OutputOptions{Color: "never", Verbose: true, Outputs: []string{"table", "json=" + filepath.Join(dir, "json")}}, Deadline: time.Minute, CodeFrom: from,
				WorldOptions: WorldOptions{Simulate: "echo", TokenFile: filepath.Join(dir, "token")},
			})
			if got := statusOf(t, err); got != 1 {
				t.Errorf("status %d", got)
			}
			if err := os.Remove(from); err != nil {
				t.Fatal(err)
			}
			all := s.out.String() + s.errs.String() + written(t, dir)
			for _, secret := range []string{secret, code} {
				if found := leaked(all, secret); found != "" {
					t.Errorf("shows %s", found)
				}
			}
		})
	}
}

// echoed runs a command in the world of the echo and returns all that it wrote,
// and the secret.
func echoed(t *testing.T, echo sim.Echo, write func(string) string, command func(context.Context, App, string)) (all, secret string) {
	t.Helper()
	simtest.Bubble(t, func(t *testing.T) {
		sc := echo.Scenario(func(s string) string {
			secret = s
			return "before " + write(s) + " after"
		})
		a, s := testApp("")
		a.scenario = &sc
		dir := t.TempDir()
		command(t.Context(), a, dir)
		all = s.out.String() + s.errs.String() + written(t, dir)
	})
	return all, secret
}

// runEverywhere runs the checks with all formats and a tape, and judges the tape
// again, which knows no secret.
func runEverywhere(ctx context.Context, a App, dir string) {
	o := defaultRun("echo")
	o.Verbose, o.Record = true, filepath.Join(dir, "tape")
	again := ReplayOptions{OutputOptions: OutputOptions{Color: "never", Verbose: true}, Files: []string{o.Record}}
	for _, format := range report.Formats(report.OfRun) {
		o.Outputs = append(o.Outputs, format+"="+filepath.Join(dir, format))
		again.Outputs = append(again.Outputs, format+"="+filepath.Join(dir, "again."+format))
	}
	a.Run(ctx, o)
	a.Replay(ctx, again)
}

// written is what all files of the directory hold, unzipped.
func written(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		switch e.Name() {
		case "tape":
			all.WriteString(tapeText(t, path))
		case "zip":
			for _, text := range unpacked(t, path) {
				all.WriteString(text + "\n")
			}
		default:
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}

// leaked returns the place of a piece of the secret in the text: eight letters
// and digits of it in a row, whatever is between them and in any case or form, as
// they are, in base64 or base32, backwards, in hexadecimal or as numbers; of a
// secret of fewer than sixteen characters the whole.
func leaked(text, secret string) string {
	backwards := []byte(secret)
	slices.Reverse(backwards)
	w := wanted{pieces: map[string]bool{}}
	for i, spelled := range []string{secret, string(backwards), hex.EncodeToString([]byte(secret)), inBase64(secret, 0), inBase64(secret, 1), inBase64(secret, 2), inBase32(secret)} {
		spelled = alphanumeric(spelled)
		size := 8
		if i == 2 {
			size = 16
		}
		if len(secret) < 16 {
			size = len(spelled)
		}
		for i := 0; i+size <= len(spelled); i++ {
			w.add(spelled[i : i+size])
		}
	}
	size := 8
	if len(secret) < 16 {
		size = len(secret)
	}
	for i := 0; i+size <= len(secret); i++ {
		w.add(alphanumeric(fmt.Sprint([]byte(secret[i : i+size]))))
		w.add(alphanumeric(fmt.Sprintf("% #x", secret[i:i+size])))
	}
	for range 3 {
		text = obeyed.ReplaceAllString(norm.NFKD.String(text), "")
		if found := w.in(alphanumeric(text)); found != "" {
			return found
		}
		text = unescapedNumbers(text)
	}
	return ""
}

// obeyed is what a terminal does not print.
var obeyed = regexp.MustCompile("(?:\x1b\\[|\u009b)[0-9;]*[A-Za-z]|\x1b\\][^\a]*\a|</?[a-z]+>")

// inBase64 is what every text in base64 holds that holds the secret behind so
// many bytes.
func inBase64(secret string, before int) string {
	coded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("?", before) + secret + "???"))
	return coded[[]int{0, 2, 3}[before] : (before+len(secret))*8/6]
}

// inBase32 is what the secret is in base32, but for its last character.
func inBase32(secret string) string {
	return base32.StdEncoding.EncodeToString([]byte(secret))[:len(secret)*8/5]
}

// wanted are pieces of a secret.
type wanted struct {
	pieces map[string]bool
	sizes  [256]bool
	heads  [1 << 15]bool // of the first three characters
}

func (w *wanted) add(piece string) {
	w.pieces[piece] = true
	w.heads[head(piece)] = true
	w.sizes[len(piece)] = true
}

func head(s string) int { return (int(s[0])<<10 ^ int(s[1])<<5 ^ int(s[2])) & (1<<15 - 1) }

func (w *wanted) in(text string) string {
	for i := 0; i+8 <= len(text); i++ {
		if !w.heads[head(text[i:])] {
			continue
		}
		for size, any := range w.sizes {
			if any && i+size <= len(text) && w.pieces[text[i:i+size]] {
				return text[max(0, i-40):min(len(text), i+size+40)]
			}
		}
	}
	return ""
}

func alphanumeric(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

var numbered = regexp.MustCompile(`%(?:u00)?[0-9A-Fa-f]{2}|\\+u00[0-9A-Fa-f]{2}|\\+u\{[0-9A-Fa-f]{2}\}|\\+x[0-9A-Fa-f]{2}|\\+[01][0-7]{2}`)

func unescapedNumbers(text string) string {
	return numbered.ReplaceAllStringFunc(html.UnescapeString(text), func(s string) string {
		base, digits := 16, strings.TrimRight(s, "}")
		digits = digits[len(digits)-2:]
		if strings.HasPrefix(strings.TrimLeft(s, `\`), "0") || strings.HasPrefix(strings.TrimLeft(s, `\`), "1") {
			base, digits = 8, s[len(s)-3:]
		}
		n, _ := strconv.ParseUint(digits, base, 8)
		return string(rune(n))
	})
}

func tapeText(t *testing.T, path string) string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(unzipped)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
