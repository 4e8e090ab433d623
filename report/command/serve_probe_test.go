package command

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestProbe(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		status int
		body   string
		want   int
		out    string
	}{
		{"a run that was well", 200, "pass\n", 0, "pass\n"},
		{"a run that failed", 503, "fail: token-expired\n", 1, "fail: token-expired\n"},
		{"another program on the port", 302, "\x1b[2Jgo\nthere" + strings.Repeat("!", 1000), 1, "go there" + strings.Repeat("!", maxProbe-9) + "…\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			asked := ""
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked = r.URL.Path
				w.WriteHeader(tc.status)
				fmt.Fprint(w, tc.body)
			}))
			defer server.Close()
			_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
			a, s := testApp("")
			for _, host := range []string{"127.0.0.1", "", "0.0.0.0", "[::]"} {
				s.out.Reset()
				err := a.Probe(t.Context(), host+":"+port)
				if statusOf(t, err) != tc.want || asked != "/healthz" {
					t.Errorf("%q: %v after %s", host, err, asked)
				}
				if got := s.out.String(); got != tc.out {
					t.Errorf("%q: says %q", host, got)
				}
			}
		})
	}
}

func TestProbeOfNothing(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(nil)
	address := strings.TrimPrefix(server.URL, "http://")
	server.Close()
	for address, want := range map[string]int{address: 1, "9469": ExitUsage, "127.0.0.1:no port": ExitUsage} {
		a, s := testApp("")
		if err := a.Probe(t.Context(), address); statusOf(t, err) != want || s.out.Len() > 0 {
			t.Errorf("%s: %v, %q", address, err, s.out.String())
		}
	}
}
