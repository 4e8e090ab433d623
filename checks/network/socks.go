package network

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"strconv"

	"upstox-doctor/checks/catalog"
)

// Numbers of SOCKS version 5 (RFC 1928) and of its authentication by user and
// password (RFC 1929).
const (
	socksVersion    = 5
	methodNone      = 0
	methodPassword  = 2
	noMethod        = 0xff
	passwordVersion = 1
	commandConnect  = 1
	addressIPv4     = 1
	addressName     = 3
	addressIPv6     = 4
)

var socksReplies = [...]string{
	1: "general failure", 2: "not allowed by the ruleset", 3: "network unreachable", 4: "host unreachable",
	5: "connection refused", 6: "TTL expired", 7: "command not supported", 8: "address type not supported",
}

var errNotSOCKS = errors.New("the proxy's answer is not SOCKS5")

// askSOCKS asks for a tunnel to target, "host:port". A name is sent as such.
func askSOCKS(out io.Writer, in *bufio.Reader, user *url.Userinfo, target string) error {
	methods := []byte{methodNone}
	if user != nil {
		methods = append(methods, methodPassword)
	}
	chosen, err := exchange(out, in, append([]byte{socksVersion, byte(len(methods))}, methods...), socksVersion)
	if err != nil {
		return err
	}
	switch {
	case chosen == noMethod:
		return &refusalError{catalog.KindAuthRequired, 0, "no authentication method is acceptable to the proxy"}
	case chosen == methodPassword && user != nil:
		password, _ := user.Password()
		login := append([]byte{passwordVersion, byte(len(user.Username()))}, user.Username()...)
		login = append(append(login, byte(len(password))), password...)
		status, err := exchange(out, in, login, passwordVersion)
		if err != nil {
			return err
		}
		if status != 0 {
			return &refusalError{catalog.KindAuthRequired, 0, "user and password are not accepted"}
		}
	case chosen != methodNone:
		return errNotSOCKS
	}
	request, err := socksRequest(target)
	if err != nil {
		return err
	}
	reply, err := exchange(out, in, request, socksVersion)
	if err != nil {
		return err
	}
	if reply != 0 {
		return &refusalError{catalog.KindDenied, 0, replyText(reply)}
	}
	return skipBoundAddr(in)
}

// exchange sends b and reads an answer of two bytes, the first of which must
// be version. It returns the second.
func exchange(out io.Writer, in *bufio.Reader, b []byte, version byte) (byte, error) {
	if _, err := out.Write(b); err != nil {
		return 0, err
	}
	first, err := in.ReadByte()
	switch {
	case err != nil:
		return 0, err
	case first == 'H': // HTTP/1.1 400 Bad Request
		return 0, errOtherProtocol
	case first != version:
		return 0, errNotSOCKS
	}
	return in.ReadByte()
}

func socksRequest(target string) ([]byte, error) {
	host, port, err := net.SplitHostPort(target)
	if err != nil {
		return nil, err
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || len(host) > 255 {
		return nil, fmt.Errorf("host or port too long for SOCKS5")
	}
	b := []byte{socksVersion, commandConnect, 0}
	switch addr, err := netip.ParseAddr(host); {
	case err != nil:
		b = append(append(b, addressName, byte(len(host))), host...)
	case addr.Is4():
		b = append(append(b, addressIPv4), addr.AsSlice()...)
	default:
		b = append(append(b, addressIPv6), addr.AsSlice()...)
	}
	return binary.BigEndian.AppendUint16(b, uint16(number)), nil
}

func replyText(reply byte) string {
	if int(reply) < len(socksReplies) {
		return fmt.Sprintf("SOCKS reply %d: %s", reply, socksReplies[reply])
	}
	return fmt.Sprintf("SOCKS reply %d", reply)
}

// skipBoundAddr reads the rest of a good answer: a reserved byte, and the
// address and port that the proxy uses, which do not matter.
func skipBoundAddr(in *bufio.Reader) error {
	head := make([]byte, 2)
	if _, err := io.ReadFull(in, head); err != nil {
		return err
	}
	length := 0
	switch head[1] {
	case addressIPv4:
		length = 4
	case addressIPv6:
		length = 16
	case addressName:
		b, err := in.ReadByte()
		if err != nil {
			return err
		}
		length = int(b)
	default:
		return errNotSOCKS
	}
	_, err := io.ReadFull(in, make([]byte, length+2))
	return err
}
