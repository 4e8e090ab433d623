package catalog

import "strings"

// maxRepeats is how many lines that differ only in their numbers are evaluated.
// A failure that a log repeats for hours adds nothing new.
const maxRepeats = 3

// A reader reads a log line by line into records.
type reader struct {
	text    string
	done    []int
	open    record
	records []record
	repeats map[uint64]int // of lines, by their shape

	mentionsUpstox bool   // of Upstox, anywhere in the text
	progress       mark   // the marks of progress so far
	live           bool   // the stream is open now
	reached        int    // byte where progress was seen last; -1 for nowhere
	retried        bool   // a new attempt was seen since the last failure
	message        []byte // of the open record, without stack frames and dumped objects
}

// readLog returns the messages of the normalized text that have finds.
func readLog(text string) []record {
	r := &reader{text: text, done: make([]int, len(logMatcher().patterns)), repeats: map[uint64]int{}, reached: -1, mentionsUpstox: strings.Contains(text, "upstox")}
	for n, at := 1, 0; at < len(text); n++ {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		line := text[at:end]
		if !r.open.continues(line) {
			r.close()
			r.message = r.message[:0]
			r.open = record{line: n, from: at, time: -1, gap: -1}
			r.open.wire = strings.HasPrefix(line, "* ") || strings.HasPrefix(line, "> ") || strings.HasPrefix(line, "< ")
			if strings.HasPrefix(line, "traceback (most") {
				r.open.trace = inStack
			}
		}
		r.open.to = end
		r.readLine(line, n, at)
		at = end
	}
	r.close()
	return r.records
}

// readLine adds a line to the open record.
func (r *reader) readLine(line string, n, at int) {
	quoted := r.open.isCodeOrData(line)
	finds, marks := r.match(line, n)
	r.open.marks |= marks
	if quoted {
		return
	}
	if len(r.message) < maxWindow {
		r.message = append(r.message, line[:min(len(line), maxWindow)]...)
	}
	shape, numbered, coded := shapeOf(line)
	if len(finds) == 0 && marks&(timedOut|cutOff|noJSON) == 0 && !numbered && !coded {
		r.advance(line, marks, at)
		return
	}
	if r.repeats[shape]++; r.repeats[shape] > maxRepeats {
		return
	}
	if numbered {
		opening := containsAny(r.text[max(r.open.from, at-maxWindow):at], upgradeFrames...)
		finds = append(finds, numbers(line, string(r.message), opening)...)
	}
	if coded {
		finds = append(finds, unknownCodes(line)...)
	}
	finds = append(finds, r.faultsByHop(line, marks, at)...)
	if len(finds) == 0 {
		r.repeats[shape] = 0
		r.advance(line, marks, at)
		return
	}
	r.recordContext(line, at)
	for _, f := range finds {
		f.Line, f.from, f.to = n, at, at+len(line)
		r.open.finds = append(r.open.finds, f)
	}
}

// match returns the finds and marks of the patterns in line n.
func (r *reader) match(line string, n int) (finds []hit, marks mark) {
	logMatcher().each(line, n, r.done, func(p pattern, at int) {
		for _, t := range p.refs {
			if marks |= t.mark; t.mark == 0 {
				finds = append(finds, hit{Match: Match{Entry: t.entry, Meaning: t.meaning}, rank: t.rank, at: at})
			}
		}
	})
	return finds, marks
}

// faultsByHop returns what a timeout, a dropped connection, or a body that is no
// JSON means at the hop where it happened.
func (r *reader) faultsByHop(line string, marks mark, at int) (finds []hit) {
	near := line[:min(len(line), maxWindow)]
	before := r.text[max(r.open.from, at-maxWindow):at]
	var causes []ranked
	if marks&timedOut != 0 && !containsAny(near, "gateway time", "connection time-out", "a timeout occurred") {
		causes = append(causes, timeoutsAt(hopNear(near, before), r.live)...)
	}
	if marks&cutOff != 0 {
		causes = append(causes, dropsAt(hopNear(near, before), r.live)...)
	}
	if marks&noJSON != 0 && containsAny(before+near, "response", "requests", "httpx", "urlopen", "fetch", "http") {
		causes = append(causes, ranked{APIUnexpectedResponse, rankHint + 1}, ranked{CaptivePortal, rankHint})
	}
	for _, c := range causes {
		finds = append(finds, hit{Match: Match{Entry: c.entry}, rank: c.rank})
	}
	return finds
}

