package feed

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

const frameDir = "../../testdata/frames"

// A goldenFrame is one frame with what it says.
type goldenFrame struct {
	Name string `json:"file"`
	Size int    `json:"bytes"`
	Want object `json:"canonical_json_enum_names"`
	data []byte
}

// goldenFrames returns the frames that frames.json lists.
func goldenFrames(t testing.TB) []goldenFrame {
	t.Helper()
	var frames []goldenFrame
	if err := json.Unmarshal(readFrame(t, "frames.json"), &frames); err != nil {
		t.Fatal(err)
	}
	if len(frames) == 0 {
		t.Fatal("no frames")
	}
	for i, f := range frames {
		frames[i].data = readFrame(t, f.Name)
		if len(frames[i].data) != f.Size {
			t.Fatalf("%s has %d bytes, want %d", f.Name, len(frames[i].data), f.Size)
		}
	}
	return frames
}

func readFrame(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(frameDir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// An object is a JSON object as encoding/json reads it. The add methods leave
// out zeros, as protobuf's JSON form does.
type object map[string]any

func (o object) double(name string, v float64) {
	if math.Float64bits(v) != 0 {
		o[name] = number(v)
	}
}

func number(v float64) any {
	switch {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 1):
		return "Infinity"
	case math.IsInf(v, -1):
		return "-Infinity"
	}
	return v
}

func (o object) integer(name string, v int64) {
	if v != 0 {
		o[name] = strconv.FormatInt(v, 10)
	}
}

// enum writes a name, or the bare number of a value without one.
func (o object) enum(name string, v int32, names []string) {
	switch {
	case v == 0:
	case v > 0 && int(v) < len(names):
		o[name] = names[v]
	default:
		o[name] = float64(v)
	}
}

func (o object) text(name string, v []byte) {
	if len(v) > 0 {
		o[name] = string(v)
	}
}

func (o object) add(name string, v object, present bool) {
	if present {
		o[name] = map[string]any(v)
	}
}

// canonical writes a message in protobuf's JSON form.
func canonical(m *Message) object {
	o, feeds, info := object{}, object{}, object{}
	o.enum("type", int32(m.Type), typeNames)
	o.integer("currentTs", m.CurrentTs)
	for _, f := range m.Feeds {
		feeds.add(string(f.Key), canonicalFeed(f), true)
	}
	o.add("feeds", feeds, len(feeds) > 0)
	segments := object{}
	for _, s := range m.Segments {
		segments[string(s.Name)] = statusNames[0]
		segments.enum(string(s.Name), int32(s.Status), statusNames)
	}
	info.add("segmentStatus", segments, len(segments) > 0)
	for name, phases := range map[string][]Phase{"casMarketStatus": m.CAS, "preOpenSessionStatus": m.PreOpen} {
		all := object{}
		for _, p := range phases {
			one := object{}
			one.text("status", p.Status)
			one.integer("updatedTime", p.Updated)
			all.add(string(p.Segment), one, true)
		}
		info.add(name, all, len(all) > 0)
	}
	o.add("marketInfo", info, len(info) > 0)
	return o
}

func canonicalFeed(f Feed) object {
	o, form := object{}, object{}
	o.enum("requestMode", int32(f.Mode), modeNames)
	if f.Form == FormLTPC {
		o.add("ltpc", canonicalLTPC(f.LTPC), f.HasLTPC)
		return o
	}
	form.add("ltpc", canonicalLTPC(f.LTPC), f.HasLTPC)
	form.add("optionGreeks", canonicalGreeks(f.Greeks), f.HasGreeks)
	form.add("marketOHLC", canonicalBars(f.OHLC), len(f.OHLC) > 0)
	form.double("atp", f.ATP)
	form.integer("vtt", f.VTT)
	form.double("oi", f.OI)
	form.double("iv", f.IV)
	form.double("tbq", f.TBQ)
	form.double("tsq", f.TSQ)
	form.double("iep", f.IEP)
	form.double("rp", f.RP)
	form.integer("ieq", f.IEQ)
	form.integer("iiqTotal", f.IIQTotal)
	form.integer("iiqM", f.IIQM)
	if f.CASEligible {
		form["casEligible"] = true
	}
	quotes := canonicalQuotes(f.Depth)
	switch f.Form {
	case FormMarket:
		form.add("marketLevel", object{"bidAskQuote": quotes}, len(quotes) > 0)
		o.add("fullFeed", object{"marketFF": map[string]any(form)}, true)
	case FormIndex:
		o.add("fullFeed", object{"indexFF": map[string]any(form)}, true)
	case FormGreeks:
		if len(quotes) > 0 {
			form["firstDepth"] = quotes[0]
		}
		o.add("firstLevelWithGreeks", form, true)
	}
	return o
}

func canonicalLTPC(l LTPC) object {
	o := object{}
	o.double("ltp", l.LTP)
	o.integer("ltt", l.LTT)
	o.integer("ltq", l.LTQ)
	o.double("cp", l.CP)
	if l.IEP.Set {
		o["iep"] = number(l.IEP.Value)
	}
	return o
}

func canonicalGreeks(g Greeks) object {
	o := object{}
	o.double("delta", g.Delta)
	o.double("theta", g.Theta)
	o.double("gamma", g.Gamma)
	o.double("vega", g.Vega)
	o.double("rho", g.Rho)
	return o
}

func canonicalQuotes(depth []Quote) []any {
	var quotes []any
	for _, q := range depth {
		o := object{}
		o.integer("bidQ", q.BidQ)
		o.double("bidP", q.BidP)
		o.integer("askQ", q.AskQ)
		o.double("askP", q.AskP)
		quotes = append(quotes, map[string]any(o))
	}
	return quotes
}

func canonicalBars(bars []OHLC) object {
	var all []any
	for _, b := range bars {
		o := object{}
		o.text("interval", b.Interval)
		o.double("open", b.Open)
		o.double("high", b.High)
		o.double("low", b.Low)
		o.double("close", b.Close)
		o.integer("vol", b.Vol)
		o.integer("ts", b.Ts)
		all = append(all, map[string]any(o))
	}
	return object{"ohlc": all}
}

// decoded decodes a good frame into a fresh message.
func decoded(t testing.TB, frame []byte) *Message {
	t.Helper()
	var m Message
	if err := Decode(frame, &m); err != nil {
		t.Fatalf("Decode(%x): %v", frame, err)
	}
	return &m
}
