package catalog

import (
	"slices"
	"strconv"
	"strings"
)

// maxQuestion is the length of the longest question, in bytes.
const maxQuestion = 80

// question returns the causes for a row of the guide or for a number alone, and
// nothing for any other text.
func question(text string) []Match {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxQuestion || strings.Contains(text, "\n") {
		return nil
	}
	if strings.HasPrefix(strings.ToLower(text), "error code: 1") {
		return nil // the form of Cloudflare's errors
	}
	words := plain(text)
	var first, later []*Entry
	if row := guideRow(words); row != "" {
		first, later = ofRow(row)
	} else if n := numberIn(words); n > 0 {
		first, later = ofNumber(n)
	}
	var matches []Match
	for i, e := range slices.Concat(first, later) {
		m := Match{Entry: e, Line: 1, Text: excerpt(text, 0)}
		if i >= len(first) {
			m.Place = Later
		}
		if !slices.ContainsFunc(matches, func(m Match) bool { return m.Entry == e }) {
			matches = append(matches, m)
		}
	}
	return matches
}

// plain returns the words and numbers of the text in lower case.
func plain(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9') })
}

// fillers are words of a question that do not change its meaning.
var fillers = []string{"error", "err", "http", "https", "status", "code", "close", "closed", "websocket", "ws", "upstox", "getting", "get", "i", "got", "am", "with", "repeatedly", "again", "and", "statuscode", "number", "the", "a", "why", "what", "is", "response", "disconnect"}

// guideRow returns the guide's error message that the words are, or "".
func guideRow(words []string) string {
	rest := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "error" || w == "repeatedly" || w == "websocket" || w == "again" })
	for _, e := range all {
		row := plain(e.Guide)
		if e.Guide != "" && (slices.Equal(words, row) || slices.Equal(rest, slices.DeleteFunc(row, func(w string) bool { return w == "websocket" }))) {
			return e.Guide
		}
	}
	return ""
}

// ofRow returns the entries of a row of the guide: first those that its words
// indicate in a log, then all others with that row.
func ofRow(row string) (first, later []*Entry) {
	for _, e := range all {
		if e.Guide == row {
			later = append(later, e)
		}
	}
	return ofLine(row), later
}

// ofLine returns the entries that a line of a log indicates.
func ofLine(line string) (entries []*Entry) {
	finds, _ := weigh(readLog(normalize(line)))
	for _, f := range order(finds) {
		entries = append(entries, f.Entry)
	}
	return entries
}

// numberIn returns the only number among the words, or 0 if there is none or a
// word that is no filler.
func numberIn(words []string) int {
	number := 0
	for _, w := range words {
		n, err := strconv.Atoi(w)
		switch {
		case err == nil && number == 0:
			number = n
		case err == nil || !slices.Contains(fillers, w):
			return 0
		}
	}
	return number
}

// leastErrno is the least error number of a system that is about connections.
const leastErrno = 32

// ofNumber returns what a number alone may mean as an HTTP status, a close code
// or an error number.
func ofNumber(n int) (first, later []*Entry) {
	switch {
	case n == 401:
		return ofRow("401 Unauthorized")
	case n == 403:
		return ofRow("403 Forbidden")
	case n == 1006 || n == 1000:
		_, later = ofRow("WebSocket onclose")
		return ofLine("websocket close " + strconv.Itoa(n)), later
	case n == 1010 || n == 1020:
		return []*Entry{EdgeBlocked}, nil
	case n == 1015:
		return []*Entry{EdgeRateLimited, TLSUntrusted, TLSReset}, nil
	}
	var causes []ranked
	if reasons[n] != "" {
		causes = slices.Concat(apiStatus(n, true), authorizeStatus(n), upgradeStatus(n))
	} else {
		causes = closing(n, "close code ", "websocket", len("close code "))
	}
	for _, c := range causes {
		first = append(first, c.entry)
	}
	if len(first) == 0 && n >= leastErrno {
		first = ofLine("errno " + strconv.Itoa(n) + " winerror " + strconv.Itoa(n))
	}
	return first, nil
}
