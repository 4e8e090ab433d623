package command

import (
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"upstox-doctor/fixtures/sim"
)

// controlVariable tells a program that is tested, or its test, where the control is.
const controlVariable = "UPSTOX_SIMULATOR_CONTROL"

// A control is the port of loopback by which tests steer the simulator.
type control struct {
	*sim.Control
	url  string
	stop func()
	open chan struct{} // closed once the simulator serves
	once sync.Once
}

// startControl opens the port. It answers from the time on at which tell is
// called.
func startControl() (*control, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open the control port: %w", err)
	}
	c := &control{Control: sim.NewControl(), url: "http://" + ln.Addr().String(), open: make(chan struct{})}
	handler := c.Handler()
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-c.open:
			handler.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	})}
	ended := make(chan struct{})
	go func() { server.Serve(ln); close(ended) }()
	c.stop = func() { server.Close(); <-ended }
	return c, nil
}

// tell puts the address among the variables, and opens the port.
func (c *control) tell(r sim.Ready) {
	r.Env[controlVariable] = c.url
	c.once.Do(func() { close(c.open) })
}
