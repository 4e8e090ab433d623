package edge

import (
	"iter"
	"net/http"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/lazyregexp"
	"upstox-doctor/checks/redact"
)

// A mark names a filter by a word of its page or header, or of the address that
// it sends a browser to. Words are in lower case.
type mark struct{ word, name string }

// products are the filters that name themselves. Words from pages and public
// collections of block pages: FortiGuard, Zscaler, Umbrella and OpenDNS, Blue
// Coat, Check Point, Forcepoint, Palo Alto, SonicWall, Meraki, Squid, Untangle,
// Kerio, Barracuda and the orders of India's Department of Telecommunications
// (github.com/ooni/blocking-fingerprints). From general knowledge: Netskope,
// Sophos, Cyberoam, Seqrite, McAfee, Trend Micro, Kaspersky.
var products = []mark{
	{"fortiguard", "FortiGuard"}, {"fortinet", "FortiGuard"}, {"fortigate", "FortiGuard"}, {"web filter violation", "FortiGuard"}, {"webfilter violation", "FortiGuard"},
	{"zscaler", "Zscaler"}, {"zscloud.net", "Zscaler"},
	{"netskope", "Netskope"}, {"goskope.com", "Netskope"},
	{"cisco umbrella", "Cisco Umbrella"}, {"umbrella.com", "Cisco Umbrella"}, {"opendns", "Cisco Umbrella"},
	{"sophos", "Sophos"}, {"cyberoam", "Cyberoam"}, {"seqrite", "Seqrite"},
	{"palo alto networks", "Palo Alto Networks"}, {"paloaltonetworks", "Palo Alto Networks"},
	{"forcepoint", "Forcepoint"}, {"websense", "Forcepoint"}, {"bluecoat", "Blue Coat"}, {"blue coat", "Blue Coat"},
	{"check point usercheck", "Check Point"}, {"sonicwall", "SonicWall"}, {"barracuda", "Barracuda"}, {"watchguard", "WatchGuard"},
	{"cisco-wsa", "Cisco Web Security"}, {"ironport", "Cisco Web Security"}, {"meraki", "Cisco Meraki"},
	{"mcafee web gateway", "McAfee Web Gateway"}, {"skyhigh", "Skyhigh"}, {"trend micro", "Trend Micro"}, {"kaspersky", "Kaspersky"},
	{"contentkeeper", "ContentKeeper"}, {"untangle", "Untangle"}, {"kerio control", "Kerio Control"}, {"lightspeed systems", "Lightspeed"},
	{"squid", "Squid"},
}

// orders are the words of an internet provider that blocks by order.
var orders = lazyregexp.New(`(?i)department of telecom|ministry of electronics and information technology|\binstructions of the dot\b|airtel\.in/(?:dot|court-orders)`)

const byOrder = "the internet provider, by order of the authorities"

// blockPlaces are parts of addresses to which only a filter sends, when it has
// blocked.
var blockPlaces = []mark{
	{"block.opendns.com", "Cisco Umbrella"}, {"airtel.in/dot", byOrder}, {"airtel.in/court-orders", byOrder},
	{"notify.bluecoat.com", "Blue Coat"}, {"bluecoat.com/notify", "Blue Coat"}, {"/usercheck/portalmain", "Check Point"},
	{"/cgi-bin/blockpage.cgi", "Forcepoint"}, {"/cgi-bin/block_message.cgi", "Forcepoint"}, {"/php/urlblock.php", "Palo Alto Networks"},
	{"meraki.com:8090/blocked.cgi", "Cisco Meraki"}, {"squidguard.cgi", "Squid"}, {"/web-filter/blockpage", "Untangle"},
}

// blocking is how pages say that something was blocked.
var blocking = lazyregexp.New(`(?i)\b(?:site|website|page|webpage|url|access|request|address|domain|content|categor(?:y|ies)|host|connection|application|destination|it)\b(?:\W+\w+){0,12}?\W+(?:blocked|banned|prohibited)\b` +
	`|\b(?:blocked|prohibited) (?:by|because|due|as per|under|category|in accordance|web ?site|web ?page|site|page|url)\b` +
	`|\bweb ?filter|\b(?:content|url) filter|usage policy|compliance to the orders of`)

