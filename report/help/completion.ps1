# Completion of upstox-doctor for PowerShell. The line is handed over as a text in
# Base64, and nothing in it is evaluated.
Register-ArgumentCompleter -Native -CommandName upstox-doctor, upstox-doctor.exe -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $line = $commandAst.Extent.Text
    $typed = $cursorPosition - $commandAst.Extent.StartOffset
    if ($typed -lt $line.Length) { $line = $line.Substring(0, $typed) } else { $line = $line.PadRight($typed) }
    $text = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($line))
    $answers = @(& upstox-doctor __complete powershell $text 2>$null)
    $answers | Select-Object -Skip 1 | ForEach-Object {
        $word, $about = $_ -split "`t", 2
        if (-not $about) { $about = $word }
        $insert = $word
        if ($word -match '[^A-Za-z0-9_.:=/\\+-]') { $insert = "'" + $word.Replace("'", "''") + "'" }
        [System.Management.Automation.CompletionResult]::new($insert, $word, 'ParameterValue', $about)
    }
}
