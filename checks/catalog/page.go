package catalog

// BeginSession is how a browser comes to the buttons of the page that serve
// shows.
var BeginSession = Step{
	Do:  "Run this in a terminal of this machine, in the directory that the program serves from, and open the address that it prints.",
	Run: "upstox-doctor serve",
}
