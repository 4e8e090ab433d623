package doctor

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// UnmarshalJSON reads one object and keeps the order of its members. Whole
// numbers become int, others float64, lists []any and objects map[string]any.
func (e *Evidence) UnmarshalJSON(text []byte) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	t, err := dec.Token()
	switch {
	case err != nil:
		return err
	case t == nil:
		*e = nil
		return nil
	case t != json.Delim('{'):
		return fmt.Errorf("evidence is %v, not an object", t)
	}
	*e = nil
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		var value any
		if err := dec.Decode(&value); err != nil {
			return err
		}
		e.Add(name.(string), numbers(value))
	}
	_, err = dec.Token()
	return err
}

// numbers turns what the decoder took over as text into numbers.
func numbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return int(n)
		}
		f, err := v.Float64()
		if err != nil {
			return v.String()
		}
		return f
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = numbers(v[name])
		}
	}
	return v
}
