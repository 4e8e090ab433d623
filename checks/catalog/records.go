package catalog

import (
	"slices"
	"strings"
)

// A record is one message of a log: a line and the lines that belong to it, such
// as a traceback or the causes of an exception.
type record struct {
	line     int // of its first line, from 1
	from, to int // its bytes of the text
	finds    []hit
	marks    mark
	before   mark   // the progress before its first find
	reached  int    // byte of the text of that progress; -1 for none
	gap      int    // seconds since then; -1 if not known
	time     int    // second of the day; -1 if not known
	retried  bool   // there is a new attempt between it and the one before
	aside    string // the service other than Upstox that it is about, or empty
	trace    int    // see continues
	wire     bool   // it is the output of curl -v
	stack    bool   // stack frames have been seen
}

// The states of a Python traceback.
const (
	noTrace   = iota
	inStack   // lines of the stack
	raised    // the exception has been named
	chained   // another traceback belongs to it
	maxWindow = 4 << 10
)

// continues reports whether the normalized line belongs to the record, and keeps
// track of tracebacks.
func (r *record) continues(line string) bool {
	if r.line == 0 {
		return false
	}
	start := strings.TrimLeft(line, " \t")
	indented := len(start) < len(line)
	switch {
	case r.wire && len(line) > 1 && (line[1] == ' ' || line[1] == '\n') && strings.IndexByte("<>*{}", line[0]) >= 0, r.wire && strings.HasPrefix(line, "curl: ("):
		return true
	case start == "" || start[0] == '\n' || start[0] == '\r':
		return r.trace == raised || r.trace == chained || r.trace == inStack
	case strings.HasPrefix(start, "traceback (most"):
		goes := r.trace == chained || r.trace == noTrace && (r.marks&failing != 0 || len(r.finds) > 0)
		if goes {
			r.trace = inStack
		}
		return goes
	case r.trace == raised && (strings.HasPrefix(start, "during handling of") || strings.HasPrefix(start, "the above exception")):
		r.trace = chained
		return true
	case strings.HasPrefix(start, "file \"") && indented:
		r.trace = inStack
		return true
	case indented:
		return !stamped(start)
	case r.trace == inStack:
		r.trace = raised
		return true
	}
	return slices.ContainsFunc(continuations, func(p string) bool { return strings.HasPrefix(start, p) })
}

// isCodeOrData reports whether the normalized line, which belongs to the record,
// shows the program's code or data and nothing of the error: a stack frame, or a
// member of an object that is dumped after one.
func (r *record) isCodeOrData(line string) bool {
	start := strings.TrimLeft(line, " \t")
	if len(start) == len(line) {
		return false
	}
	switch {
	case r.trace == inStack:
		return true
	case strings.HasPrefix(start, "at "), strings.HasPrefix(start, "... "):
		r.stack = true
		return true
	case !r.stack:
		return false
	}
	key, _, member := strings.Cut(strings.TrimLeft(start, "'\"["), ":")
	key = strings.TrimRight(key, "'\"]")
	return member && !strings.Contains(key, " ") && !slices.Contains(errorMembers, key)
}

// errorMembers are the members of an error object that describe it.
var errorMembers = []string{"code", "errno", "syscall", "status", "statuscode", "statustext", "message", "cause", "reason", "errorcode", "error_code", "error", "errors", "data", "detail", "body", "hostname", "address"}

// continuations are the beginnings of lines that continue an error.
var continuations = []string{"at ", "caused by", "--->", "---", "}", "]", ")", "code:", "errno:", "syscall:", "reason:", "http response", "inner exception", "emitted 'error'", "exception", "nested exception", "...", "^", "[errno"}

// stamped reports whether the line begins with a time.
func stamped(line string) bool {
	first := strings.TrimLeft(line, "[(")
	return first != "" && '0' <= first[0] && first[0] <= '9' && clock(line[:min(len(line), 32)]) >= 0
}

// clock returns the second of the day of the first time in the line, or -1.
func clock(line string) int {
	line = line[:min(len(line), 64)]
	for i := 0; i+8 <= len(line); i++ {
		if line[i+2] != ':' || line[i+5] != ':' || i > 0 && '0' <= line[i-1] && line[i-1] <= '9' {
			continue
		}
		h, m, s := twoDigits(line[i:]), twoDigits(line[i+3:]), twoDigits(line[i+6:])
		if 0 <= h && h < 24 && 0 <= m && m < 60 && 0 <= s && s < 61 {
			return h*3600 + m*60 + s
		}
	}
	return -1
}

func twoDigits(s string) int {
	if s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9' {
		return -1
	}
	return int(s[0]-'0')*10 + int(s[1]-'0')
}
