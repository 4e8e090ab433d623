package login

import (
	"crypto/subtle"
	"net/url"
	"strings"

	"upstox-doctor/checks/catalog"
	"upstox-doctor/checks/dotenv"
	"upstox-doctor/checks/lazyregexp"
)

// bareCode is what a code looks like that was copied without its address.
var bareCode = lazyregexp.New(`^[A-Za-z0-9._~-]{4,256}$`)

// word is what somebody types who takes the prompt for another one. Of a code no
// length is documented, and all that were seen have six characters, often with a
// digit: so six letters may be one.
var word = lazyregexp.New(`^([A-Za-z]{1,5}|[A-Za-z]{7,20})$`)

// parsePasted reads the code from the address on which the browser landed,
// whose state must be ours, or from the code alone, which its owner vouches
// for.
func parsePasted(text, state string) (string, error) {
	text, _ = dotenv.Clean(text)
	if text == "" {
		return "", failed(catalog.LoginCancelled, "no address was given")
	}
	if bareCode.MatchString(text) && !word.MatchString(text) {
		return text, nil
	}
	_, query, found := strings.Cut(text, "?")
	if !found {
		query = text
	}
	query, _, _ = strings.Cut(query, "#")
	values, err := url.ParseQuery(query)
	if err != nil || !values.Has("code") && !values.Has("error") {
		return "", failed(catalog.LoginAddressInvalid, "what was given is neither an address with code= in it nor a code")
	}
	return parseRedirect(values, state)
}

// parseRedirect reads what Upstox adds to the redirect.
func parseRedirect(values url.Values, state string) (string, error) {
	got, code := values["state"], values["code"]
	switch {
	case len(got) != 1 || subtle.ConstantTimeCompare([]byte(got[0]), []byte(state)) != 1:
		return "", failed(catalog.LoginStateMismatch, "the address belongs to another login")
	case len(code) == 0:
		return "", failed(catalog.LoginCancelled, "the login came back without a code")
	case len(code) > 1 || !bareCode.MatchString(code[0]):
		return "", failed(catalog.LoginAddressInvalid, "the code in the address does not look like one")
	}
	return code[0], nil
}
