package catalog

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// contract lists the codes of the contract's table in its order.
const contract = `env-missing-credentials env-malformed-value env-placeholder-value env-file-unreadable token-file-permissions
offline dns-not-found dns-unreachable dns-server-failure dns-hijacked dns-slow tcp-refused tcp-timeout tcp-unreachable
tls-untrusted no-ca-roots tls-expired tls-not-yet-valid tls-name-mismatch tls-timeout tls-reset tls-not-tls tls-version
proxy-invalid proxy-unreachable proxy-auth-required proxy-denied clock-skew
captive-portal edge-blocked edge-rate-limited rate-limited upstox-unavailable api-timeout api-dropped api-unexpected-response endpoint-gone
account-inactive app-inactive static-ip-required
token-missing token-malformed token-expired token-expiring-soon token-rejected token-shadowed token-not-permitted token-ip-restricted
authorize-unauthorized authorize-forbidden authorize-no-url authorize-untrusted-url
handshake-unauthorized handshake-forbidden handshake-rate-limited handshake-not-upgraded handshake-redirected handshake-invalid handshake-timeout handshake-dropped
stream-closed stream-dropped stream-silent stream-stalled no-snapshot instrument-unknown no-live-ticks ticks-stale market-closed
frame-undecodable frame-not-binary plan-limit
token-elsewhere token-sandbox filter-blocked geo-blocked connection-limit frame-too-big frame-corrupt program-fault other-service
login-redirect-mismatch login-code-invalid login-credentials-invalid login-cancelled login-timeout login-state-mismatch login-port-busy`

// The contract's diagnoses come first; others may follow.
func TestContract(t *testing.T) {
	t.Parallel()
	var got []string
	for _, e := range All() {
		got = append(got, e.Code)
	}
	if want := strings.Fields(contract); len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestAllAreListed reads the source: an entry that is declared and not listed
// in all would never be found.
func TestAllAreListed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	declared := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			code, ok := codeOf(n)
			if ok {
				declared++
			}
			if ok && Lookup(code) == nil {
				t.Errorf("%s: %s is declared and not listed in all", file, code)
			}
			return true
		})
	}
	if declared != len(All()) {
		t.Errorf("%d entries are declared, %d listed", declared, len(All()))
	}
}

// codeOf is the code of an Entry literal.
func codeOf(n ast.Node) (string, bool) {
	lit, ok := n.(*ast.CompositeLit)
	if !ok {
		return "", false
	}
	if kind, ok := lit.Type.(*ast.Ident); !ok || kind.Name != "Entry" {
		return "", false
	}
	for _, el := range lit.Elts {
		field, ok := el.(*ast.KeyValueExpr)
		if !ok || field.Key.(*ast.Ident).Name != "Code" {
			continue
		}
		if value, ok := field.Value.(*ast.BasicLit); ok {
			code, err := strconv.Unquote(value.Value)
			return code, err == nil
		}
	}
	return "", true // which no Lookup finds
}

// grades holds the letter column of the contract's table where it is not F.
var grades = map[string]Grade{
	"env-missing-credentials": FailsOrWarns, "env-malformed-value": FailsOrWarns, "env-placeholder-value": FailsOrWarns, "clock-skew": FailsOrWarns,
	"token-file-permissions": Warns, "dns-slow": Warns, "token-expiring-soon": Warns, "token-ip-restricted": Warns, "ticks-stale": Warns,
	"market-closed": Informs, "other-service": Informs,
}

var (
	kebab   = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	banned  = bannedPhrases()
	stages  = append(Stages(), StageAny, StageLogin, StageOrders, StageWatch)
	owners  = []Owner{You, Network, Proxy, Upstox, Market}
	guide   = []string{"", "Token is expired or invalid", "Failed to get WebSocket URL", "WebSocket onclose", "401 Unauthorized", "403 Forbidden"}
	holder  = regexp.MustCompile(`[^$%]\{(\w+)\}`)
	holders = []string{"target", "host", "proxy", "file"}
)

// bannedPhrases matches the phrases that WORDING.md forbids.
func bannedPhrases() *regexp.Regexp {
	rules, err := os.ReadFile("WORDING.md")
	if err != nil {
		panic(err)
	}
	_, list, _ := strings.Cut(string(rules), "Never these")
	var phrases []string
	for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(list, -1) {
		phrases = append(phrases, regexp.QuoteMeta(m[1]))
	}
	return regexp.MustCompile("(?i)" + strings.Join(phrases, "|"))
}

func TestRulesAreRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Check your network.": true, "Please wait.": true, "It should work.": true, "Just do it.": true,
		"Read the justification.": false, "Compare the clocks.": false,
	} {
		if banned.MatchString(text) != want {
			t.Errorf("%q is refused: %t", text, !want)
		}
	}
}

func TestEntriesAreWhole(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, e := range All() {
		t.Run(e.Code, func(t *testing.T) {
			if !kebab.MatchString(e.Code) || seen[e.Code] {
				t.Error("code is taken or not lower kebab")
			}
			seen[e.Code] = true
			if !slices.Contains(stages, e.Stage) || !slices.Contains(owners, e.Owner) || !slices.Contains(guide, e.Guide) {
				t.Errorf("stage %q, owner %q or guide %q is none of ours", e.Stage, e.Owner, e.Guide)
			}
			if want, listed := grades[e.Code]; listed && e.Grade != want || !slices.Contains([]Grade{Fails, Warns, FailsOrWarns, Informs}, e.Grade) {
				t.Errorf("grade is %q, want %q", e.Grade, want)
			} else if !listed && e.Grade != Fails && slices.Contains(strings.Fields(contract), e.Code) {
				t.Errorf("grade is %q, want %q", e.Grade, Fails)
			}
			if e.Title == "" || strings.HasSuffix(e.Title, ".") || utf8.RuneCountInString(e.Title) > 70 {
				t.Errorf("title: %q, %d runes", e.Title, utf8.RuneCountInString(e.Title))
			}
			if !strings.HasSuffix(e.Cause, ".") || strings.Contains(e.Cause, "\n") {
				t.Errorf("cause: %q", e.Cause)
			}
			if n := len(strings.Fields(e.Title + " " + e.Cause)); n > 60 {
				t.Errorf("title and cause have %d words", n)
			}
			if m := banned.FindString(e.Title + e.Cause); m != "" {
				t.Errorf("says %q", m)
			}
			if e.Retry != "" && e.Retry != Never && e.Retry != Ask {
				t.Errorf("retry: %q", e.Retry)
			}
			if (e.Stage == StageEnvironment || e.Stage == StageToken) && e.Retry != Never {
				t.Errorf("retry: %q, and neither files nor tokens mend themselves", e.Retry)
			}
			if e.Repair != "" && e.Repair != "login" {
				t.Errorf("repair: %q", e.Repair)
			}
		})
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	for _, e := range All() {
		most := 5
		if e.Repair == "login" {
			most = max(most, len(login())+1)
		}
		if len(e.Steps) < 2 || len(e.Steps) > most {
			t.Errorf("%s: %d steps", e.Code, len(e.Steps))
		}
		for _, s := range e.Steps {
			verb, _, _ := strings.Cut(s.Do, " ")
			if !slices.Contains(verbs, verb) {
				t.Errorf("%s: %q does not begin with a verb of ours", e.Code, s.Do)
			}
			if m := banned.FindString(s.Do + s.Run + s.Mac + s.Windows); m != "" {
				t.Errorf("%s: %q says %q", e.Code, s.Do, m)
			}
			if !strings.HasSuffix(s.Do, ".") || utf8.RuneCountInString(s.Do) > 160 || strings.Contains(strings.ReplaceAll(s.Do, "{connection}", ""), "{") {
				t.Errorf("%s: %q is too long, not a sentence or holds another placeholder than {connection}", e.Code, s.Do)
			}
			for _, run := range []string{s.Run, s.Mac, s.Windows} {
				if strings.ContainsAny(run, "\n\r") || strings.HasPrefix(run, "$ ") || strings.HasPrefix(run, "> ") || strings.TrimSpace(run) != run {
					t.Errorf("%s: %q is not one line to paste", e.Code, run)
				}
				for _, m := range holder.FindAllStringSubmatch(" "+run, -1) {
					if !slices.Contains(holders, m[1]) && m[1] != "print" {
						t.Errorf("%s: %q holds {%s}", e.Code, run, m[1])
					}
				}
			}
			testVariants(t, e, s)
		}
	}
}

var verbs = strings.Fields(`Add Allow Ask Bypass Call Change Close Compare Connect Convert Copy Correct Count Create Delete Disconnect
	Fetch Give Ignore Install Keep Log Look Lower Move Open Pass Paste Place Put Raise Reactivate Read Reconnect Register Remove Repeat Replace Report
	Restart Retry Run Search Send Set Split Start Stop Subscribe Switch Time Turn Unset Update Use Wait Write`)

// linuxOnly are commands that a Mac does not have.
var linuxOnly = regexp.MustCompile(`\b(getent|ip route|resolvectl|systemctl|timedatectl|sysctl|xdg-open|update-ca-certificates|ss -|/etc/resolv)\b`)

// testVariants expects another command for each system on which the Linux
// command does not run.
func testVariants(t *testing.T, e *Entry, s Step) {
	t.Helper()
	if s.Run == "" || strings.HasPrefix(s.Run, "upstox-doctor") {
		return
	}
	if s.Windows == "" {
		t.Errorf("%s: %q has no command for Windows", e.Code, s.Run)
	}
	if s.Mac == "" && linuxOnly.MatchString(s.Run) {
		t.Errorf("%s: %q has no command for Mac", e.Code, s.Run)
	}
	if m := linuxOnly.FindString(s.Mac + s.Windows); m != "" {
		t.Errorf("%s: %q is Linux's alone", e.Code, m)
	}
}

func TestCommand(t *testing.T) {
	t.Parallel()
	s := Step{Run: "l", Mac: "m", Windows: "w"}
	for _, tc := range []struct {
		goos  string
		shell Shell
		want  string
	}{{"linux", POSIX, "l"}, {"freebsd", POSIX, "l"}, {"darwin", POSIX, "m"}, {"windows", PowerShell, "w"}, {"windows", Cmd, "w"}, {"windows", POSIX, "l"}} {
		if got, _ := s.Command(tc.goos, tc.shell); got != tc.want {
			t.Errorf("%s, %s: got %q, want %q", tc.goos, tc.shell, got, tc.want)
		}
	}
	s.Cmd = "c"
	if got, rules := s.Command("windows", Cmd); got != "c" || rules != Cmd {
		t.Errorf("got %q by the rules of %s, want cmd.exe's own", got, rules)
	}
	if got, _ := runAgain.Command("windows", PowerShell); got != "upstox-doctor" {
		t.Errorf("got %q, want Linux's command", got)
	}
}

func TestCommandsParse(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash")
	}
	seen := map[string]bool{}
	for _, e := range All() {
		for _, s := range e.Steps {
			for _, run := range []string{s.Run, s.Mac} {
				if run == "" || seen[run] {
					continue
				}
				seen[run] = true
				if out, err := exec.CommandContext(t.Context(), bash, "-n", "-c", run).CombinedOutput(); err != nil {
					t.Errorf("%s: %s: %v\n%s", e.Code, run, err, out)
				}
			}
		}
	}
}

