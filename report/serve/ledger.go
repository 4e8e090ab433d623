package serve

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"upstox-doctor/checks/files"
	"upstox-doctor/checks/network"
)

// A Ledger keeps the keys and sessions in a file of the user, mode 0600, so that
// a browser that has a session still has it after the program was started again,
// and so that another call of the program can add a key. It keeps digests, of
// which none opens anything. Lines are appended; what is over goes when a new file
// takes its place.
type Ledger struct {
	path string
	now  func() time.Time

	mu      sync.Mutex
	secret  string // of the server; tells another call of the program that this is it
	entries []entry
	read    fs.FileInfo // of the file that is in entries; nil before it is read
}

type entry struct {
	Kind  string    `json:"kind"`
	Hash  string    `json:"sha256,omitempty"`
	Until time.Time `json:"until,omitzero"`
	// Users are whose programs may use a key or a session.
	Users network.Users `json:"users,omitempty"`
	// Secret is that of the server that runs.
	Secret string `json:"secret,omitempty"`
}

const (
	kindKey     = "key"
	kindUsed    = "used" // a key that has begun a session
	kindSession = "session"
	kindServer  = "server"
)

// Bounds of the file.
const (
	maxSessions = 16
	maxLedger   = 64 << 10
)

// OpenLedger begins the ledger of a server: it drops what is over and names
// itself in the file. A file of another user is replaced unread, if this user may.
func OpenLedger(path string) (*Ledger, error) {
	l := &Ledger{path: path, now: time.Now, secret: rand.Text()}
	if err := l.tidy(); err != nil {
		return nil, err
	}
	return l, nil
}

// tidy leaves the server and the sessions that are not over in the file. Keys are
// forgotten.
func (l *Ledger) tidy() error {
	defer files.LockBeside(l.path)()
	if err := l.catchUp(); err != nil && !errors.Is(err, errOthers) {
		return err
	}
	kept := []entry{{Kind: kindServer, Secret: l.secret}}
	var sessions []entry
	for _, e := range l.entries {
		if e.Kind == kindSession && e.Until.After(l.now()) {
			sessions = append(sessions, e)
		}
	}
	kept = append(kept, sessions[max(0, len(sessions)-maxSessions):]...)
	var text bytes.Buffer
	for _, e := range kept {
		line, _ := json.Marshal(e) // strings and a time
		text.Write(append(line, '\n'))
	}
	if err := files.Save(l.path, text.Bytes()); err != nil {
		return err
	}
	return l.catchUp()
}

var errOthers = errors.New("is another user's")

// openOwn opens the file to read and to append to it. It must be a regular one of
// this user: another could write sessions of theirs into it.
func openOwn(path string) (*os.File, fs.FileInfo, error) {
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, nil, &fs.PathError{Op: "open", Path: path, Err: errors.New("is no regular file")}
	}
	f, err := files.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, err
	}
	if info, err = f.Stat(); err == nil && !files.IsOwn(info) {
		err = &fs.PathError{Op: "open", Path: path, Err: errOthers}
	}
	if err == nil {
		err = f.Chmod(0o600)
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

func (l *Ledger) add(e entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.append(e)
}

// append writes one line. It requires mu.
func (l *Ledger) append(e entry) error {
	line, _ := json.Marshal(e) // strings and a time
	defer files.LockBeside(l.path)()
	f, _, err := openOwn(l.path)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return l.catchUp()
}

// catchUp reads what was appended, by this program or another call of it. It
// requires mu, but for a ledger that is not shared yet.
func (l *Ledger) catchUp() error {
	info, err := os.Lstat(l.path)
	if os.IsNotExist(err) || err == nil && l.read != nil && os.SameFile(info, l.read) && info.Size() == l.read.Size() {
		return nil
	}
	f, info, err := openOwn(l.path)
	if err != nil {
		return err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxLedger))
	if err != nil {
		return err
	}
	l.entries = nil
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		var e entry
		if json.Unmarshal(lines.Bytes(), &e) == nil {
			l.entries = append(l.entries, e)
		}
	}
	l.read = info
	return nil
}

// find returns the entry that is not over, or -1. It requires mu.
func (l *Ledger) find(kind, hash string) int {
	if l.catchUp() != nil {
		return -1
	}
	return slices.IndexFunc(l.entries, func(e entry) bool {
		return e.Kind == kind && equal(e.Hash, hash) && (e.Until.IsZero() || e.Until.After(l.now()))
	})
}

// takeKey uses up a key for the request, and returns what it was made for. It requires
// mu.
func (l *Ledger) takeKey(hash string, r *http.Request) (key entry, ok bool) {
	at := l.find(kindKey, hash)
	if at < 0 || l.entries[at].Users.SentByOther(r) || l.find(kindUsed, hash) >= 0 {
		return entry{}, false
	}
	key = l.entries[at]
	return key, l.append(entry{Kind: kindUsed, Hash: hash, Until: l.now().Add(keyLife)}) == nil
}

// Used reports whether a key has begun a session.
func (l *Ledger) Used(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.find(kindUsed, digest(key)) >= 0
}
