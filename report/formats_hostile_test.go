package report

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
)

// hostileText is text as a broken or malicious server, file or proxy may send
// it.
var hostileText = []string{
	"", " ", "ok", "a plain sentence that is a little longer than most of them are",
	"\x1b[2J\x1b[H\x1b[31mred", "\x1b]0;title\a", "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\", "\x1b", "\x9b31m",
	"one\ntwo\r\nthree\ttabbed\vvertical\fform", "nul\x00nul", "\b\b\b\b", "\u2028line\u2029paragraph",
	strings.Repeat("x", 3000), strings.Repeat("word ", 500), strings.Repeat("日本語", 90), strings.Repeat("é\u0301", 200),
	"https://api.upstox.com/" + strings.Repeat("long/", 60), "wss://wsfeeder-api.upstox.com/feed",
	"see https://evil.example/" + strings.Repeat("y", 250) + ", or not.",
	"\u202eright to left override\u202c", "שלום עולם", "\ufeffbom", "zero\u200bwidth\u200djoiner", "👩‍👩‍👧‍👦 🇮🇳 ⚠️ 🙂", "निफ्टी ५०",
	"\xff\xfe broken utf-8 \xc3", "\ufffd", "<script>alert('&')</script>", `"quoted" 'single' $(rm -rf ~) ` + "`id`", "a|b|c",
	secret, "eyJsecret.\x00eyJpayload.sig\u200bnature", "Bearer " + secret + "\x1b[0m",
	"{target}{host}{proxy}{file}", "%s%d%!", "    indented", "…", "-rf",
}

// hostileTexts is how many texts of random reports a test takes.
func hostileTexts() int {
	if testing.Short() {
		return 1000
	}
	return 10_000
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func nastyText(r *rand.Rand) string {
	s := pick(r, hostileText...)
	for r.IntN(3) == 0 {
		s += pick(r, "", " ", "\n") + pick(r, hostileText...)
	}
	return s
}

func nastyValue(r *rand.Rand, depth int) any {
	if depth > 8 {
		return nastyText(r)
	}
	switch r.IntN(16) {
	case 0:
		return r.Int()
	case 1:
		return pick(r, 1.5, math.NaN(), math.Inf(1), math.MaxFloat64)
	case 2:
		return r.IntN(2) == 0
	case 3:
		return nil
	case 4:
		return []string{nastyText(r), nastyText(r)}
	case 5:
		return map[string]any{nastyText(r): nastyValue(r, depth+1), "name": nastyValue(r, depth+1)}
	case 6:
		return []any{nastyValue(r, depth+1), nastyValue(r, depth+1)}
	case 7:
		return errors.New(nastyText(r))
	case 8:
		return time.Duration(r.Int64())
	case 9:
		return time.Unix(r.Int64N(1e10), 0)
	case 10:
		return []byte(nastyText(r))
	case 11:
		return struct{ A, B any }{nastyText(r), nastyText(r)}
	case 12:
		return make([]int, r.IntN(200))
	case 13:
		return func() {}
	}
	return nastyText(r)
}

// hostileReport is any report that the runner could make from hostile results.
// IDs and codes are our own source's and stay sane; some codes are unknown.
func hostileReport(seed uint64) doctor.Report {
	r := rand.New(rand.NewPCG(seed, 7))
	rep := doctor.Report{
		Started: time.Unix(r.Int64N(4e9), r.Int64N(1e9)).UTC(), Duration: time.Duration(r.Int64N(1e12)),
		End: pick(r, doctor.Complete, doctor.Complete, doctor.Interrupted, doctor.OutOfTime, doctor.Faulty),
	}
	for range r.IntN(24) {
		id := pick(r, "environment.files", "network.dns", "network.dns", "network.certificate-transparency", "authorize", "ticks.live")
		res := doctor.Result{
			ID: id, Title: nastyText(r), Target: nastyText(r), Message: nastyText(r),
			Status:   pick(r, doctor.Pass, doctor.Warn, doctor.Fail, doctor.Skip),
			Duration: time.Duration(r.Int64N(1e12) - 1e9),
		}
		switch res.Status {
		case doctor.Warn, doctor.Fail:
			res.Code = pick(r, "", "token-expired", "tcp-timeout", "clock-skew", "token-file-permissions", "unknown-to-all")
			res.Confidence = pick(r, "", doctor.Certain, doctor.Likely, doctor.Possible)
			res.CausedBy = pick(r, "", "", "network.clock")
		case doctor.Skip:
			res.BlockedBy = pick(r, "", "network.tcp")
		case doctor.Pass:
			res.Code = pick(r, "", "market-closed")
		}
		for i := range r.IntN(20) {
			res.Evidence.Add(pick(r, "host", "proxy", "file", "skew_seconds", "", fmt.Sprint("e", i), nastyText(r)), nastyValue(r, 0))
		}
		if r.IntN(4) > 0 {
			res.Began = rep.Started.Add(time.Duration(r.Int64N(1e12) - 1e9))
		}
		rep.Results = append(rep.Results, res)
	}
	return rep
}
