package feed

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func BenchmarkDecode(b *testing.B) {
	files, err := filepath.Glob("../../testdata/frames/*_*.bin")
	if err != nil || len(files) == 0 {
		b.Fatal("no frames", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".bin")
		if strings.HasPrefix(name, "bad_") {
			continue
		}
		frame, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			var m Message
			b.SetBytes(int64(len(frame)))
			b.ReportAllocs()
			for b.Loop() {
				if err := Decode(frame, &m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
