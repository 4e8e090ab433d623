package checks

import (
	"net"
	"net/netip"
	"time"

	"upstox-doctor/checks/doctor"
	"upstox-doctor/checks/feed"
	"upstox-doctor/checks/market"
	"upstox-doctor/checks/token"
	"upstox-doctor/checks/upstox"
)

// What the checks hand on. A fact is learned once in a run.
var (
	credentials = doctor.NewFact[Credentials]("credentials")
	client      = doctor.NewFact[*upstox.Client]("client on the connection that proved TLS")
	answers     = doctor.NewFact[bool]("Upstox itself answers")
	holidays    = doctor.NewFact[[]market.Holiday]("exchange holidays")
	serverDate  = doctor.NewFact[ServerDate]("server's date")
	clock       = doctor.NewFact[Clock]("server-corrected clock")
	accessToken = doctor.NewFact[ActiveToken]("access token")
	unexpired   = doctor.NewFact[bool]("the token is not past its end")
	accepted    = doctor.NewFact[bool]("Upstox accepts the token")
	streamURL   = doctor.NewFact[string]("one-time stream URL")
	stream      = doctor.NewFact[*feed.Stream]("open stream")
	snapshot    = doctor.NewFact[*listener]("snapshot")
	marketSeen  = doctor.NewFact[marketEvidence]("what was said about the market")
	marketNow   = doctor.NewFact[MarketState]("market state")
)

// hop holds the facts on the way to one host.
type hop struct {
	direct  doctor.Fact[bool]         // no proxy stands between
	addrs   doctor.Fact[[]netip.Addr] // where the name leads
	file    doctor.Fact[string]       // the hosts file that says so, or empty
	socket  doctor.Fact[net.Conn]     // a connection, or a tunnel
	secured doctor.Fact[net.Conn]     // TLS on it
}

func hops(host string) hop {
	return hop{
		direct:  doctor.NewFact[bool]("direct route to " + host),
		addrs:   doctor.NewFact[[]netip.Addr]("addresses of " + host),
		file:    doctor.NewFact[string]("hosts file that names " + host),
		socket:  doctor.NewFact[net.Conn]("connection to " + host),
		secured: doctor.NewFact[net.Conn]("secured connection to " + host),
	}
}

// ServerDate is the Date header of an answer beside the local time at which
// it was read.
type ServerDate struct {
	Server, Local time.Time
	// Explains is the host whose certificate is refused only because the local
	// clock is wrong; the date then comes from a connection without trust.
	Explains string
}

// Clock tells the server's time.
type Clock struct{ Offset time.Duration }

// ActiveToken is the token that wins, and where it stands.
type ActiveToken struct {
	token.Token
	Source CredentialSource
	Others []CredentialSource // further sources with another token, highest first
	// Variables are those beside the source that hold a token too, whatever it is.
	Variables []string
}

// MarketState is the state of the segment that is watched, and who said so.
type MarketState struct {
	State    market.State
	NextOpen time.Time // zero if unknown
	Source   string
}

func facts(k ...doctor.Key) []doctor.Key { return k }
