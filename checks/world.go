package checks

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"upstox-doctor/checks/login"
	"upstox-doctor/checks/network"
	"upstox-doctor/checks/redact"
	"upstox-doctor/checks/tape"
	"upstox-doctor/checks/watch"
)

// The hosts of Upstox that a data program needs, and the key that always
// ticks. Source: Upstox's API documentation; the feed's host is named only by
// the answer of authorize, and six independent projects have seen this one.
const (
	APIHost    = "api.upstox.com"
	FeedHost   = "wsfeeder-api.upstox.com"
	ControlKey = "NSE_INDEX|Nifty 50"
)

// World is everything outside the program that the checks touch, and what is
// asked of them. A simulated run is the same checks in another World.
type World struct {
	Env   func(name string) (string, bool)
	Flags map[string]string // credentials given on the command line, by variable name
	Dir   string            // working directory
	// DirName is Dir as it is shown; empty is Dir itself. Home is the home
	// directory; empty if there is none.
	DirName, Home string
	DirGone       bool // the working directory was removed: it holds nothing, and takes nothing
	// EnvFile and TokenFile are set when the user named them. The first must then
	// exist; a login writes the second. Otherwise .env and .upstox_token in Dir are
	// read if they exist.
	EnvFile, TokenFile string

	Place login.Place // where the program runs, for the login

	Net     *network.Network
	Now     func() time.Time
	Uptime  func() time.Duration // a monotonic clock that includes suspends; nil is the machine's
	Secrets *redact.Set          // every secret that is read joins it, so that none is shown
	Agent   string               // User-Agent of every request

	// Tape records what happens on the way to Upstox; optional.
	Tape *tape.Writer

	Settings
}

// Settings are what is asked of the checks. A zero value means the default.
type Settings struct {
	Instrument string        // the key whose ticks are wanted
	Mode       string        // ltpc, option_greeks, full or full_d30
	Portfolio  bool          // look at the portfolio feed too
	TokenTTL   time.Duration // a token with less time left is warned of

	// How long to wait for the first frame, the snapshot and a live tick.
	FrameWait, LiveWait time.Duration
}

func (s Settings) withDefaults() Settings {
	s.Instrument = cmp.Or(s.Instrument, ControlKey)
	s.Mode = cmp.Or(s.Mode, "ltpc")
	s.TokenTTL = cmp.Or(s.TokenTTL, 30*time.Minute)
	s.FrameWait = cmp.Or(s.FrameWait, 4*time.Second)
	s.LiveWait = cmp.Or(s.LiveWait, 8*time.Second)
	return s
}

// Machine is the World of this process: its environment, its working
// directory, its network and its clock.
func Machine(agent string) World {
	dir, err := os.Getwd()      // without one, "." is shown
	home, _ := os.UserHomeDir() // a machine may have none
	return World{
		Env: os.LookupEnv, Dir: ".", DirName: ShownDir(dir, home), DirGone: errors.Is(err, fs.ErrNotExist), Home: home, Place: login.FindPlace(),
		Net: &network.Network{Now: time.Now, Proxy: network.ProxyFromEnv(os.LookupEnv), Agent: agent},
		Now: time.Now, Agent: agent,
	}.WithDefaults()
}

// WithDefaults fills what was left empty.
func (w World) WithDefaults() World {
	w.Dir = cmp.Or(w.Dir, ".")
	w.Settings = w.Settings.withDefaults()
	w.DirName = cmp.Or(w.DirName, w.Dir)
	if w.Secrets == nil {
		w.Secrets = new(redact.Set)
	}
	return w
}

// steady lets the clock go on evenly, whatever it is set to meanwhile: by how much
// it is wrong is measured once in a run.
func (w World) steady() World {
	w.Now = watch.Steady(w.Now, w.Uptime)
	return w
}

// homePrefix is what the shown name of a file in the home directory begins with.
const homePrefix = "~/"

// ShownDir is a directory as it is shown: one below the home directory without the
// user's name.
func ShownDir(dir, home string) string {
	if below, err := filepath.Rel(home, dir); home != "" && err == nil && filepath.IsLocal(below) {
		return strings.TrimSuffix(homePrefix+filepath.ToSlash(below), "/.")
	}
	return dir
}
