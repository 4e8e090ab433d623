package catalog

// A LoginPlace is a kind of surroundings from which a login goes in its own way.
type LoginPlace string

// The places. The empty one is the user's own desktop.
const (
	OverSSH        LoginPlace = "ssh"
	Container      LoginPlace = "container"
	WSL            LoginPlace = "wsl"
	Codespace      LoginPlace = "codespace"
	CloudWorkspace LoginPlace = "workspace"
)

// A LoginWay is how the browser's answer can come back to a login.
type LoginWay struct {
	Place   LoginPlace
	Listens bool   // on the redirect URI
	Asks    bool   // for the address, at the prompt
	Busy    string // why nothing listens although the redirect URI leads here; empty otherwise
	Forward string // the command that leads a browser elsewhere to the listener, or ""
}

// terminalTo is what opens a terminal in the place.
var terminalTo = map[LoginPlace]string{
	OverSSH:        "ssh -t",
	Container:      "docker run -it, docker exec -it or kubectl exec -it",
	Codespace:      "gh codespace ssh",
	CloudWorkspace: "its own page in the browser",
}

// Before is what to know before the page is opened: where the program runs and
// what works there.
func (w LoginWay) Before() []Step {
	if w.Busy != "" {
		return []Step{{Do: "The browser cannot come back by itself: " + w.Busy + ". That does not end this login."}}
	}
	where, known := map[LoginPlace]string{
		OverSSH:        "You are here by SSH.",
		Container:      "This is a container, which a browser outside does not reach.",
		Codespace:      "This is a codespace, which your browser does not reach.",
		CloudWorkspace: "This is a workspace in the cloud, which your browser does not reach.",
	}[w.Place]
	switch {
	case !w.Listens:
		return nil
	case w.Place == WSL:
		return []Step{{Do: "This is WSL. The browser of Windows usually comes back by itself."}}
	case known && w.Forward != "":
		return []Step{{Do: where + " Run this on your own computer first, and the browser there comes back by itself:", Run: w.Forward}}
	case known && w.Asks:
		return []Step{{Do: where + " Open the page in your own browser, and paste here the address that it lands on."}}
	case known:
		return []Step{{Do: where + " Only a login with a terminal can ask for the address that the browser lands on: end this one, get a terminal here, with " + terminalTo[w.Place] + ", and run there:", Run: "upstox-doctor login"}}
	}
	return nil
}

// After is what to do when the user has logged in on the page.
func (w LoginWay) After() []Step {
	switch {
	case !w.Listens:
		return []Step{{Do: "Then copy the whole address of the page that you land on, even if it does not load."}}
	case w.Asks:
		return []Step{{Do: "Or paste here the address that the browser lands on, even if the page does not load."}}
	}
	return nil
}