// filter recognises the block page of a filter: one that names a product or says
// that it blocks, or any page with 403 or 451 that is neither the edge's, nor a
// web server's own, nor asks to sign in. The product's page counts even with the
// edge's headers, since a filter may change the body alone.
func (a Answer) filter(p page) (Verdict, bool) {
	switch a.Status {
	case http.StatusUnauthorized, http.StatusNotFound, http.StatusGone, http.StatusTooManyRequests:
		return Verdict{}, false
	}
	if a.Status >= 500 || a.Status < 400 && !p.html {
		return Verdict{}, false
	}
	name, front := a.product(p), edgeName(a.Header)
	says := orders.MatchString(p.raw) || p.html && blocking.MatchString(p.text)
	refused := a.Status == http.StatusForbidden || a.Status == http.StatusUnavailableForLegalReasons
	var is bool
	switch {
	case cloudflare.MatchString(p.raw):
	case name != "" && says:
		is = true
	case front == "Cloudflare" && a.Status >= 400, country.MatchString(p.text):
	case front == "CloudFront" && refused && p.html: // which is not in front of API and feed
		is, name = true, front
	case says && !(p.signIn() && !refused):
		is = true
	case p.signIn():
	case name != "":
		is = refused || a.Status/100 == 2
	case refused && p.html:
		is = !a.Upgrade || !stock.MatchString(p.text)
	}
	if !is {
		return Verdict{}, false
	}
	return Verdict{Responder: catalog.ResponderFilter, Kind: catalog.KindBlocked, Name: name, Category: p.category(), Reference: p.reference()}, true
}

// product returns the name of the filter that the page gives, or of an error the
// header; "" if neither does. Via does not count: what passed a proxy is not its.
func (a Answer) product(p page) string {
	if orders.MatchString(p.raw) {
		return byOrder
	}
	all := p.raw
	if a.Status >= 400 {
		all += "\n" + a.serverProduct()
	}
	all = strings.ToLower(all)
	for _, m := range products {
		if strings.Contains(all, m.word) {
			return m.name
		}
	}
	return ""
}

// What a page calls by name, either behind the name or in the next piece of the
// page, such as the next cell of a table.
var (
	categoryName  = lazyregexp.New(`(?i)(?:\bcategor(?:y|ies)(?: names?)?\s*[:=]|\bcategori[sz]ed as\s*:?|^(?:(?:url|web ?site|site) )?categor(?:y|ies)$)\s*(.*)$`)
	referenceName = lazyregexp.New(`(?i)(?:\b(?:` + events + `)(?: (?:id|no|number|code))?\.?\s*[:=#]|^(?:` + events + `)(?: (?:id|no|number|code))?\.?$)\s*(.*)$`)
	referenceText = lazyregexp.New(`^#?([A-Za-z0-9][\w.=+-]*\d[\w.=+-]*)`)
	nextName      = lazyregexp.New(`[;|]|\s(?:URL|Policy|User(?:name)?|IP|Reason|Reference|Ticket)\b\s*:`)
)

const events = `ticket|reference|incident|event|case|request|transaction|tracking|attack|support|session`

// maxNamed is how long what a page names may be, in characters.
const maxNamed = 60

func (p page) category() string {
	for v := range p.named(categoryName) {
		if at := nextName.FindStringIndex(v); at != nil {
			v = v[:at[0]]
		}
		if v = strings.Trim(v, ` ."'“”`); v != "" {
			return redact.Printable(v, maxNamed)
		}
	}
	return ""
}

func (p page) reference() string {
	for v := range p.named(referenceName) {
		if m := referenceText.FindStringSubmatch(v); m != nil {
			return redact.Printable(strings.TrimRight(m[1], ".-"), maxNamed)
		}
	}
	return ""
}

// named yields the value of each name that the pattern matches.
func (p page) named(name *lazyregexp.Regexp) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i, line := range p.lines {
			m := name.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			v := strings.TrimSpace(strings.TrimLeft(m[1], ": "))
			if v == "" && i+1 < len(p.lines) {
				v = strings.TrimSpace(strings.TrimLeft(p.lines[i+1], ": "))
			}
			if !yield(v) {
				return
			}
		}
	}
}
