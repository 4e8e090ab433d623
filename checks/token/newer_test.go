package token

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"upstox-doctor/checks/dotenv"
	"upstox-doctor/checks/files"
	"upstox-doctor/checks/secretstoml"
)

// daily is a token of a login of the account, in the second.
func daily(user string, second int) string {
	claims := fmt.Sprintf(`{"sub":%q,"iat":%d,"exp":%d}`, user, 1795420800+second, 1795420800+36000)
	return jwt(`{"alg":"HS256"}`, claims, strings.Repeat("s", 32))
}

// places are a store in each kind of file, and its content before the first login.
var places = []struct {
	name, text string
	get        func(data []byte) string
	set        func(data []byte, token string) ([]byte, error)
}{
	{name: ".upstox_token"},
	{
		".env", "A=1\n",
		func(data []byte) string { return dotenv.Get(data, "UPSTOX_ACCESS_TOKEN") },
		func(data []byte, t string) ([]byte, error) { return dotenv.Set(data, "UPSTOX_ACCESS_TOKEN", t) },
	},
	{
		"secrets.toml", "[upstox]\naccess_token = \"\"\n",
		func(data []byte) string { return secretstoml.Get(data, "upstox.access_token") },
		func(data []byte, t string) ([]byte, error) { return secretstoml.Set(data, "upstox.access_token", t) },
	},
}

// TestSaveOver: what came into the file while a login went on stays if it may be the
// token of a later login. What stood there before it is replaced, whatever it says.
func TestSaveOver(t *testing.T) {
	t.Parallel()
	year := jwt(`{"alg":"HS256"}`, `{"sub":"AB1234","isExtended":true,"iat":1795420809,"exp":1826956800}`, strings.Repeat("s", 32))
	opaque := strings.Repeat("opaque", 5)
	for _, tc := range []struct {
		name, old, found, login string
		stays                   bool
	}{
		{"no token", "", "", daily("AB1234", 5), false},
		{"the old one", daily("AB1234", 1), daily("AB1234", 1), daily("AB1234", 5), false},
		{"the old one, of the future", daily("AB1234", 9), daily("AB1234", 9), daily("AB1234", 5), false},
		{"an old one that says nothing", opaque, opaque, daily("AB1234", 5), false},
		{"one of an earlier login", "", daily("AB1234", 4), daily("AB1234", 5), false},
		{"one of a login in the same second", "", daily("AB1234", 5) + "A", daily("AB1234", 5), true},
		{"one of a later login", daily("AB1234", 1), daily("AB1234", 6), daily("AB1234", 5), true},
		{"one of a later login of another account", "", daily("CD5678", 6), daily("AB1234", 5), false},
		{"one that says nothing", "", opaque, daily("AB1234", 5), true},
		{"beside a login whose token says nothing", "", daily("AB1234", 4), opaque, true},
		{"an Analytics token", "", year, daily("AB1234", 5), false},
		{"sample text", "", "YOUR_TOKEN", daily("AB1234", 5), false},
		{"the same", "", daily("AB1234", 5), daily("AB1234", 5), false},
	} {
		for _, in := range places {
			t.Run(tc.name+" in "+in.name, func(t *testing.T) {
				t.Parallel()
				s := Store{Path: filepath.Join(t.TempDir(), in.name), Set: in.set, Get: in.get}
				put(t, s.Path, in.text, 0o600)
				if tc.found != "" {
					must(t, s.Save(tc.found))
				}
				other, err := s.SaveOver(Parse(tc.old), Parse(tc.login))
				must(t, err)
				want, returned := tc.login, ""
				if tc.stays {
					want, returned = tc.found, tc.found
				}
				if s.Token().Value() != want || other.Value() != returned {
					t.Errorf("the file holds %q, and %q was returned", s.Token().Value(), other.Value())
				}
			})
		}
	}
}

// TestNewerSaverProcess is no test of its own: it is one of the processes of
// TestTheNewestStays.
func TestNewerSaverProcess(t *testing.T) {
	number, err := strconv.Atoi(os.Getenv("NEWER_SAVER"))
	if err != nil {
		t.Skip("started by TestTheNewestStays")
	}
	for second := number; second < newest; second += savers {
		for _, in := range places {
			s := Store{Path: filepath.Join(os.Getenv("NEWER_DIR"), in.name), Set: in.set, Get: in.get}
			mine := Parse(daily("AB1234", second))
			if _, err := s.SaveOver(Token{}, mine); err != nil {
				t.Error(err)
			}
			if got := s.Token(); got.Issued.Before(mine.Issued) {
				t.Errorf("%s holds an older token than the one that was saved", in.name)
			}
		}
	}
}

const savers, newest = 4, 41

// TestTheNewestStays: several processes save tokens of one account at the same time.
func TestTheNewestStays(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a directory cannot be locked")
	}
	dir := t.TempDir()
	for _, in := range places {
		put(t, filepath.Join(dir, in.name), in.text, 0o600)
	}
	var all []*exec.Cmd
	for n := range savers {
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNewerSaverProcess$")
		c.Env = append(os.Environ(), "NEWER_SAVER="+strconv.Itoa(n), "NEWER_DIR="+dir)
		c.Stdout = os.Stderr
		must(t, c.Start())
		all = append(all, c)
	}
	for _, c := range all {
		must(t, c.Wait())
	}
	for _, in := range places {
		s := Store{Path: filepath.Join(dir, in.name), Set: in.set, Get: in.get}
		if got := s.Token(); got.Value() != daily("AB1234", newest-1) {
			t.Errorf("%s holds the token of second %d", in.name, got.Issued.Unix()-1795420800)
		}
	}
}

// TestALockKeepsNoTokenOut: who may read the directory can lock it for ever.
func TestALockKeepsNoTokenOut(t *testing.T) {
	t.Parallel()
	s := Store{Path: filepath.Join(t.TempDir(), ".upstox_token")}
	dir, err := os.Open(filepath.Dir(s.Path))
	must(t, err)
	defer dir.Close()
	must(t, files.Lock(dir, 0))
	must(t, s.Save(fresh))
	if got := text(t, s.Path); got != fresh {
		t.Errorf("the file holds %q", got)
	}
}
