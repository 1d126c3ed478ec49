"""What each command line loads: the start is a feature, and SymPy never loads in the parent."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.console import ROOT

#: Runs words as the script does, then says on stderr what was loaded in this process.
PROGRAM = """
import sys
sys.argv = ["autodiff", *sys.argv[1:]]
try:
    from autodiff_cli.__main__ import main
    main()
except SystemExit as end:
    heavy = {"numpy", "sympy", "mpmath", "rich", "torch", "jax", "typer", "click"}
    heavy &= set(sys.modules)
    own = [m.rpartition(".")[2] for m in sys.modules if m.startswith("autodiff_cli.cli.commands.")]
    print("LOADED", end.code, " ".join(sorted(heavy)), "|", " ".join(sorted(own)), file=sys.stderr)
"""
POLYNOMIAL = "x^3 + 2x^2 + 8x"


def loaded(*words: str) -> tuple[int, set[str], set[str]]:
    """Return the exit status, the heavy libraries, and the commands' modules."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True, cwd=ROOT,
        env={**os.environ, "COLUMNS": "100"}, check=True,
    )  # fmt: skip
    status, _, rest = done.stderr.splitlines()[-1].removeprefix("LOADED ").partition(" ")
    heavy, _, own = rest.partition("|")
    return int(status), set(heavy.split()), set(own.split())


@pytest.mark.parametrize(
    ("words", "status", "libraries"),
    [
        ((), 0, set()),
        (("--help",), 0, set()),
        (("--version",), 0, set()),
        (("grda",), 2, set()),
        (("grad", "--help"), 0, set()),
        (("trace", "--help"), 0, set()),
        (("graph", "sinn(x)"), 2, set()),
        (("trace", "x", "--y", "2"), 2, set()),
        (("grad", "x^2", "-x", "4"), 2, set()),
        (("trace", "x", "--x", "1", "--mode", "up"), 2, set()),
        (("run", "missing.txt"), 1, set()),
        (("learn", "--list"), 0, set()),
        (("graph", POLYNOMIAL, "--x", "4"), 0, set()),
        (("graph", POLYNOMIAL, "--format", "dot"), 0, set()),
        (("trace", POLYNOMIAL, "--x", "4", "--json"), 0, set()),
        (("trace", POLYNOMIAL, "--x", "4", "--format", "latex"), 0, set()),
        (("functions", "tanh"), 0, set()),
        (("trace", POLYNOMIAL, "--x", "4"), 0, {"rich"}),
        (("functions",), 0, {"rich"}),
        (("grad", "sin(x)+sin(y)", "--x", "4", "--y", "2"), 0, {"rich"}),
        (("grad", "sin(x)", "--x", "4", "--json", "--no-sympy"), 0, set()),
        (("grad", "sin(x)", "--x", "1,2", "--json"), 0, {"numpy"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_only_what_is_needed_is_loaded(
    words: tuple[str, ...], status: int, libraries: set[str]
) -> None:
    ended, heavy, commands = loaded(*words)
    assert ended == status
    assert heavy <= libraries
    if words[:1] and words[0] in ("graph", "functions", "run", "trace"):
        assert commands <= {words[0]}
