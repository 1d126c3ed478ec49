Register-ArgumentCompleter -Native -CommandName autodiff, autodiff-cli -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    if ($wordToComplete -eq '') { $words += '' }
    $env:_AUTODIFF_COMPLETE = 'powershell'
    try {
        & $commandAst.CommandElements[0].ToString() @words 2>$null | ForEach-Object {
            $word, $meaning = $_ -split "`t", 2
            if (-not $meaning) { $meaning = $word }
            [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $meaning)
        }
    } finally {
        Remove-Item Env:_AUTODIFF_COMPLETE
    }
}
