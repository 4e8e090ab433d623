package command

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"upstox-doctor/checks/files"
	"upstox-doctor/checks/tape"
)

// Declined is the status of a bundle that was shown and not wanted.
const Declined = 1

// A bundle is the content of a zip file for a support ticket.
type bundle struct {
	names *tape.Writer // gives equal values equal names, in all of it
	files []bundledFile
}

type bundledFile struct {
	name, about string
	text        []byte
}

func (b *bundle) add(name, about string, text []byte) {
	b.files = append(b.files, bundledFile{name, about, text})
}

// notIncluded is what a bundle never holds.
const notIncluded = `Left out
  values of variables, of .env and of the token file
  bodies of answers that succeed: a profile has the user's name in it
  the name of this machine, other variables, other files, other connections
`

// contents lists what is in the bundle, what was replaced and what was left out.
func (b *bundle) contents() string {
	var out strings.Builder
	out.WriteString("In the bundle\n")
	for _, f := range b.files {
		fmt.Fprintf(&out, "  %-16s %7d bytes  %s\n", f.name, len(f.text), f.about)
	}
	fmt.Fprintf(&out, "  %-16s                this list\n", contentsName)
	out.WriteString("Replaced by names, equal values by the same\n")
	replaced := b.names.Replaced()
	if len(replaced) == 0 {
		out.WriteString("  nothing\n")
	}
	for _, kind := range slices.Sorted(maps.Keys(replaced)) {
		fmt.Fprintf(&out, "  <%s-1> and so on: %d\n", kind, replaced[kind])
	}
	out.WriteString(notIncluded)
	return out.String()
}

const contentsName = "contents.txt"

// write makes a new file that only the user reads. It is empty until it is whole,
// and what cannot be written whole is removed.
func (b *bundle) write(path string, at time.Time) error {
	var text bytes.Buffer
	if err := b.zip(&text, at); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err = cmp.Or(file.Close(), files.Save(path, text.Bytes())); err != nil {
		os.Remove(path)
	}
	return err
}

// zip writes the bundle.
func (b *bundle) zip(to io.Writer, at time.Time) (err error) {
	archive := zip.NewWriter(to)
	for _, f := range append(slices.Clone(b.files), bundledFile{name: contentsName, text: []byte(b.contents())}) {
		in, createErr := archive.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: at})
		if createErr != nil {
			err = createErr
			break
		}
		if _, err = in.Write(f.text); err != nil {
			break
		}
	}
	return cmp.Or(err, archive.Close())
}
