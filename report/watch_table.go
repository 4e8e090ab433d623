package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/watch"
)

// Bounds of the page of a watch; --verbose shows everything.
const (
	maxEpisodes = 20 // in the table, the newest
	maxCauses   = 3  // with their steps
)

// Table writes the page for people: the figures, each episode, each cause with
// what to do about it, and last the verdict with the next command. Of a watch
// that never came to a stream it tells only what to do.
func (w WatchSummary) Table(to io.Writer, o Options) error {
	if o.Quiet && w.Status == string(doctor.Pass) {
		return nil
	}
	p := newPage(o)
	causes := w.causes()
	if w.dead() && !p.Verbose {
		p.whole("Seen: ", causes[0].Message, maxSeen-1)
		p.firstSteps(causes[0].Fix.Steps, maxRows)
	} else {
		p.figures(w.summary)
		p.episodes(w)
		p.watchCauses(w, causes)
	}
	p.blank()
	if p.Verbose {
		p.prose("", fmt.Sprintf("Exit status %d: %s. As JSON: --output json, or jsonl for every tick", w.ExitCode, watchMeaning(w)), dim)
	}
	p.watchVerdict(w)
	if len(causes) > 0 {
		p.nextCommand(causes[0].next(), len(causes) == 1)
	}
	return p.send(to)
}

// dead reports whether the watch ended at its first attempt, by something that
// the user must mend.
func (w WatchSummary) dead() bool {
	return w.UpMS == 0 && len(w.Episodes) == 1 && !w.Episodes[0].Retryable
}

func (p *page) watchCauses(w WatchSummary, causes []Cause) {
	for i, c := range causes {
		p.blank()
		if i == maxCauses && !p.Verbose {
			p.furtherCauses(causes[i:])
			return
		}
		p.watchCause(w, c)
	}
}

func (p *page) watchVerdict(w WatchSummary) {
	n, last := w.Disconnects, len(w.Episodes)-1
	switch {
	case w.Status == string(doctor.Pass) && w.Ticks == 0 && w.MarketOpenMS > 0:
		p.prose("", "The stream never broke, but no live price came while the market was open.", yellow)
	case w.Status == string(doctor.Pass):
		p.prose("", "The stream never broke.", green)
	case w.Status == string(doctor.Skip):
		p.say("STOP", red, "The watch ended before the first attempt was answered.")
	case w.Status == string(doctor.Warn) && n == 0:
		p.say("WARN", yellow, "The stream never broke, but sent no ticks of "+w.frozenNames()+".")
	case w.Status == string(doctor.Warn):
		p.say("WARN", yellow, "The stream broke "+times(n)+" and came back every time.")
	case last < 0:
		p.say("FAIL", red, "The watch ended without prices.")
	case !w.Episodes[last].Retryable:
		f := w.Episodes[last].Finding
		p.prose("", "Trying again cannot cure this, so the watch has stopped.", "")
		p.say("FAIL", red, f.Code+": "+f.Title)
	case w.Episodes[last].Kind == watch.NeverOpened:
		f := w.Episodes[last].Finding
		p.say("FAIL", red, "The stream never opened. "+f.Code+": "+f.Title)
	case w.Episodes[last].Ended == nil:
		text := "The stream broke " + times(n) + " and did not come back."
		if n > 1 {
			text = "The stream broke " + times(n) + " and came back " + times(n-1) + "."
		}
		p.say("FAIL", red, text)
	default:
		p.say("FAIL", red, "The stream broke "+times(n)+", and you must act.")
	}
}

