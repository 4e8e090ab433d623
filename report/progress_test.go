package report

import (
	"bytes"
	"reflect"
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
			draws := strings.Split(out.String(), "\r")
			return strings.ReplaceAll(draws[len(draws)-1], "\x1b[K", "")
		}
		shows := func(want string) {
			t.Helper()
			if !strings.Contains(last(), want+"\n") {
				t.Errorf("no %q in\n%s", want, last())
			}
		}
		dns := doctor.Check{ID: "network.dns", Target: api}
		p.Observe(doctor.Event{Check: doctor.Check{ID: "authorize"}})
		p.Observe(doctor.Event{Check: dns})
		shows("authorize    checking authorize")
		p.Observe(doctor.Event{Check: doctor.Check{ID: "authorize"}, Result: &doctor.Result{ID: "authorize", Status: doctor.Pass, Message: "a URL"}})
		shows("pass  authorize    a URL")
		time.Sleep(slow + time.Second)
		synctest.Wait()
		shows("network      checking dns api.upstox.com, slower than usual")
		if got := strings.Count(last(), "\n"); got != 6 {
			t.Errorf("%d rows, want six", got)
		}
		p.Done()
		if got := last(); got != "\x1b[6A\x1b[J" {
			t.Errorf("at the end %q", got)
		}
	})
}

func TestStageLines(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := NewStageLines(&out)
	for _, id := range []string{"network.dns", "network.tcp", "token.present"} {
		p.Observe(doctor.Event{Check: doctor.Check{ID: id}})
		p.Observe(doctor.Event{Check: doctor.Check{ID: id}, Result: &doctor.Result{ID: id, Status: doctor.Pass}})
	}
	p.Done()
	if got, want := out.String(), "checking network\nchecking token\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
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
		if want := (Options{Width: defaultWidth, Color: tc.want, Verbose: true}); !reflect.DeepEqual(got, want) {
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
