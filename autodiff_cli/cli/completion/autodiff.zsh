#compdef autodiff autodiff-cli
_autodiff() {
    local -a found shown
    local word meaning
    while IFS=$'\t' read -r word meaning; do
        found+=("$word")
        shown+=("${word}${meaning:+  -- $meaning}")
    done < <(_AUTODIFF_COMPLETE=zsh "${words[1]}" "${(@)words[2,CURRENT]}" 2>/dev/null)
    if (( ! $#found )); then
        _files
    elif [[ $found[1] == *"(" ]]; then
        # Marks that are open already are no part of what is replaced.
        [[ ${words[CURRENT]} == [\"\']* ]] && found=("${(@)found#[\"\']}")
        compadd -U -Q -S '' -a found
    else
        compadd -l -d shown -a found
    fi
}
compdef _autodiff autodiff autodiff-cli
