package token_test

import (
	"fmt"
	"time"

	"upstox-doctor/checks/dotenv"
	"upstox-doctor/checks/token"
)

// A token as a public sample shows it: header, payload, signature.
const sample = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9." +
	"eyJpYXQiOjE3OTU0MTAwMDAsImV4cCI6MTc5NTQ3MTIwMH0." +
	"c3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3M"

func ExampleParse() {
	clean, faults := dotenv.Clean("Bearer " + sample + "\n")
	t := token.Parse(clean)
	fmt.Println(faults)
	fmt.Println(t)
	fmt.Println(t.Kind(), t.Expires.Format(time.RFC3339))
	fmt.Println(token.Parse("mk404x").Malformation)
	// Output:
	// [trailing newline Bearer prefix]
	// jwt of 128 characters
	// oauth 2026-11-24T03:30:00+05:30
	// 6 characters: that is the length of an authorization code or an API secret, not of a token
}

func ExampleParseFile() {
	for _, text := range []string{
		`{"access_token": "` + sample + `", "date": "2026-11-23"}`,
		`{"status":"error","errors":[{"errorCode":"UDAPI100057"}]}`,
		"",
	} {
		f, err := token.ParseFile([]byte(text))
		fmt.Println(f.Format, len(f.Token), f.Empty, f.Note, err)
	}
	// Output:
	// json 128 false dated 2026-11-23 <nil>
	// json 0 false an error answer of Upstox: UDAPI100057 <nil>
	// plain 0 true  <nil>
}

func ExampleNextEnd() {
	issued := time.Date(2026, 11, 24, 2, 30, 0, 0, time.FixedZone("IST", 19800))
	fmt.Println(token.NextEnd(issued).Sub(issued))
	// Output: 1h0m0s
}
