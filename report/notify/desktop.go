package notify

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// desktop returns the commands that show the notice on a system, the best first.
// The text is an argument or a variable, and never part of a script.
func (n Notice) desktop(goos string) [][]string {
	switch goos {
	case "darwin":
		return [][]string{{"osascript", "-e", appleScript, n.Title, n.Text}}
	case "windows":
		return [][]string{
			{"powershell.exe", "-NoProfile", "-NonInteractive", "-Command", toast},
			{"msg.exe", "*", "/TIME:3600", n.Title + "\r\n" + n.Text}, // editions for the home have none
		}
	}
	urgency := "normal"
	if n.Status == "fail" || n.Status == "error" {
		urgency = "critical" // stays until somebody has seen it
	}
	return [][]string{{"notify-send", "--app-name=upstox-doctor", "--urgency=" + urgency, "--", n.Title, bodyMarkup.Replace(n.Text)}}
}

// bodyMarkup escapes a text for notify-send, which reads backslashes as C does,
// and for the desktop, which shows tags of the text as links and pictures
// (Desktop Notifications Specification, "Markup").
var bodyMarkup = strings.NewReplacer(`\`, `\\`, "&", "&amp;", "<", "&lt;", ">", "&gt;")

const appleScript = `on run argv
	display notification (item 2 of argv) with title (item 1 of argv) sound name "default"
end run`

// toast holds no double quote, which PowerShell would take off. The notice is
// shown in the name of PowerShell, by its identity in the Start menu: a program
// without an entry there may show none.
const toast = `$ErrorActionPreference = 'Stop'
$manager = [Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
$page = $manager::GetTemplateContent([Windows.UI.Notifications.ToastTemplateType]::ToastText02)
$lines = $page.GetElementsByTagName('text')
[void]$lines.Item(0).AppendChild($page.CreateTextNode($env:UPSTOX_NOTICE_TITLE))
[void]$lines.Item(1).AppendChild($page.CreateTextNode($env:UPSTOX_NOTICE_TEXT))
$page.DocumentElement.SetAttribute('scenario', 'reminder')
$manager::CreateToastNotifier('{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\WindowsPowerShell\v1.0\powershell.exe').Show([Windows.UI.Notifications.ToastNotification]::new($page))`

// sessionBus names the bus of the user's desktop on Linux, which cron does not
// hand on.
func sessionBus() []string {
	const name = "DBUS_SESSION_BUS_ADDRESS"
	socket := fmt.Sprintf("/run/user/%d/bus", os.Getuid())
	if _, err := os.Stat(socket); runtime.GOOS != "linux" || os.Getenv(name) != "" || err != nil {
		return nil
	}
	return []string{name + "=unix:path=" + socket}
}
