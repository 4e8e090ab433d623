package schedule

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"upstox-doctor/checks/market"
)

// zones are places with odd offsets, with days unlike India's, and with clocks
// that change at odd hours, by odd amounts or on odd days.
var zones = []string{
	"Asia/Kolkata", "UTC", "Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Kathmandu",
	"Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "America/St_Johns", "America/Santiago",
	"America/Havana", "Africa/Cairo", "Africa/Casablanca", "Asia/Jerusalem", "Asia/Beirut", "Antarctica/Troll",
	"Pacific/Kiritimati", "Pacific/Pago_Pago", "Atlantic/Azores", "America/Nuuk", "Asia/Singapore", "Etc/GMT+12",
}

// starts are days on which an entry is made: in winter, in summer, and just
// before clocks change in the north and in the south.
var starts = []time.Time{
	winter, time.Date(2026, 7, 3, 20, 0, 0, 0, time.UTC),
	time.Date(2027, 3, 13, 23, 0, 0, 0, time.UTC), time.Date(2026, 10, 3, 4, 0, 0, 0, time.UTC),
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// mornings lets a parser of cron's own language find all runs of a year, and
// wants one on each weekday of India, in the useful part of its morning. It
// returns the times of India at which they are.
func mornings(t *testing.T, spec string, z *time.Location, now time.Time) (times []string) {
	t.Helper()
	parsed, err := cron.ParseStandard(spec)
	if err != nil {
		t.Fatalf("%q: %v", spec, err)
	}
	parsed.(*cron.SpecSchedule).Location = z
	runs := map[string]int{}
	end := now.AddDate(1, 0, 0)
	for run := parsed.Next(now); run.Before(end); run = parsed.Next(run) {
		india := run.In(market.IST)
		runs[india.Format(time.DateOnly)]++
		at := india.Format("15:04")
		if at <= "03:30" || at >= "09:00" {
			t.Errorf("%q in %s: runs at %s", spec, z, india)
		}
		if !slices.Contains(times, at) {
			times = append(times, at)
		}
	}
	day := now.In(market.IST)
	for day = day.AddDate(0, 0, 1); day.Before(end.AddDate(0, 0, -1)); day = day.AddDate(0, 0, 1) {
		want := 1
		if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
			want = 0
		}
		if got := runs[day.Format(time.DateOnly)]; got != want {
			t.Errorf("%q in %s: %d runs on %s, want %d", spec, z, got, day.Format("Mon 2 Jan 2006"), want)
		}
	}
	return times
}

// spec is the schedule of the entry for cron.
func spec(t *testing.T, e Entry) string {
	t.Helper()
	fields := strings.SplitN(cronLine(t, e), " ", 6)
	return strings.Join(fields[:5], " ")
}

func TestEveryMorningInEveryZone(t *testing.T) {
	t.Parallel()
	for _, name := range zones {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, now := range starts {
				for _, at := range []time.Duration{defaultTime, 3*time.Hour + 31*time.Minute, 5 * time.Hour, 5*time.Hour + 45*time.Minute, 8*time.Hour + 59*time.Minute} {
					if at != defaultTime && now != winter {
						continue
					}
					o := options(Cron)
					o.Zone, o.Now, o.At = zone(t, name), now, at
					e := made(t, o)
					times := mornings(t, spec(t, e), o.Zone, now)
					if at > 6*time.Hour && slices.Max(times) > clock(at) {
						t.Errorf("asked for %s, runs at %v", clock(at), times)
					}
					said := strings.Join(strings.Fields(strings.ReplaceAll(e.Text(), "#", "")), " ")
					for _, ist := range times {
						if !strings.Contains(said, ist+" IST") {
							t.Errorf("runs at %s and does not say so:\n%s", ist, e.Text())
						}
					}
				}
			}
		})
	}
}

func TestWhereIndiaIs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		zone, spec string
		says       string
	}{
		{"Asia/Kolkata", "40 8 * * 1,2,3,4,5", "It runs at 08:40 IST, Monday to Friday, by the clock of this machine."},
		{"UTC", "10 3 * * 1,2,3,4,5", "It runs at 03:10 by the clock of this machine (UTC, now UTC+00:00), Monday to Friday: that is 08:40 IST, Monday to Friday."},
		{"America/New_York", "10 22 * * 0,1,2,3,4", "Sunday to Thursday: that is 08:40 IST, Monday to Friday. The clocks change here and not in India, so it is 07:40 IST from 14 March 2027, and 08:40 IST from 7 November 2027."},
		{"Australia/Lord_Howe", "40 13 * * 1,2,3,4,5", "so it is 08:40 IST from 5 April 2027, and 08:10 IST from 4 October 2027."},
	} {
		o := options(Cron)
		o.Zone = zone(t, tc.zone)
		h, err := fitRunTime(o.At, o.Zone, o.Now)
		if err != nil {
			t.Fatal(err)
		}
		if got := spec(t, made(t, o)); got != tc.spec {
			t.Errorf("%s: %q, want %q", tc.zone, got, tc.spec)
		}
		if got := h.words(); !strings.Contains(got, tc.says) {
			t.Errorf("%s: says %q, want %q", tc.zone, got, tc.says)
		}
	}
}

// TestNoTimeTwice takes a zone whose clocks change by two hours at 01:00 UTC.
// A time that they skip or repeat would give no run or two.
func TestNoTimeTwice(t *testing.T) {
	t.Parallel()
	troll := zone(t, "Antarctica/Troll")
	for name, tc := range map[string]struct {
		year, month, day int
		want             bool
	}{
		"an ordinary day": {2027, 3, 27, true},
		"shown twice":     {2026, 10, 25, false},
		"skipped":         {2027, 3, 28, false},
	} {
		run := time.Date(tc.year, time.Month(tc.month), tc.day, 1, 30, 0, 0, troll)
		if got := showsOnce(run, 90*time.Minute); got != tc.want {
			t.Errorf("%s: %s once is %v", name, run, got)
		}
	}
}

// TestNoTimeAtAll takes the year in which Samoa left out a Friday and changed
// its days against India's: no weekly entry fits both halves.
func TestNoTimeAtAll(t *testing.T) {
	t.Parallel()
	o := options(Cron)
	o.Zone, o.Now = zone(t, "Pacific/Apia"), time.Date(2011, 6, 1, 0, 0, 0, 0, time.UTC)
	if e, err := New(o); err == nil || !strings.Contains(err.Error(), "zone Pacific/Apia: no time of day") {
		t.Errorf("got %v:\n%s", err, e.Text())
	}
}

func ExampleEntry_Text() {
	e, _ := New(Options{
		Kind: Systemd, At: 8*time.Hour + 40*time.Minute, Now: winter, Zone: time.UTC,
		Program: "/usr/bin/upstox-doctor", Dir: "/srv/bot",
	})
	for _, f := range e.Files {
		fmt.Println(f.Directory + "/" + f.Name)
	}
	// Output:
	// ~/.config/systemd/user/upstox-doctor.service
	// ~/.config/systemd/user/upstox-doctor.timer
}
