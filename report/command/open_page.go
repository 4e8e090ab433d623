package command

import (
	"fmt"
	"html"
	"io"
	"os"
	"time"

	"github.com/cli/browser"
)

// openedFor is how long a browser may take to read the file that leads it on.
const openedFor = time.Minute

// openPage opens an address whose fragment nobody else may see. A browser takes
// it from a file, since the arguments of a program are shown to all users of the
// machine. The file is in the home directory: a browser that is packed as a snap
// reads no other. It is removed by done, or after a minute.
func openPage(address string) (done func(), err error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(home, "upstox-data-*.html") // mode 0600
	if err != nil {
		return nil, err
	}
	remove := time.AfterFunc(openedFor, func() { os.Remove(f.Name()) })
	done = func() { remove.Stop(); os.Remove(f.Name()) }
	_, err = fmt.Fprintf(f, "<!doctype html>\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>Upstox Data</title>\n<meta http-equiv=\"refresh\" content=\"0; url=%s\">\n", html.EscapeString(address))
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		done()
		return nil, err
	}
	browser.Stdout, browser.Stderr = io.Discard, io.Discard
	go openBrowser(f.Name())
	return done, nil
}
