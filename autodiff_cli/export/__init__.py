"""Value and derivative as code in other languages, one assignment a node."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from autodiff_cli.errors import AutodiffError, visible
from autodiff_cli.export import layouts
from autodiff_cli.export.latex import latex
from autodiff_cli.export.names import PYTHON, Naming, naming
from autodiff_cli.export.program import program
from autodiff_cli.export.targets import TARGETS
from autodiff_cli.graph.graph import Graph

#: What `export` writes.
LANGUAGES = (*TARGETS, "latex")
MODES = ("reverse", "forward")

_LAYOUTS = {"c": layouts.c, "javascript": layouts.javascript}


def export(
    graph: Graph, to: str, *, mode: str = "reverse", wrt: Sequence[str] | None = None
) -> str:
    """Return the value of a formula and its derivative as source code.

    Args:
        graph: the formula; its first output is exported.
        to: one of `LANGUAGES`.
        mode: "reverse" writes `value_and_gradient(variables)`, "forward" writes
            `value_and_tangent(variables, tangents of the variables)`.
        wrt: variables to differentiate with respect to, in order; all by default.

    Raises:
        AutodiffError: there is no such language or mode.
        VariableError: `wrt` names something that is not a variable.
    """
    if to not in LANGUAGES:
        raise AutodiffError(
            f"no export to '{visible(to)}'", mend=f"choose one of: {', '.join(LANGUAGES)}"
        )
    if mode not in MODES:
        raise AutodiffError(f"no mode '{visible(mode)}'", mend="choose reverse or forward")
    target = TARGETS.get(to)
    if target is None:
        found, steps = _named(graph, PYTHON, ascii_only=False)
        return latex(program(graph, mode, found.stem, found.piece, wrt, steps - {"f"}))
    given, ascii_only = target.reserved, target.ascii_only
    first, steps = _named(graph, given, ascii_only=ascii_only)
    written = program(graph, mode, first.stem, first.piece, wrt, steps)
    known = naming(written.inputs, given, graph.letter, ascii_only=ascii_only)
    return _LAYOUTS.get(to, layouts.python)(written, target, known)


def _named(
    graph: Graph, reserved: Collection[str], *, ascii_only: bool
) -> tuple[Naming, frozenset[str]]:
    """Return the names of the code, and those of steps that can stand in it as they are."""
    steps = dict.fromkeys(graph.names.values())
    found = naming((*graph.variables, *steps), reserved, graph.letter, ascii_only=ascii_only)
    known = found.variables
    plain = frozenset(
        name
        for name in steps
        if known[name] == name
        and not name.endswith(("_", "_bar", "_dot"))
        and f"{name}_bar" not in known
        and f"{name}_dot" not in known
    )
    return found, plain
