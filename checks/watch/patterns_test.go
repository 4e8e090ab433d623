package watch

import (
	"slices"
	"testing"
	"time"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/market"
)

// noon is a Monday in trading hours.
var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, market.IST)

// lives returns the episodes of connections that lasted so many seconds each,
// an hour apart, and reconnected a second later.
func lives(kind EpisodeKind, seconds ...float64) []episode {
	var all []episode
	for i, s := range seconds {
		began := noon.Add(time.Duration(i) * time.Hour)
		all = append(all, episode{Episode: Episode{
			N: i + 1, Kind: kind, Began: began, Ended: began.Add(time.Second), Open: true,
			ConnectionAge: time.Duration(s * float64(time.Second)),
		}, priced: time.Duration((s - 0.2) * float64(time.Second)), before: "192.0.2.7", after: "192.0.2.7"})
	}
	return all
}

func each(all []episode, do func(i int, b *episode)) []episode {
	for i := range all {
		do(i, &all[i])
	}
	return all
}

func wantPattern(t *testing.T, p *Pattern, code string, episodes ...int) {
	t.Helper()
	switch {
	case p == nil && code == "":
	case p == nil:
		t.Errorf("no pattern, want %s of %v", code, episodes)
	case p.Finding.Code != code || !slices.Equal(p.Episodes, episodes):
		t.Errorf("got %s of %v: %s\nwant %s of %v", p.Finding.Code, p.Episodes, p.Finding.Message, code, episodes)
	case catalog.Lookup(code) == nil || p.Finding.Confidence == "" || p.Finding.Message == "":
		t.Errorf("not whole: %+v", p.Finding)
	}
}

func TestConstantAge(t *testing.T) {
	t.Parallel()
	const code = "stream-lifetime-limit"
	for _, tc := range []struct {
		name     string
		of       []episode
		code     string
		episodes []int
		seconds  int
	}{
		{"three of a minute", lives(Dropped, 60, 60.4, 59.8), code, []int{1, 2, 3}, 60},
		{"three of 350 s, closed with a code", lives(ByServer, 350, 352, 349), code, []int{1, 2, 3}, 350},
		{"stalled ones", lives(Stalled, 320, 321, 320), code, []int{1, 2, 3}, 320},
		{"within three per cent of an hour", lives(Dropped, 3600, 3640, 3590), code, []int{1, 2, 3}, 3610},
		{"after others", lives(Dropped, 5, 700, 60, 60, 61), code, []int{3, 4, 5}, 60},
		{"before others", lives(Dropped, 60, 60, 61, 700, 12), code, []int{1, 2, 3}, 60},
		{"at the same hour of three days", lives(Dropped, 86400, 86399, 86400), "", nil, 0},
		{"of three hours, minutes apart", lives(Dropped, 10800, 10950, 10700), "", nil, 0},
		{"only two", lives(Dropped, 60, 60), "", nil, 0},
		{"with another between", lives(Dropped, 60, 60, 700, 60), "", nil, 0},
		{"scattered", lives(Dropped, 60, 75, 90), "", nil, 0},
		{"drifting", lives(Dropped, 60, 62, 64, 66, 68), "", nil, 0},
		{"five of two seconds", lives(Dropped, 2, 2.1, 2, 1.9, 2), code, []int{1, 2, 3, 4, 5}, 2},
		{"five of four seconds", lives(ByServer, 3.9, 4, 4.2, 4, 4), code, []int{1, 2, 3, 4, 5}, 4},
		{"four of two seconds are too few", lives(Dropped, 2, 2, 2, 2), "", nil, 0},
		{"short ones that differ by a quarter", lives(Dropped, 2, 2.5, 2, 2.5, 2), "", nil, 0},
		{"lost at once", lives(Dropped, 1, 1, 1, 1, 1), "", nil, 0},
		{"within a second of the first prices", lives(ByServer, 1.2, 1.2, 1.2, 1.2, 1.2), "", nil, 0},
		{"prices came late", each(lives(Dropped, 60, 60, 60), func(_ int, b *episode) { b.priced = time.Second / 2 }), "", nil, 0},
		{"without prices", each(lives(Dropped, 60, 60, 60), func(_ int, b *episode) { b.priced = 0 }), "", nil, 0},
		{"young, beside others that may push them off", each(lives(ByServer, 4, 4, 4, 4, 4), func(_ int, b *episode) { b.peers = 1 }), "", nil, 0},
		{"dropped young beside others", each(lives(Dropped, 4, 4, 4, 4, 4), func(_ int, b *episode) { b.peers = 1 }), code, []int{1, 2, 3, 4, 5}, 4},
		{"the limit of connections", each(lives(ByServer, 60, 60, 60), func(_ int, b *episode) { b.Finding.Code = "connection-limit" }), "", nil, 0},
		{"our own slowness", lives(Starved, 60, 60, 60), "", nil, 0},
		{"never open", lives(NeverOpened, 60, 60, 60), "", nil, 0},
		{"none", nil, "", nil, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := constantAge(history{episodes: tc.of})
			wantPattern(t, p, tc.code, tc.episodes...)
			if p != nil && p.Finding.Evidence.Find("life_seconds") != tc.seconds {
				t.Errorf("evidence %v, want %d s", p.Finding.Evidence, tc.seconds)
			}
		})
	}
}

