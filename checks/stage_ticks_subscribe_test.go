package checks_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"upstox-doctor/checks"
	"upstox-doctor/checks/doctor"
)

// A feedServer sends recorded frames and records what it receives.
type feedServer struct {
	t             *testing.T
	marketInfo    string // recorded frame that is sent first
	prices        []string
	firstPongOnly bool // answers the first ping only

	mu         sync.Mutex
	requests   []feedRequest
	pings      int
	kinds      map[int]int
	closeCode  int           // code of the close frame
	clientLeft chan struct{} // closed when the client has left
}

// A feedRequest is a request of the client, without its one-time ID.
type feedRequest struct {
	Method string
	Mode   string
	Keys   []string
}

func (d *feedServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer close(d.clientLeft)
	conn, err := new(websocket.Upgrader).Upgrade(w, r, nil)
	if err != nil {
		d.t.Errorf("upgrade: %v", err)
		return
	}
	defer conn.Close()
	answer := conn.PingHandler()
	conn.SetPingHandler(func(data string) error {
		d.mu.Lock()
		d.pings++
		first := d.pings == 1
		d.mu.Unlock()
		if d.firstPongOnly && !first {
			return nil
		}
		if err := answer(data); err != nil || !first {
			return err
		}
		for _, name := range d.prices { // after the pong, so that it is old when they come
			d.send(conn, name)
		}
		return nil
	})
	d.send(conn, d.marketInfo)
	for {
		kind, body, err := conn.ReadMessage()
		d.mu.Lock()
		if err != nil {
			if e, ok := err.(*websocket.CloseError); ok {
				d.closeCode = e.Code
			}
			d.mu.Unlock()
			return
		}
		var asked struct {
			GUID, Method string
			Data         struct {
				Mode string
				Keys []string `json:"instrumentKeys"`
			}
		}
		if err := json.Unmarshal(body, &asked); err != nil || asked.GUID == "" {
			d.t.Errorf("request %q: %v", body, err)
		}
		d.kinds[kind]++
		d.requests = append(d.requests, feedRequest{asked.Method, asked.Data.Mode, asked.Data.Keys})
		d.mu.Unlock()
	}
}

func (d *feedServer) send(conn *websocket.Conn, name string) {
	frame, err := os.ReadFile(filepath.Join("..", "testdata", "frames", name))
	if err != nil {
		d.t.Error(err)
	}
	conn.WriteMessage(websocket.BinaryMessage, frame)
}

// TestWhatIsSubscribed: the control key in the cheapest mode, the wanted key
// in the wanted one, in binary frames; then a ping, and a close frame at last.
func TestWhatIsSubscribed(t *testing.T) {
	t.Parallel()
	const (
		control  = checks.ControlKey
		reliance = "NSE_EQ|INE002A01018"
		open     = "market_info_open.bin"
		closed   = "market_info_closed_mcx_open.bin"
		snapshot = "initial_feed_ltpc_nifty50.bin"
		live     = "live_feed_ltpc_two_keys.bin"
	)
	for _, tc := range []struct {
		name             string
		instrument, mode string
		info             string
		prices           []string
		want             []feedRequest
		pings            int
		message          string
	}{
		{"the index in the cheapest mode", "", "", closed, []string{snapshot}, []feedRequest{{"sub", "ltpc", []string{control}}}, 1, "the market is closed"},
		{"the index in mode full is asked for once", control, "full", closed, []string{snapshot}, []feedRequest{{"sub", "full", []string{control}}}, 1, "the market is closed"},
		{"a share needs the index beside it", reliance, "full", closed, []string{live}, []feedRequest{{"sub", "ltpc", []string{control}}, {"sub", "full", []string{reliance}}}, 1, "the market is closed"},
		{"an open market is pinged again", "", "", open, []string{snapshot, live}, []feedRequest{{"sub", "ltpc", []string{control}}}, 2, "NIFTY 50 24,513.40"},
		{"a share ticks", reliance, "", open, []string{live}, []feedRequest{{"sub", "ltpc", []string{control}}, {"sub", "ltpc", []string{reliance}}}, 2, "INE002A01018 1,282.40"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tapped(t, "healthy", anyTime, func(t *testing.T, p *mitmProxy) {
				d := &feedServer{t: t, marketInfo: tc.info, prices: tc.prices, kinds: map[int]int{}, clientLeft: make(chan struct{})}
				p.answers[feedPath] = d.ServeHTTP
				p.world.Instrument, p.world.Mode = tc.instrument, tc.mode
				p.world = p.world.WithDefaults()
				r := p.diagnose(t, checks.Options{})
				select {
				case <-d.clientLeft:
				case <-time.After(10 * time.Second):
					t.Fatal("the client does not close the connection")
				}
				d.mu.Lock()
				defer d.mu.Unlock()
				if diff := cmp.Diff(tc.want, d.requests); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(map[int]int{websocket.BinaryMessage: len(tc.want)}, d.kinds); diff != "" {
					t.Errorf("frames by kind (-want +got):\n%s", diff)
				}
				if d.pings != tc.pings || d.closeCode != websocket.CloseNormalClosure {
					t.Errorf("%d pings, left with %d", d.pings, d.closeCode)
				}
				res := find(t, r.Report, "ticks.live")
				if res.Status != doctor.Pass || len(res.Message) < len(tc.message) || res.Message[:len(tc.message)] != tc.message {
					t.Errorf("%s\n%s", line(res), results(r.Report))
				}
			})
		})
	}
}

// TestSnapshotPongIsOld: a pong to the first ping does not prove that the
// stream lives when the second check begins.
func TestSnapshotPongIsOld(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		deaf bool
		want string
	}{
		{"the second ping is answered", false, "no-live-ticks"},
		{"the second ping is not answered", true, "stream-stalled"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tapped(t, "healthy", anyTime, func(t *testing.T, p *mitmProxy) {
				p.world.LiveWait = time.Second
				d := &feedServer{t: t, marketInfo: "market_info_open.bin", prices: []string{"initial_feed_ltpc_nifty50.bin"}, firstPongOnly: tc.deaf, kinds: map[int]int{}, clientLeft: make(chan struct{})}
				p.answers[feedPath] = d.ServeHTTP
				r := p.diagnose(t, checks.Options{})
				if res := find(t, r.Report, "ticks.live"); res.Code != tc.want || res.Evidence.Find("pong") == tc.deaf {
					t.Error(line(res))
				}
			})
		})
	}
}

// TestMarketStatusIsAskedOnce: only a feed that does not tell the state of the
// market makes the doctor ask for it.
func TestMarketStatusIsAskedOnce(t *testing.T) {
	t.Parallel()
	tapped(t, "market-closed", anyTime, func(t *testing.T, p *mitmProxy) {
		d := &feedServer{t: t, marketInfo: "live_feed_empty_feeds.bin", prices: []string{"initial_feed_ltpc_nifty50.bin"}, kinds: map[int]int{}, clientLeft: make(chan struct{})}
		p.answers[feedPath] = d.ServeHTTP
		r := p.diagnose(t, checks.Options{})
		if diff := cmp.Diff(map[string]int{"holidays": 1, "profile": 1, "authorize": 1, "feeds": 1, "NSE": 1}, p.calls()); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
		if r.Market.State != "closed" || !strings.HasPrefix(r.Market.Source, "market status of NSE ") {
			t.Errorf("market %+v", r.Market)
		}
		if got := find(t, r.Report, "ticks.live").Evidence.Find("source"); got != r.Market.Source {
			t.Errorf("the evidence says %v", got)
		}
	})
}
