package tape

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"upstox-doctor/checks/redact"
)

func TestJSONHasThePseudonymsOfTheTape(t *testing.T) {
	t.Parallel()
	secrets := new(redact.Set)
	secrets.Add("s3cr3t-value")
	path := filepath.Join(t.TempDir(), "t.tape")
	w, err := Open(t.Context(), path, Header{Kind: Run, StartedAt: time.Unix(0, 0)}, Options{Secrets: secrets, Private: []string{"myhost"}})
	if err != nil {
		t.Fatal(err)
	}
	w.Add(Entry{At: time.Unix(1, 0), Kind: "x", More: map[string]string{"text": "first other 10.0.0.7, then s3cr3t-value"}})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := w.JSON([]byte(`{"a": "s3cr3t-value at 10.0.0.7 and 10.0.0.8", "b": {"c": ["myhost", 1, null, true]}, "d": "/home/me/x"}`))
	want := `{"a":"<secret-1> at <private-ip-1> and <private-ip-2>","b":{"c":["<private-1>",1,null,true]},"d":"/home/<user-1>/x"}`
	if err != nil || string(got) != want || !json.Valid(got) {
		t.Errorf("got %s, %v", got, err)
	}
	if r := w.Replaced(); r["secret"] != 1 || r["private-ip"] != 2 || r["user"] != 1 || r["private"] != 1 {
		t.Errorf("replaced %v", r)
	}
	if got, err := w.JSON([]byte(`{}`)); err != nil || string(got) != "{}" {
		t.Errorf("empty: %s, %v", got, err)
	}
	for _, bad := range []string{"", "[]", "1", `{"a":`, strings.Repeat("{", 3)} {
		if got, err := w.JSON([]byte(bad)); err == nil {
			t.Errorf("%q gives %s", bad, got)
		}
	}
}
