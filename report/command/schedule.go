package command

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"upstox-doctor/checks/redact"
	"upstox-doctor/report"
	"upstox-doctor/report/schedule"
)

// ScheduleOptions is what to run each trading morning, and by what.
type ScheduleOptions struct {
	OutputOptions
	Kinds              []string // one, or none for the usual one of this system
	At                 string   // "08:40" in India
	Dir                string   // where .env and .upstox_token are; empty for the working directory
	EnvFile, TokenFile string   // empty for those in Dir
	OnFail, Mail       string   // a command and an address, or empty
	Login              bool     // request a token first
	Notify             string   // desktop, none or a command; empty for what fits
}

// Schedule prints the entry for cron, systemd, launchd or the Task Scheduler.
// It installs nothing.
func (a App) Schedule(o ScheduleOptions) error {
	if err := o.parse(); err != nil {
		return err
	}
	options, err := o.options()
	if err != nil {
		return err
	}
	entry, err := schedule.New(options)
	if err != nil {
		return ExitError{ExitUsage, err}
	}
	return a.write(o.OutputOptions, report.NewSchedule(entry))
}

func (o ScheduleOptions) options() (s schedule.Options, err error) {
	s = schedule.Options{
		Kind: schedule.Default(runtime.GOOS), Zone: time.Local, Now: time.Now(),
		Dir: o.Dir, EnvFile: o.EnvFile, TokenFile: o.TokenFile, OnFail: o.OnFail, Mail: o.Mail, Login: o.Login,
	}
	if len(o.Kinds) > 1 {
		return s, UsageError("schedule takes one kind, got %q too", o.Kinds[1])
	}
	if len(o.Kinds) == 1 {
		s.Kind = schedule.Kind(o.Kinds[0])
	}
	if s.Notify = cmp.Or(o.Notify, schedule.DefaultNotify(s.Kind, s.Login)); s.Notify == "none" {
		s.Notify = ""
	}
	if o.At == "" {
		s.At = schedule.DefaultTime(s.Login)
		return s, o.places(&s)
	}
	at, err := time.Parse("15:04", o.At)
	if err != nil {
		return s, UsageError("--at %q is no time of day such as 08:40", o.At)
	}
	s.At = at.Sub(at.Truncate(24 * time.Hour))
	return s, o.places(&s)
}

// places checks the commands for secrets, and fills in the program and where
// things are.
func (o ScheduleOptions) places(s *schedule.Options) (err error) {
	// Whoever may list processes or read the entry would read it.
	for name, command := range map[string]string{"--on-fail": o.OnFail, "--notify": o.Notify} {
		if new(redact.Set).String(command) != command {
			return UsageError("%s holds what looks like a secret", name)
		}
	}
	if s.Program, err = os.Executable(); err != nil {
		return fault(fmt.Errorf("find this program's file: %w", err))
	}
	s.Temporary = strings.Contains(s.Program, "go-build")
	if err := absolute(&s.Dir, true); err != nil {
		return err
	}
	for _, path := range []*string{&s.EnvFile, &s.TokenFile} {
		if err := absolute(path, false); err != nil {
			return err
		}
	}
	return nil
}

// absolute makes the path one that holds from anywhere. An empty path is the
// working directory, or stays empty if a file is meant.
func absolute(path *string, dir bool) error {
	if *path == "" && !dir {
		return nil
	}
	whole, err := filepath.Abs(*path)
	if err != nil {
		return fault(fmt.Errorf("find the working directory: %w", err))
	}
	if info, err := os.Stat(whole); dir && (err != nil || !info.IsDir()) {
		return UsageError("--dir %q is no directory", *path)
	}
	*path = whole
	return nil
}
