package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"upstox-doctor/checks/doctor"
)

// The dialect of JUnit that CI servers read: a suite for each stage, a case for
// each result. Times are in seconds. A warning passes and says so in its
// output; a run that could not complete is an error of its own.
type (
	junitSuites struct {
		XMLName xml.Name `xml:"testsuites"`
		Name    string   `xml:"name,attr"`
		junitCounts
		Suites []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name string `xml:"name,attr"`
		junitCounts
		Timestamp string      `xml:"timestamp,attr,omitempty"` // UTC, as the dialect knows no zone
		Cases     []junitCase `xml:"testcase"`
	}
	junitCounts struct {
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Time     string `xml:"time,attr"`

		ms int64
	}
	junitCase struct {
		Class   string     `xml:"classname,attr"`
		Name    string     `xml:"name,attr"`
		Time    string     `xml:"time,attr"`
		Skipped *junitText `xml:"skipped"`
		Error   *junitText `xml:"error"`
		Failure *junitText `xml:"failure"`
		Output  string     `xml:"system-out,omitempty"`
	}
	junitText struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// junit writes the report as CI servers read test results.
func (d Document) junit(w io.Writer, _ Options) error {
	all := junitSuites{Name: "upstox-doctor"}
	called := metricNames(d.Checks)
	for i, c := range d.Checks {
		if n := len(all.Suites); n == 0 || all.Suites[n-1].Name != c.Stage {
			all.Suites = append(all.Suites, junitSuite{Name: c.Stage})
		}
		all.Suites[len(all.Suites)-1].add(d.junitCase(c, called[i]), c.DurationMS)
	}
	if text := unfinished(d.End); text != "" {
		run := junitSuite{Name: "run"}
		run.add(junitCase{Class: "upstox-doctor.run", Name: "complete", Error: &junitText{Message: text, Type: string(d.End)}}, 0)
		all.Suites = append(all.Suites, run)
	}
	at, err := time.Parse(timeLayout, d.StartedAt)
	for i := range all.Suites {
		s := &all.Suites[i]
		if err == nil {
			s.Timestamp = at.UTC().Format("2006-01-02T15:04:05")
		}
		s.Time = inSeconds(s.ms)
		all.Tests, all.Failures = all.Tests+s.Tests, all.Failures+s.Failures
		all.Errors, all.Skipped = all.Errors+s.Errors, all.Skipped+s.Skipped
	}
	all.Time = inSeconds(d.DurationMS)
	out, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, out)
	return err
}

// add counts the case.
func (s *junitSuite) add(c junitCase, ms int64) {
	c.Time = inSeconds(ms)
	s.Cases = append(s.Cases, c)
	s.Tests++
	s.ms += ms
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

func (d Document) junitCase(c Check, name string) junitCase {
	out := junitCase{Class: "upstox-doctor." + c.Stage, Name: name}
	switch c.Status {
	case doctor.Fail:
		out.Failure = &junitText{Message: c.Code + ": " + c.Message, Type: c.Code, Text: d.fullText(c)}
	case doctor.Warn:
		out.Output = "WARN " + c.Code + ": " + c.Message + "\n" + d.fullText(c)
	case doctor.Skip:
		out.Skipped = &junitText{Message: c.Message}
	default:
		out.Output = c.Message
	}
	return out
}

// fullText is all there is to say about a finding, in lines.
func (d Document) fullText(c Check) string {
	var out strings.Builder
	for _, r := range d.RootCauses {
		if isOf(r, c) {
			fmt.Fprintf(&out, "%s. %s\nConfidence: %s. Who acts: %s.\n", r.Title, r.Cause, confidenceText(r.Confidence), ownerText(r.Owner))
			break
		}
	}
	if c.CausedBy != "" {
		fmt.Fprintf(&out, "A consequence of %s.\n", c.CausedBy)
	}
	for _, it := range c.Evidence {
		if name, value := evidenceText(it); value != "" {
			fmt.Fprintf(&out, "%s: %s\n", name, value)
		}
	}
	if c.Fix != nil {
		out.WriteString(stepLines(*c.Fix))
	}
	return out.String()
}

// stepLines are the steps as plain text.
func stepLines(f Fix) string {
	var out strings.Builder
	for i, s := range f.Steps {
		fmt.Fprintf(&out, "%d. %s\n", i+1, printable(s.Do))
		for line := range strings.Lines(s.Run) {
			fmt.Fprintf(&out, "   %s\n", printable(line))
		}
	}
	return out.String()
}
