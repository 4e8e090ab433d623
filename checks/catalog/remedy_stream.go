package catalog

import (
	"strings"

	"upstox-doctor/checks/lazyregexp"
)

// processID is the number in the name of a process, such as in
// "python3, process 4711".
var processID = lazyregexp.New(`process ([0-9]+)`)

// maxStopped is how many programs get a step of their own.
const maxStopped = 3

// stopPrograms are steps that end the programs of this machine that were seen
// connected to the feed.
func stopPrograms(f Finding) []Step {
	var steps []Step
	for _, program := range f.List("local_programs") {
		m := processID.FindStringSubmatch(program)
		if m == nil || len(steps) == maxStopped {
			continue
		}
		steps = append(steps, Step{
			Do: "Stop " + program + ", which holds a connection to the feed.", Run: "kill " + m[1],
			Windows: "Stop-Process -Id " + m[1], Cmd: "taskkill /PID " + m[1],
		})
	}
	return steps
}

// tooMany are the steps for a limit of connections that is reached.
func tooMany(f Finding) []Step {
	stop := stopPrograms(f)
	switch others, told := f.Number("other_local_connections"); {
	case len(stop) > 0:
		stop = append(stop, shareConnection)
	case told && others == 0:
		stop = []Step{{Do: "Stop the programs on other machines that stream with this account; this one holds no other connection."}, shareConnection}
	default:
		stop = []Step{countConnections, stopOthers, shareConnection}
	}
	return append(stop, againInFiveMinutes)
}

// freshForbidden are the causes of a 403 on a URL that was not used before.
const freshForbidden = "the limit of connections is reached (two, with Plus five), the kind of token, the account. It is seldom a missing permission."

// whyForbidden leaves out what a run has ruled out by fresh URLs.
func whyForbidden(f Finding) string {
	if _, told := f.Number("other_local_connections"); !told || f.Text("feed") == "portfolio" {
		return ""
	}
	return "In order of likelihood: " + freshForbidden
}

// forbidden are the steps for a fresh URL that is refused twice.
func forbidden(f Finding) []Step {
	if f.Text("feed") == "portfolio" {
		return []Step{
			{Do: "Stop the other programs that follow orders with this account; what the portfolio feed allows is not documented."},
			againInFiveMinutes,
			{Do: "Report it on https://community.upstox.com if it stays: fresh URLs of the portfolio feed are refused with 403, and the token is accepted."},
		}
	}
	if _, told := f.Number("other_local_connections"); !told {
		return nil
	}
	steps := stopPrograms(f)
	if len(steps) == 0 {
		steps = []Step{{Do: "Stop the programs on other machines that stream with this account; this one holds no other connection."}}
	}
	return append(steps, againInFiveMinutes,
		Step{Do: "Report it on https://community.upstox.com if it stays: fresh URLs are refused with 403, the token is accepted, and no other program streams."})
}

// inspectedStream are the steps for a stream that something between changes or
// holds back.
func inspectedStream(f Finding) []Step {
	return []Step{
		{Do: "Add wsfeeder-api.upstox.com to the exceptions of the antivirus web shield or inspecting proxy, with WebSockets."},
		exemptHosts,
		disconnectVPN,
		{Do: "Repeat over a phone's hotspot; success there means that this network is the cause.", Run: "upstox-doctor"},
	}
}

// brokenAtOnce is a connection that ended before an idle limit could end it.
func brokenAtOnce(f Finding) bool {
	age, told := f.Number("connection_age_seconds")
	return told && age < 10
}

// afterDrop are the steps for a stream that broke off.
func afterDrop(f Finding) []Step {
	if !brokenAtOnce(f) {
		return nil
	}
	return []Step{
		{Do: "Repeat over a phone's hotspot; a stream that holds there means that this network cuts it.", Run: "upstox-doctor watch"},
		disconnectVPN,
		{Do: "Stop the other programs that stream with this account; each one too many can cost another its connection."},
		{Do: "Fetch a fresh URL for each reconnect, with a pause that grows, and subscribe again."},
	}
}

func whyDropped(f Finding) string {
	if !brokenAtOnce(f) {
		return ""
	}
	return "The connection was up for seconds only and ended underneath, too soon for an idle limit: a filter or VPN on the way cut it, or the server. What was seen does not tell which."
}

// noTicks are the steps for a feed that stands still: the index that moves each
// second was asked for too, and is silent as well. One key may also stand still
// alone, which its quote shows.
func noTicks(f Finding) []Step {
	if _, quoted := f.Number("quote_price"); quoted {
		again := Step{Do: "Subscribe to " + f.Target + " again, on a stream with a fresh URL, and see whether it ticks."}
		if !strings.Contains(f.Target, "'") { // a shell could not read it
			again.Run = "upstox-doctor watch --instrument '" + f.Target + "'"
		}
		return []Step{
			again,
			{Do: "Take " + f.Target + " from REST quotes until it ticks; the other prices of the stream are live."},
			reportToForum,
		}
	}
	return []Step{
		{Do: "Run the doctor again in a minute; it opens a fresh stream, and the index was silent on this one too.", Run: "sleep 60; upstox-doctor", Windows: "Start-Sleep 60; upstox-doctor"},
		{Do: "Reconnect your program with a fresh URL, and take REST quotes until the feed moves."},
		reportToForum,
	}
}
