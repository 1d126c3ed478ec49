_autodiff() {
    local word
    COMPREPLY=()
    while IFS=$'\t' read -r word _; do
        COMPREPLY+=("$word")
    done < <(_AUTODIFF_COMPLETE=bash "$1" "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    if [[ ${COMPREPLY-} == *"(" ]]; then
        compopt -o nospace
    fi
}
complete -o default -F _autodiff autodiff autodiff-cli