// recordContext stores, at the first find of the open record, what preceded it.
func (r *reader) recordContext(line string, at int) {
	if len(r.open.finds) > 0 {
		return
	}
	r.open.before, r.open.reached = r.progress, r.reached
	r.open.time = clock(line)
	if r.open.time < 0 {
		r.open.time = clock(r.text[r.open.from:at])
	}
	if r.reached >= 0 {
		r.open.gap = since(clock(r.text[r.reached:]), r.open.time)
	}
	r.open.retried, r.retried = r.retried, false
}

// shapeOf returns a hash of the line without its numbers, except for those that
// may be a status or a close code. It reports whether there are such, and whether
// there is a UDAPI code.
func shapeOf(line string) (hash uint64, numbered, coded bool) {
	hash = 14695981039346656037
	for i := 0; i < len(line); i++ {
		if c := line[i]; c < '0' || c > '9' {
			hash = (hash ^ uint64(c)) * 1099511628211
			continue
		}
		from, n := i, 0
		for ; i < len(line) && '0' <= line[i] && line[i] <= '9'; i++ {
			n = n*10 + int(line[i]-'0')
		}
		coded = coded || strings.HasSuffix(line[:from], "udapi")
		if size := i - from; size == 3 && n < 600 && statuses[n] || size == 4 && n >= 1000 && n < 5000 {
			numbered = numbered || isNumber(line, from, i)
			hash = (hash ^ uint64(n)) * 1099511628211
		}
		i--
	}
	return hash, numbered, coded
}

// hopNear returns the hop that the words of the line indicate, or else the nearest
// lines before it in the same message, which are often stack frames.
func hopNear(line, before string) string {
	if hop := hopOf(line); hop != "" {
		return hop
	}
	for tries := 0; tries < 8 && before != ""; tries++ {
		before = strings.TrimSuffix(before, "\n")
		last := strings.LastIndexByte(before, '\n') + 1
		if hop := hopOf(before[last:]); hop != "" {
			return hop
		}
		before = before[:last]
	}
	return ""
}

// advance records the progress that a line without a failure shows.
func (r *reader) advance(line string, marks mark, at int) {
	if marks&retrying != 0 {
		r.retried = true
	}
	if marks&progress == 0 || marks&(failing|service|serving) != 0 || len(r.open.finds) > 0 {
		return
	}
	if marks&ticked == 0 || r.progress&ticked == 0 {
		if kind, _ := hostsIn(line); kind == ownHost || kind == otherHost {
			return
		}
	}
	r.progress |= marks & progress
	r.live = r.live || marks&(opened|ticked) != 0
	r.reached = at
}

// since returns the seconds from one time of day to the next occurrence of
// another, or -1 if one is not known.
func since(earlier, later int) int {
	if earlier < 0 || later < 0 {
		return -1
	}
	return (later - earlier + 24*3600) % (24 * 3600)
}

// close keeps the open record if it has finds.
func (r *reader) close() {
	if len(r.open.finds) == 0 {
		return
	}
	r.open.judge(r.text, r.mentionsUpstox)
	if r.open.aside == "" {
		r.live = false
	}
	r.records = append(r.records, r.open)
}

// unknownCodes returns a find for each UDAPI code that the catalog does not know.
func unknownCodes(line string) []hit {
	var finds []hit
	for at := 0; ; {
		i := strings.Index(line[at:], "udapi")
		if i < 0 || len(finds) == maxNumbers {
			return finds
		}
		from := at + i
		to := from + len("udapi")
		for to < len(line) && '0' <= line[to] && line[to] <= '9' {
			to++
		}
		at = to
		if n := to - from - len("udapi"); n < 3 || n > 6 || from > 0 && isWordByte(line[from-1]) || to < len(line) && isWordByte(line[to]) {
			continue
		}
		if _, known := LookupUpstox(line[from:to]); !known {
			finds = append(finds, hit{Match: Match{Entry: NotKnown, Meaning: "a code of Upstox that the doctor does not know: " + strings.ToUpper(line[from:to])}, rank: rankAnswer, at: from})
		}
	}
}
