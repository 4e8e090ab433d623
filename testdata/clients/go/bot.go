package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	coder "github.com/coder/websocket"
	gorilla "github.com/gorilla/websocket"
)

// bot runs all day: it streams, reconnects, and has services of its own.
func bot(stream func() error) error {
	log.Print("bot started")
	services()
	for attempt := 1; attempt <= 5; attempt++ {
		err := stream()
		log.Printf("feed: %v", err)
		services()
		log.Printf("reconnecting in 3 s, attempt %d", attempt)
		time.Sleep(3 * time.Second)
	}
	return fmt.Errorf("giving up")
}

// services are a database and a messenger, neither of which is there.
func services() {
	if _, err := net.DialTimeout("tcp", "127.0.0.1:27017", time.Second); err != nil {
		log.Printf("mongodb: %v", err)
	}
	client := http.Client{Timeout: 2 * time.Second}
	resp, err := client.Get("https://hooks.slack.com/services/x")
	if err != nil {
		log.Printf("slack: %v", err)
		return
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
}

func botGorilla() error {
	return bot(func() error {
		url, err := feedURL()
		if err != nil {
			return err
		}
		conn, resp, err := (&gorilla.Dialer{HandshakeTimeout: timeout}).Dial(url, nil)
		if err != nil {
			if resp != nil {
				return fmt.Errorf("dial: %w (%s)", err, resp.Status)
			}
			return fmt.Errorf("dial: %w", err)
		}
		defer conn.Close()
		log.Print("feed connected")
		if err := conn.WriteMessage(gorilla.BinaryMessage, subscribe); err != nil {
			return err
		}
		for {
			conn.SetReadDeadline(time.Now().Add(timeout))
			_, message, err := conn.ReadMessage()
			if err != nil {
				return fmt.Errorf("read: %w", err)
			}
			log.Printf("tick of %d bytes", len(message))
		}
	})
}

func botCoder() error {
	return bot(func() error {
		url, err := feedURL()
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		conn, _, err := coder.Dial(ctx, url, nil)
		if err != nil {
			return err
		}
		log.Print("feed connected")
		if err := conn.Write(context.Background(), coder.MessageBinary, subscribe); err != nil {
			return err
		}
		for {
			_, message, err := conn.Read(context.Background())
			if err != nil {
				return fmt.Errorf("read: %w", err)
			}
			log.Printf("tick of %d bytes", len(message))
		}
	})
}
