package network

import (
	"fmt"
	"slices"
	"testing"
	"testing/fstest"
)

func TestSamePerson(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		own         int
		sudo, login string
		want        Users
	}{
		{1000, "", "", Users{"1000"}},
		{1000, "", "4294967295", Users{"1000"}},
		{998, "1000", "1000", Users{"998", "1000"}},
		{998, "", "1000", Users{"998", "1000"}},
		{0, "1000", "", Users{"0", "1000"}},
		{0, "", "4294967295", nil},
		{0, "", "", nil},
		{1000, "x", "-1", Users{"1000"}},
	} {
		if got := samePerson(tc.own, tc.sudo, tc.login); !slices.Equal(got, tc.want) || (got == nil) != (tc.want == nil) {
			t.Errorf("%+v: %v", tc, got)
		}
	}
}

func TestSentByOther(t *testing.T) {
	t.Parallel()
	const us, them = "127.0.0.1:8000", "127.0.0.1:40000"
	socket := func(local, remote, state, user, inode string) string {
		return fmt.Sprintf(" 0: %s %s %s 0:0 00:0 0 %s 0 %s 1\n", end(local), end(remote), state, user, inode)
	}
	listens := socket("127.0.0.1:8000", "0.0.0.0:0", "0A", "1000", "5")
	own := socket(us, them, "01", "1000", "6")
	for _, tc := range []struct {
		name, rows string
		other      bool
	}{
		{"a program of this user", listens + own + socket(them, us, "01", "1000", "7"), false},
		{"of who has become this user", listens + own + socket(them, us, "01", "1001", "7"), false},
		{"of the administrator", listens + own + socket(them, us, "01", "0", "7"), false},
		{"of another user", listens + own + socket(them, us, "01", "1002", "7"), true},
		{"of one whose number begins alike", listens + own + socket(them, us, "01", "100", "7"), true},
		{"of another user, by IPv6", listens + own + socket("[::ffff:127.0.0.1]:40000", "[::ffff:127.0.0.1]:8000", "01", "1002", "7"), true},
		{"it sends, and closes at once", listens + socket(us, them, "08", "1000", "6") + socket(them, us, "05", "0", "0"), true},
		{"it sends, and resets at once", listens, true},
		{"it is elsewhere", listens + own, false},
		{"it was elsewhere", listens + socket(us, them, "08", "1000", "6"), true},
		{"the other end of another connection", listens + own + socket(them, "127.0.0.1:8001", "01", "1002", "7"), false},
		{"tables of another namespace", socket("127.0.0.1:22", "0.0.0.0:0", "0A", "0", "5"), false},
		{"no tables", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tables := fstest.MapFS{}
			if tc.rows != "" {
				tables["tcp"] = &fstest.MapFile{Data: []byte(tableHead + tc.rows)}
			}
			if got := (Users{"1000", "1001"}).sentByOther(tables, Connection{addrPort(us), addrPort(them)}); got != tc.other {
				t.Errorf("by another user: %t", got)
			}
		})
	}
}
