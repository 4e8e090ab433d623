package feed

import (
	"net/http"
	"regexp"
	"strings"

	"upstox-doctor/checks/catalog"
)

var (
	envelope = regexp.MustCompile(`"error_?[cC]ode"\s*:\s*"(UDAPI\d+)"`)

	// Cloudflare names its errors in one plain line, or as "Error 1020" in a
	// page, where tags may stand between.
	edgeCode = regexp.MustCompile(`(?i)\berror(?:\s+code)?(?:\s|:|<[^>]*>)*\b(1010|1015|1020)\b`)
	edgePage = regexp.MustCompile(`(?i)you have been blocked|attention required! \| cloudflare|restrict access`)
)

// Symptom returns what the catalog recognises a refusal by. Who answered is
// said only where the body shows it: everything that comes through Cloudflare
// carries its Ray ID, also what Upstox itself answered.
func (r *Refusal) Symptom() catalog.Symptom {
	s := catalog.Symptom{At: catalog.HopHandshake, HTTP: r.Status, Kind: r.Kind}
	if r.Kind != "" {
		return s
	}
	if m := envelope.FindSubmatch(r.Body); m != nil {
		s.Who, s.Upstox = "upstox", string(m[1])
		return s
	}
	if m := edgeCode.FindSubmatch(r.Body); m != nil {
		s.Who, s.Kind = "edge", string(m[1])
		return s
	}
	if r.blocked() {
		s.Who, s.Kind = "edge", "blocked"
	}
	return s
}

// blocked recognises Cloudflare's page for refused visitors. The body may be
// cut before the sentence that says so, so a page with a Ray ID will do.
func (r *Refusal) blocked() bool {
	if r.Status != http.StatusForbidden {
		return false
	}
	body := string(r.Body)
	page := strings.Contains(strings.ToLower(body), "<html")
	return edgePage.MatchString(body) || page && r.Header.Get("Cf-Ray") != ""
}
