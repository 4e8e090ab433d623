package catalog

// An AppValue is one of the three values that an app has at Upstox.
type AppValue struct {
	Variable string
	Is       string // what it is called
	Find     []string
	Secret   bool // not shown while it is typed
}

// AppValues lists what a login needs, in the order in which a user is asked.
var AppValues = []AppValue{
	{
		Variable: "UPSTOX_API_KEY", Is: "API key",
		Find: []string{
			"Open https://account.upstox.com/developer/apps and choose your app, or create one there.",
			"Copy its API key. It is no secret: it stands in the address of the login page.",
		},
	},
	{
		Variable: "UPSTOX_API_SECRET", Is: "API secret", Secret: true,
		Find: []string{"Copy the API secret of the same app, on the same page. Whoever has it can log in as your app."},
	},
	{
		Variable: "UPSTOX_REDIRECT_URI", Is: "redirect URI",
		Find: []string{
			"Copy the redirect URL of the same app, letter for letter: http and https, localhost and 127.0.0.1, and a slash at the end all count.",
			"With http://127.0.0.1:5000/callback, or another port, the browser comes back to this program by itself; set it at Upstox first.",
		},
	},
}

// What is said about values that may be right and are unusual.
const (
	UnusualKey      = "An API key usually has 36 characters, such as 01234567-89ab-cdef-0123-456789abcdef. The login will show whether Upstox knows this one."
	UnusualSecret   = "That looks like an API key; the secret is shorter. The login will show whether Upstox accepts it."
	RedirectAway    = "After the login the browser lands on that page. Copy its address then: the login asks for it."
	RedirectPort80  = "Without a port the browser comes to port 80, which most systems let only administrators open; with http://127.0.0.1:5000/callback it needs no rights. Change it at Upstox too."
	RedirectPrivate = "A redirect URI of http leads to other machines in the clear. Prefer https, or http://127.0.0.1:5000/callback for this machine."
)

// AfterSetup lists what to run when the first run has ended well.
var AfterSetup = []Step{
	{Do: "Examine the whole way when prices stop.", Run: "upstox-doctor"},
	{Do: "See the live prices.", Run: "upstox-doctor watch"},
	{Do: "Log in again each trading day: the token ends at 03:30 IST.", Run: "upstox-doctor login"},
	{Do: "Or let this machine request the token each morning; it prints how.", Run: "upstox-doctor schedule --login"},
}
