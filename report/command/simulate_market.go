package command

import (
	"fmt"
	"io"
	"io/fs"
	"os"

	"upstox-doctor/fixtures/sim"
)

// parseMarket checks the options of hours and prices, and reads the files that they
// name.
func (o *SimulateOptions) parseMarket() (err error) {
	switch {
	case o.Speed < 0 || o.Speed > 3600:
		return UsageError("--speed %v is not between 0 and 3600", o.Speed)
	case o.Prices != "" && o.Tape != "":
		return UsageError("--prices and --tape are two sources of prices; choose one")
	case o.Rate > 0 && (o.Prices != "" || o.Tape != ""):
		return UsageError("--rate has prices of its own, without --prices and --tape")
	}
	if o.At != "" {
		if o.at, err = sim.ParseHour(o.At); err != nil {
			return UsageError("--at %w", err)
		}
		o.at = max(o.at, 1) // midnight is an hour too
	}
	switch {
	case o.Prices != "":
		o.recording, err = readRecording(o.Prices, sim.ReadPrices)
	case o.Tape != "":
		o.recording, err = readRecording(o.Tape, sim.ReadTape)
	}
	return err
}

// facts lists the numbers that the simulator keeps to, and how sure each is.
func (a App) facts() error {
	for _, f := range sim.Facts() {
		if _, err := fmt.Fprintf(a.Out, "%-26s%6d  %-11s %s\n", f.ID, f.Value, f.Sure, f.About); err != nil {
			return fault(err)
		}
	}
	return nil
}

func readRecording(path string, read func(io.Reader) (*sim.Recording, error)) (*sim.Recording, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fault(err)
	}
	defer file.Close()
	// A device may have no end. A pipe such as bash's <(command) has one.
	if info, err := file.Stat(); err == nil && info.Mode()&fs.ModeDevice != 0 {
		return nil, fault(fmt.Errorf("read %s: is a device", path))
	}
	r, err := read(file)
	if err != nil {
		return nil, fault(fmt.Errorf("read %s: %w", path, err))
	}
	return r, nil
}
