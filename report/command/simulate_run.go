package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"upstox-doctor/checks/files"
	"upstox-doctor/fixtures/realnames"
	"upstox-doctor/fixtures/sim"
)

// exitNotFound is the status of shells for a command that is not there.
const exitNotFound = 127

// SimulateRun runs a command, which follows the scenario, against the simulator
// under the real names, and ends with its status.
func (a App) SimulateRun(ctx context.Context, o SimulateOptions, words []string) error {
	if len(words) < 2 {
		return UsageError("simulate run takes a scenario, -- and a command")
	}
	command := words[1:]
	o.Listen = cmp.Or(o.Listen, "127.0.0.1:0")
	if err := o.parse(); err != nil {
		return err
	}
	if o.Plain || o.List {
		return UsageError("simulate run has neither --plain nor --list: the real names are reached by TLS")
	}
	if o.EndWithInput {
		return UsageError("simulate run leaves standard input to the command, and has no --end-with-stdin")
	}
	sc, err := findScenario(words[0])
	if err != nil {
		return err
	}
	if v := sc.Serving(); v.Refused != "" {
		return fault(fmt.Errorf("scenario %s cannot be served: %s", sc.Name, v.Refused))
	}
	// A command would inherit that this program ignores SIGPIPE, but not a handler.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	if realnames.Inside() {
		return a.runInside(ctx, o, sc, command)
	}
	status, err := realnames.Enter(ctx)
	switch {
	case errors.Is(err, realnames.ErrUnsupported):
		fmt.Fprintf(a.Errs, "upstox-doctor: %v. The command finds the simulator by HTTPS_PROXY. What does not read that, such as the streams of the official SDKs and Node before 24, reaches Upstox itself.\n", err)
		return a.runByProxy(ctx, o, sc, command)
	case err != nil:
		return fault(err)
	}
	return exit(status)
}

// runInside runs the command in the namespaces of this process.
func (a App) runInside(ctx context.Context, o SimulateOptions, sc sim.Scenario, command []string) error {
	temp, err := files.MkdirTemp("upstox-run-")
	if err != nil {
		return fault(err)
	}
	defer os.RemoveAll(temp)
	if err := realnames.Prepare(sim.ServedHosts(), temp); err != nil {
		return exit(ExitFault) // which the process outside explains
	}
	o.Listen = realnames.Address + ":443"
	return a.runBeside(ctx, o, sc, func(r sim.Ready) (int, error) {
		pem, err := os.ReadFile(r.CA)
		if err != nil {
			return 0, err
		}
		if err := realnames.Trust(pem, temp); err != nil {
			return 0, err
		}
		return realnames.Run(ctx, command, realnames.Environ(r.Env))
	})
}

// runByProxy runs the command with a proxy that leads the names to the simulator.
func (a App) runByProxy(ctx context.Context, o SimulateOptions, sc sim.Scenario, command []string) error {
	proxy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fault(err)
	}
	o.Listen = "127.0.0.1:0"
	return a.runBeside(ctx, o, sc, func(r sim.Ready) (int, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		go sim.ServeProxy(ctx, proxy, r.URL[len("https://"):])
		for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
			r.Env[name] = "http://" + proxy.Addr().String()
		}
		r.Env["NODE_USE_ENV_PROXY"] = "1" // Node 24 and later
		return realnames.Run(ctx, command, realnames.Environ(r.Env))
	})
}

// runBeside serves the scenario while run runs, and ends with its status.
func (a App) runBeside(ctx context.Context, o SimulateOptions, sc sim.Scenario, run func(sim.Ready) (int, error)) error {
	release, err := o.placeCA()
	if err != nil {
		return fault(err)
	}
	defer release()
	ln, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return fault(err)
	}
	serving, stop := context.WithCancel(ctx)
	defer stop()
	ready, ended := make(chan sim.Ready, 1), make(chan error, 1)
	control, err := startControl()
	if err != nil {
		return fault(errors.Join(err, ln.Close()))
	}
	defer control.stop()
	options := a.serving(o, sc, control, nil) // Ready is another
	options.Ready = func(r sim.Ready) { control.tell(r); ready <- r }
	options.Warn = options.Log
	if !o.Verbose {
		options.Log = nil
	}
	go func() { ended <- sim.Serve(serving, ln, sc, options) }()
	select {
	case err := <-ended:
		return fault(err)
	case r := <-ready:
		status, err := run(r)
		stop()
		<-ended
		return runError(status, err)
	}
}

func runError(status int, err error) error {
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return ExitError{exitNotFound, err}
	case err != nil:
		return fault(err)
	}
	return exit(status)
}
