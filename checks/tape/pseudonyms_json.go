package tape

import (
	"bytes"
	"encoding/json"
	"errors"

	"upstox-doctor/checks/redact"
)

// object writes the members of a JSON object, each behind a comma, without
// anything that may not be seen. Their order stays.
func (n *pseudonyms) object(b, text []byte) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("tape: a record is no object")
	}
	return n.members(b, dec)
}

func (n *pseudonyms) members(b []byte, dec *json.Decoder) ([]byte, error) {
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		b = append(appendString(append(b, ','), n.text(name.(string))), ':')
		if b, err = n.value(b, dec, name.(string)); err != nil {
			return nil, err
		}
	}
	_, err := dec.Token()
	return b, err
}

// value writes what follows, of a member of that name.
func (n *pseudonyms) value(b []byte, dec *json.Decoder, name string) ([]byte, error) {
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		begin := len(b)
		if t == '{' {
			b, err = n.members(b, dec)
		} else {
			b, err = n.items(b, dec, name)
		}
		if err != nil {
			return nil, err
		}
		if len(b) == begin {
			b = append(b, ',')
		}
		b[begin] = byte(t) // in place of the first comma
		return append(b, byte(t)+2), nil
	case string:
		if t != "" && redact.IsSecretName(name) {
			return appendString(b, n.secret(t)), nil
		}
		return appendString(b, n.text(t)), nil
	case json.Number:
		return append(b, t...), nil
	case bool:
		if t {
			return append(b, "true"...), nil
		}
		return append(b, "false"...), nil
	}
	return append(b, "null"...), nil
}

func (n *pseudonyms) items(b []byte, dec *json.Decoder, name string) ([]byte, error) {
	for dec.More() {
		var err error
		if b, err = n.value(append(b, ','), dec, name); err != nil {
			return nil, err
		}
	}
	_, err := dec.Token()
	return b, err
}

// appendString writes a text in JSON and leaves <, > and & as they are.
func appendString(b []byte, text string) []byte {
	out := bytes.NewBuffer(b)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string can always be encoded
	return out.Bytes()[:out.Len()-1]
}
