package schedule

import (
	"fmt"
	"strings"
)

func (o Options) windows(h runTime) (Entry, error) {
	const name = "upstox-doctor.xml"
	activate := []commentLine{{run: "schtasks /Create /F /TN upstox-doctor /XML " + name}}
	trouble := "The report of the last run is in " + reportFile + ", in the directory below."
	if o.OnFail != "" {
		trouble += " After a failed run cmd.exe runs the command behind ||, whose exit status is then the last result here:"
	} else {
		trouble += " The exit status of the last run is the last result here:"
	}
	notes := append(o.introduction(h.words()+" A run that the machine was off for is not made up for."),
		commentLine{say: trouble}, commentLine{run: "schtasks /Query /TN upstox-doctor /V /FO LIST"},
		bare("The Task Scheduler", "among the variables of your account"), saved(name))
	notes = append(notes, activate...)

	exec, err := o.exec()
	if err != nil {
		return Entry{}, err
	}
	var days strings.Builder
	for _, d := range h.days() {
		fmt.Fprintf(&days, "          <%s />\n", d)
	}
	// Without a named encoding the text may be saved in UTF-8 or UTF-16. A start
	// without an offset is local time.
	content := "<?xml version=\"1.0\"?>\n" + xmlComment(notes) +
		fmt.Sprintf(task, h.turns[0].from.Format("2006-01-02T15:04:05"), days.String(), o.longest(), exec)
	return Entry{Kind: Windows, Files: []File{{Name: name, Content: content}}, Activate: runs(activate)}, nil
}

// exec is the action. Cmd takes off the first and the last quote after /s /c
// and reads what is between as a line typed into it, so the user's command is
// not quoted.
func (o Options) exec() (string, error) {
	var words []string
	for _, w := range append([]string{o.Program, "-o", "table=" + reportFile}, o.flags()...) {
		quoted, err := windowsWord(w)
		if err != nil {
			return "", err
		}
		words = append(words, quoted)
	}
	command, arguments := o.Program, strings.Join(words[1:], " ")
	if o.OnFail != "" {
		command, arguments = "cmd.exe", `/d /s /c "`+strings.Join(words, " ")+" || "+o.OnFail+`"`
	}
	return fmt.Sprintf("      <Command>%s</Command>\n      <Arguments>%s</Arguments>\n      <WorkingDirectory>%s</WorkingDirectory>\n",
		xmlText(command), xmlText(arguments), xmlText(o.Dir)), nil
}

// longest is how long the run may take: two runs, and the login between them.
func (o Options) longest() string {
	if o.Login {
		return "PT70M"
	}
	return "PT10M"
}

// task follows Microsoft's schema of version 1.2; start, days, longest
// time and action are to be filled in. It runs as the user who creates it, while logged on.
const task = `<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Check of the connection to Upstox before the market opens</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>%s</StartBoundary>
      <ScheduleByWeek>
        <WeeksInterval>1</WeeksInterval>
        <DaysOfWeek>
%s        </DaysOfWeek>
      </ScheduleByWeek>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>false</StartWhenAvailable>
    <Enabled>true</Enabled>
    <ExecutionTimeLimit>%s</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author">
    <Exec>
%s    </Exec>
  </Actions>
</Task>
`
