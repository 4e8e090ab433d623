package command

import (
	"fmt"
	"html"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"

	"github.com/cli/browser"

	"upstox-doctor/checks/login"
)

// openedFor is how long a browser may take to read the file that leads it on.
const openedFor = time.Minute

// An opener opens addresses that no other user may see: the arguments of a
// program are shown to all users of the machine, so that a browser takes the
// address from a file. That is in the home directory: a browser that is packed as
// a snap reads no other. It is removed by close, or after a minute.
type opener struct {
	mu     sync.Mutex
	closed bool
	remove func() // the file; nil if there is none
}

// open waits for the program that opens the browser.
func (o *opener) open(address string) error {
	path, err := o.lead(address)
	if err != nil {
		return err
	}
	return openBrowser(path)
}

// openLogin opens Upstox's login page in the place. Who knows its address can
// answer the login. A browser on another machine reads no file of this one, and
// Windows shows arguments to their own user alone.
func (o *opener) openLogin(place login.Place) func(address string) error {
	if place.Kind != "" || runtime.GOOS == "windows" {
		return openBrowser
	}
	return o.open
}

// lead writes the file that leads to the address.
func (o *opener) lead(address string) (path string, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return "", os.ErrClosed
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	f, err := os.CreateTemp(home, "upstox-data-*.html") // mode 0600
	if err != nil {
		return "", err
	}
	late := time.AfterFunc(openedFor, func() { os.Remove(f.Name()) })
	o.remove = func() { late.Stop(); os.Remove(f.Name()) }
	_, err = fmt.Fprintf(f, "<!doctype html>\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>Upstox Data</title>\n<meta http-equiv=\"refresh\" content=\"0; url=%s\">\n", html.EscapeString(address))
	if closed := f.Close(); err == nil {
		err = closed
	}
	return f.Name(), err
}

// close removes the file. Nothing is opened after it.
func (o *opener) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed = true; o.remove != nil {
		o.remove()
	}
}

// openBrowser prefers the browser that the user has named, if that is a program
// and no line of several.
func openBrowser(address string) error {
	if named, err := exec.LookPath(os.Getenv("BROWSER")); err == nil {
		return exec.Command(named, address).Run()
	}
	browser.Stdout, browser.Stderr = io.Discard, io.Discard
	return browser.OpenURL(address)
}
