"""The program of a derivation as LaTeX: an `align*` for amsmath, one line for each assignment."""

from __future__ import annotations

import re

from autodiff_cli.export.program import Program, Statement
from autodiff_cli.graph.printer import LATEX, expression, latex_name
from autodiff_cli.ops import VARIABLE


def latex(program: Program) -> str:
    """Return the values, then the adjoints or tangents, with a comment that holds the formula."""
    names = {node: _symbol(name) for node, name in program.names.items()}
    notation = LATEX._replace(name=symbol)
    rows = []

    def row(left: str, statement: Statement) -> str:
        if program.graph.operations[statement.node] is VARIABLE:
            text = symbol(program.inputs[statement.node])
        else:
            text = expression(program.graph, statement.node, notation, names)
        return f"  {left} &= {text}"

    rows += [row(names[s.node], s) for s in program.values]
    rows += [row(names[s.node], s) for s in program.derivatives]
    ends = [
        names.get(output) or expression(program.graph, output, notation, names)
        for output in program.graph.outputs
    ]
    result = _symbol(program.called)
    if program.mode == "forward":
        lefts = [result, rf"\dot{{{result}}}"]
    else:
        lefts = [
            result,
            *(rf"\frac{{\partial {result}}}{{\partial {symbol(name)}}}" for name in program.wrt),
        ]
    rows += [f"  {left} &= {end}" for left, end in zip(lefts, ends, strict=True) if left != end]
    comment = f" = {program.formula}" if program.formula else ", one operation a line"
    head = [f"% {program.called}{comment}"]
    head.append("% needs \\usepackage{amsmath}")
    if any(not line.isascii() for line in rows):
        head.append("% letters beyond English and Greek: compile with XeLaTeX or LuaLaTeX")
    body = " \\\\\n".join(rows)
    return "\n".join([*head, r"\begin{align*}", body, r"\end{align*}"]) + "\n"


def symbol(name: str) -> str:
    """Return a variable in LaTeX, a tangent by its dot."""
    if name.endswith("_dot"):
        return rf"\dot{{{latex_name(name.removesuffix('_dot'))}}}"
    return latex_name(name)


def _symbol(name: str) -> str:
    """Return w3, w3_bar, w3_dot or t3 in LaTeX."""
    match = re.fullmatch(r"([^\W\d_]+_*)(\d+)(_bar|_dot)?", name)
    if match is None and name.endswith(("_bar", "_dot")):
        return rf"\{name[-3:]}{{{latex_name(name[:-4])}}}"
    if match is None:
        return latex_name(name)
    stem, number, accent = match.groups()
    letter = latex_name(stem) if len(stem) == 1 else rf"\mathit{{{stem.rstrip('_')}}}"
    return rf"\{accent[1:]}{{{letter}}}_{{{number}}}" if accent else f"{letter}_{{{number}}}"
