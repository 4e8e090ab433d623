package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
)

//go:embed report.html
var htmlText string

//go:embed report.css
var htmlStyle string

// htmlPage escapes all that it is given. Only the style sheet, which is ours,
// goes in as it is.
var htmlPage = template.Must(template.New("report").Parse(htmlText))

// A web is the report as the template of the HTML page reads it. Words for
// classes and all addresses inside the page are made here, never of data.
type web struct {
	Policy  string // the Content-Security-Policy
	Style   template.CSS
	Title   string
	Verdict webVerdict
	Facts   []webFact
	Wrong   string // the heading over Causes
	Causes  []webCause
	Others  []webOther
	Login   *webLogin
	Changes [][]string // what the login has changed
	Chart   *webChart
	Stages  []webStage
	Before  *webBefore
	Tool    Tool
}

// webBefore is the run that a login followed.
type webBefore struct {
	Verdict webVerdict
	Facts   []webFact
	Stages  []webStage
}

// html writes one file that needs no other: no script, no picture and no
// address is fetched, and its policy forbids it too.
func (d Document) html(w io.Writer, _ Options) error {
	page := web{
		Policy: policy(htmlStyle), Style: template.CSS(htmlStyle), Tool: d.Tool,
		Verdict: verdictOf(d), Facts: d.facts(), Causes: d.webCauses(), Others: d.webOthers(),
		Login: d.webLogin(), Chart: d.chart(), Stages: d.webStages(),
	}
	page.Title = page.Verdict.Word + ": " + page.Verdict.Head
	page.Wrong = "Root cause"
	if d.Summary.Fail == 0 {
		page.Wrong = "Warning"
	}
	if len(page.Causes) > 1 {
		page.Wrong += "s"
	}
	if d.Before != nil {
		page.Changes = changes(*d.Before, d)
		page.Before = &webBefore{verdictOf(*d.Before), d.Before.facts(), d.Before.webStages()}
	}
	// A reader never has half a page.
	var out bytes.Buffer
	if err := htmlPage.Execute(&out, page); err != nil {
		return err
	}
	_, err := w.Write(out.Bytes())
	return err
}

// policy lets the page have its own style sheet, known by its digest, and
// nothing else.
func policy(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}
