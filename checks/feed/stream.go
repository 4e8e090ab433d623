package feed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"upstox-doctor/checks/catalog"
)

const (
	maxFrameSize     = 16 << 20               // a snapshot of 5,000 keys in full is near 3 MiB
	maxPendingEvents = 256                    // events that are queued before the socket is left unread
	closeWait        = 500 * time.Millisecond // so that a watch can print its summary within a second of Ctrl-C

	maxFreeBuffers    = 32       // buffers kept, since several frames arrive before the first is handled
	maxFreeBufferSize = 64 << 10 // larger buffers, of snapshots, are not kept

	minBlocked = 100 * time.Millisecond // shorter waits for the reader are not reported alone
)

// A Stream is an open feed. Its methods may be called from any goroutine.
type Stream struct {
	conn        *websocket.Conn
	redactor    urlRedactor
	events      chan Event
	freeBuffers chan []byte // buffers from Recycle
	writing     sync.Mutex  // gorilla/websocket allows one writer of data at a time

	closing    chan struct{} // closed when Close begins
	once       sync.Once
	readerDone chan struct{} // closed when the reader has ended

	blocked   time.Duration // used by read only: backpressure that is not yet reported
	unblocked time.Time     // when the last wait ended
}

// An Event is a message from the feed, or its end.
type Event struct {
	At   time.Time // when its last byte had been read
	Kind Kind
	Data []byte // of a Frame or Text, or the mark of a Pong; belongs to whoever receives the event
	End  *End   // of an Ended

	// Blocked is how long the stream went unread because earlier events were
	// not received, since the last report, and Unblocked is when that ended. It
	// is reported from a tenth of a second on, and with the Ended event.
	Blocked   time.Duration
	Unblocked time.Time
}

// Kind is the kind of an Event.
type Kind string

const (
	Frame Kind = "frame" // a binary message, for Decode
	Text  Kind = "text"  // a text message, which the v3 feed should not send
	Ping  Kind = "ping"  // the server's; it has been answered
	Pong  Kind = "pong"  // the answer to ours
	Ended Kind = "end"   // nothing follows
)

// newStream starts the one reader of the connection.
func newStream(conn *websocket.Conn, v urlRedactor) *Stream {
	s := &Stream{
		conn: conn, redactor: v,
		events:      make(chan Event, maxPendingEvents),
		freeBuffers: make(chan []byte, maxFreeBuffers),
		closing:     make(chan struct{}),
		readerDone:  make(chan struct{}),
	}
	conn.SetReadLimit(maxFrameSize)
	answer := conn.PingHandler()
	conn.SetPingHandler(func(data string) error {
		err := answer(data)
		s.emit(Event{At: time.Now(), Kind: Ping})
		return err
	})
	conn.SetPongHandler(func(mark string) error {
		s.emit(Event{At: time.Now(), Kind: Pong, Data: []byte(mark)})
		return nil
	})
	go s.read()
	return s
}

// Events returns the events in order. The last is an Ended, then the channel is
// closed. While events are not received, the socket is not read and the server's
// pings are not answered.
func (s *Stream) Events() <-chan Event { return s.events }

// Recycle returns the data of an event, so that its buffer can be used for a
// later one. The caller must not use the data afterwards.
func (s *Stream) Recycle(e Event) {
	if cap(e.Data) == 0 || cap(e.Data) > maxFreeBufferSize {
		return
	}
	select {
	case s.freeBuffers <- e.Data[:0]:
	default:
	}
}

// buffer returns a buffer from Recycle, or nil.
func (s *Stream) buffer() []byte {
	select {
	case b := <-s.freeBuffers:
		return b
	default:
		return nil
	}
}

// Close sends a close frame (1000), waits half a second for the peer's, and
// closes the connection. Events that were not received by then are lost, except
// the Ended.
func (s *Stream) Close() error {
	s.once.Do(func() {
		close(s.closing)
		until := time.Now().Add(closeWait)
		goodbye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
		// The error is not needed: the reader's end shows whether it was sent.
		_ = s.conn.WriteControl(websocket.CloseMessage, goodbye, until)
		_ = s.conn.SetReadDeadline(until)
	})
	<-s.readerDone
	return nil
}

// read turns messages into events until the first error; a connection that
// is read again after an error panics in the end.
func (s *Stream) read() {
	defer close(s.readerDone)
	defer close(s.events)
	defer s.conn.Close()
	var message bytes.Buffer
	for {
		kind, r, err := s.conn.NextReader()
		if err == nil {
			message.Reset()
			_, err = message.ReadFrom(r)
		}
		if err != nil {
			s.emitEnd(Event{At: time.Now(), Kind: Ended, End: s.end(err)})
			return
		}
		e := Event{At: time.Now(), Kind: Frame, Data: append(s.buffer(), message.Bytes()...)}
		if kind == websocket.TextMessage {
			e.Kind = Text
		}
		s.emit(e)
	}
}

// emit queues an event. Once Close has begun, a full queue drops it.
func (s *Stream) emit(e Event) {
	if s.blocked >= minBlocked {
		e = s.attachBlocked(e)
	}
	select {
	case s.events <- e:
		return
	default:
	}
	begun := time.Now()
	defer func() { s.unblocked = time.Now(); s.blocked += s.unblocked.Sub(begun) }()
	select {
	case s.events <- e:
	case <-s.closing:
		select {
		case s.events <- e:
		default:
		}
	}
}

// attachBlocked moves the accumulated backpressure into e.
func (s *Stream) attachBlocked(e Event) Event {
	e.Blocked, e.Unblocked = s.blocked, s.unblocked
	s.blocked = 0
	return e
}

// emitEnd queues the final event. If the queue is full it replaces the oldest
// event, since nothing may be received after Close.
func (s *Stream) emitEnd(e Event) {
	if s.blocked > 0 {
		e = s.attachBlocked(e)
	}
	for {
		select {
		case s.events <- e:
			return
		case <-s.closing:
		}
		select {
		case s.events <- e:
			return
		default:
		}
		select {
		case <-s.events:
		default:
		}
	}
}

// end returns the End for an error of the reader.
func (s *Stream) end(err error) *End {
	var closed *websocket.CloseError
	var network net.Error
	switch {
	case errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure:
		return &End{Clean: true, Code: closed.Code, Reason: s.redactor.redact(closed.Text)}
	case errors.As(err, &closed), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &End{Err: fmt.Errorf("read the feed: connection ended without a close frame: %w", io.ErrUnexpectedEOF)}
	case errors.Is(err, websocket.ErrReadLimit):
		return &End{Malformed: catalog.KindTooBig, Err: fmt.Errorf("read the feed: frame larger than %d MiB: %w", maxFrameSize>>20, err)}
	case strings.HasPrefix(err.Error(), "websocket: "): // the library has no type for a breach of protocol
		return &End{Malformed: catalog.KindCorrupt, Err: fmt.Errorf("read the feed: %w", err)}
	case errors.As(err, &network) && network.Timeout() && s.isClosing():
		return &End{Err: fmt.Errorf("close the feed: no close frame from the peer within %s: %w", closeWait, err)}
	}
	return &End{Err: fmt.Errorf("read the feed: %w", err)}
}

func (s *Stream) isClosing() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}
