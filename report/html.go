package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"sync"

	"upstox-doctor/checks/doctor"
)

//go:embed report.html
var htmlText string

//go:embed report.css
var htmlStyle string

// htmlPage escapes all that it is given. Only the style sheet, which is ours,
// goes in as it is.
var htmlPage = sync.OnceValue(HTMLParts)

// A htmlReport is the report as the template of the HTML page reads it. Words
// for classes and all addresses inside the page are made here, never of data.
type htmlReport struct {
	Policy  string // the Content-Security-Policy
	Style   template.CSS
	Title   string
	Verdict htmlVerdict
	Started htmlFact
	Facts   []htmlFact
	Causes  []htmlCause
	Alone   *htmlCause // the only cause, whose title the verdict says
	Others  []htmlOther
	Login   *htmlLogin
	Changes [][]string // what the login has changed
	Chart   *htmlChart
	Stages  []PanelStage
	Before  *htmlBefore
	Tool    Tool
}

// htmlBefore is the run that a login followed.
type htmlBefore struct {
	Verdict htmlVerdict
	Facts   []htmlFact
	Stages  []PanelStage
}

// html writes one file that needs no other: no script, no picture and no
// address is fetched, and its policy forbids it too.
func (d Document) html(w io.Writer, _ Options) error {
	page := htmlReport{
		Policy: policy(htmlStyle), Style: template.CSS(htmlStyle), Tool: d.Tool,
		Verdict: verdictOf(d), Started: started(d.StartedAt), Facts: d.facts(), Causes: d.htmlCauses(), Others: d.htmlOthers(),
		Login: d.htmlLogin(), Chart: d.chart(), Stages: d.panelStages(),
	}
	page.Title = page.Verdict.Word + ": " + page.Verdict.Head
	if len(page.Causes) == 1 && d.End == doctor.Complete {
		page.Alone = &page.Causes[0]
	}
	if d.Before != nil {
		page.Changes = changes(*d.Before, d)
		page.Before = &htmlBefore{verdictOf(*d.Before), d.Before.facts(), d.Before.panelStages()}
	}
	// A reader never has half a page.
	var out bytes.Buffer
	if err := htmlPage().Execute(&out, page); err != nil {
		return err
	}
	_, err := w.Write(out.Bytes())
	return err
}

// policy lets the page have its own style sheet, known by its digest, and
// nothing else.
func policy(style string) string {
	return "default-src 'none'; style-src " + styleDigest(style) + "; base-uri 'none'; form-action 'none'"
}

func styleDigest(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
