package watch

import (
	"context"
	"time"
)

const (
	quoteEvery   = time.Minute
	quoteTimeout = 10 * time.Second
	// quotePause follows a request that failed, so that it adds nothing to the
	// API's trouble.
	quotePause = 10 * time.Minute
	// maxQuoted is how many keys one request names: fewer than Upstox takes, so
	// that its line stays well below the 8 KiB that servers commonly allow.
	maxQuoted = 100
)

// quotes requests quotes of silent keys beside the stream, one request at a time.
type quotes struct {
	client *client
	ctx    context.Context
	cancel context.CancelFunc
	due    time.Time
	most   int          // keys in a request
	answer chan []Quote // nil if the request failed
	asking bool
}

func newQuotes(ctx context.Context, c *client) *quotes {
	ctx, cancel := context.WithCancel(ctx)
	return &quotes{client: c, ctx: ctx, cancel: cancel, due: time.Now().Add(quoteEvery), most: maxQuoted, answer: make(chan []Quote, 1)}
}

// request sends the next request if it is due and there is a silent key.
func (q *quotes) request() {
	if q.asking || time.Now().Before(q.due) {
		return
	}
	q.due = time.Now().Add(quoteEvery)
	keys := q.client.reporter.keysToQuote(q.client.options.Now(), q.most)
	if len(keys) == 0 {
		return
	}
	q.asking = true
	go func() {
		ctx, cancel := context.WithTimeout(q.ctx, quoteTimeout)
		defer cancel()
		if quotes, ok := q.client.connector.Quotes(ctx, keys); ok {
			q.answer <- append([]Quote{}, quotes...)
			return
		}
		q.answer <- nil
	}()
}

// handle takes an answer. A key that has a price in the feed and none by REST
// spoils the answer for all, so after a failure the keys are asked for singly.
func (q *quotes) handle(answer []Quote) {
	q.asking = false
	if answer == nil {
		q.due, q.most = time.Now().Add(quotePause), 1
		return
	}
	for i := range answer {
		q.client.record(Event{Kind: Quoted, Quote: &answer[i]})
	}
}

// close ends a request that is under way.
func (q *quotes) close() {
	q.cancel()
	if q.asking {
		<-q.answer
	}
}
