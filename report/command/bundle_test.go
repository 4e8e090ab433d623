package command

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"upstox-doctor/fixtures/sim"
	"upstox-doctor/fixtures/simtest"
	"upstox-doctor/report"
)

func bundling(scenario string, files ...string) BundleOptions {
	o := BundleOptions{RunOptions: defaultRun(scenario), Files: files}
	o.Yes = true
	return o
}

// unpacked is what is in a zip file, the tape in plain.
func unpacked(t *testing.T, path string) map[string]string {
	t.Helper()
	r, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	all := map[string]string{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var from io.Reader = in
		if f.Name == "run.tape" {
			if from, err = gzip.NewReader(in); err != nil {
				t.Fatal(err)
			}
		}
		text, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		in.Close()
		all[f.Name] = string(text)
	}
	return all
}

func TestBundleScenarios(t *testing.T) {
	t.Parallel()
	host, _ := os.Hostname()
	for _, name := range []string{
		"healthy", "token-expired", "token-from-env-file", "token-with-bearer", "healthy-behind-proxy", "handshake-forbidden",
		"edge-blocked", "dns-hijacked-private", "secret-with-space",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simtest.Bubble(t, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "b.zip")
				a, s := testApp("")
				if err := a.Bundle(t.Context(), bundling(name, path)); err != nil {
					t.Fatal(err)
				}
				files := unpacked(t, path)
				var names []string
				for name := range files {
					names = append(names, name)
				}
				slices.Sort(names)
				if want := []string{"contents.txt", "environment.json", "report.html", "report.json", "run.tape", "versions.json"}; !slices.Equal(names, want) {
					t.Fatalf("holds %v", names)
				}
				if !strings.HasPrefix(s.errs.String(), files["contents.txt"]) || s.out.Len() > 0 {
					t.Errorf("shows %q, and writes %q", s.errs.String(), files["contents.txt"])
				}
				if _, err := report.ReadDocument(strings.NewReader(files["report.json"])); err != nil {
					t.Error(err)
				}
				for _, secret := range secretsOf(t, name) {
					for file, text := range files {
						if len(secret) >= 4 && strings.Contains(text, secret) {
							t.Errorf("%s holds %q", file, secret)
						}
					}
				}
				for file, text := range files {
					if strings.Contains(text, "eyJ") || len(host) > 3 && strings.Contains(text, host) || strings.Contains(text, "203.0.113.") {
						t.Errorf("%s holds what it must not", file)
					}
				}
				if info, err := os.Stat(path); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
					t.Errorf("mode %v, %v", info.Mode(), err)
				}
			})
		})
	}
}

// secretsOf are those of a scenario, which are the same in every start.
func secretsOf(t *testing.T, name string) []string {
	t.Helper()
	sc, _ := sim.Find(name)
	session, err := sim.Start(sc, sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	return session.Secrets()
}

// TestBundleNamesAgree finds an address under one name in report and tape.
func TestBundleNamesAgree(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "b.zip")
		a, _ := testApp("")
		if err := a.Bundle(t.Context(), bundling("dns-hijacked-private", path)); err != nil {
			t.Fatal(err)
		}
		files := unpacked(t, path)
		for _, file := range []string{"report.json", "run.tape", "contents.txt"} {
			if !strings.Contains(files[file], "<private-ip-1>") || strings.Contains(files[file], "<private-ip-2>") {
				t.Errorf("%s has not the one name", file)
			}
		}
		if !strings.Contains(files["report.html"], "&lt;private-ip-1&gt;") {
			t.Error("report.html has not the name")
		}
	})
}

func TestBundleTellsTheEnvironment(t *testing.T) {
	t.Parallel()
	simtest.Bubble(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "b.zip")
		a, _ := testApp("")
		if err := a.Bundle(t.Context(), bundling("healthy-behind-proxy", path)); err != nil {
			t.Fatal(err)
		}
		var out environmentInfo
		if err := json.Unmarshal([]byte(unpacked(t, path)["environment.json"]), &out); err != nil {
			t.Fatal(err)
		}
		lengths := map[string]int{}
		for _, v := range out.Variables {
			if v.Set {
				lengths[v.Name] = v.Length
			}
		}
		if lengths["UPSTOX_ACCESS_TOKEN"] < 100 || lengths["HTTPS_PROXY"] < 20 {
			t.Errorf("lengths %v", lengths)
		}
		if got := out.Proxies["api.upstox.com"]; got != "http://proxy.example.net:3128" {
			t.Errorf("proxy %q", got)
		}
	})
}

func TestResolverLines(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "resolv.conf")
	text := "# made by hand\nnameserver 10.0.0.53\nsearch corp.example internal.corp.example\noptions  edns0 trust-ad\n\nnameserver\n" + strings.Repeat("nameserver 10.0.0.1\n", 50)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got := resolverLines(path)
	if want := []string{"nameserver 10.0.0.53", "search (left out)", "options edns0 trust-ad"}; len(got) != 20 || !slices.Equal(got[:3], want) {
		t.Errorf("%d lines: %q", len(got), got)
	}
	if got := resolverLines(path + ".none"); got == nil || len(got) > 0 {
		t.Errorf("without the file: %v", got)
	}
}

func TestBundleUsage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	taken := filepath.Join(dir, "taken.zip")
	if err := os.WriteFile(taken, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name   string
		o      func() BundleOptions
		status int
		says   string
	}{
		{"nobody to ask", func() BundleOptions { o := bundling("healthy"); o.Yes = false; return o }, ExitUsage, "--yes writes without a question"},
		{"two files", func() BundleOptions { return bundling("healthy", "a", "b") }, ExitUsage, "one file, got 2"},
		{"a wrong choice", func() BundleOptions { o := bundling("healthy", dir+"/x"); o.Only = []string{"nothing"}; return o }, ExitUsage, "nothing"},
		{"a wrong scenario", func() BundleOptions { return bundling("x", dir+"/x") }, ExitUsage, "no scenario"},
		{"a file that exists", func() BundleOptions { return bundling("healthy", taken) }, ExitFault, "it exists"},
		{"no such directory", func() BundleOptions { return bundling("healthy", dir+"/no/x.zip") }, ExitFault, "no/x.zip"},
	} {
		a, _ := testApp("")
		err := a.Bundle(t.Context(), tc.o())
		if statusOf(t, err) != tc.status || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	if text, _ := os.ReadFile(taken); !bytes.Equal(text, []byte("mine")) {
		t.Errorf("the other file is %q now", text)
	}
	if all, _ := os.ReadDir(dir); len(all) != 1 {
		t.Errorf("left behind: %v", all)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	a, _ := testApp("")
	if got := statusOf(t, a.Bundle(ctx, bundling("healthy", dir+"/x"))); got != ExitInterrupted {
		t.Errorf("interrupted: status %d", got)
	}
}
