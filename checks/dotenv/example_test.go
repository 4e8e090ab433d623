package dotenv_test

import (
	"fmt"

	"upstox-doctor/checks/dotenv"
)

func ExampleParse() {
	file, err := dotenv.Parse([]byte(`
# from My Apps
export UPSTOX_API_KEY=3f2b8c1e-7a44-4c55-9b1d-0e6f2a9d8c71 # the bot's
UPSTOX_API_SECRET 'a1b2c3d4e5'
UPSTOX_REDIRECT_URI="http://127.0.0.1:8000/callback"
`))
	fmt.Println(err)
	for _, v := range file.Vars {
		fmt.Println(v.Line, v.Name, v.Value)
	}
	// Output:
	// line 4: neither an assignment nor a comment
	// 3 UPSTOX_API_KEY 3f2b8c1e-7a44-4c55-9b1d-0e6f2a9d8c71
	// 5 UPSTOX_REDIRECT_URI http://127.0.0.1:8000/callback
}

func ExampleClean() {
	clean, faults := dotenv.Clean("\"Bearer abc\u200bdef\"\r\n")
	fmt.Println(clean)
	for _, words := range faults {
		fmt.Println("-", words)
	}
	// Output:
	// abcdef
	// - trailing newline
	// - trailing carriage return
	// - surrounding double quotes
	// - Bearer prefix
	// - zero-width space at character 12
}

func ExamplePlaceholder() {
	for _, value := range []string{"YOUR_API_KEY", "changeme", "a1b2c3d4e5"} {
		fmt.Println(value, dotenv.Placeholder(value))
	}
	// Output:
	// YOUR_API_KEY true
	// changeme true
	// a1b2c3d4e5 false
}
