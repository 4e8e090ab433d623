# Completion of upstox-doctor for fish. The words are handed over as texts, and
# nothing in them is evaluated.
function __upstox_doctor_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -e words[1]
    set -l lines (command upstox-doctor __complete fish $words "$current" 2>/dev/null)
    set -l kind (string split \t -- $lines[1])
    set -e lines[1]
    for line in $lines
        printf '%s\n' $line
    end
    if test "$kind[1]" = files
        set -l rest (string sub --start (math (string length -- "$kind[2]") + 1) -- "$current")
        for file in (__fish_complete_path "$rest")
            printf '%s\n' "$kind[2]$file"
        end
    end
end
complete -c upstox-doctor -f -a '(__upstox_doctor_complete)'
