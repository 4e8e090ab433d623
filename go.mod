module upstox-doctor

go 1.26.0

require (
	github.com/chromedp/cdproto v0.159.0 // tests: the protocol of chromedp
	github.com/chromedp/chromedp v0.23.0 // tests: a real browser at pages and login
	github.com/cli/browser v1.3.0 // login and serve: opens the user's browser
	github.com/google/go-cmp v0.7.0 // tests: differences
	github.com/gorilla/websocket v1.5.3 // the feed, and the simulator's
	github.com/jarcoal/httpmock v1.4.2 // tests: answers of the API
	github.com/joshdk/go-junit v1.0.0 // tests: reads the JUnit format
	github.com/olekukonko/tablewriter v1.1.5 // the tables
	github.com/pelletier/go-toml/v2 v2.4.3 // secrets.toml, with lines and columns
	github.com/prometheus/client_golang v1.23.2 // metrics of a run and of serve
	github.com/prometheus/common v0.72.0 // the text format of the metrics
	github.com/robfig/cron/v3 v3.0.1 // tests: reads the printed crontab entry
	github.com/rogpeppe/go-internal v1.16.0 // tests: the command line as scripts
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3 // tests: every JSON document against its schema
	github.com/urfave/cli/v2 v2.27.7 // commands and flags
	go.uber.org/goleak v1.3.0 // tests: no goroutine is left
	golang.org/x/crypto/x509roots/fallback v0.0.0-20261030153154-30a33513ff6d // releases: the root certificates of the image
	golang.org/x/net v0.62.0 // proxies, DNS messages, and HTTP/2 of the simulator
	golang.org/x/term v0.47.0 // hidden input, the terminal's width
	golang.org/x/text v0.43.0 // secrets in other forms of letters; in any build with HTTP
	google.golang.org/protobuf v1.36.12 // the wire format of feed frames
	howett.net/plist v1.0.1 // tests: reads the printed launchd entry
	rsc.io/qr v0.2.0 // login: the address as a picture
)

require (
	github.com/beorn7/perks v1.0.1 // indirect
	github.com/go-json-experiment/json v0.0.0-20260213210345-44df1a37e875 // indirect
	github.com/munnerz/goautoneg v0.0.0-20191010083416-a7dc8b61c822 // indirect
	github.com/prometheus/client_model v0.6.3 // indirect
	github.com/prometheus/procfs v0.21.0 // indirect
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/clipperhouse/displaywidth v0.10.0 // indirect
	github.com/clipperhouse/uax29/v2 v2.6.0 // indirect
	github.com/cpuguy83/go-md2man/v2 v2.0.7 // indirect
	github.com/fatih/color v1.18.0 // indirect
	github.com/mattn/go-colorable v0.1.14 // indirect
	github.com/mattn/go-isatty v0.0.20 // indirect
	github.com/mattn/go-runewidth v0.0.19 // indirect
	github.com/olekukonko/cat v0.0.0-20250911104152-50322a0618f6 // indirect
	github.com/olekukonko/errors v1.2.0 // indirect
	github.com/olekukonko/ll v0.1.6 // indirect
	github.com/russross/blackfriday/v2 v2.1.0 // indirect
	github.com/xrash/smetrics v0.0.0-20240521201337-686a1a2994c1 // indirect
	golang.org/x/sys v0.49.0 // sockets, clocks and processes beneath the standard library
	golang.org/x/tools v0.52.0 // indirect
)
