package catalog

import (
	"strings"
	"testing"
)

// TestNoHintBeginsAnotherLogin: the address of one login is worth nothing to the
// next, so no hint before the page may lead to a second one that reads it.
func TestNoHintBeginsAnotherLogin(t *testing.T) {
	t.Parallel()
	for _, place := range []LoginPlace{OverSSH, Container, Codespace, CloudWorkspace} {
		steps := LoginWay{Place: place, Listens: true}.Before()
		if len(steps) != 1 || strings.Contains(steps[0].Run, "--code-from") || !strings.Contains(steps[0].Do, "terminal") || steps[0].Run == "" {
			t.Errorf("%s: %+v", place, steps)
		}
		steps = LoginWay{Place: place, Listens: true, Asks: true}.Before()
		if len(steps) != 1 || !strings.Contains(steps[0].Do, "paste here") {
			t.Errorf("%s with a terminal: %+v", place, steps)
		}
	}
}

// TestOnlyARequestHasALogToRead: who has not asked for the token by --request has
// no program behind a notifier URL.
func TestOnlyARequestHasALogToRead(t *testing.T) {
	t.Parallel()
	for _, asked := range []bool{false, true} {
		f := Finding{Code: LoginTimeout.Code, Evidence: map[string]any{}}
		if asked {
			f.Evidence["request"] = "sent"
		}
		told := false
		for _, s := range LoginTimeout.StepsFor(f) {
			told = told || strings.Contains(s.Do, "notifier")
		}
		if told != asked {
			t.Errorf("by request %t: told of the log %t", asked, told)
		}
	}
}
