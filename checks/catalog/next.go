package catalog

// What to do after a run that calls for no remedy.
var (
	// WhenHealthy follows a run of which every stage passed.
	WhenHealthy = Step{Do: "See the live prices.", Run: "upstox-doctor watch"}
	// WhenPartial follows a run that left stages out.
	WhenPartial = Step{Do: "Run every check.", Run: "upstox-doctor"}
	// WhenRehearsed is for a scenario that begins with what a login has left.
	WhenRehearsed = Step{Do: "Begin every scenario anew.", Run: "upstox-doctor simulate --reset"}
)
