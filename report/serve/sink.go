package serve

import (
	"slices"
	"sync"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
	"upstox-doctor/report/live"
)

// Bounds of what is drawn of a stream.
const (
	minRedraw = 200 * time.Millisecond
	chartEach = time.Second
	maxBreaks = 8
)

// A Break is one disconnect as the page lists it.
type Break struct {
	Began time.Time `json:"began"`
	Ended time.Time `json:"ended,omitzero"` // zero while it lasts
	Code  string    `json:"code"`
	Title string    `json:"title"`
	Seen  string    `json:"message"`
}

// A sink shows a watch on the page.
type sink struct {
	server *Server
	keys   []string
	chart  *plot

	mu      sync.Mutex // the runs read the last state too
	last    *watch.State
	drawn   time.Time
	charted time.Time
	link    watch.LinkState
}

func newSink(s *Server, keys []string) *sink {
	return &sink{server: s, keys: keys, chart: newPlot(s.now(), keys[0])}
}

// Frame does nothing: Refresh comes often enough for eyes.
func (k *sink) Frame(time.Time, *feed.Message) {}

// Notice keeps a disconnect that is over.
func (k *sink) Notice(n watch.Notice) {
	if n.Kind == watch.Recovered && n.Episode != nil {
		k.server.History.broke(*n.Episode, n.At, k.server.Feed.Meta)
		k.server.drawHistory()
	}
}

// Refresh keeps the state, and draws it unless that was done just before.
func (k *sink) Refresh(state *watch.State) {
	copied := *state
	copied.Quotes, copied.PerSecond, copied.Episodes = slices.Clone(state.Quotes), slices.Clone(state.PerSecond), slices.Clone(state.Episodes)
	copied.Patterns = slices.Clone(state.Patterns)
	k.mu.Lock()
	k.last = &copied
	if q := copied.Quotes; len(q) > 0 {
		k.chart.add(q[0].Arrived, q[0].LTP)
	}
	due := time.Since(k.drawn) >= minRedraw || k.link != copied.Link
	k.link = copied.Link
	withChart := due && time.Since(k.charted) >= chartEach
	if due {
		k.drawn = time.Now()
	}
	if withChart {
		k.charted = time.Now()
	}
	k.mu.Unlock()
	if due {
		k.draw(phaseOn, "", withChart)
	}
}

// end shows the last state, and why nothing more comes.
func (k *sink) end(why string) {
	k.draw(phaseEnded, why, true)
	k.mu.Lock()
	last := k.last
	k.mu.Unlock()
	h := k.server.History
	if last == nil || h == nil {
		return
	}
	if n := len(last.Episodes); n > 0 && last.Episodes[n-1].Ended.IsZero() {
		h.broke(last.Episodes[n-1], last.Now, k.server.Feed.Meta)
	}
	h.add(Happening{At: last.Now, Kind: happenedStream, Text: why, Lasted: last.Now.Sub(last.Begun)})
	k.server.drawHistory()
}

func (k *sink) draw(phase, text string, withChart bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := Stream{Phase: phase, Text: text, Keys: k.keys}
	if k.last != nil {
		now = k.of(now)
	}
	sections := []string{"price", "stream", "breaks"}
	if withChart {
		sections = append(sections, "chart")
	}
	k.server.show(func(st *State) { st.Stream = &now }, sections...)
}

// of fills in what the last state tells. It requires mu.
func (k *sink) of(now Stream) Stream {
	s := k.last
	now.Texts, now.Ticks, now.Up = live.TextsOf(s), humanize.Grouped(s.Ticks), s.Link == watch.LinkUp
	for _, q := range s.Quotes {
		now.Quotes = append(now.Quotes, live.QuoteTextOf(q, s.Now, k.server.Feed.Meta))
	}
	if n := len(s.Episodes); n > 0 {
		now.Breaks = s.Episodes[n-1].N
	}
	for _, e := range slices.Backward(s.Episodes) {
		if len(now.Episodes) == maxBreaks {
			break
		}
		f := report.NewEpisode(e, k.server.Feed.Meta).Finding
		now.Episodes = append(now.Episodes, Break{e.Began, e.Ended, f.Code, f.Title, f.Message})
	}
	now.Cure = k.cure(s)
	now.Chart = k.chart.drawn(s, k.server.Feed.Meta)
	return now
}

// cure is the cause that several disconnects have in common, or that of the last.
func (k *sink) cure(s *watch.State) *report.Cause {
	switch n, m := len(s.Patterns), len(s.Episodes); {
	case n > 0:
		return new(report.NewPattern(s.Patterns[n-1], k.server.Feed.Meta).Finding)
	case m > 0:
		return new(report.NewEpisode(s.Episodes[m-1], k.server.Feed.Meta).Finding)
	}
	return nil
}

// results are what the checks of the feed would have found, by the stream that
// has its one socket.
func (k *sink) results() []doctor.Result {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.last
	if s == nil {
		return nil
	}
	if n := len(s.Episodes); n > 0 && s.Episodes[n-1].Ended.IsZero() && s.Link != watch.LinkUp {
		f := s.Episodes[n-1].Finding
		switch e := catalog.Lookup(f.Code); {
		case e == nil:
		case e.Stage == catalog.StageHandshake:
			f.ID = checks.IDHandshake
			return []doctor.Result{f}
		case e.Stage == catalog.StageTicks:
			f.ID = checks.IDTicksLive
			return []doctor.Result{f}
		}
		return nil
	}
	if s.Link != watch.LinkUp || len(s.Quotes) == 0 || !s.Quotes[0].Seen {
		return nil
	}
	pass := func(id, message string) doctor.Result {
		return doctor.Result{ID: id, Status: doctor.Pass, Message: message}
	}
	return []doctor.Result{
		pass(checks.IDHandshake, "the stream of the page is "+live.TextsOf(s).Link),
		pass(checks.IDTicksSnapshot, "the stream of the page has prices"),
		k.liveResult(s),
	}
}

func (k *sink) liveResult(s *watch.State) doctor.Result {
	q := s.Quotes[0]
	text := live.QuoteTextOf(q, s.Now, k.server.Feed.Meta)
	res := doctor.Result{ID: checks.IDTicksLive, Status: doctor.Pass}
	res.Message = report.InstrumentName(q.Key) + " " + text.Price
	if text.Percent != "" {
		res.Message += " (" + text.Percent + ")"
	}
	res.Message += ", " + text.Age
	if s.Market != market.Open {
		res.Code = catalog.MarketClosed.Code
	}
	res.Evidence.Add("instrument", q.Key)
	res.Evidence.Add("price", q.LTP)
	if q.CP > 0 {
		res.Evidence.Add("previous_close", q.CP)
	}
	if !q.Arrived.IsZero() {
		res.Evidence.Add("age_ms", max(0, s.Now.Sub(q.Arrived).Milliseconds()))
	}
	return res
}
