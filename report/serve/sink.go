package serve

import (
	"slices"
	"sync"
	"time"

	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/watch"
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
	names  map[string]string // by key
	chart  *plot

	mu      sync.Mutex // the runs read the last state too
	last    *watch.State
	drawn   time.Time
	charted time.Time
	link    watch.LinkState
	day     streamDay
	ahead   time.Duration // how much the local clock is ahead of that of the stream
	asked   int           // the number of the disconnect for which a run was asked
	causes  [maxBreaks]knownCause
}

func newSink(s *Server, keys []string) *sink {
	k := &sink{server: s, keys: keys, names: map[string]string{}, chart: newPlot(s.now(), keys[0])}
	for _, key := range keys {
		k.names[key] = s.names.of(key)
	}
	k.chart.name = k.names[keys[0]]
	return k
}

// Frame does nothing: Refresh comes often enough for eyes.
func (k *sink) Frame(time.Time, *feed.Message) {}

// Notice keeps a disconnect that is over. If a run has told of it, another tells
// that it is over.
func (k *sink) Notice(n watch.Notice) {
	if n.Kind != watch.Recovered || n.Episode == nil {
		return
	}
	k.broke(*n.Episode, n.At)
	k.server.drawHistory()
	k.mu.Lock()
	told := k.asked == n.Episode.N
	k.mu.Unlock()
	if told {
		k.server.askRun()
	}
}

func (k *sink) broke(e watch.Episode, now time.Time) {
	k.server.figures.broke(e.Finding.Code)
	k.server.History.broke(e, now, k.server.Feed.Meta)
}

// maxAway is how long a disconnect may last before a run looks for its cause. Most
// are over in a few seconds.
const maxAway = 10 * time.Second

// isAway reports that the stream does not come back, once for each disconnect. It
// requires mu.
func (k *sink) isAway(s *watch.State) bool {
	n := len(s.Episodes)
	if n == 0 || s.Link == watch.LinkUp {
		return false
	}
	e := s.Episodes[n-1]
	if !e.Ended.IsZero() || e.N == k.asked || s.Now.Sub(e.Began) < maxAway {
		return false
	}
	k.asked = e.N
	return true
}

// Refresh keeps the state, and draws it unless that was done just before.
func (k *sink) Refresh(state *watch.State) {
	copied := *state
	copied.Quotes, copied.PerSecond, copied.Episodes = slices.Clone(state.Quotes), slices.Clone(state.PerSecond), slices.Clone(state.Episodes)
	copied.Patterns = slices.Clone(state.Patterns)
	k.mu.Lock()
	now := k.server.now()
	k.server.figures.stream(k.last, &copied, now)
	k.ahead = ahead(now, copied.Now)
	kept := k.day.add(k.last, &copied)
	away := k.isAway(&copied)
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
	for _, e := range kept {
		k.server.History.streamed(e)
		k.server.drawHistory()
	}
	if away {
		k.server.askRun()
	}
}

// end shows the last state, and why nothing more comes.
func (k *sink) end(why string) {
	k.draw(phaseEnded, why, true)
	k.mu.Lock()
	last, day := k.last, k.day
	k.mu.Unlock()
	k.server.figures.ended()
	if last == nil {
		return
	}
	if n := len(last.Episodes); n > 0 && last.Episodes[n-1].Ended.IsZero() {
		k.broke(last.Episodes[n-1], last.Now)
	}
	k.server.History.streamed(day.happening(last))
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
		now.Quotes = append(now.Quotes, StreamQuote{k.names[q.Key], k.quoteText(q)})
	}
	if n := len(s.Episodes); n > 0 {
		now.Breaks = s.Episodes[n-1].N
	}
	for _, e := range slices.Backward(s.Episodes) {
		if len(now.Episodes) == maxBreaks {
			break
		}
		f := k.causeOf(e)
		now.Episodes = append(now.Episodes, Break{k.local(e.Began), k.local(e.Ended), f.Code, f.Title, f.Message})
	}
	now.Cure = k.cure(s)
	now.Chart = k.chart.drawn(s)
	return now
}

// ahead is how much the local clock is ahead of the one of the stream, which goes
// on evenly, whatever the local one is set to. What is shown is by the local one.
func ahead(local, stream time.Time) time.Duration {
	const least = time.Second // less is the time between the two readings
	d := local.Round(0).Sub(stream.Round(0))
	if d.Abs() < least {
		return 0
	}
	return d
}

// local is a time of the stream by the local clock; zero stays zero. It requires mu.
func (k *sink) local(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(k.ahead)
}

// quoteText is a price as it is shown. It requires mu.
func (k *sink) quoteText(q feed.Tick) live.QuoteText {
	text := live.QuoteTextOf(q, k.last.Now, k.server.Feed.Meta)
	text.Arrived = k.local(text.Arrived)
	return text
}
