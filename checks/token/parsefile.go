package token

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"upstox-doctor/checks/dotenv"
	"upstox-doctor/checks/files"
	"upstox-doctor/checks/lazyregexp"
)

// ParseFile reads the content of a token file: the bare token, JSON with the
// token under one of its usual names (a saved answer of the token endpoint is
// one), a JSON string, or a line NAME=value. Errors are of type *FileError.
func ParseFile(data []byte) (File, error) {
	if len(data) > maxFileSize {
		return File{}, &FileError{What: fmt.Sprintf("is larger than %d KiB", maxFileSize>>10), Err: files.ErrTooBig}
	}
	if enc := dotenv.Encoding(data); enc != "UTF-8" {
		return File{}, &FileError{What: "is " + enc + ", not UTF-8 text", Encoding: enc}
	}
	raw := string(data)
	text := strings.TrimSpace(strings.TrimPrefix(raw, "\ufeff"))
	switch {
	case strings.HasPrefix(text, "{"), strings.HasPrefix(text, "["), strings.HasPrefix(text, `"`):
		f, err := parseJSON([]byte(text))
		if err == nil {
			return f, nil
		}
		// A lone quote and {your_token} are plain text with a fault.
		if text[0] != '"' && !dotenv.Placeholder(text) {
			lead := raw[:strings.Index(raw, text)]
			err.Line += strings.Count(lead, "\n")
			return File{Format: "json"}, err
		}
	case assigned.MatchString(text):
		return parseEnv(data)
	}
	f := File{Format: "plain"}
	f.setToken(raw)
	return f, nil
}

// setToken takes over a token, unless nothing is left of it when it is cleaned.
func (f *File) setToken(token string) {
	if clean, _ := dotenv.Clean(token); clean == "" {
		f.Empty = true
		return
	}
	f.Token = token
}

// assigned recognises a token assignment at the start of a line. Other tokens
// may stand beside it in a .env file, so the name must be one of ours.
var assigned = lazyregexp.New(`(?im)^[ \t]*(?:export[ \t]+)?(?:upstox_)?(?:(?:access|analytics)_)?token[ \t]*=`)

func parseEnv(data []byte) (File, error) {
	file, err := dotenv.Parse(data)
	if v, ok := envToken(file); ok {
		f := File{Format: "env"}
		f.setToken(v.Value)
		return f, nil
	}
	// The regular expression saw an assignment, so the parser has refused it.
	fault := &FileError{What: "the assignment of the token cannot be read"}
	if e, ok := errors.AsType[*dotenv.SyntaxError](err); ok {
		fault.Line, fault.What = e.Line, e.What
	}
	return File{Format: "env"}, fault
}

// envToken is the assignment that is read as the token.
func envToken(file dotenv.File) (dotenv.Var, bool) {
	for _, name := range []string{"upstox_access_token", "upstox_analytics_token", "upstox_token", "access_token", "analytics_token", "token"} {
		for _, v := range slices.Backward(file.Vars) {
			if strings.EqualFold(v.Name, name) {
				return v, true
			}
		}
	}
	return dotenv.Var{}, false
}

// parseJSON reads text that begins like JSON.
func parseJSON(text []byte) (File, *FileError) {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		fault := &FileError{Line: 1, What: "is not valid JSON"}
		if e, ok := errors.AsType[*json.SyntaxError](err); ok {
			fault.Line += bytes.Count(text[:min(int(e.Offset), len(text))], []byte("\n"))
		}
		return File{}, fault
	}
	f := File{Format: "json"}
	switch v := v.(type) {
	case string:
		f.setToken(v)
	case map[string]any:
		f.findToken(v)
	default:
		f.Note = "JSON without access_token"
	}
	return f, nil
}

// Names of the token in the files of public projects, and of objects that
// wrap it.
var (
	tokenNames = []string{"access_token", "accessToken", "UPSTOX_ACCESS_TOKEN", "upstox_access_token", "ACCESS_TOKEN", "analytics_token", "UPSTOX_ANALYTICS_TOKEN", "token"}
	wrapNames  = []string{"data", "token", "tokens", "upstox", "session", "credentials"}
	dateNames  = []string{"date", "token_date", "created_at", "generated_at", "issued_at", "timestamp"}
)

var (
	day       = lazyregexp.New(`^[0-9]{4}-[0-9]{2}-[0-9]{2}`)
	errorCode = lazyregexp.New(`^UDAPI[0-9]{1,8}$`)
)

// findToken takes the token out of an object, or notes why there is none.
func (f *File) findToken(m map[string]any) {
	objects := []map[string]any{m}
	for _, name := range wrapNames {
		if inner, ok := m[name].(map[string]any); ok {
			objects = append(objects, inner)
		}
	}
	for _, o := range objects {
		if f.takeFrom(o) {
			return
		}
	}
	switch code, failed := failure(m); {
	case failed:
		f.Note = strings.TrimSuffix("an error answer of Upstox: "+code, ": ")
	case hasText(objects, "extended_token"):
		f.Note = "JSON without access_token, only with an extended_token"
	default:
		f.Note = "JSON without access_token"
	}
}

// takeFrom looks for a token in one object, and reports whether its place is
// there, even if empty.
func (f *File) takeFrom(o map[string]any) bool {
	for _, name := range tokenNames {
		v, ok := o[name]
		if _, wraps := v.(map[string]any); !ok || wraps {
			continue
		}
		token, isText := v.(string)
		if v != nil && !isText {
			f.Note = "JSON whose " + name + " is not text"
			return true
		}
		f.setToken(token)
		if f.Note = dated(o); f.Empty {
			f.Note = "JSON with an empty " + name
		}
		return true
	}
	return false
}

func dated(o map[string]any) string {
	for _, name := range dateNames {
		if s, ok := o[name].(string); ok && day.MatchString(s) {
			return "dated " + s[:len("2006-01-02")]
		}
	}
	return ""
}

// failure recognises Upstox's error envelope and returns its first code.
func failure(m map[string]any) (code string, failed bool) {
	list, ok := m["errors"].([]any)
	if !ok {
		return "", m["status"] == "error"
	}
	for _, e := range list {
		problem, _ := e.(map[string]any)
		for _, name := range []string{"error_code", "errorCode"} {
			if s, ok := problem[name].(string); ok && errorCode.MatchString(s) {
				return s, true
			}
		}
	}
	return "", true
}

func hasText(objects []map[string]any, name string) bool {
	for _, o := range objects {
		if s, ok := o[name].(string); ok && s != "" {
			return true
		}
	}
	return false
}
