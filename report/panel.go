package report

import (
	"cmp"
	"html/template"
	"slices"
	"strings"
	"time"

	"upstox-doctor/checks"
	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/humanize"
	"upstox-doctor/checks/market"
)

// HTMLStyle is the style sheet of the HTML report, for other pages that look
// like it.
var HTMLStyle = htmlStyle

// HTMLParts are the templates of the HTML report, for other pages made of the
// same parts: badge, mark, fact, facts, steps, evidence, rows.
func HTMLParts() *template.Template { return template.Must(template.New("report").Parse(htmlText)) }

// A Panel is what a page that stays open shows of a run, part by part. Its JSON
// form is what a program can read of it; the report says the rest.
type Panel struct {
	Verdict PanelVerdict `json:"verdict"`
	Token   PanelToken   `json:"token"`
	Price   PanelPrice   `json:"price"`
	Market  htmlFact     `json:"-"`
	Stages  []PanelStage `json:"stages"`
	Causes  []htmlCause  `json:"-"`
	Alone   bool         `json:"-"` // the verdict says what the only cause is, and why
	Checked time.Time    `json:"checked_at"`
	Repair  string       `json:"repair"` // what the doctor itself can do about the first cause: login or empty
}

// Tells reports whether the panel has the steps of that cause.
func (p Panel) Tells(code string) bool {
	return slices.ContainsFunc(p.Causes, func(c htmlCause) bool { return c.Code == code })
}

// PanelVerdict is the run in a sentence.
type PanelVerdict struct {
	Class string   `json:"status"` // pass, warn, fail, or stop for a run that did not end
	Word  string   `json:"-"`
	Head  string   `json:"message"`
	Lead  string   `json:"-"` // what else there is to say; of the only root cause, why
	More  []string `json:"also,omitempty"`
}

// PanelToken is the Token Status of the guide.
type PanelToken struct {
	Class   string    `json:"status"` // pass, warn, fail, or skip if it is not known
	Message string    `json:"message"`
	Note    string    `json:"note,omitempty"` // the warning about a token that works
	Source  string    `json:"source,omitempty"`
	Kind    string    `json:"kind,omitempty"`
	Ends    time.Time `json:"expires_at,omitzero"`
}

// PanelPrice is the price that the last check of the stream saw.
type PanelPrice struct {
	Name   string    `json:"name,omitempty"`
	Value  string    `json:"value,omitempty"`  // empty if no price was seen
	Change string    `json:"change,omitempty"` // against the previous close
	Traded time.Time `json:"traded_at,omitzero"`
	Seen   string    `json:"message"` // what the stage ticks saw
}

// A PanelStage is one of the six stages with its checks.
type PanelStage struct {
	Name  string    `json:"name"`
	Class string    `json:"status"` // pass, warn, fail, skip; running or waiting while a run goes on
	Word  string    `json:"-"`
	Mark  string    `json:"-"`
	Seen  string    `json:"message"`
	Old   bool      `json:"of_last_run,omitempty"` // Seen is of the run before the one that goes on
	Rows  []htmlRow `json:"-"`
	Steps []Step    `json:"-"` // about its first finding that is no root cause
	Root  bool      `json:"-"` // a root cause is of this stage
}

// NewPanel makes the panel of a run that has ended.
func NewPanel(d Document) Panel {
	v := verdictOf(d)
	p := Panel{
		Verdict: PanelVerdict{v.Class, v.Word, v.Head, v.Lead, v.More},
		Token:   d.panelToken(), Price: d.panelPrice(), Market: d.market(),
		Stages: d.panelStages(), Causes: d.htmlCauses(), Checked: d.endedAt(),
	}
	if d.RootCause != nil {
		p.Repair = d.RootCause.Fix.Repair
	}
	if len(p.Causes) == 1 && d.End == doctor.Complete {
		p.Verdict.Lead, p.Alone = p.Causes[0].Why, true
	}
	return p
}

func (d Document) endedAt() time.Time {
	began, _ := time.Parse(timeLayout, d.StartedAt)
	return began.Add(time.Duration(d.DurationMS) * time.Millisecond)
}

