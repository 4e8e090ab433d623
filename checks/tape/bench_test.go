package tape

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"upstox-doctor/checks/redact"
)

// frame is one that changes as a live one does: five keys, each with a price,
// a time and a close.
func frame(r *rand.Rand, at time.Time) []byte {
	var b []byte
	for i := range 5 {
		b = append(b, fmt.Sprintf("\x12\x2e\x0a\x12NSE_EQ|INE%09d\x12\x18\x0a\x16\x09", 100+i)...)
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(math.Round(20*(1000+float64(i)+r.Float64()))/20))
		b = binary.AppendUvarint(append(b, 0x10), uint64(at.UnixMilli()-r.Int64N(900)))
		b = binary.AppendUvarint(append(b, 0x18), uint64(r.IntN(400)))
		b = binary.LittleEndian.AppendUint64(append(b, 0x21), math.Float64bits(1000+float64(i)))
	}
	return binary.AppendUvarint(append(b, 0x18), uint64(at.UnixMilli()))
}

// BenchmarkFrame writes an hour of five keys at four frames a second, flushed
// each second as the timer would, and reports what that takes on the disk.
func BenchmarkFrame(b *testing.B) {
	var s redact.Set
	s.Add(jwt, "s3cr3t-of-the-app", "mk404x", "0b1f9d2c-requestid")
	path := filepath.Join(b.TempDir(), "tape")
	w, err := Open(b.Context(), path, head, Options{Secrets: &s})
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	at, bytes := began, 0
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		at = at.Add(250 * time.Millisecond)
		data := frame(r, at)
		bytes += len(data)
		w.Add(Entry{At: at, Kind: "frame", Data: data, Frame: true})
		if i%4 == 3 {
			w.mu.Lock()
			w.flush()
			w.mu.Unlock()
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/float64(b.N)*4*3600/1e6, "MB/hour")
	b.ReportMetric(float64(bytes)/float64(b.N), "bytes/frame")
}
