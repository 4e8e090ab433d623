package login

import (
	"errors"
	"net"
	"strings"
	"testing"

	"upstox-doctor/checks/catalog"
)

func TestPasted(t *testing.T) {
	t.Parallel()
	ours := "state=" + theState
	for _, tc := range []struct {
		name, text, code string
		want             *catalog.Entry
	}{
		{"the bare code", "mk404x", "mk404x", nil},
		{"with blanks and a line end", "  mk404x \r\n", "mk404x", nil},
		{"in quotes", `"mk404x"`, "mk404x", nil},
		{"the whole address", "https://me.example/cb?code=mk404x&" + ours, "mk404x", nil},
		{"in another order, with a fragment", "https://me.example/cb?" + ours + "&x=1&code=mk404x#top", "mk404x", nil},
		{"the query alone", "?code=mk404x&" + ours, "mk404x", nil},
		{"without the question mark", "code=mk404x&" + ours, "mk404x", nil},
		{"nothing", " \n", "", catalog.LoginCancelled},
		{"a cancelled login", "https://me.example/cb?error=access_denied&" + ours, "", catalog.LoginCancelled},
		{"another login's address", "https://me.example/cb?code=mk404x&state=other", "", catalog.LoginStateMismatch},
		{"an address without state", "https://me.example/cb?code=mk404x", "", catalog.LoginStateMismatch},
		{"an address without code", "https://me.example/cb", "", catalog.LoginAddressInvalid},
		{"an empty code", "https://me.example/cb?code=&" + ours, "", catalog.LoginAddressInvalid},
		{"two codes", "?code=one12&code=two34&" + ours, "", catalog.LoginAddressInvalid},
		{"a sentence", "it did not work", "", catalog.LoginAddressInvalid},
		{"a code with a line end inside", "?code=a%0aHost&" + ours, "", catalog.LoginAddressInvalid},
		{"a word", "hello", "", catalog.LoginAddressInvalid},
		{"a short word", "qr", "", catalog.LoginAddressInvalid},
		{"six letters", "mkabcx", "mkabcx", nil},
		{"too long", strings.Repeat("x", 300), "", catalog.LoginAddressInvalid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := parsePasted(tc.text, theState)
			f, _ := errors.AsType[*Failure](err)
			if got != tc.code || (tc.want == nil) != (err == nil) || f != nil && f.Entry != tc.want {
				t.Errorf("got %q, %v", got, err)
			}
			if err != nil && (strings.Contains(err.Error(), "mk404x") || strings.Contains(err.Error(), theState)) {
				t.Errorf("the error shows the answer: %v", err)
			}
		})
	}
}

func FuzzPasted(f *testing.F) {
	for _, s := range []string{"mk404x", "http://h/?code=a&state=b", "?", "code=%zz", "\x00", "http://h/?error=x&state=" + theState} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		code, err := parsePasted(text, theState)
		if (err == nil) != bareCode.MatchString(code) {
			t.Fatalf("%q: %q, %v", text, code, err)
		}
		if err == nil && strings.Contains(text, "state=") && !strings.Contains(text, theState) && code != strings.TrimSpace(text) {
			if strings.ContainsAny(text, "?&") && !strings.Contains(text, "%") {
				t.Fatalf("%q is accepted with a foreign state", text)
			}
		}
	})
}

func TestLanding(t *testing.T) {
	t.Parallel()
	for redirect, want := range map[string]bool{
		"http://127.0.0.1:8710/cb": true, "http://localhost/cb": true, "http://LOCALHOST:1/": true, "http://[::1]:80/": true, "http://127.9.9.9:1": true,
		"https://127.0.0.1:8710/cb": false, "http://192.168.1.2:80/": false, "http://me.example/cb": false, "http://localhost.evil.example/": false,
		"http://127.0.0.1:0/": false, "http://u:p@127.0.0.1/": false, "http://[::1%25lo]:1/": false, "ftp://localhost/": false, "localhost:80": false,
		"http://0.0.0.0:80/": false, "http://127.1:80/": false, "": false, "http://[::ffff:127.0.0.1]:80/": true, ":": false,
	} {
		if _, got := landing(redirect); got != want {
			t.Errorf("%s: %t", redirect, got)
		}
	}
}

// TestTakenPort has another program on one of the addresses already: the
// browser's answer could go there.
func TestTakenPort(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ other, redirect string }{
		{"127.0.0.1:0", "http://127.0.0.1:%d/cb"}, {"127.0.0.1:0", "http://localhost:%d/cb"}, {"[::1]:0", "http://localhost:%d/cb"},
	} {
		ln, err := net.Listen("tcp", tc.other)
		if err != nil {
			continue // no IPv6
		}
		defer ln.Close()
		_, port, _ := net.SplitHostPort(ln.Addr().String())
		at, _ := landing(strings.Replace(tc.redirect, "%d", port, 1))
		l, err := listen(t.Context(), at, theState, NewLanding("", ""))
		f, _ := errors.AsType[*Failure](err)
		if l != nil || f == nil || f.Entry != catalog.LoginPortBusy {
			t.Errorf("%s beside %s: %v", at, ln.Addr(), err)
		}
	}
}

func TestSecondLoginFindsThePortBusyAndTheFirstGoesOn(t *testing.T) {
	t.Parallel()
	first, at := open(t, "http://127.0.0.1:%d/cb")
	u, _ := landing(at)
	if _, err := listen(t.Context(), u, "another", NewLanding("", "")); err == nil {
		t.Error("two logins listen at once")
	}
	wantNotAccepted(t, first, at)
	first.server.Close()
	again, err := listen(t.Context(), u, theState, NewLanding("", ""))
	if err != nil {
		t.Fatal("the port is not free after the login:", err)
	}
	again.server.Close()
}
