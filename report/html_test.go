package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"upstox-doctor/checks/doctor"
)

func hypertext(t *testing.T, d Document) string {
	t.Helper()
	var out bytes.Buffer
	if err := d.html(&out, Options{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestGoldenHTML(t *testing.T) {
	t.Parallel()
	for _, tc := range reports[:3] {
		compareGolden(t, "html/"+tc.name+".html", []byte(hypertext(t, document(tc.report()))))
	}
	compareGolden(t, "html/repaired.html", []byte(hypertext(t, repairedRun())))
}

// attributes are all that the page may have, by what their values look like.
// None of these forms leaves room for text of a report, but that of the title
// and the two of the head that are ours.
var attributes = map[string]*regexp.Regexp{
	"lang": regexp.MustCompile(`^en$`), "charset": regexp.MustCompile(`^utf-8$`),
	"http-equiv": regexp.MustCompile(`^Content-Security-Policy$`),
	"name":       regexp.MustCompile(`^(viewport|color-scheme|referrer|robots)$`),
	"content":    regexp.MustCompile(`^(width=device-width, initial-scale=1|light dark|no-referrer|noindex|default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; base-uri 'none'; form-action 'none')$`),
	"class":      regexp.MustCompile(`^[a-z]+( (pass|warn|fail|skip|stop|id))?$`),
	"id":         regexp.MustCompile(`^(login|changed|causes|also|timing|timing-words|checks)$`), "aria-labelledby": regexp.MustCompile(`^[a-z]+$`),
	"aria-describedby": regexp.MustCompile(`^timing-words$`), "role": regexp.MustCompile(`^img$`),
	"aria-label": regexp.MustCompile(`^The six stages$`), "aria-hidden": regexp.MustCompile(`^true$`),
	"scope":    regexp.MustCompile(`^(col|row)$`),
	"datetime": regexp.MustCompile(`^\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$`),
	"width":    percentage, "height": regexp.MustCompile(`^\d+$`), "x": percentage, "x1": percentage, "x2": percentage,
	"y": regexp.MustCompile(`^\d+$`), "y1": regexp.MustCompile(`^\d+$`), "y2": regexp.MustCompile(`^\d+$`), "rx": regexp.MustCompile(`^3\.5$`),
	"text-anchor": regexp.MustCompile(`^(start|middle|end)$`),
}

// elements are all that the page may have. None of them fetches or runs
// anything.
var elements = strings.Fields(`html head meta title style body header main footer section article details summary h1 h2 h3 p span strong code pre ol li
	dl div dt dd time table thead tbody tr th td figure figcaption svg desc line text rect`)

var percentage = regexp.MustCompile(`^(0|\d{1,3}(\.\d\d)?%)$`)

// validHTML holds a page against its own rules: it is well formed, it has no
// element and no attribute but ours, its policy lets in its own style sheet and
// nothing else, and it says all that the document says.
func validHTML(d Document, written []byte) error {
	page := string(written)
	if !strings.HasPrefix(page, "<!doctype html>\n<html lang=\"en\">") || !strings.HasSuffix(page, "</html>\n") {
		return errors.New("no whole page")
	}
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return err
	}
	errs := []error{balanced(page)}
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	var text strings.Builder
	for n := range root.Descendants() {
		switch {
		case n.Type == html.CommentNode:
			wrong("a comment: %.80q", n.Data)
		case n.Type == html.TextNode && n.Parent.Data == "style":
			errs = append(errs, checkPolicy(page, n.Data))
		case n.Type == html.TextNode:
			text.WriteString(n.Data + "\n")
		case n.Type == html.ElementNode && !slices.Contains(elements, n.Data):
			wrong("an element %.80q", n.Data)
		}
		for _, a := range n.Attr {
			if form := attributes[a.Key]; form == nil || !form.MatchString(a.Val) {
				wrong("%s has an attribute %.80q of %.80q", n.Data, a.Key, a.Val)
			}
		}
	}
	for _, words := range requiredText(d) {
		if !strings.Contains(text.String(), words) {
			wrong("it does not say %q", words)
		}
	}
	return errors.Join(errs...)
}

// balanced reports whether every element is closed where it should be.
func balanced(page string) error {
	var open []string
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := z.Next()
		name, _ := z.TagName()
		switch tag := string(name); {
		case kind == html.ErrorToken && len(open) > 0:
			return fmt.Errorf("never closed: %q", open)
		case kind == html.ErrorToken:
			return nil
		case kind == html.StartTagToken && tag != "meta":
			open = append(open, tag)
		case kind == html.EndTagToken:
			if n := len(open); n == 0 || open[n-1] != tag {
				return fmt.Errorf("</%s> closes %q", tag, open)
			}
			open = open[:len(open)-1]
		}
	}
}

// checkPolicy returns an error unless the policy allows this style sheet.
func checkPolicy(page, style string) error {
	sum := sha256.Sum256([]byte(style))
	if digest := base64.StdEncoding.EncodeToString(sum[:]); !strings.Contains(html.UnescapeString(page), "style-src 'sha256-"+digest+"'") {
		return fmt.Errorf("the policy does not know the style sheet, whose digest is %s", digest)
	}
	if strings.Contains(style, "url(") || strings.Contains(style, "@import") {
		return errors.New("the style sheet fetches something")
	}
	return nil
}

// requiredText are the texts that the page must hold.
func requiredText(d Document) []string {
	words := []string{
		meaning(d.ExitCode), elapsed(d.DurationMS), started(d.StartedAt).Value,
		d.Tool.Name + " " + d.Tool.Version + ", " + d.Tool.Go + ", " + d.Tool.OS + "/" + d.Tool.Arch,
	}
	for _, c := range d.RootCauses {
		words = append(words, c.Title, c.Code, c.Cause, confidenceText(c.Confidence), ownerText(c.Owner), where(c), evidenceOfTargets(d, c))
		for _, s := range c.Fix.Steps {
			words = append(words, s.Do, s.Run)
		}
		for _, it := range c.Evidence {
			if name, value := evidenceText(it); value != "" {
				words = append(words, name, value)
			}
		}
	}
	for _, c := range d.Checks {
		words = append(words, c.ID, c.Target, c.Message, c.Code, word(c.Status))
		if c.Status != doctor.Skip {
			words = append(words, elapsed(c.DurationMS))
		}
		if c.StartedMS != nil {
			words = append(words, "+"+offset(*c.StartedMS))
		}
	}
	if d.Before != nil {
		words = append(words, requiredText(*d.Before)[1:3]...)
	}
	if d.Wait != nil {
		words = append(words, d.Wait.words())
	}
	if d.Login != nil {
		words = append(words, d.Login.Message)
	}
	return words
}

// TestHTMLIsUnbrokenByHostileText puts at least 10,000 strings in pages.
func TestHTMLIsUnbrokenByHostileText(t *testing.T) {
	t.Parallel()
	strung := 0
	for seed := uint64(0); strung < hostileTexts() && !t.Failed(); seed++ {
		r := hostileReport(seed)
		d := document(r)
		if seed%5 == 0 {
			d.Before = new(document(hostileReport(seed + 1000)))
			d.Login = loginOf(LoginResult{Saved: hostileText, Failed: true, Seen: strings.Join(hostileText, " ")}, 1)
		}
		for _, res := range r.Results {
			strung += 3 + len(res.Evidence)
		}
		page := hypertext(t, d)
		if err := Valid("html", d, []byte(page)); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		if strings.Contains(page, secret) {
			t.Errorf("seed %d: the secret is shown", seed)
		}
	}
}

func TestHTMLOfADocumentReadBack(t *testing.T) {
	t.Parallel()
	for _, tc := range reports {
		d := document(tc.report())
		again, err := ReadDocument(bytes.NewReader(written(t, d)))
		if err != nil {
			t.Fatal(tc.name, err)
		}
		if got, want := hypertext(t, again), hypertext(t, d); got != want {
			t.Errorf("%s is another page after JSON", tc.name)
		}
	}
}

func TestHTMLVerdict(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		d    Document
		want []string
	}{
		{"healthy", document(healthyReport()), []string{"<title>PASS: All six stages pass - upstox-doctor</title>", "<h1>All six stages pass</h1>", "NIFTY 50 24,513.05, 0.4 s old</p>"}},
		{"one failure", document(expiredReport()), []string{"<title>FAIL: The access token has expired", "<h1>The access token has expired</h1>", "<h2 id=\"causes\">What to do</h2>", "<h2 id=\"also\">Also</h2>"}},
		{"two", document(twoCausesReport()), []string{"<h1>The host does not answer</h1>\n<p class=\"more\">The access token has expired</p>", "<h3>The access token has expired</h3>"}},
		{"warnings", document(warningsReport()), []string{"<title>WARN: ", ">What to do</h2>", "<header class=\"warn\">", "Nothing fails."}},
		{"interrupted", document(interruptedReport()), []string{"<title>STOP: Interrupted:", "<header class=\"stop\">", "130: interrupted"}},
		{"out of time", document(outOfTimeReport()), []string{"<h1>The time for the whole run was over", "<p class=\"more\">The host does not answer</p>"}},
		{"repaired", repairedRun(), []string{"Token is valid and working!", ">What has changed</h2>", "FAIL token-expired", "→ pass", "<summary>Before the login</summary>"}},
		{"still shadowed", shadowedRun(), []string{"An old token hides a good one", "unset UPSTOX_ACCESS_TOKEN"}},
		{"waited", waitedFor(3), []string{"<p class=\"soft\">After 3 runs in 40 s.</p>"}},
		{"failed login", failedLogin(), []string{"Login failed.", "The code is used or too old"}},
	} {
		page := hypertext(t, tc.d)
		if err := Valid("html", tc.d, []byte(page)); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		for _, want := range tc.want {
			if !strings.Contains(page, want) {
				t.Errorf("%s: no %q", tc.name, want)
			}
		}
	}
}

// waitedFor is a healthy report at the end of so many runs.
func waitedFor(runs int) Document {
	d := document(healthyReport())
	d.Wait = &Wait{Runs: runs, WaitedMS: 40_000, Ended: WaitHealthy}
	return d
}
