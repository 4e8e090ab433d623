package token

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func FuzzParse(f *testing.F) {
	good := jwt(header, claims, signature)
	for _, s := range []string{"", good, good[:len(good)/2], good[9:], "mk404x", word20, "a.b.c", "eyJ..", "....", jwt("{}", `{"exp":1e308,"iat":"-1","isPlus":true}`, "s"), jwt("{}", `{"exp":`+strings.Repeat("9", 400)+`}`, "s")} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		tok := Parse(raw)
		if tok.Value() != raw {
			t.Fatal("Value is not what was parsed")
		}
		if (tok.Form == Malformed) != (tok.Malformation != "") || tok.Form != Malformed && tok.Form != JWT && tok.Form != Opaque {
			t.Fatalf("form %q because %q", tok.Form, tok.Malformation)
		}
		if (tok.Kind() == "") != (tok.Form == Malformed) {
			t.Errorf("kind %q of a %s token", tok.Kind(), tok.Form)
		}
		if tok.Form != Malformed && strings.ContainsAny(raw, " \r\n\t\"'\x00") {
			t.Error("a token that no header can carry")
		}
		shown := fmt.Sprintf("%s %v %+v %#v %d", tok.Malformation, tok, tok, tok, tok)
		if len(raw) >= 20 && strings.Contains(shown, raw) {
			t.Error("the token is shown")
		}
		now := time.Unix(1795410000, 0)
		if left, known := tok.Left(now); known && (left <= 0) != tok.Expired(now) {
			t.Errorf("left %s, expired %v", left, tok.Expired(now))
		}
		if y := tok.Expires.Year(); y > 9999 {
			t.Errorf("ends in the year %d", y)
		}
	})
}

func FuzzParseFile(f *testing.F) {
	for _, s := range []string{
		"", word20, "\ufeff" + word20 + "\r\n", `"` + word20 + `"`, `{"access_token":"x","date":"2026-11-20"}`, `{"data":{"token":null}}`, `{"access_token":`, "[[",
		`{"status":"error","errors":[{"errorCode":"UDAPI1"},5]}`, "UPSTOX_ACCESS_TOKEN='x'\n", "token=\"x", "\xff\xfeA\x00", "A\x00", "{your_token}", "\n{\"token\":{}}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := ParseFile(data)
		if err != nil {
			var e *FileError
			if !errors.As(err, &e) || e.Line > 1+strings.Count(string(data), "\n")+strings.Count(string(data), "\r") {
				t.Fatalf("error %#v", err)
			}
			if file.Token != "" {
				t.Error("a token besides the error")
			}
			return
		}
		if file.Empty && file.Token != "" || file.Exists || file.Format == "" {
			t.Errorf("%+v", file)
		}
		if file.Token == "" && !file.Empty && file.Note == "" {
			t.Error("no token, and no word about it")
		}
		if file.Format == "plain" && !file.Empty && file.Token != string(data) {
			t.Error("plain text was changed")
		}
		if len(file.Token) > 20 && strings.Contains(file.Note+file.String(), file.Token) {
			t.Error("the token is shown")
		}
	})
}
