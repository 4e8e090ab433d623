package serve

import (
	"context"
	"strings"
	"testing"

	"upstox-doctor/report"
)

const upstoxPage = "https://api.upstox.com/v2/login/authorization/dialog?client_id=k&state=s3cret"

// TestLoginOnThePage goes through a login whose address is pasted.
func TestLoginOnThePage(t *testing.T) {
	t.Parallel()
	s := once(document("token-expired"))
	s.Ledger = ledger(t)
	s.Login = func(ctx context.Context, d LoginDialogue) report.LoginReport {
		d.Show(upstoxPage)
		d.Say("Waiting for the browser")
		text, err := d.Ask(ctx)
		if err != nil || text != "http://127.0.0.1/?code=abc123" {
			t.Errorf("%q, %v", text, err)
		}
		return report.NewLoginReport(report.LoginResult{Saved: []string{".upstox_token"}, Price: 24512.35}, report.Meta{})
	}
	base, ran, _ := servingUntil(t, s)
	<-ran
	own := session(t, s, base)
	events := stream(t, base, "")
	if status, _, _ := post(t, base+"/login/address", "{}", own...); status != 409 {
		t.Errorf("the address without a login: %d", status)
	}
	if status, _, _ := post(t, base+"/login/code", `{"text":"x"}`, own...); status != 400 {
		t.Errorf("an address without a login: %d", status)
	}
	if status, said, _ := post(t, base+"/login/start", "{}", own...); status != 202 {
		t.Fatalf("%d %s", status, said)
	}
	events.until("token", "Waiting for the browser")
	if status, _, _ := post(t, base+"/login/start", "{}", own...); status != 409 {
		t.Errorf("two logins: %d", status)
	}
	for _, path := range []string{"/", "/state.json", "/events?after=x"} {
		if path == "/events?after=x" {
			if c := stream(t, base, "").next(); strings.Contains(c.Sections["token"], "s3cret") || strings.Contains(c.Sections["token"], "client_id") {
				t.Error("the events tell the address of the login")
			}
		} else if _, page := get(t, base+path); strings.Contains(page, "s3cret") {
			t.Errorf("%s tells the address of the login", path)
		}
	}
	if status, said, _ := post(t, base+"/login/address", "{}", own...); status != 200 || !strings.Contains(said, "s3cret") {
		t.Errorf("the address: %d %s", status, said)
	}
	if status, said, _ := post(t, base+"/login/address", "{}"); status != 401 || strings.Contains(said, "s3cret") {
		t.Errorf("the address without a session: %d %s", status, said)
	}
	if status, said, _ := post(t, base+"/login/code", `{"text":" http://127.0.0.1/?code=abc123\n"}`, own...); status != 202 {
		t.Errorf("the pasted address: %d %s", status, said)
	}
	events.until("token", "It is saved in .upstox_token.")
	<-ran // a login is followed by a run
}

func TestLoginIsCancelled(t *testing.T) {
	t.Parallel()
	s := once(document("token-expired"))
	s.Ledger = ledger(t)
	s.Login = func(ctx context.Context, d LoginDialogue) report.LoginReport {
		d.Show(upstoxPage)
		if _, err := d.Ask(ctx); err == nil || ctx.Err() == nil {
			t.Error("it is not cancelled")
		}
		return report.NewLoginReport(report.LoginResult{Failed: true, Seen: "interrupted"}, report.Meta{})
	}
	base := serving(t, s)
	own := session(t, s, base)
	events := stream(t, base, "")
	post(t, base+"/login/start", "{}", own...)
	events.until("token", "Login to Upstox")
	if status, _, _ := post(t, base+"/login/cancel", "{}", own...); status != 202 {
		t.Errorf("status %d", status)
	}
	events.until("token", "Login failed: interrupted.")
}
