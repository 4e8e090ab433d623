package catalog

import "slices"

// sameFailure is how many seconds may lie between two messages of one failure.
const sameFailure = 2

// maxAsides is how many services that are not Upstox are named.
const maxAsides = 3

// weigh groups the finds of the records by failure. It returns the finds, and
// those that are not about Upstox.
func weigh(records []record) (finds, asides []hit) {
	cluster := 0
	var last *record
	for i := range records {
		r := &records[i]
		if r.aside != "" && len(asides) < maxAsides && !slices.ContainsFunc(asides, func(f hit) bool { return f.Meaning == r.aside }) {
			asides = append(asides, hit{Match: Match{Entry: OtherService, Line: r.line, Meaning: r.aside}, from: r.from, to: r.to})
		}
		if len(r.finds) == 0 {
			continue
		}
		if last != nil && last.isOtherFailure(r) {
			cluster++
		}
		if last != nil && !last.isOtherFailure(r) && last.isRefusedUpgrade() && r.isEcho() {
			continue
		}
		last = r
		for _, f := range r.finds {
			f.cluster, f.record, f.time, f.aside = cluster, i, r.time, r.aside != ""
			finds = append(finds, f)
		}
	}
	return slices.DeleteFunc(finds, func(f hit) bool { return pageOfServer(f, finds) }), asides
}

// pageOfServer reports whether the web page of the find came with a 5xx in the
// same failure, and so is the server's error page.
func pageOfServer(f hit, finds []hit) bool {
	return band(f.rank) == rankHint && (f.Entry == CaptivePortal || f.Entry == EdgeBlocked) && slices.ContainsFunc(finds, func(o hit) bool {
		return o.cluster == f.cluster && o.number >= 500 && o.number < 600
	})
}

// isOtherFailure reports whether the next record belongs to another failure.
func (r *record) isOtherFailure(next *record) bool {
	if next.reached > r.from {
		return true // something worked in between
	}
	if gap := since(r.time, next.time); gap >= 0 {
		return gap > sameFailure
	}
	return next.retried
}

// isRefusedUpgrade reports whether the record is about an upgrade that failed.
func (r *record) isRefusedUpgrade() bool {
	return slices.ContainsFunc(r.finds, func(f hit) bool {
		return band(f.rank) >= rankCertain && (f.number >= 200 && f.number < 600 || f.Entry.Stage == "handshake")
	})
}

// isEcho reports whether the record may be only the message that clients print
// for a stream that never opened.
func (r *record) isEcho() bool {
	return !slices.ContainsFunc(r.finds, func(f hit) bool { return band(f.rank) != rankEcho && !(f.number == 1006 && f.rank == rankHint+3) })
}
