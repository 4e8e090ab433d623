package feed

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

// A broken frame must name the byte at which it breaks, and why.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, frame string
		offset      int
		what        string
	}{
		{"cut in a field number", "0801 98", 2, "FeedResponse: field number: varint runs past the end"},
		{"field number without end", "ffffffffffffffffffff01", 0, "FeedResponse: field number: varint has no end"},
		{"field number zero", "0801 00", 2, "FeedResponse: field number out of range"},
		{"field number too large", "8080808010 00", 0, "FeedResponse: field number out of range"},
		{"cut in a number", "18 e0f9", 1, "FeedResponse.currentTs: varint runs past the end"},
		{"number missing", "08", 1, "FeedResponse.type: varint runs past the end"},
		{"number without end", "18 ffffffffffffffffffff01", 1, "FeedResponse.currentTs: varint has no end"},
		{"number for a message", "1001", 0, "FeedResponse.feeds: wire type 0, want 2"},
		{"message for a number", "0a00", 0, "FeedResponse.type: wire type 2, want 0"},
		{"length past the end", "0801 1231 0a", 3, "FeedResponse.feeds: length 49 runs past the end"},
		{"length cut", "1280", 1, "FeedResponse.feeds: length: varint runs past the end"},
		{"huge length", "12 ffffffffffffffffff01", 1, "FeedResponse.feeds: length 18446744073709551615 runs past the end"},
		{"key past its entry", "1202 0a12 4e53", 3, "FeedsEntry.key: length 18 runs past the end"},
		{"key not UTF-8", "1204 0a02 4eff", 4, "FeedsEntry.key: not UTF-8"},
		{"value of an entry is a number", "1202 1001", 2, "FeedsEntry.value: wire type 0, want 2"},
		{"unknown form of feed cut", "1204 1202 2a05", 5, "Feed field 5: length 5 runs past the end"},
		{"mode is a message", "1204 1202 2200", 4, "Feed.requestMode: wire type 2, want 0"},
		{"price cut", "1207 1205 0a03 090000", 7, "LTPC.ltp: value runs past the end"},
		{"price as a number", "1206 1204 0a02 0901", 7, "LTPC.ltp: value runs past the end"},
		{"price with wire type of a float", "1209 1207 0a05 0d00000000", 6, "LTPC.ltp: wire type 5, want 1"},
		{"equilibrium price cut", "1208 1206 0a04 2a02 0900", 9, "DoubleValue.value: value runs past the end"},
		{"equilibrium price as plain double", "1207 1205 0a03 290000", 6, "LTPC.iep: wire type 1, want 2"},
		{"level cut", "120c 120a 1208 0a06 1204 0a02 1100", 13, "Quote.bidP: value runs past the end"},
		{"bar's name not UTF-8", "120d 120b 1209 0a07 2205 0a03 0a01c0", 14, "OHLC.interval: not UTF-8"},
		{"eligibility as a message", "1209 1207 1205 0a03 820100", 8, "MarketFullFeed.casEligible: wire type 2, want 0"},
		{"eligibility cut", "1208 1206 1204 0a02 8001", 10, "MarketFullFeed.casEligible: varint runs past the end"},
		{"greeks cut", "1208 1206 1a04 1a02 2100", 9, "OptionGreeks.vega: value runs past the end"},
		{"status is a message", "2204 0a02 1200", 4, "SegmentStatusEntry.value: wire type 2, want 0"},
		{"phase is a number", "2204 1202 1001", 4, "StatusInfoEntry.value: wire type 0, want 2"},
		{"phase's name not UTF-8", "2207 1a05 1203 0a01ff", 8, "StatusInfo.status: not UTF-8"},
		{"end of no group", "0801 54", 3, "FeedResponse field 10: end of a group that never began"},
		{"group without end", "53 0801", 1, "FeedResponse field 10: group runs past the end"},
		{"group with another's end", "53 5c", 1, "FeedResponse field 10: group is malformed"},
		{"wire type that does not exist", "56", 1, "FeedResponse field 10: wire type 6 does not exist"},
		{"unknown fixed number cut", "550000", 1, "FeedResponse field 10: value runs past the end"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			frame, err := hex.DecodeString(strings.ReplaceAll(tc.frame, " ", ""))
			if err != nil {
				t.Fatal(err)
			}
			wantFault(t, frame, tc.offset, tc.what)
		})
	}
}

func wantFault(t *testing.T, frame []byte, offset int, what string) {
	t.Helper()
	var m Message
	err := Decode(frame, &m)
	var bad *DecodeError
	if !errors.As(err, &bad) {
		t.Fatalf("error is %v, want one at byte %d: %s", err, offset, what)
	}
	if bad.Offset != offset || bad.What != what {
		t.Errorf("fault at byte %d: %s\n want at byte %d: %s", bad.Offset, bad.What, offset, what)
	}
}

func TestBadFrames(t *testing.T) {
	t.Parallel()
	wantFault(t, readFrame(t, "bad_truncated.bin"), 3, "FeedResponse.feeds: length 49 runs past the end")
	wantFault(t, readFrame(t, "bad_not_protobuf.bin"), 1, "FeedResponse field 15: group runs past the end")
}

func TestDecodeErrorText(t *testing.T) {
	t.Parallel()
	err := &DecodeError{Offset: 3, What: "FeedResponse.feeds: length 49 runs past the end"}
	if got, want := err.Error(), "frame byte 3: FeedResponse.feeds: length 49 runs past the end"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What came before the fault is kept.
func TestBeforeTheFault(t *testing.T) {
	t.Parallel()
	var m Message
	if err := Decode([]byte{0x08, 0x02, 0x12}, &m); err == nil || m.Type != MarketInfo {
		t.Errorf("type %s, error %v", m.Type, err)
	}
}

// A frame may not ask for many times its own size.
func TestEntryLimit(t *testing.T) {
	t.Parallel()
	for name, entry := range map[string]string{"feeds": "1200", "segments": "22020a00"} {
		one, _ := hex.DecodeString(entry)
		var m Message
		frame := []byte(strings.Repeat(string(one), maxEntries))
		if err := Decode(frame, &m); err != nil {
			t.Errorf("%s at the limit: %v", name, err)
		}
		err := Decode(append(frame, one...), &m)
		if err == nil || !strings.Contains(err.Error(), "more than 65536 entries") {
			t.Errorf("%s beyond the limit: %v", name, err)
		}
	}
	for name, f := range map[string]func(*Feed, []byte) *DecodeError{
		"MarketLevel.bidAskQuote": func(f *Feed, b []byte) *DecodeError { return f.levels(b, 0) },
		"MarketOHLC.ohlc":         func(f *Feed, b []byte) *DecodeError { return f.bars(b, 0) },
	} {
		err := f(new(Feed), []byte(strings.Repeat("\n\x00", maxEntries+1)))
		if err == nil || err.What != name+": more than 65536 entries" || err.Offset < 2*maxEntries {
			t.Errorf("%s beyond the limit: %v", name, err)
		}
	}
}

// Groups within groups must not exhaust the stack.
func TestDeepGroups(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("\x53", 1<<20) + strings.Repeat("\x54", 1<<20)
	wantFault(t, []byte(deep), 1, "FeedResponse field 10: group is malformed")
}