func TestOnlyOutOfHours(t *testing.T) {
	t.Parallel()
	shut := func(i int, b *episode) { b.Open = false }
	for _, tc := range []struct {
		name     string
		of       []episode
		held     time.Duration
		episodes []int
	}{
		{"three at night after a good day", each(lives(Dropped, 9000, 70, 800), shut), 6 * time.Hour, []int{1, 2, 3}},
		{"no trading was seen", each(lives(Dropped, 9000, 70, 800), shut), 30 * time.Minute, nil},
		{"one of them in trading", each(lives(Dropped, 9000, 70, 800), func(i int, b *episode) { b.Open = i == 1 }), 6 * time.Hour, nil},
		{"two", each(lives(Dropped, 9000, 70), shut), 6 * time.Hour, nil},
		{"refused for a reason of its own", each(lives(RefusedOnReturn, 9000, 70, 800), shut), 6 * time.Hour, nil},
		{"our own slowness", each(lives(Starved, 9000, 70, 800), shut), 6 * time.Hour, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			code := ""
			if tc.episodes != nil {
				code = "stream-out-of-hours"
			}
			wantPattern(t, onlyOutOfHours(history{episodes: tc.of, openUp: tc.held}), code, tc.episodes...)
		})
	}
}

func TestAtRollover(t *testing.T) {
	t.Parallel()
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, time.November, day, hour, minute, 0, 0, market.IST)
	}
	one := func(kind EpisodeKind, began, ends time.Time) []episode {
		return each(lives(kind, 9000), func(_ int, b *episode) { b.Began, b.ends = began, ends })
	}
	refused := each(one(RefusedOnReturn, at(24, 3, 30), at(24, 3, 30)), func(_ int, b *episode) { b.Finding.Code = "token-expired" })
	later := each(one(RefusedOnReturn, at(24, 8, 0), at(24, 3, 30)), func(_ int, b *episode) { b.Finding.Code = "token-expired" })
	nights := each(lives(Dropped, 9000, 9000), func(i int, b *episode) { b.Began = at(24+i, 3, 31) })
	for _, tc := range []struct {
		name     string
		of       []episode
		code     string
		episodes []int
	}{
		{"with its token, and back with another", one(Dropped, at(24, 3, 31), at(24, 3, 30)), "token-rollover", []int{1}},
		{"with its token, and refused", refused, "token-expired", []int{1}},
		{"a minute and a half before", one(ByServer, at(24, 3, 29).Add(-30*time.Second), at(24, 3, 30)), "token-rollover", []int{1}},
		{"three minutes after", one(Dropped, at(24, 3, 33), at(24, 3, 30)), "", nil},
		{"refused hours later", later, "", nil},
		{"once, with a token of a year", one(Dropped, at(24, 3, 30), at(25, 3, 30).AddDate(1, 0, 0)), "", nil},
		{"on two nights, with a token that does not tell", nights, "token-rollover", []int{1, 2}},
		{"with its token, and not back yet", each(one(Dropped, at(24, 3, 31), at(24, 3, 30)), func(_ int, b *episode) { b.Ended = time.Time{} }), "", nil},
		{"once, with a token that does not tell", nights[:1], "", nil},
		{"half past three in the afternoon", one(Dropped, at(24, 15, 30), at(25, 3, 30)), "", nil},
		{"our own slowness", one(Starved, at(24, 3, 30), at(24, 3, 30)), "", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			wantPattern(t, atRollover(history{episodes: tc.of}), tc.code, tc.episodes...)
		})
	}
	// The server's clock counts: the local one is an hour ahead.
	ahead := one(Dropped, at(24, 4, 30), at(24, 3, 30))
	wantPattern(t, atRollover(history{episodes: ahead, offset: -time.Hour}), "token-rollover", 1)
}

