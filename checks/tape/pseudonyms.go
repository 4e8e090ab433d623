package tape

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"upstox-doctor/checks/lazyregexp"
	"upstox-doctor/checks/redact"
)

// maxPseudonyms is the most names that are kept. Further values share a name
// without a number, so that no server can fill the memory.
const maxPseudonyms = 1 << 16

// pseudonyms replaces private values by names, equal values by the same name.
type pseudonyms struct {
	secrets  *redact.Set
	private  *regexp.Regexp // nil for none
	assigned map[string]string
	count    map[string]int
}

func newPseudonyms(secrets *redact.Set, private []string) *pseudonyms {
	n := &pseudonyms{secrets: secrets, assigned: map[string]string{}, count: map[string]int{}}
	var words []string
	for _, w := range private {
		if len(w) >= 4 && w != "localhost" {
			words = append(words, regexp.QuoteMeta(w))
		}
	}
	if len(words) > 0 {
		// A part of a longer name is another name.
		n.private = regexp.MustCompile(`(^|[^\w-])(?i:(` + strings.Join(words, "|") + `))(?:$|[^\w-])`)
	}
	return n
}

// pseudonym is the one for a value of that kind.
func (n *pseudonyms) pseudonym(kind, value string) string {
	key := kind + " " + value
	if name, ok := n.assigned[key]; ok {
		return name
	}
	if len(n.assigned) >= maxPseudonyms {
		return "<" + kind + ">"
	}
	n.count[kind]++
	name := fmt.Sprintf("<%s-%d>", kind, n.count[kind])
	n.assigned[key] = name
	return name
}

// secret returns the name of a secret by its decoded value, however it was
// encoded.
func (n *pseudonyms) secret(spelled string) string {
	plain := spelled
	if p, err := url.PathUnescape(spelled); err == nil {
		plain = p
	}
	if strings.HasPrefix(plain, "eyJ") {
		return n.pseudonym("token", plain)
	}
	return n.pseudonym("secret", plain)
}

var (
	mail = lazyregexp.New(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)
	home = lazyregexp.New(`((?:/home/|/Users/|(?i:\\Users\\)))([^/\\\s"':;,]+)`)
	ip   = lazyregexp.New(`(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{0,4})|[0-9]{1,3}(?:\.[0-9]{1,3}){3}`)
)

// text returns a text without anything that may not be seen.
func (n *pseudonyms) text(text string) string {
	text = n.secrets.Replace(text, n.secret)
	if n.private != nil {
		text = replaceGroup(n.private, text, func(word string) string { return n.pseudonym("private", strings.ToLower(word)) })
	}
	if strings.Contains(text, "@") {
		text = mail.ReplaceAllStringFunc(text, func(m string) string { return n.pseudonym("mail", m) })
	}
	text = replaceGroup(home.Regexp(), text, func(user string) string { return n.pseudonym("user", user) })
	return ip.ReplaceAllStringFunc(text, n.address)
}

// replaceGroup puts another text in place of the second group of each match.
// The character behind a match may begin the next.
func replaceGroup(re *regexp.Regexp, text string, with func(string) string) string {
	var b strings.Builder
	for {
		m := re.FindStringSubmatchIndex(text)
		if m == nil {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:m[4]])
		b.WriteString(with(text[m[4]:m[5]]))
		text = text[m[5]:]
	}
}

// address names an IP address by its kind. Loopback and unspecified addresses
// are the same everywhere.
func (n *pseudonyms) address(text string) string {
	a, err := netip.ParseAddr(text)
	switch {
	case err != nil, a.IsLoopback(), a.IsUnspecified():
		return text
	case a.Unmap().IsPrivate(), sharedAddressSpace.Contains(a.Unmap()):
		return n.pseudonym("private-ip", a.Unmap().String())
	case a.IsLinkLocalUnicast():
		return n.pseudonym("link-local-ip", a.String())
	}
	return n.pseudonym("public-ip", a.Unmap().String())
}

// sharedAddressSpace is the range that carriers use inside their networks (RFC
// 6598).
var sharedAddressSpace = netip.MustParsePrefix("100.64.0.0/10")

// data returns binary data without secrets, every other byte at its place.
func (n *pseudonyms) data(data []byte) []byte {
	text := string(data)
	clean := n.secrets.Replace(text, func(secret string) string {
		name := n.secret(secret)
		if len(name) >= len(secret) {
			return name[:len(secret)]
		}
		return name + strings.Repeat("*", len(secret)-len(name))
	})
	if clean == text {
		return data
	}
	return []byte(clean)
}

// appendData writes data in base64, which hides nothing: so it is cleaned first.
func (n *pseudonyms) appendData(b, data []byte) []byte {
	return base64.StdEncoding.AppendEncode(b, n.data(data))
}
