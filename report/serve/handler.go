package serve

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"upstox-doctor/report"
)

// Handler answers /metrics, /healthz and /report.json to GET and HEAD, and shows
// the page at /.
func (s *Server) Handler() http.Handler {
	figures := prometheus.NewRegistry()
	figures.MustRegister(collector{s})
	metrics := promhttp.HandlerFor(figures, promhttp.HandlerOpts{MaxRequestsInFlight: 8, Timeout: answerWait / 2})
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics)
	mux.HandleFunc("GET /healthz", s.health)
	mux.HandleFunc("GET /report.json", s.written("application/json", "json"))
	mux.HandleFunc("GET /{$}", s.root)
	mux.HandleFunc("GET /state.json", s.stateJSON)
	mux.HandleFunc("GET /events", s.events)
	for name, f := range assets {
		mux.HandleFunc("GET /"+name, f.serve)
	}
	s.actions(mux)
	return http.MaxBytesHandler(s.guard(http.NewCrossOriginProtection().Handler(mux)), maxBody)
}

// health is 200 with one line while the last run is well, and 503 while it is
// not or there has been none.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	d, known := s.Last()
	switch {
	case !known:
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, "starting: the first run has not ended")
		return
	case d.ExitCode != 0:
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	fmt.Fprintln(w, Line(d))
}

// Line is the report in one line: "fail: token-expired, dns-slow".
func Line(d report.Document) string {
	var codes []string
	for _, c := range d.RootCauses {
		codes = append(codes, c.Code)
	}
	if len(codes) == 0 {
		return d.Status
	}
	return d.Status + ": " + strings.Join(codes, ", ")
}

// root is the page for browsers, and the report in a few lines for what asks for
// no HTML, such as curl.
func (s *Server) root(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Vary", "Accept")
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		s.page(w, r)
		return
	}
	s.written("text/plain; charset=utf-8", "short")(w, r)
}

// written writes the last report in a format.
func (s *Server) written(mime, format string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		d, known := s.Last()
		if !known {
			http.Error(w, "the first run has not ended", http.StatusServiceUnavailable)
			return
		}
		var body bytes.Buffer
		if err := report.Write([]report.Output{{Format: format}}, &body, d, report.Options{Width: 100}); err != nil {
			http.Error(w, "the report cannot be written", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", mime)
		w.Write(body.Bytes())
	}
}
