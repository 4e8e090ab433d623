package feed

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

func diff(t *testing.T, name string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

func TestGoldenFrames(t *testing.T) {
	t.Parallel()
	for _, f := range goldenFrames(t) {
		diff(t, f.Name, canonical(decoded(t, f.data)), f.Want)
	}
}

// A message that is used again must keep nothing of the frame before.
func TestReuse(t *testing.T) {
	t.Parallel()
	frames := goldenFrames(t)
	var m Message
	for _, first := range frames {
		for _, second := range frames {
			for _, f := range []goldenFrame{first, second} {
				if err := Decode(f.data, &m); err != nil {
					t.Fatal(err)
				}
			}
			diff(t, second.Name+" after "+first.Name, canonical(&m), second.Want)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	for _, f := range goldenFrames(t) {
		var m Message
		allocs := testing.AllocsPerRun(50, func() {
			if err := Decode(f.data, &m); err != nil {
				t.Fatal(err)
			}
		})
		if allocs != 0 {
			t.Errorf("%s: %v allocations per frame, want none", f.Name, allocs)
		}
	}
}

func TestEmptyFrame(t *testing.T) {
	t.Parallel()
	m := decoded(t, nil)
	if m.Type != InitialFeed || m.Type.String() != "initial_feed" || len(m.Feeds) != 0 {
		t.Errorf("empty frame decodes to %+v", m)
	}
}

// A frame cut anywhere gives an error with an offset within it, or a message
// with part of its content; never a panic.
func TestTruncation(t *testing.T) {
	t.Parallel()
	for _, f := range goldenFrames(t) {
		for n := range f.data {
			var m Message
			err := Decode(f.data[:n:n], &m)
			checkError(t, err, n)
			if _, bad := official(f.data[:n]); (err == nil) != (bad == nil) {
				t.Errorf("%s cut to %d bytes: %v, but protobuf says %v", f.Name, n, err, bad)
			}
			if len(m.Feeds) > 2 || len(m.Segments) > 11 {
				t.Errorf("%s cut to %d bytes has grown", f.Name, n)
			}
		}
	}
}

func checkError(t *testing.T, err error, size int) {
	t.Helper()
	var bad *DecodeError
	switch {
	case err == nil:
	case !errors.As(err, &bad):
		t.Fatalf("error is a %T, want *DecodeError", err)
	case bad.Offset < 0 || bad.Offset > size || bad.What == "":
		t.Fatalf("error of a frame of %d bytes: %+v", size, bad)
	}
}

// unknownFields has one unknown field of each wire type, a group within a group
// among them.
func unknownFields() []byte {
	b := protowire.AppendVarint(protowire.AppendTag(nil, 900, protowire.VarintType), 1<<63)
	b = protowire.AppendFixed64(protowire.AppendTag(b, 901, protowire.Fixed64Type), 7)
	b = protowire.AppendBytes(protowire.AppendTag(b, 902, protowire.BytesType), []byte("new"))
	b = protowire.AppendFixed32(protowire.AppendTag(b, 17, protowire.Fixed32Type), 7)
	inner := protowire.AppendGroup(protowire.AppendTag(nil, 1, protowire.StartGroupType), 1, nil)
	return protowire.AppendGroup(protowire.AppendTag(b, 1<<29-1, protowire.StartGroupType), 1<<29-1, inner)
}

// rewritten copies a message, passing it and all messages within through edit.
func rewritten(md protoreflect.MessageDescriptor, b []byte, edit func(protoreflect.MessageDescriptor, []byte) []byte) []byte {
	var out []byte
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		size := protowire.ConsumeFieldValue(num, typ, b[n:])
		field := b[:n+size]
		if fd := md.Fields().ByNumber(num); fd.Message() != nil {
			inner, _ := protowire.ConsumeBytes(b[n:])
			out = protowire.AppendBytes(append(out, b[:n]...), rewritten(fd.Message(), inner, edit))
		} else {
			out = append(out, field...)
		}
		b = b[n+size:]
	}
	return edit(md, out)
}

func TestUnknownFieldsAtEveryLevel(t *testing.T) {
	t.Parallel()
	for _, f := range goldenFrames(t) {
		levels := 0
		frame := rewritten(responseType(), f.data, func(_ protoreflect.MessageDescriptor, b []byte) []byte {
			levels++
			return append(append(unknownFields(), b...), unknownFields()...)
		})
		diff(t, f.Name, canonical(decoded(t, frame)), f.Want)
		if levels == 1 && f.Name != "live_feed_empty_feeds.bin" {
			t.Errorf("%s: no inner message was reached", f.Name)
		}
	}
}

// A server of before 2026 sends neither auctions nor their states.
func TestOldSchema(t *testing.T) {
	t.Parallel()
	recent := map[protoreflect.Name]bool{
		"iep": true, "rp": true, "ieq": true, "iiqTotal": true, "iiqM": true, "casEligible": true,
		"casMarketStatus": true, "preOpenSessionStatus": true,
	}
	removed := 0
	for _, f := range goldenFrames(t) {
		frame := rewritten(responseType(), f.data, func(md protoreflect.MessageDescriptor, b []byte) []byte {
			var out []byte
			for len(b) > 0 {
				num, _, n := protowire.ConsumeField(b)
				if recent[md.Fields().ByNumber(num).Name()] {
					removed++
				} else {
					out = append(out, b[:n]...)
				}
				b = b[n:]
			}
			return out
		})
		want, err := official(frame)
		if err != nil {
			t.Fatal(err)
		}
		m := decoded(t, frame)
		diff(t, f.Name, canonical(m), want)
		if m.CAS != nil || m.PreOpen != nil {
			t.Errorf("%s: phases out of nothing", f.Name)
		}
	}
	if removed != 3 {
		t.Errorf("%d recent fields removed, want 3: the frames no longer hold what this test is about", removed)
	}
}

// Every field of the schema, each with a value of its own, in reverse order.
func TestEveryField(t *testing.T) {
	t.Parallel()
	for _, choice := range []int{1, 2, 3} {
		for _, full := range []int{1, 2} {
			n := uint64(0)
			frame := everything(responseType(), choice, full, &n)
			want, err := official(frame)
			if err != nil {
				t.Fatal(err)
			}
			diff(t, "everything", canonical(decoded(t, frame)), want)
		}
	}
}

// everything writes all fields of a message; of the unions in Feed and
// FullFeed only the members with the given numbers.
func everything(md protoreflect.MessageDescriptor, choice, full int, n *uint64) []byte {
	var b []byte
	for i := md.Fields().Len() - 1; i >= 0; i-- {
		fd := md.Fields().Get(i)
		union := map[protoreflect.Name]int{"Feed": choice, "FullFeed": full}[md.Name()]
		if fd.ContainingOneof() != nil && int(fd.Number()) != union {
			continue
		}
		*n++
		switch fd.Kind() {
		case protoreflect.MessageKind:
			inner := everything(fd.Message(), choice, full, n)
			b = protowire.AppendBytes(protowire.AppendTag(b, fd.Number(), protowire.BytesType), inner)
		case protoreflect.StringKind:
			b = protowire.AppendString(protowire.AppendTag(b, fd.Number(), protowire.BytesType), strings.Repeat("é", int(*n)))
		case protoreflect.DoubleKind:
			b = protowire.AppendFixed64(protowire.AppendTag(b, fd.Number(), protowire.Fixed64Type), *n<<52)
		case protoreflect.EnumKind:
			b = protowire.AppendVarint(protowire.AppendTag(b, fd.Number(), protowire.VarintType), 1)
		default:
			b = protowire.AppendVarint(protowire.AppendTag(b, fd.Number(), protowire.VarintType), *n<<40|1)
		}
	}
	return b
}

// A union holds its last member, and merges what comes in parts.
func TestUnions(t *testing.T) {
	t.Parallel()
	for name, hexFrame := range map[string]string{
		"ltpc then index":               "12 18 0a0141 12 13 0a0b 09 9999999999999940 1005 12041202 0a00",
		"greeks then ltpc":              "12 11 0a0141 12 0c 1a06 0a02 1007 2009 0a02 1008",
		"market then index in one full": "12 11 0a0141 12 0c 120a 0a02 3005 1204 0a02 1007",
		"market in two parts":           "12 13 0a0141 12 0e 1206 0a04 0a02 1007 1204 0a02 3009",
		"full emptied by ltpc and back": "12 11 0a0141 12 0c 1204 0a02 3009 0a02 1008 1200",
		"value of an entry in parts":    "12 0d 0a0141 1204 0a02 1007 1202 2002",
		"key twice in a frame":          "12 09 0a0141 1204 0a02 1007 12 09 0a0141 1204 0a02 1809",
		"first level in parts":          "12 11 0a0141 12 0c 1a0a 1202 0805 1204 0807 1809",
		"enum values of the future":     "0809 12 07 0a0141 1202 2009 22 07 0a05 0a0141 1009",
		"negative enum":                 "08 ffffffffffffffffff01",
		"overlong tag":                  "8800 02 9880 00 07",
	} {
		frame, err := hex.DecodeString(strings.ReplaceAll(hexFrame, " ", ""))
		if err != nil {
			t.Fatal(name, err)
		}
		want, err := official(frame)
		if err != nil {
			t.Errorf("%s: the case itself is wrong: %v", name, err)
			continue
		}
		m := decoded(t, frame)
		diff(t, name, pruned(canonical(m)), pruned(want))
		if len(m.Feeds) > 0 && len(m.Feeds[0].Depth) > 1 {
			t.Errorf("%s: %d levels of one", name, len(m.Feeds[0].Depth))
		}
	}
}

// Keys are views: appending to one must not write into the frame.
func TestViews(t *testing.T) {
	t.Parallel()
	frame := bytes.Clone(readFrame(t, "live_feed_ltpc_nifty50.bin"))
	key := decoded(t, frame).Feeds[0].Key
	if &key[0] != &frame[6] || cap(key) != len(key) {
		t.Errorf("key %q with room for %d bytes is no view into the frame alone", key, cap(key))
	}
}
