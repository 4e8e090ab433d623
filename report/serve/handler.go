package serve

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"upstox-doctor/report"
)

// Handler answers /metrics, /healthz, /report.json and /, to GET and HEAD.
func (s *Server) Handler() http.Handler {
	figures := prometheus.NewRegistry()
	figures.MustRegister(collector{s})
	metrics := promhttp.HandlerFor(figures, promhttp.HandlerOpts{MaxRequestsInFlight: 8, Timeout: answerWait / 2})
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics)
	mux.HandleFunc("GET /healthz", s.health)
	mux.HandleFunc("GET /report.json", s.page("application/json", "json"))
	mux.HandleFunc("GET /{$}", s.page("text/plain; charset=utf-8", "short"))
	return http.MaxBytesHandler(s.guard(mux), 0)
}

// guard keeps pages of a browser out, which can reach this machine's own
// addresses under a name of their own.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Content-Security-Policy", "default-src 'none'")
		if !s.Public && !Loopback(hostOf(r.Host)) {
			http.Error(w, "this name is not served", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Loopback reports whether the host, without a port, is this machine alone.
func Loopback(host string) bool {
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || err == nil && addr.Unmap().IsLoopback()
}

func hostOf(hostPort string) string {
	if host, _, err := net.SplitHostPort(hostPort); err == nil {
		return host
	}
	return hostPort
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

// page writes the last report in a format.
func (s *Server) page(mime, format string) http.HandlerFunc {
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

var (
	runsDesc = prometheus.NewDesc("upstox_doctor_runs_total", "How many runs this process has made.", nil, nil)
	nextDesc = prometheus.NewDesc("upstox_doctor_next_run_timestamp_seconds", "When the next run begins, in seconds since 1970; none while one goes on.", nil, nil)
)

// collector adds to the figures of the report those of the process that makes
// them.
type collector struct{ s *Server }

func (c collector) Describe(chan<- *prometheus.Desc) {}

func (c collector) Collect(to chan<- prometheus.Metric) {
	report.Collector{Last: c.s.Last}.Collect(to)
	c.s.mu.Lock()
	runs, next := c.s.runs, c.s.next
	c.s.mu.Unlock()
	to <- prometheus.MustNewConstMetric(runsDesc, prometheus.CounterValue, float64(runs))
	if !next.IsZero() {
		to <- prometheus.MustNewConstMetric(nextDesc, prometheus.GaugeValue, float64(next.UnixMilli())/float64(time.Second/time.Millisecond))
	}
}
