package humanize

import (
	"math"
	"testing"
	"time"

	"upstox-doctor/checks/market"
)

func TestDuration(t *testing.T) {
	t.Parallel()
	const ms, sec, min, hour = time.Millisecond, time.Second, time.Minute, time.Hour
	for _, tc := range []struct {
		name string
		d    time.Duration
		want string
	}{
		{"nothing", 0, "0 s"},
		{"less than half a tenth", 49 * ms, "0 s"},
		{"half a tenth", 50 * ms, "0.1 s"},
		{"tenths", 340 * ms, "0.3 s"},
		{"a tenth that is zero", sec, "1 s"},
		{"rounding fills the second", 1960 * ms, "2 s"},
		{"the last with a tenth", 9949 * ms, "9.9 s"},
		{"rounding ends the tenths", 9950 * ms, "10 s"},
		{"whole seconds from ten", 10400 * ms, "10 s"},
		{"half a second counts", 10500 * ms, "11 s"},
		{"the last below a minute", 59499 * ms, "59 s"},
		{"rounding fills the minute", 59500 * ms, "1 min"},
		{"never 60 s", 59900 * ms, "1 min"},
		{"a minute", min, "1 min"},
		{"90 s", 90 * sec, "1 min 30 s"},
		{"a second that is one", 2*min + sec, "2 min 1 s"},
		{"the last below an hour", hour - 501*ms, "59 min 59 s"},
		{"rounding fills the hour", hour - 500*ms, "1 h"},
		{"seconds end at the hour", hour + 29*sec, "1 h"},
		{"half a minute counts", hour + 30*sec, "1 h 1 min"},
		{"90 min", 90 * min, "1 h 30 min"},
		{"the last below a day", day - 31*sec, "23 h 59 min"},
		{"rounding fills the day", day - 30*sec, "1 day"},
		{"a day", day, "1 day"},
		{"26 h", 26 * hour, "1 day 2 h"},
		{"minutes end at the day", 26*hour + 29*min, "1 day 2 h"},
		{"half an hour counts", 26*hour + 30*min, "1 day 3 h"},
		{"rounding fills the second day", 2*day - 30*min, "2 days"},
		{"two days", 48 * hour, "2 days"},
		{"71 h", 71 * hour, "2 days 23 h"},
		{"a year", 365 * day, "365 days"},
		{"many days", 1234 * day, "1,234 days"},
		{"the longest", math.MaxInt64, "1,06,751 days 23 h"},
		{"below zero", -90 * min, "-1 h 30 min"},
		{"tenths below zero", -340 * ms, "-0.3 s"},
		{"nothing has no sign", -49 * ms, "0 s"},
		{"the shortest", math.MinInt64, "-1,06,751 days 23 h"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := Duration(tc.d); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestElapsed(t *testing.T) {
	t.Parallel()
	const us, ms = time.Microsecond, time.Millisecond
	for d, want := range map[time.Duration]string{
		-time.Hour: "<1 ms", 0: "<1 ms", 499 * us: "<1 ms", 500 * us: "1 ms", ms: "1 ms", 999 * ms: "999 ms",
		999500 * us: "1 s", 1000 * ms: "1 s", 1230 * ms: "1.2 s", 9949 * ms: "9.9 s", 59999 * ms: "1 min", 90 * time.Second: "1 min 30 s",
	} {
		if got := Elapsed(d); got != want {
			t.Errorf("%s: got %q, want %q", d, got, want)
		}
	}
}

func TestMomentsAreInIndia(t *testing.T) {
	t.Parallel()
	at := func(day, hour, min, sec int) time.Time {
		return time.Date(2026, time.November, day, hour, min, sec, 0, market.IST).UTC()
	}
	end := at(24, 3, 30, 5) // 22:00 of the day before in UTC
	for _, tc := range []struct {
		name, got, want string
	}{
		{"moment", Moment(end), "Tue 24 Nov 03:30 IST"},
		{"moment, from another zone", Moment(end.In(time.FixedZone("EST", -5*3600))), "Tue 24 Nov 03:30 IST"},
		{"date", Date(end), "Tue 24 Nov 2026 03:30 IST"},
		{"timestamp", Timestamp(end), "Tue 24 Nov 2026 03:30:05 IST"},
		{"hour of the day", Hour(end, at(24, 0, 0, 0)), "03:30 IST"},
		{"hour of the day, to its last second", Hour(end, at(24, 23, 59, 59)), "03:30 IST"},
		{"hour of the day before", Hour(at(24, 23, 59, 59), at(25, 0, 0, 0)), "Tue 23:59 IST"},
		{"hour of the next day, the same in UTC", Hour(end, at(23, 23, 59, 59)), "Tue 03:30 IST"},
		{"hour in six days", Hour(end, end.Add(-6*day)), "Tue 03:30 IST"},
		{"hour in more than six days", Hour(end, end.Add(-6*day-time.Second)), "Tue 24 Nov 03:30 IST"},
		{"hour of six days ago", Hour(end, end.Add(6*day)), "Tue 03:30 IST"},
		{"hour of more than six days ago", Hour(end, end.Add(6*day+time.Second)), "Tue 24 Nov 03:30 IST"},
		{"hour of the day in another year", Hour(end, end.AddDate(1, 0, 0)), "Tue 24 Nov 03:30 IST"},
		{"clock of the day", Clock(end, at(24, 23, 59, 59)), "03:30:05"},
		{"clock of another day", Clock(end, at(25, 0, 0, 0)), "24 Nov 03:30"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, tc.got, tc.want)
		}
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		-1: "-1 keys", 0: "0 keys", 1: "1 key", 2: "2 keys", 1000: "1,000 keys", 1234567: "12,34,567 keys",
	} {
		if got := Count(n, "key"); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestGrouped(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 99999: "99,999", 100000: "1,00,000", 9999999: "99,99,999", 10000000: "1,00,00,000",
		-999: "-999", -1000: "-1,000", -100000: "-1,00,000",
		math.MaxInt64: "92,23,37,20,36,85,47,75,807", math.MinInt64: "-92,23,37,20,36,85,47,75,808",
	} {
		if got := Grouped(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestPrice(t *testing.T) {
	t.Parallel()
	const stock, pair = "NSE_EQ|INE002A01018", "NCD_FO|14366"
	for _, tc := range []struct {
		name, key string
		price     float64
		want      string
	}{
		{"nothing", stock, 0, "0.00"},
		{"paise only", stock, 0.05, "0.05"},
		{"three digits have no comma", stock, 999.99, "999.99"},
		{"rounding brings the fourth digit", stock, 999.99999, "1,000.00"},
		{"an index", "NSE_INDEX|Nifty 50", 24513.05, "24,513.05"},
		{"five digits", stock, 99999.95, "99,999.95"},
		{"a lakh", stock, 150000, "1,50,000.00"},
		{"a crore and more", stock, 1234567890.1, "1,23,45,67,890.10"},
		{"an error of floating point is not a digit", stock, 24401.100000000002, "24,401.10"},
		{"more than two decimals", stock, 0.0525, "0.0525"},
		{"a third decimal brings the fourth", stock, 13.125, "13.1250"},
		{"below zero", stock, -1234.5, "-1,234.50"},
		{"three digits below zero", stock, -999.5, "-999.50"},
		{"nothing has no sign", stock, -0.00001, "0.00"},
		{"no key", "", 83.1225, "83.1225"},
		{"no key, two decimals", "", 83.5, "83.50"},
		{"a key without segment", "83", 83.5, "83.50"},
		{"a currency pair", pair, 83.1225, "83.1225"},
		{"a currency pair keeps four decimals", pair, 83.5, "83.5000"},
		{"a currency pair of BSE", "BCD_FO|1", 83, "83.0000"},
		{"a currency pair at nothing", pair, 0, "0.0000"},
		{"not a number", stock, math.NaN(), "?"},
		{"infinite", stock, math.Inf(-1), "?"},
		{"the largest", stock, 999999999999999, "99,99,99,99,99,99,999.00"},
		{"too large", stock, 1e15, "?"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := Price(tc.key, tc.price); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestChange(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name             string
		price, prevClose float64
		want             string
	}{
		{"up", 24513.05, 24401.10, "+0.46 %"},
		{"down", 95, 100, "-5.00 %"},
		{"unchanged", 100, 100, "0.00 %"},
		{"too little to be seen", 100.0049, 100, "0.00 %"},
		{"little, down", 99.99, 100, "-0.01 %"},
		{"no price yet", 0, 100, ""},
		{"no close to compare with", 100, 0, ""},
		{"not a number", math.NaN(), 1, ""},
		{"beyond any market", 1e300, 1e-300, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := Change(tc.price, tc.prevClose); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
