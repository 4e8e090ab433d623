// Command clients is a program of a user's in each of Go's clients: it asks for
// the feed's URL, opens the stream, subscribes, and logs what it meets in the
// client's own words. The argument is the client.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"time"

	coder "github.com/coder/websocket"
	gorilla "github.com/gorilla/websocket"
)

const (
	authorize = "https://api.upstox.com/v3/feed/market-data-feed/authorize"
	timeout   = 5 * time.Second
)

var subscribe = []byte(`{"guid":"1","method":"sub","data":{"mode":"ltpc","instrumentKeys":["NSE_INDEX|Nifty 50"]}}`)

func main() {
	log.SetFlags(log.Ldate | log.Ltime)
	client := map[string]func() error{"nethttp": nethttp, "gorilla": withGorilla, "coder": withCoder, "bot-gorilla": botGorilla, "bot-coder": botCoder}[os.Args[1]]
	if err := client(); err != nil {
		log.Fatal(err)
	}
}

func feedURL() (string, error) {
	req, err := http.NewRequest(http.MethodGet, authorize, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+os.Getenv("UPSTOX_ACCESS_TOKEN"))
	req.Header.Set("Accept", "application/json")
	resp, err := (&http.Client{Timeout: timeout}).Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", fmt.Errorf("read authorize: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("authorize: %s: %s", resp.Status, body)
	}
	var answer struct {
		Data struct {
			URL string `json:"authorized_redirect_uri"`
		}
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return "", fmt.Errorf("authorize: %w", err)
	}
	if answer.Data.URL == "" {
		return "", fmt.Errorf("authorize: no authorized_redirect_uri in %s", body)
	}
	return answer.Data.URL, nil
}

func nethttp() error {
	_, err := feedURL()
	return err
}

func withGorilla() error {
	url, err := feedURL()
	if err != nil {
		return err
	}
	dialer := gorilla.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: timeout}
	conn, resp, err := dialer.Dial(url, nil)
	if err != nil {
		if resp != nil {
			return fmt.Errorf("dial: %w, status %s", err, resp.Status)
		}
		return fmt.Errorf("dial: %w", err)
	}
	log.Print("connected")
	if err := conn.WriteMessage(gorilla.BinaryMessage, subscribe); err != nil {
		return err
	}
	for {
		conn.SetReadDeadline(time.Now().Add(2 * timeout))
		_, message, err := conn.ReadMessage()
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		log.Printf("message of %d bytes", len(message))
	}
}

func withCoder() error {
	url, err := feedURL()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	conn, _, err := coder.Dial(ctx, url, nil)
	cancel()
	if err != nil {
		return err
	}
	log.Print("connected")
	if err := conn.Write(context.Background(), coder.MessageBinary, subscribe); err != nil {
		return err
	}
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 2*timeout)
		_, message, err := conn.Read(ctx)
		cancel()
		if err != nil {
			return err
		}
		log.Printf("message of %d bytes", len(message))
	}
}
