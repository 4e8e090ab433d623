package feed

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"upstox-doctor/checks/catalog"
)

const control = "NSE_INDEX|Nifty 50"

// A key is found whatever came before it, and one that was not requested is not.
func TestKeysAreFoundInAnyOrder(t *testing.T) {
	t.Parallel()
	if NewReader(control).find([]byte("NSE_EQ|1")) != nil {
		t.Error("found among none")
	}
	const keys = 50
	var all []string
	for i := range keys {
		all = append(all, "NSE_EQ|"+strconv.Itoa(i))
	}
	r := NewReader(control, append(all, all[0])...)
	dice := rand.New(rand.NewPCG(1, 2))
	for round := range 100 {
		order := dice.Perm(keys + 1) // the last is not wanted
		if round%2 == 0 {
			order = dice.Perm(keys)[:10]
		}
		for range 2 { // the second time as it was foreseen
			for _, n := range order {
				key := "NSE_EQ|" + strconv.Itoa(n)
				if got := r.find([]byte(key)); (got != nil) != (n < keys) || got != nil && got.Key != key {
					t.Fatalf("%s is found as %v", key, got)
				}
			}
		}
	}
}

// frame is a live frame with a price of each key.
func frame(keys ...string) []byte {
	b := []byte{1 << 3, 1}
	for i, key := range keys {
		ltpc := []byte{1<<3 | 1, 0, 0, 0, 0, 0, 0, byte(i), 0x40}
		one := append([]byte{1<<3 | 2, byte(len(ltpc))}, ltpc...)
		entry := append([]byte{1<<3 | 2, byte(len(key))}, key...)
		entry = append(append(entry, 2<<3|2, byte(len(one))), one...)
		b = append(append(b, 2<<3|2, byte(len(entry))), entry...)
	}
	return b
}

// A key that was not requested is in no tick and not in Message; the control key
// is recorded nevertheless.
func TestReaderHandsOnWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 15, 0, 0, time.UTC)
	for _, tc := range []struct {
		name               string
		asked, sent        []string
		kept               int
		priced, controlled bool
	}{
		{"all that was asked for", []string{"A|1", "A|2"}, []string{"A|1", "A|2"}, 2, true, false},
		{"the control key first", []string{"A|1", "A|2"}, []string{control, "A|1", "A|2"}, 2, true, true},
		{"the control key alone", []string{"A|1"}, []string{control}, 0, false, true},
		{"the control key was asked for", []string{control}, []string{control}, 1, true, true},
		{"keys of nobody around", []string{"A|1"}, []string{"B|1", "A|1", "B|2", "B|3"}, 1, true, false},
		{"only keys of nobody", []string{"A|1"}, []string{"B|1", "B|2"}, 0, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := NewReader(control, tc.asked...)
			for range 2 { // the second frame finds the room of the first
				if err := r.Frame(now, frame(tc.sent...)); err != nil {
					t.Fatal(err)
				}
				if len(r.Message.Feeds) != tc.kept || r.Priced != tc.priced || r.Controlled != tc.controlled {
					t.Errorf("%d feeds, priced %t, controlled %t", len(r.Message.Feeds), r.Priced, r.Controlled)
				}
			}
			for i, key := range tc.sent {
				want := float64(0)
				if i > 0 {
					want = r.price(frame(tc.sent...), key)
				}
				if tick := r.Tick(key); tick != nil && (tick.Count != 2 || i > 0 && tick.LTP != want) {
					t.Errorf("%s: %+v, want price %v", key, tick, want)
				}
			}
			if r.Reconnected(); r.Priced || r.Controlled || r.Frames != 0 || tc.kept > 0 && !r.Ticks[0].Seen {
				t.Errorf("after a reconnect: %+v", r)
			}
		})
	}
}

// price is that of a key in a frame.
func (r *Reader) price(data []byte, key string) float64 {
	var m Message
	if err := Decode(data, &m); err != nil {
		return -1
	}
	for i := range m.Feeds {
		if string(m.Feeds[i].Key) == key {
			return m.Feeds[i].LTPC.LTP
		}
	}
	return -1
}

func TestReaderBoundsSegments(t *testing.T) {
	t.Parallel()
	r := NewReader(control)
	for i := range 2 * maxSegments {
		name := fmt.Sprintf("S%04d", i)
		info := append([]byte{1<<3 | 2, byte(len(name) + 4), 1<<3 | 2, byte(len(name))}, name...)
		info = append(info, 2<<3, 2)
		info[1] = byte(len(info) - 2)
		b := append([]byte{1 << 3, 2, 4<<3 | 2, byte(len(info))}, info...)
		if err := r.Frame(time.Time{}, b); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.Status) != maxSegments {
		t.Errorf("%d segments", len(r.Status))
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for _, tc := range []struct {
		name string
		r    Reader
		mode string
		plus *bool
		want *catalog.Entry // nil if nothing is missing
		key  string
	}{
		{name: "nothing at all", want: catalog.StreamSilent},
		{name: "only a pong", r: Reader{Pong: true}, want: catalog.StreamSilent},
		{name: "market_info", r: Reader{Frames: 1}, want: catalog.StreamStalled},
		{name: "market_info and a pong", r: Reader{Frames: 1, Pong: true}, want: catalog.NoSnapshot},
		{name: "the control key", r: Reader{Frames: 2, Controlled: true}, want: catalog.InstrumentUnknown, key: "A|1"},
		{name: "the key", r: Reader{Frames: 2, Priced: true}},
		{name: "thirty levels by another plan", r: Reader{Frames: 2, Controlled: true}, mode: "full_d30", plus: &no, want: catalog.PlanLimit, key: "A|1"},
		{name: "thirty levels on a dead stream", r: Reader{Frames: 2}, mode: "full_d30", plus: &no, want: catalog.StreamStalled},
		{name: "thirty levels by Plus", r: Reader{Frames: 2, Controlled: true}, mode: "full_d30", plus: &yes, want: catalog.InstrumentUnknown, key: "A|1"},
		{name: "five levels by another plan", r: Reader{Frames: 2, Controlled: true}, mode: "full", plus: &no, want: catalog.InstrumentUnknown, key: "A|1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tc.r.Ticks, tc.r.Control = []Tick{{Key: "A|1"}}, Tick{Key: control}
			missing := tc.r.Missing(tc.mode, tc.plus)
			if missing == nil || tc.want == nil {
				if missing != nil || tc.want != nil {
					t.Errorf("got %v, want %v", missing, tc.want)
				}
				return
			}
			if got := catalog.Classify(missing.Symptom(), catalog.NotKnown); got != tc.want || missing.Key != tc.key || missing.Error() == "" {
				t.Errorf("got %s %s: %v", got.Code, missing.Key, missing)
			}
		})
	}
}

func TestEndsAreRecognised(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		end  End
		want *catalog.Entry
	}{
		{End{}, catalog.StreamDropped},
		{End{Err: errors.New("reset")}, catalog.StreamDropped},
		{End{Clean: true, Code: 1001}, catalog.StreamClosed},
		{End{Malformed: catalog.KindCorrupt, Err: errors.New("reserved bits")}, catalog.FrameCorrupt},
		{End{Malformed: catalog.KindTooBig}, catalog.FrameTooBig},
	} {
		if got := catalog.Classify(tc.end.Symptom(), catalog.NotKnown); got != tc.want {
			t.Errorf("%+v is %s, want %s", tc.end, got.Code, tc.want.Code)
		}
	}
}
