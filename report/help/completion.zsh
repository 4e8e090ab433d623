#compdef upstox-doctor
# Completion of upstox-doctor for zsh. Quotes are taken off the words, and nothing
# in them is evaluated.
_upstox-doctor() {
    local -a lines values shown
    local line
    lines=("${(@f)$(command upstox-doctor __complete zsh "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    for line in "${(@)lines[2,-1]}"; do
        [[ -n $line ]] || continue
        values+=("${line%%$'\t'*}")
        shown+=("${line%%$'\t'*}  ${line#*$'\t'}")
    done
    (( $#values )) && compadd -l -d shown -a values
    if [[ $lines[1] == files* ]]; then
        [[ -n ${lines[1]#*$'\t'} ]] && compset -P '*='
        # _files runs a command substitution in the name of a directory.
        [[ $PREFIX$SUFFIX == *[\$\`]* ]] || _files
    fi
}
if [[ $funcstack[1] == _upstox-doctor ]]; then
    _upstox-doctor "$@"
else
    compdef _upstox-doctor upstox-doctor
fi
