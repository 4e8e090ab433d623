package catalog

// writeApp are the steps for an API key and a secret that do not fit together, of
// which it is known where they stand.
func writeApp(f Finding) []Step {
	key, login := f.Text("key_from"), Step{Do: "Log in again.", Run: "upstox-doctor login"}
	if key == "" {
		return nil
	}
	copied := "Copy the key and the secret of the same app from https://account.upstox.com/developer/apps."
	if f.Seen("line") {
		return []Step{{Do: copied}, editLine("Write the key in the place of " + key + ", and the secret into {variable}, line {line} of {file}."), login}
	}
	steps := []Step{{Do: copied}, {Do: "Put the key in the place of " + key + ", and then copy the secret."}}
	return append(append(steps, pasteValue(f)...), login)
}