func (d Document) panelStages() []PanelStage {
	rows := d.htmlRows()
	var all []PanelStage
	for _, r := range d.stageRows() {
		s := PanelStage{Name: r.name, Class: class(r.status), Word: word(r.status), Mark: marks[r.status], Seen: r.texts[0], Rows: rows[r.name]}
		s.Root = slices.ContainsFunc(d.RootCauses, func(c Cause) bool { return c.Stage == s.Name })
		for _, c := range otherFindings(d) {
			if c.Stage == s.Name && c.CausedBy == "" && c.Fix != nil && s.Steps == nil {
				s.Steps = c.Fix.Steps
			}
		}
		all = append(all, s)
	}
	return all
}

// panelToken uses the words of the guide. That the token works is said only if
// Upstox has accepted it in this run.
func (d Document) panelToken() PanelToken {
	var own []Check
	for _, c := range d.Checks {
		if c.Stage == catalog.StageToken {
			own = append(own, c)
		}
	}
	t := PanelToken{Class: class(stageStatus(own)), Message: "It is not known whether the token works."}
	for _, c := range own {
		t.tell(c)
	}
	accepted := slices.ContainsFunc(own, func(c Check) bool {
		return c.ID == checks.IDTokenAccepted && (c.Status == doctor.Pass || c.Status == doctor.Warn)
	})
	worst := slices.IndexFunc(own, func(c Check) bool { return class(c.Status) == t.Class && c.Code != "" })
	switch {
	case t.Class == "fail" && own[worst].Fix.Guide != "":
		t.Message, t.Note = own[worst].Fix.Guide, own[worst].Message
	case t.Class == "fail":
		t.Message, t.Note = d.titleOf(own[worst]), own[worst].Message
	case accepted && t.Class == "warn":
		t.Message, t.Note = tokenWorks, d.titleOf(own[worst])
	case accepted:
		t.Message = tokenWorks
	case len(own) > 0:
		if i := slices.IndexFunc(own, isUndone); i >= 0 {
			t.Note = own[i].Message
		}
	}
	return t
}

// tokenWorks is what the guide says of a token that Upstox accepts.
const tokenWorks = "Token is valid and working!"

// tell takes over where the token is and when it ends.
func (t *PanelToken) tell(c Check) {
	text := func(name string) string { s, _ := doctor.Evidence(c.Evidence).Find(name).(string); return s }
	source, variable := text("source"), text("variable")
	if variable != "" && variable != source {
		source = variable + " (" + source + ")"
	}
	t.Source, t.Kind = cmp.Or(t.Source, source), cmp.Or(t.Kind, text("kind"))
	if at, err := time.Parse(time.RFC3339, text("expires")); err == nil {
		t.Ends = at
	}
}

// titleOf is the illness that the check found, or what it said.
func (d Document) titleOf(c Check) string {
	for _, r := range d.RootCauses {
		if isOf(r, c) {
			return r.Title
		}
	}
	return cmp.Or(c.Message, c.Code)
}

// panelPrice reads the price from the checks of the stream: the live one if
// it came, else that of the snapshot.
func (d Document) panelPrice() PanelPrice {
	p := PanelPrice{Name: InstrumentName(checks.ControlKey), Seen: "no price yet"}
	for _, c := range d.Checks {
		if c.Stage != catalog.StageTicks {
			continue
		}
		find := func(name string) (float64, bool) { return number(doctor.Evidence(c.Evidence).Find(name)) }
		if c.Status == doctor.Skip {
			p.Seen = "the run did not get this far"
		} else if c.Message != "" {
			p.Seen = c.Message
		}
		price, live := find("price")
		key, _ := doctor.Evidence(c.Evidence).Find("instrument").(string)
		for _, it := range c.Evidence {
			if n, is := number(it.Value); !live && is && market.IsKey(it.Name) {
				price, live, key = n, true, it.Name
			}
		}
		if !live {
			continue
		}
		p.Name, p.Value = InstrumentName(key), humanize.Price(key, price)
		if before, known := find("previous_close"); known {
			p.Change = humanize.Change(price, before)
		}
		if age, known := find("age_ms"); known && c.StartedMS != nil {
			began, _ := time.Parse(timeLayout, d.StartedAt)
			p.Traded = began.Add(time.Duration(*c.StartedMS+c.DurationMS-int64(age)) * time.Millisecond)
		}
	}
	return p
}

// InstrumentName is what people call the instrument of a key.
func InstrumentName(key string) string {
	if key == checks.ControlKey {
		return "NIFTY 50"
	}
	if _, name, found := strings.Cut(key, "|"); found {
		return printable(name)
	}
	return printable(key)
}
