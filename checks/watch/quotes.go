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
)

// quotes requests quotes of silent keys beside the stream, one at a time.
type quotes struct {
	client *client
	ctx    context.Context
	cancel context.CancelFunc
	due    time.Time
	answer chan *Quote // nil if the request failed
	asking bool
}

func newQuotes(ctx context.Context, c *client) *quotes {
	ctx, cancel := context.WithCancel(ctx)
	return &quotes{client: c, ctx: ctx, cancel: cancel, due: time.Now().Add(quoteEvery), answer: make(chan *Quote, 1)}
}

// request sends the next request if it is due and there is a silent key.
func (q *quotes) request() {
	if q.asking || time.Now().Before(q.due) {
		return
	}
	q.due = time.Now().Add(quoteEvery)
	key := q.client.reporter.keyToQuote(q.client.options.Now())
	if key == "" {
		return
	}
	q.asking = true
	go func() {
		ctx, cancel := context.WithTimeout(q.ctx, quoteTimeout)
		defer cancel()
		if quote, ok := q.client.connector.Quote(ctx, key); ok {
			q.answer <- &quote
			return
		}
		q.answer <- nil
	}()
}

// handle takes an answer.
func (q *quotes) handle(quote *Quote) {
	q.asking = false
	if quote == nil {
		q.due = time.Now().Add(quotePause)
		return
	}
	q.client.record(Event{Kind: Quoted, Quote: quote})
}

// close ends a request that is under way.
func (q *quotes) close() {
	q.cancel()
	if q.asking {
		<-q.answer
	}
}