// frozenNames are the first of the frozen keys, and how many more there are.
func (w WatchSummary) frozenNames() string {
	const shown = 3
	var names []string
	for _, c := range w.FrozenKeys[:min(len(w.FrozenKeys), shown)] {
		names = append(names, c.Target)
	}
	if more := len(w.FrozenKeys) - shown; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return join(names)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

var endWords = map[string]string{
	watch.EndSignal:       "until it was interrupted",
	watch.EndDuration:     "for as long as asked",
	watch.EndTime:         "until the time asked",
	watch.EndOutput:       "until its output could not be written",
	watch.EndNotRetryable: "until another attempt made no sense",
}

// figures writes what was measured.
func (p *page) figures(s watch.Summary) {
	whole := s.Ended.Sub(s.Began)
	p.labelled("Watched", humanize.Duration(whole)+", "+endWords[s.EndedBy]+": "+
		humanize.Timestamp(s.Began)+" to "+humanize.Clock(s.Ended, s.Began))
	p.labelled("Connected", humanize.Duration(s.Up)+share(s.Up, whole))
	if s.Open > 0 {
		p.labelled("Market", "open for "+humanize.Duration(s.Open)+"; connected in that time for "+humanize.Duration(s.OpenUp)+share(s.OpenUp, s.Open))
	} else {
		p.labelled("Market", "not open in that time")
	}
	p.labelled("Ticks", humanize.Grouped(s.Ticks)+" in "+humanize.Grouped(s.Frames)+" frames")
	if s.Backpressure > 0 {
		p.labelled("Overload", "the feed went unread for "+humanize.Duration(s.Backpressure)+": whoever takes the output is too slow")
	}
	p.labelled("Gaps", gaps(s.Gaps, s.Began))
	if s.Ticks > 0 {
		p.labelled("Delay", "at worst "+humanize.Duration(s.WorstDelay)+" from Upstox's stamp to this machine (known to half a second), "+
			humanize.Duration(s.WorstLag)+" from a trade to the stamp")
	}
}

// share is a percentage that says 100 only of the whole and 0 only of nothing.
func share(part, whole time.Duration) string {
	if whole <= 0 {
		return ""
	}
	percent := 100 * part.Seconds() / whole.Seconds()
	switch {
	case part >= whole:
		percent = 100
	case part > 0:
		percent = min(max(percent, 0.1), 99.9)
	}
	return strings.Replace(fmt.Sprintf(" (%.1f %%)", percent), ".0 %", " %", 1)
}

func gaps(all []watch.Gap, began time.Time) string {
	if len(all) == 0 {
		return "none while the market was open"
	}
	var sum, longest time.Duration
	var since time.Time
	for _, g := range all {
		d := g.To.Sub(g.From)
		if sum += d; d > longest {
			longest, since = d, g.From
		}
	}
	return fmt.Sprintf("%d while the market was open, %s together; the longest %s from %s",
		len(all), humanize.Duration(sum), humanize.Duration(longest), humanize.Clock(since, began)+" IST")
}

// episodes writes the table of episodes.
func (p *page) episodes(w WatchSummary) {
	all := w.summary.Episodes
	if len(all) == 0 {
		return
	}
	p.blank()
	from := 0
	if !p.Verbose {
		from = max(0, len(all)-maxEpisodes)
	}
	if more := w.Disconnects - len(all) + from; more > 0 {
		p.prose("", fmt.Sprintf("The newest %d episodes; %d were earlier.", len(all)-from, more), dim)
	}
	var rows [][]string
	for i, e := range all[from:] {
		lasted := "not ended"
		if !e.Ended.IsZero() {
			lasted = humanize.Duration(e.Ended.Sub(e.Began))
		}
		f := w.Episodes[from+i].Finding
		rows = append(rows, []string{fmt.Sprint(e.N), humanize.Clock(e.Began, w.summary.Began), string(e.Kind), lasted, fmt.Sprint(e.Attempts), f.Code + ": " + f.Message})
	}
	p.table([]column{
		{head: "#", right: true}, {head: "IST"}, {head: "Kind", maxWidth: 12}, {head: "Lasted"}, {head: "Tries", right: true}, {head: "What happened"},
	}, rows, maxLines)
}

// watchCause writes one cause with the episodes that it explains.
func (p *page) watchCause(w WatchSummary, c Cause) {
	p.prose("", "Cause: "+c.Title+" ("+c.Code+")", bold)
	if !p.Verbose {
		p.explained(w, c)
		one := newPage(p.Options)
		one.firstCause(c, c.Message, maxRows)
		p.add(one)
		return
	}
	p.labelled("Why", c.Cause)
	p.labelled("Seen", c.Message)
	p.evidence(c.Evidence)
	p.explained(w, c)
	p.labelled("Confidence", confidenceText(c.Confidence))
	p.labelled("Who acts", ownerText(c.Owner))
	p.steps(c.Fix)
}

// explained writes what the cause explains: frozen keys, or episodes.
func (p *page) explained(w WatchSummary, c Cause) {
	if slices.ContainsFunc(w.FrozenKeys, func(key Cause) bool { return key.Target == c.Target }) {
		p.labelled("Keys", w.frozenNames())
		return
	}
	p.labelled("Episodes", w.of(c))
}

// of says which episodes have the cause, and how long they lasted.
func (w WatchSummary) of(c Cause) string {
	var of []int
	for _, pattern := range w.Patterns {
		if pattern.Finding.Code == c.Code {
			of = append(of, pattern.Episodes...)
		}
	}
	var numbers []string
	var sum time.Duration
	for i, e := range w.Episodes {
		if !slices.Contains(of, e.N) && (of != nil || e.Finding.Code != c.Code) {
			continue
		}
		numbers = append(numbers, fmt.Sprint(e.N))
		from, to := w.summary.Episodes[i].Began, w.summary.Episodes[i].Ended
		if to.IsZero() {
			to = w.summary.Ended
		}
		sum += max(0, to.Sub(from))
	}
	if n := len(numbers); n > 12 {
		numbers = append(numbers[:10], fmt.Sprintf("%d more", n-10))
	}
	return join(numbers) + ": " + humanize.Duration(sum) + " without prices in all"
}

func (p *page) furtherCauses(rest []Cause) {
	p.line(p.paint(bold, "Also"))
	for _, c := range rest {
		p.prose("  ", c.Code+": "+c.Title, "")
		p.unwrapped(c.explain())
	}
}

func watchMeaning(w WatchSummary) string {
	switch {
	case w.ExitCode == 1:
		return "it broke and did not come back, or you must act"
	case w.Status == string(doctor.Warn) && w.Disconnects == 0:
		return "it never broke, but keys that trade had no ticks"
	case w.Status == string(doctor.Warn):
		return "it broke and came back"
	case w.ExitCode == 0:
		return "it never broke"
	case w.ExitCode == 130:
		return "interrupted"
	}
	return "not complete"
}
