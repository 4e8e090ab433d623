package redact

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"
)

// What is taken out of a text that holds a secret in another spelling. The
// test of whole commands with each place and spelling is in report/command.
func TestSpellings(t *testing.T) {
	t.Parallel()
	const long, short = "Qx7-Lm9_Pz3.Rt5+Vw1/Kd8=", "Zy4-Wb6.Hn2"
	for _, tc := range []struct{ name, text, want string }{
		{"upper case", "a QX7-LM9_PZ3.RT5+VW1/KD8= b", "a [redacted] b"},
		{"eight of a long one", "a Pz3.Rt5+Vw b", "a [redacted] b"},
		{"seven of a long one", "a Pz3.Rt5+V b", "a Pz3.Rt5+V b"},
		{"a part of a short one", "a Zy4-Wb6.Hn b", "a Zy4-Wb6.Hn b"},
		{"a short one with other signs", "a ZY4 WB6 HN2, b", "a [redacted], b"},
		{"backwards", "a =8dK/1wV+5tR.3zP_9mL-7xQ b", "a =[redacted] b"},
		{"hexadecimal", "a " + hex.EncodeToString([]byte(short)) + " b", "a [redacted] b"},
		{"inside of base64", base64.StdEncoding.EncodeToString([]byte("asha:" + short + ".")), "YXNoYTp[redacted]i4="},
		{"beneath three layers", `a \\u0025255A%2579&#52;-Wb6.Hn2 b`, "a [redacted] b"},
		{"zeros in references", `a &#0000000090;&#x00000079&#x34-Wb6.Hn2 b`, "a [redacted] b"},
		{"in braces and of a browser", `a \u{5a}\x{079}%u0034-Wb6.Hn2 b`, "a [redacted] b"},
		{"colours between", "a Z\u009b1mY\x1b[31m\x1b]0;w\a4-Wb6.Hn2 b", "a [redacted] b"},
		{"colours between, in JSON", `a Z\u001b[31my4-Wb6.Hn2 b`, "a [redacted] b"},
		{"tags between", `a Z<wbr>y<b class="x">4</b>-Wb6.Hn2 b`, "a [redacted] b"},
		{"no tags between", "a <Z y < 4 > -Wb6.Hn2 b", "a <Z y < 4 > -Wb6.Hn2 b"},
		{"other forms of letters", "a Ｚ𝐲⁴-Ⓦb́⑥.Hn2 b", "a [redacted] b"},
		{"inside of base32", base32.StdEncoding.EncodeToString([]byte("ab:" + short + ".")), "MFRDU[redacted]RO"},
		{"as numbers", "a [90 121 52 45 87 98 54 46 72 110 50] b", "a [[redacted]] b"},
		{"as hexadecimal numbers", "a [0x51, 0x78, 0x37, 0x2d, 0x4c, 0x6d, 0x39, 0x5f, 0x50] b", "a [[redacted]] b"},
		{"prices", "90.12 152.45 87.98 54.46 72.11 50 at 1732423342345", "90.12 152.45 87.98 54.46 72.11 50 at 1732423342345"},
		{"soft hyphens", "a Z\u00ady\u00ad4\u00ad-\u00adW\u00adb\u00ad6.Hn2 b", "a [redacted] b"},
		{"escapes around it", `a\nZy4-Wb6.Hn2\nb`, `a\n[redacted]\nb`},
		{"two values of a document", `["Zy4-Wb","6.Hn2"]`, `["Zy4-Wb","6.Hn2"]`},
		{"letters that are not ASCII", "a पासवर्ड-é b", "a [redacted] b"},
		{"signs only", "a !#$*~| b", "a [redacted] b"},
		{"a variable's name", "UPSTOX_ACCESS_TOKEN is set", "UPSTOX_ACCESS_TOKEN is set"},
		{"an address", "GET https://bot.example.com/callback", "GET https://bot.example.com/callback"},
		{"its query", "code Mk404x-77 given", "[redacted] given"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var s Set
			s.Add(long, short, "पासवर्ड-É", "!#$*~|", "UPSTOX_ACCESS_TOKEN=Jf8kQ2nV7sX4", "https://bot.example.com/callback?code=Mk404x-77")
			got := s.String(tc.text)
			if got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			if again := s.String(got); again != got {
				t.Errorf("twice: %s", again)
			}
		})
	}
}

// A view can be traced to its source through every layer.
func TestViewsAreTraced(t *testing.T) {
	t.Parallel()
	source := `x%2541&amp;\u00e9` + "\u200b" + `é`
	v, more := view{text: source}, true
	for more {
		for i := range len(v.text) {
			if from, to := v.place(i, i+1); from >= to || int(to) > len(source) {
				t.Fatalf("%q: byte %d is from %d to %d", v.text, i, from, to)
			}
		}
		v, more = v.unescaped()
	}
	if v.text != "xA&éé" && !strings.HasPrefix(v.text, "xA&é") {
		t.Errorf("unescaped: %q", v.text)
	}
	f := v.folded(letters)
	if from, to := f.place(1, 2); f.text != "xaee" || source[from:to] != "%2541" {
		t.Errorf("folded: %q, its second byte from %q", f.text, source[from:to])
	}
}

// TestALongSecretIsFoundAtItsEnds: a page in the place of a token costs no more
// patterns than a few tokens.
func TestALongSecretIsFoundAtItsEnds(t *testing.T) {
	t.Parallel()
	random := make([]byte, 3<<18)
	rand.NewChaCha8([32]byte{}).Read(random)
	long := base64.RawURLEncoding.EncodeToString(random) // 1 MB
	if found := spell(long); len(found.letters) > 100_000 {
		t.Errorf("%d patterns", len(found.letters))
	}
	var s Set
	s.Add(long)
	for name, text := range map[string]string{
		"whole": long, "beginning": long[:20], "end": long[len(long)-20:], "near the beginning": long[maxEnd-20 : maxEnd], "near the end, hexadecimal": hex.EncodeToString([]byte(long[len(long)-maxEnd:][:20])),
	} {
		if got := s.String("got " + text + "."); strings.Contains(got, text) {
			t.Errorf("%s: %.40q", name, got)
		}
	}
}
