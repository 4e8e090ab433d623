package serve

import (
	"context"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/watch"
	"upstox-doctor/report"
)

// broken is a state in which the connection is lost since a while.
func broken(now time.Time, since time.Duration) *watch.State {
	s := ticking(now, 24000)
	s.Link = watch.LinkWaiting
	s.Episodes = []watch.Episode{{N: 1, Began: now.Add(-since), Finding: doctor.Result{Status: doctor.Fail, Code: "stream-dropped", Message: "EOF"}}}
	return s
}

// figuresOf are the metrics of the stream.
func figuresOf(t *testing.T, base string) (all []string) {
	t.Helper()
	_, body := ask(t, "GET", base+"/metrics", "")
	for line := range strings.Lines(body) {
		if strings.HasPrefix(line, "upstox_doctor_stream_") && !strings.Contains(line, "age_seconds") {
			all = append(all, strings.TrimSpace(strings.TrimPrefix(line, "upstox_doctor_stream_")))
		}
	}
	return all
}

// TestABreakThatStaysStartsARun: the verdict of the page is that of the stream, one
// run for each disconnect, and another when it is over. The metrics tell the same.
func TestABreakThatStaysStartsARun(t *testing.T) {
	t.Parallel()
	asked := make(chan RunRequest, 10)
	s := once(document())
	s.Ledger = ledger(t)
	s.Run = func(_ context.Context, ask RunRequest) report.Document { asked <- ask; return document() }
	states := make(chan *watch.State)
	drawn := make(chan bool)
	s.Feed = &Feed{
		Keys:  []string{nifty},
		Token: func(context.Context) report.Document { return document() },
		Watch: func(ctx context.Context, _ []string, to watch.Sink) string {
			for {
				select {
				case <-ctx.Done():
					return "Ended."
				case state := <-states:
					to.Refresh(state)
					drawn <- true
				}
			}
		},
	}
	base := serving(t, s)
	<-asked
	if got := figuresOf(t, base); got != nil {
		t.Errorf("before a stream: %q", got)
	}
	own := session(t, s, base)
	if status, said, _ := post(t, base+"/stream/start", `{}`, own...); status != 202 {
		t.Fatalf("%d %s", status, said)
	}
	show := func(state *watch.State) { states <- state; <-drawn }
	now := time.Now()
	show(ticking(now, 24000))
	show(broken(now, maxAway/2))
	show(broken(now, maxAway))
	show(broken(now, 2*maxAway))
	if ask := <-asked; len(ask.Streamed) != 1 || ask.Streamed[0].Code != "stream-dropped" {
		t.Errorf("the run has %+v", ask.Streamed)
	}
	if got := strings.Join(figuresOf(t, base), ", "); got != "connected 0, ticks_total 7" {
		t.Errorf("while it is away: %s", got)
	}
	s.streaming.sink.Notice(watch.Notice{Kind: watch.Recovered, At: now, Episode: &broken(now, maxAway).Episodes[0]})
	show(ticking(now, 24001))
	<-asked
	if got := strings.Join(figuresOf(t, base), ", "); got != `connected 1, disconnects_total{code="stream-dropped"} 1, ticks_total 7` {
		t.Errorf("when it is back: %s", got)
	}
	select {
	case ask := <-asked:
		t.Errorf("one run too many: %+v", ask)
	default:
	}
}

// TestAServerThatWantsRestIsLeftAlone also by what the page does by itself.
func TestAServerThatWantsRestIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := once(document())
	s.init()
	s.alone = time.Now().Add(time.Hour)
	s.askRun()
	if len(s.again) != 0 {
		t.Error("a run is asked for")
	}
	s.alone = time.Now()
	s.askRun()
	if len(s.again) != 1 {
		t.Error("no run is asked for")
	}
}
