package serve

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"strings"
	"sync"
	"time"

	"upstox-doctor/checks/humanize"
	"upstox-doctor/report"
)

//go:embed page
var pageFiles embed.FS

// everySection are the sections of the page, from top to bottom. Each is a
// template of that name.
var everySection = []string{"status", "verdict", "token", "price", "stream", "chart", "breaks", "causes", "stages", "history", "routine", "begin", "made"}

// pageTemplates are the sections and the page around them, made of the parts of
// the HTML report.
var pageTemplates = sync.OnceValue(func() *template.Template {
	return template.Must(report.HTMLParts().Funcs(template.FuncMap{
		"stamp": func(t time.Time) string { return t.Format(time.RFC3339) },
		"hour":  humanize.Hour, "moment": humanize.Date, "clock": humanize.Clock, "since": since, "ago": ago, "left": left,
		"exact":    func(t time.Time) string { return t.Format("2006-01-02T15:04:05.000Z07:00") },
		"duration": humanize.Duration,
		"trend":    trend, "lasting": func(from, to time.Time) string { return humanize.Duration(to.Sub(from)) },
	}).ParseFS(pageFiles, "page/*.html"))
})

// since tells a time as seen from now: "in 3 min", "3 min ago".
func since(t, now time.Time) string {
	if d := t.Sub(now); d > 0 {
		return "in " + humanize.Duration(d)
	}
	return humanize.Duration(now.Sub(t)) + " ago"
}

// ago is since for what has been, which a clock that was set back puts into the
// future.
func ago(t, now time.Time) string { return humanize.Duration(max(0, now.Sub(t))) + " ago" }

// left is since without the word before what is to come.
func left(t, now time.Time) string { return strings.TrimPrefix(since(t, now), "in ") }

// trend is the class of a change, which says its sign too.
func trend(change string) string {
	switch {
	case strings.HasPrefix(change, "+"):
		return "up"
	case strings.HasPrefix(change, "-"):
		return "down"
	}
	return "even"
}

// draw is one section of the page as HTML.
func draw(name string, st State) string {
	var out bytes.Buffer
	if err := pageTemplates().ExecuteTemplate(&out, name, st); err != nil {
		return "" // a template that cannot show a state fails the tests
	}
	return out.String()
}

// pagePolicy lets the page have its own style sheet, script, icon and manifest,
// and talk to this server.
const pagePolicy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// page is the whole page as it stands, which its script then keeps up to date.
func (s *Server) page(w http.ResponseWriter, _ *http.Request) {
	drawn, place, _ := s.board.since("")
	sections := map[string]template.HTML{}
	for name, text := range drawn {
		sections[name] = template.HTML(text) // drawn by draw
	}
	var out bytes.Buffer
	err := pageTemplates().ExecuteTemplate(&out, "page.html", struct {
		Sections       map[string]template.HTML
		Now            int64
		Place, Version string
		LogsIn         bool
	}{sections, s.now().UnixMilli(), place, version, s.Login != nil && s.Ledger != nil && !s.Public})
	if err != nil {
		http.Error(w, "the page cannot be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", pagePolicy)
	w.Write(out.Bytes())
}

// An asset is a file that the page is made of.
type asset struct{ mime, text string }

var assets = map[string]asset{
	"page.css":         {"text/css; charset=utf-8", report.HTMLStyle + embedded("page.css")},
	"page.js":          {"text/javascript; charset=utf-8", embedded("page.js")},
	"icon.svg":         {"image/svg+xml", embedded("icon.svg")},
	"page.webmanifest": {"application/manifest+json", embedded("page.webmanifest")},
}

// version changes with the files of the page, so that a page from before an
// update loads itself again.
var version = func() string {
	sum := sha256.Sum256([]byte(assets["page.css"].text + assets["page.js"].text + embedded("page.html") + embedded("sections.html")))
	return hex.EncodeToString(sum[:6])
}()

func embedded(name string) string {
	data, err := pageFiles.ReadFile("page/" + name)
	if err != nil {
		panic(err) // the file is embedded
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}

func (a asset) serve(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", a.mime)
	w.Write([]byte(a.text))
}
