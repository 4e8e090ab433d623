# Completion of upstox-doctor for bash. The line is handed over as a text, and
# nothing in it is evaluated.
_upstox_doctor() {
    local answer kind=
    COMPREPLY=()
    while IFS= read -r answer; do
        answer=${answer%%$'\t'*}
        if [[ -z $kind ]]; then
            kind=$answer
        elif [[ -n $answer ]]; then
            COMPREPLY+=("$answer")
        fi
    done < <(command upstox-doctor __complete bash "$COMP_WORDBREAKS" "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
    if [[ $kind == files ]]; then
        compopt -o default 2>/dev/null
    fi
    return 0
}
complete -F _upstox_doctor upstox-doctor
