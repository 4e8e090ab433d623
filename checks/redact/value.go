package redact

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"upstox-doctor/checks/lazyregexp"
)

// field recognises a member whose text is secret whatever it looks like.
var field = lazyregexp.New(`(?i)^(?:[\w-]*(?:` + strings.Join(names, "|") + `)|(?:proxy-)?authorization)$`)

// Value redacts evidence: texts, errors, what prints itself, and lists, maps
// and structs of them. Under the name of a secret (access_token, Authorization)
// every text is taken out. Numbers, truth values and times stay as they are;
// maps come back as map[string]any, lists as []any, except []string.
func (s *Set) Value(v any) any { return s.value(v, 0) }

// maxDepth is the most levels of nesting that are followed. Evidence is flat;
// the limit ends cycles.
const maxDepth = 16

func (s *Set) value(v any, depth int) any {
	switch v := v.(type) {
	case nil, bool, int, int64, float64, time.Time, time.Duration, json.Number:
		return v
	case string:
		return s.String(v)
	case []byte:
		return s.String(string(v))
	case []string:
		out := make([]string, len(v))
		for i, text := range v {
			out[i] = s.String(text)
		}
		return out
	case json.RawMessage:
		return s.encoded(v, depth)
	case error, fmt.Stringer:
		return s.String(fmt.Sprint(v)) // Sprint survives a nil pointer
	case encoding.TextMarshaler:
		text, err := v.MarshalText()
		if err != nil {
			return s.String(err.Error())
		}
		return s.String(string(text))
	}
	if depth >= maxDepth {
		return Mark
	}
	return s.composite(reflect.ValueOf(v), depth+1)
}

func (s *Set) composite(v reflect.Value, depth int) any {
	switch v.Kind() {
	case reflect.String:
		return s.String(v.String())
	case reflect.Map:
		out := make(map[string]any, v.Len())
		for entries := v.MapRange(); entries.Next(); {
			name := fmt.Sprint(entries.Key().Interface())
			out[s.String(name)] = s.member(name, entries.Value().Interface(), depth)
		}
		return out
	case reflect.Slice, reflect.Array:
		out := make([]any, v.Len())
		for i := range out {
			out[i] = s.value(v.Index(i).Interface(), depth)
		}
		return out
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return s.value(v.Elem().Interface(), depth)
	case reflect.Struct:
		text, err := json.Marshal(v.Interface())
		if err != nil {
			return s.String(err.Error())
		}
		return s.encoded(text, depth)
	case reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return v.Type().String()
	}
	return v.Interface()
}

// member redacts the value of a name.
func (s *Set) member(name string, v any, depth int) any {
	if !field.MatchString(name) {
		return s.value(v, depth)
	}
	switch v := v.(type) {
	case nil, bool, int, int64, float64, json.Number:
		return v
	case string:
		if v == "" {
			return v
		}
	}
	return Mark
}

// encoded redacts a JSON text by its values.
func (s *Set) encoded(text []byte, depth int) any {
	var v any
	dec := json.NewDecoder(strings.NewReader(string(text)))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return s.String(string(text))
	}
	return s.value(v, depth)
}
