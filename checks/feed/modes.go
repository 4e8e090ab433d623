package feed

// The modes in which keys are asked for, by their names on the wire.
const (
	ModeLTPC    = "ltpc"
	ModeFullD30 = "full_d30" // which needs Upstox Plus
)

// modes are all modes, with how many keys a connection may have in a mode if it
// uses no other, and if it does. Source: Upstox's documentation of the v3 feed.
var modes = []struct {
	name              string
	alone, withOthers int
}{{ModeLTPC, 5000, 2000}, {"option_greeks", 3000, 2000}, {"full", 2000, 1500}, {ModeFullD30, 50, 1500}}

// Modes are the names of the modes.
func Modes() []string {
	var names []string
	for _, m := range modes {
		names = append(names, m.name)
	}
	return names
}

// MaxKeys returns how many keys a connection may have in a mode: if it uses no
// other mode, and if it does. Both are 0 for an unknown mode.
func MaxKeys(mode string) (alone, withOthers int) {
	for _, m := range modes {
		if m.name == mode {
			return m.alone, min(m.alone, m.withOthers)
		}
	}
	return 0, 0
}
