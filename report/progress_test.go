package report

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"upstox-doctor/checks/doctor"
)

func TestProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := NewProgress(&out, true)
		last := func() string {
			p.mu.Lock()
			defer p.mu.Unlock()
			lines := strings.Split(out.String(), "\r\x1b[K")
			return lines[len(lines)-1]
		}
		dns := doctor.Check{ID: "network.dns", Target: api}
		p.Observe(doctor.Event{Check: doctor.Check{ID: "token.present"}})
		p.Observe(doctor.Event{Check: dns})
		if got, want := last(), "0 done, checking token.present and 1 more"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		p.Observe(doctor.Event{Check: doctor.Check{ID: "token.present"}, Result: &doctor.Result{}})
		if got, want := last(), "1 done, checking network.dns api.upstox.com"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		time.Sleep(slow + time.Second)
		synctest.Wait()
		if got, want := last(), "1 done, checking network.dns api.upstox.com, taking longer than usual"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		p.Done()
		if got := last(); got != "" {
			t.Errorf("the line still says %q", got)
		}
	})
}

func TestNoProgress(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := NewProgress(&out, false)
	p.Observe(doctor.Event{Check: doctor.Check{ID: "authorize"}})
	p.Done()
	if out.Len() > 0 {
		t.Errorf("got %q", out.String())
	}
}

func TestTerminalOptions(t *testing.T) {
	for _, tc := range []struct {
		color, noColor string
		want           bool
	}{{"always", "", true}, {"always", "1", true}, {"never", "", false}, {"auto", "", false}} {
		t.Setenv("NO_COLOR", tc.noColor)
		t.Setenv("LC_ALL", "C.UTF-8")
		got := TerminalOptions(&bytes.Buffer{}, tc.color, Options{Verbose: true})
		if want := (Options{Width: defaultWidth, Color: tc.want, Verbose: true}); got != want {
			t.Errorf("%+v: got %+v, want %+v", tc, got, want)
		}
	}
}

func TestASCII(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		env  map[string]string
		want bool
	}{
		{nil, false},
		{map[string]string{"LANG": "en_IN.UTF-8"}, false},
		{map[string]string{"LANG": "C.utf8"}, false},
		{map[string]string{"LANG": "C"}, true},
		{map[string]string{"LANG": "en_IN.UTF-8", "LC_ALL": "POSIX"}, true},
		{map[string]string{"LANG": "POSIX", "LC_CTYPE": "C.UTF-8"}, false},
	} {
		if got := ASCII(func(name string) (string, bool) { v, ok := tc.env[name]; return v, ok }); got != tc.want {
			t.Errorf("%v: %v", tc.env, got)
		}
	}
}
