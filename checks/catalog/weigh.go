package catalog

import "slices"

// sameFailure is how many seconds may lie between two messages of one failure.
const sameFailure = 2

// maxAsides is how many services that are not Upstox are named.
const maxAsides = 3

// weigh numbers the failures that the records tell of. It returns the finds,
// and those that are not about Upstox.
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
		if last != nil && last.apart(r) {
			cluster++
		}
		if last != nil && !last.apart(r) && last.refused() && r.echo() {
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

// pageOfServer reports whether the web page that the find is about came with a
// server's fault in the same failure, and so is the server's own.
func pageOfServer(f hit, finds []hit) bool {
	return band(f.rank) == rankHint && (f.Entry == CaptivePortal || f.Entry == EdgeBlocked) && slices.ContainsFunc(finds, func(o hit) bool {
		return o.cluster == f.cluster && o.number >= 500 && o.number < 600
	})
}

// apart reports whether the next record tells of another failure.
func (r *record) apart(next *record) bool {
	if next.reached > r.from {
		return true // something worked in between
	}
	if gap := since(r.time, next.time); gap >= 0 {
		return gap > sameFailure
	}
	return next.retried
}

// refused reports whether the record tells of an upgrade that failed.
func (r *record) refused() bool {
	return slices.ContainsFunc(r.finds, func(f hit) bool {
		return band(f.rank) >= rankCertain && (f.number >= 200 && f.number < 600 || f.Entry.Stage == "handshake")
	})
}

// echo reports whether the record may be only the label that clients give to a
// stream that never opened.
func (r *record) echo() bool {
	return !slices.ContainsFunc(r.finds, func(f hit) bool { return band(f.rank) != rankEcho && !(f.number == 1006 && f.rank == rankHint+3) })
}
