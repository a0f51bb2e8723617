# Bash completion for vitrine and ./vitrine. Subcommands and options come from the program's own --help.
_vitrine() {
    local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} word words=()
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [[ $word == -* ]] || words+=("$word")
    done
    local command=("${words[@]:0:1}")
    local groups=' train models '  # of commands
    [[ $groups == *" ${words[0]-} "* ]] && command=("${words[@]:0:2}")
    if [[ $current != -* && ( ${#words[@]} -eq 0 || $groups == *" ${words[*]} "* ) ]]; then
        local names
        names=$("$program" "${command[@]}" --help 2>/dev/null | sed -n '/^Subcommands:/,$s/^  \([a-z][a-z-]*\) .*/\1/p')
        [[ ${#words[@]} -eq 0 ]] && names="$names test"
        COMPREPLY=($(compgen -W "$names" -- "$current"))
    elif [[ $current == -* ]]; then
        local options
        options=$("$program" "${command[@]}" --help 2>/dev/null | grep -o -- '--[a-z][a-z-]*' | sort -u)
        COMPREPLY=($(compgen -W "$options" -- "$current"))
    elif [[ ${words[0]} =~ ^(start|check|hint|reset)$ ]]; then
        local chapters
        chapters=$("$program" list 2>/dev/null | awk '{ print $1 }')
        COMPREPLY=($(compgen -W "$chapters" -- "$current"))
    elif [[ ${words[*]} == "models info" ]]; then
        local models
        models=$("$program" models list 2>/dev/null | awk '{ print $1 }')
        COMPREPLY=($(compgen -W "$models" -- "$current"))
    else
        COMPREPLY=($(compgen -f -- "$current"))
    fi
}
complete -F _vitrine vitrine ./vitrine
