function __autodiff_complete
    set -l words (commandline -opc) (commandline -ct)
    _AUTODIFF_COMPLETE=fish $words[1] $words[2..-1] 2>/dev/null
end
for program in autodiff autodiff-cli
    complete --command $program --no-files --condition 'count (__autodiff_complete) >/dev/null' --arguments '(__autodiff_complete)'
end