func TestGuideIsAnswered(t *testing.T) {
	t.Parallel()
	for _, row := range guide[1:] {
		if !slices.ContainsFunc(All(), func(e *Entry) bool { return e.Guide == row }) {
			t.Errorf("no entry answers %q", row)
		}
		if !slices.ContainsFunc(Explain(row), func(m Match) bool { return m.Entry.Guide == row }) {
			t.Errorf("explain does not lead %q to an entry that answers it", row)
		}
	}
}

func TestTexts(t *testing.T) {
	t.Parallel()
	for _, e := range All() {
		seen := map[string]bool{}
		for _, x := range e.Texts {
			piece, _, _ := strings.Cut(x.Pattern, "…")
			if len(piece) < 4 || x.Pattern != normalize(x.Pattern) || strings.Contains(x.Pattern, "……") {
				t.Errorf("%s: %q cannot match", e.Code, x.Pattern)
			}
			if seen[x.Pattern] {
				t.Errorf("%s: %q stands twice", e.Code, x.Pattern)
			}
			seen[x.Pattern] = true
			if b := band(x.Rank); b < rankEcho || b > rankAnswer {
				t.Errorf("%s: %q has rank %d", e.Code, x.Pattern, x.Rank)
			}
			if x.Pattern != e.Code && !slices.ContainsFunc(Explain(strings.ReplaceAll(x.Pattern, "…", " x ")), func(m Match) bool { return m.Entry == e }) {
				// A longer pattern of a higher band may hold this one.
				if !slices.ContainsFunc(Explain(x.Pattern), func(m Match) bool { return m.Entry != e }) {
					t.Errorf("%s: %q finds nothing", e.Code, x.Pattern)
				}
			}
		}
	}
}

func TestAllIsTheCallers(t *testing.T) {
	t.Parallel()
	list := All()
	list[0] = nil
	if All()[0] == nil {
		t.Error("a caller can change the catalog")
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	for _, e := range All() {
		if Lookup(e.Code) != e {
			t.Errorf("%s is not found", e.Code)
		}
	}
	if e := Lookup("no-such-code"); e != nil {
		t.Errorf("got %s", e.Code)
	}
}
