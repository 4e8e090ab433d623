package catalog

// BeginSession is how a browser comes to the buttons of the page that serve
// shows.
var BeginSession = Step{
	Do:  "Run this in a terminal of this machine, in the directory that the program serves from, and open the address that it prints.",
	Run: "upstox-doctor serve",
}

// RestartServe ends the steps that change the environment, of which the program that
// serves the page keeps what it was started with.
var RestartServe = Step{
	Do:  "This page keeps the environment that it was started with: end it with Ctrl-C in its terminal, and start it again where the steps above were taken.",
	Run: "upstox-doctor serve",
}

// Routine is what the page that serve shows names for each day.
var Routine = []Step{
	{Do: "Have the checks run each trading morning; this prints what to install for it.", Run: "upstox-doctor schedule"},
	{Do: "Make one file for a support ticket: a run and its surroundings, without secrets.", Run: "upstox-doctor bundle"},
}
