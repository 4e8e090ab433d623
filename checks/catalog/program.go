package catalog

// ProgramFault is a mistake of the user's own program.
var ProgramFault = &Entry{
	Code: "program-fault", Stage: "any", Grade: Fails, Owner: You,
	Retry: Never,
	Title: "The program itself is at fault",
	Cause: "The line names an error of the program's own code or modules: an event loop, a callback, a send on a socket that is not open, a module that is missing or does not fit. Network and token are not at fault.",
	Steps: []Step{
		{Do: "Correct the line of your program that the error names, or install the module that it misses."},
		{Do: "Subscribe and send in the callback that tells of the open socket, and not before it."},
		{Do: "Run the doctor; if it passes, the mistake is in your program alone.", Run: "upstox-doctor"},
	},
	Texts: join(
		logTexts(rankCertain, // event loops
			"this event loop is already running", "asyncio.run() cannot be called from a running event loop", "event loop is closed", "no running event loop", "there is no current event loop",
			"attached to a different loop", "cannot be called from a running event loop", "reactornotrestartable", "timeout context manager should be used inside a task", "no current event loop", "set_wakeup_fd only works in main thread", "signal only works in main thread"),
		logTexts(rankCertain, // sends and connects at the wrong moment
			"websocket is still in connecting state", "websocket is not open: readystate 0", "still in connecting state", "connect() called twice", "already connected", "is already connected", "a connect or receive operation is already in progress", "there is already one outstanding",
			"the websocket has already been started", "connect() called on a running", "socket is already opened", "cannot call recv while another coroutine"),
		logTexts(rankCertain, "(reading 'send')", "(reading 'close')", "cannot read property 'send' of", "cannot read property 'close' of", "failing websocket connection (code=1000)", "repeated read on failed websocket connection", "concurrent write to websocket connection", "illegalstateexception: send pending", "illegalstateexception: output closed", "winerror 10038", "failing websocket connection (code=1011)", "websocket is not defined", "'websocketapp' object has no attribute", "cannot decode: 'utf-8' codec"),
		logTexts(rankHint+1, "websocket: close sent", "bad file descriptor", "cannot access a disposed object", "eaddrinuse", "errno 98", "errno 48", "address already in use", "axioserror: network error", "typeerror: failed to fetch", "networkerror when attempting to fetch", "'nonetype' object has no attribute 'connected'", "'nonetype' object has no attribute 'sock'", "'nonetype' object has no attribute 'send'", "error from callback"),
		logTexts(rankCertain, // modules and interfaces that do not fit
			"modulenotfounderror", "no module named", "cannot find module", "err_module_not_found", "importerror: cannot import name", "descriptors cannot be created directly", "descriptors cannot not be created directly",
			"couldn't build proto file into descriptor pool", "duplicate file name marketdatafeed", "unexpected keyword argument 'extra_headers'", "unexpected keyword argument 'additional_headers'",
			"got an unexpected keyword argument", "module 'websocket' has no attribute", "has no attribute 'websocketapp'", "has no attribute 'create_connection'", "call to undefined function", "call to undefined method",
			"is not a constructor", "classnotfoundexception", "noclassdeffounderror", "nosuchmethoderror", "could not load file or assembly", "missing 1 required positional argument", "positional arguments but", "positional argument but", "tls support not compiled in", "support not compiled in", "cleartext communication", "missing internet permission", "blocked by cors policy", "cors request did not succeed", "mixed content",
			"has no attribute 'marketdatastreamerv3'", "runtimewarning: coroutine", "cannot reuse already awaited", "cannot schedule new futures", "networkonmainthreadexception", "was never awaited…websocket"),
		logTexts(rankHint, "isn't a valid uri", "invalid url", "scheme https is invalid"),
		logTexts(rankExact, "ws://https", "wss://https", "wss://wss", "ws://wss", "https://wss", "http://https", "https://https", "wss://http"),
		logTexts(rankCertain, // addresses that cannot be one
			"url's scheme must be either", "scheme http is invalid", "url scheme", "invalid url '", "no scheme supplied", "invalid uri", "scheme must be one of", "only absolute uris are supported"),
	),
}

// OtherService is an error line about a service that is not Upstox.
var OtherService = &Entry{
	Code: "other-service", Stage: "any", Grade: Informs, Owner: You,
	Title: "This line is about another service, not Upstox",
	Cause: "It names another host, a port of this machine, or a service such as a database or a messenger. It says nothing about Upstox's feed.",
	Steps: []Step{
		{Do: "Look at that service by itself; the doctor does not know it."},
		{Do: "Run the doctor to see how it stands with Upstox.", Run: "upstox-doctor"},
	},
	Texts: logTexts(rankHint, "is streamlit still running", "sessioninfo before it was initialized", "nobrokersavailable"),
}