func TestNetworkChange(t *testing.T) {
	t.Parallel()
	moved := func(i int, b *episode) {
		b.before, b.after = []string{"192.0.2.7", "10.0.0.5"}[i%2], []string{"10.0.0.5", "192.0.2.7"}[i%2]
	}
	for _, tc := range []struct {
		name     string
		of       []episode
		episodes []int
	}{
		{"between two networks", each(lives(Dropped, 100, 2000), moved), []int{1, 2}},
		{"also when it is noticed late", each(lives(Stalled, 100, 2000, 30), moved), []int{1, 2, 3}},
		{"once", each(lives(Dropped, 100), moved), nil},
		{"not each time", each(lives(Dropped, 100, 2000, 30), func(i int, b *episode) {
			if i != 1 {
				moved(i, b)
			}
		}), nil},
		{"the last has not come back", each(lives(Dropped, 100, 2000), func(i int, b *episode) {
			moved(i, b)
			if i == 1 {
				b.Ended, b.after = time.Time{}, ""
			}
		}), nil},
		{"addresses are not known", each(lives(Dropped, 100, 2000), func(_ int, b *episode) { b.before, b.after = "", "10.0.0.5" }), nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			code := ""
			if tc.episodes != nil {
				code = "network-changed"
			}
			wantPattern(t, networkChange(history{episodes: tc.of}), code, tc.episodes...)
		})
	}
}

func TestRivalClients(t *testing.T) {
	t.Parallel()
	beside := func(_ int, b *episode) { b.peers = 1 }
	for _, tc := range []struct {
		name     string
		of       []episode
		episodes []int
	}{
		{"three in turn", each(lives(ByServer, 4, 30, 11), beside), []int{1, 2, 3}},
		{"at once each time", each(lives(ByServer, 1, 1, 1), beside), []int{1, 2, 3}},
		{"after a long one", each(lives(ByServer, 9000, 4, 30, 11), beside), []int{2, 3, 4}},
		{"nobody else on this machine", lives(ByServer, 4, 30, 11), nil},
		{"nobody else at one of them", each(lives(ByServer, 4, 30, 11), func(i int, b *episode) { b.peers = i % 2 }), nil},
		{"only two", each(lives(ByServer, 4, 30), beside), nil},
		{"all of one age, which is a limit", each(lives(ByServer, 60, 60, 60), beside), nil},
		{"after hours each", each(lives(ByServer, 9000, 4000, 7000), beside), nil},
		{"dropped, not closed", each(lives(Dropped, 4, 30, 11), beside), nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			code := ""
			if tc.episodes != nil {
				code = "competing-connections"
			}
			wantPattern(t, rivalClients(history{episodes: tc.of}), code, tc.episodes...)
		})
	}
}

// A list of episodes that has one pattern is not found to have another.
func TestPatternsExcludeEachOther(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]history{
		"stream-lifetime-limit": {episodes: each(lives(ByServer, 60, 60, 61), func(_ int, b *episode) { b.peers = 2 })},
		"competing-connections": {episodes: each(lives(ByServer, 4, 30, 11), func(_ int, b *episode) { b.peers = 2 })},
		"network-changed": {episodes: each(lives(Dropped, 4, 30, 400), func(i int, b *episode) {
			b.after = "10.0.0.5"
		})},
		"stream-out-of-hours": {openUp: 3 * time.Hour, episodes: each(lives(Dropped, 4, 30, 400), func(_ int, b *episode) { b.Open = false })},
	} {
		var got []string
		for _, find := range patternRules {
			if p := find(h); p != nil {
				got = append(got, p.Finding.Code)
			}
		}
		if !slices.Equal(got, []string{name}) {
			t.Errorf("%s is taken for %v", name, got)
		}
	}
}
