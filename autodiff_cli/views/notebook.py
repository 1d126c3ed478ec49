"""Graphs, gradients and traces in Jupyter: an HTML table or picture, and LaTeX; and in `print`.

Everything is escaped. The package's face makes `_repr_html_`, `_repr_latex_` and `str` of this.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.trace import Trace
from autodiff_cli.formats.grid import Grid, shortened
from autodiff_cli.formats.html import framed, pictured, table
from autodiff_cli.formats.latex import Latex, words
from autodiff_cli.formats.plain import HANDLER
from autodiff_cli.formats.signs import UNICODE, Formula, Rounding, Signs
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import LATEX, TERMINAL, expression, latex_name, latex_number, number
from autodiff_cli.views import trace as trace_view
from autodiff_cli.views.head import point
from autodiff_cli.views.matrices import hessian as hessian
from autodiff_cli.views.matrices import hessian_latex as hessian_latex
from autodiff_cli.views.matrices import jacobian as jacobian
from autodiff_cli.views.matrices import jacobian_latex as jacobian_latex
from autodiff_cli.views.tree import legend, tree

if TYPE_CHECKING:
    from autodiff_cli.answers.gradient import GradResult
    from autodiff_cli.compiled.function import Compiled
    from autodiff_cli.symbolic.client import Client
    from autodiff_cli.symbolic.question import Symbolic

#: Rows of a table, lines of a tree, and nodes of a formula that is written out.
MOST_ROWS, MOST_NODES = 40, 300

#: Nodes of a picture; a bigger graph is a tree.
MOST_BOXES = 120

#: Pixels of a film's frame: for all but what follows; for a row of its table, another partial in a
#: row, a variable, a note; and at most: it scrolls.
FRAME, ROW, PARTIAL, VARIABLE, NOTE, MOST_FRAME = 800, 40, 26, 60, 75, 1700

#: A cell is narrow: the picture stands above the table, and both can be seen whole.
STACKED = (
    "<style>.autodiff-film :is(.graph, .trace) { flex-basis: 100% }"
    " .autodiff-film .graph svg { max-height: 26rem }</style>"
)

#: Columns of a tree: deeper branches are shown below it.
TREE_COLUMNS = 100


def graph(drawn: Graph) -> str:
    """Return the computation graph as a picture, or a big one as a tree, with its formulas."""
    if len(drawn) <= MOST_BOXES:
        from autodiff_cli.views.boxes import Shown, boxes
        from autodiff_cli.views.svg import svg

        titles = drawn.functions
        shown = svg(boxes(Shown(graph=drawn, parts=("partial",), titles=titles)))
        return pictured(shown) + _moving(drawn)
    lines = tree(drawn, None, UNICODE, TREE_COLUMNS, MOST_ROWS)
    lines = [line.replace("; --rows 0 shows all", "") for line in lines]
    heads = [f"<p>{escape(text)}</p>" for text in _formulas(drawn)]
    return "".join(heads) + f"<pre>{escape(chr(10).join(lines + legend(lines, UNICODE)))}</pre>"


def _moving(drawn: Graph) -> str:
    """Return the film of a graph where its variables are 1, folded; "" where there is none."""
    if not drawn.variables:
        return ""
    from autodiff_cli.answers.trace import traces

    at = dict.fromkeys(drawn.variables, 1.0)
    shown = film(drawn, traces(drawn, at, wrt=drawn.variables))
    return (
        f"<details><summary>as a film, from {escape(point(at, UNICODE))}</summary>{shown}</details>"
    )


def film(drawn: Graph, reports: Sequence[Trace]) -> str:
    """Return a film in a frame of its own: sliders, both sweeps step by step, no request.

    Args:
        drawn: the formula.
        reports: its trace at the first point, one for each output.
    """
    from autodiff_cli.views.film import Film
    from autodiff_cli.views.fragment import fragment
    from autodiff_cli.views.page import document

    shown = Film(graph=drawn, reports=tuple(reports), expression=str(drawn))
    body, read = fragment(shown, "film")
    title = f"Trace of {', '.join(drawn.functions)}"
    page = document(title, "en", body + STACKED, {"film": read})
    return framed(page, _height(reports[0]), title)


def _height(record: Trace) -> int:
    """Return how many pixels a film takes, so that it stands whole in its cell."""
    partials = sum(max(len(step.edges) - 1, 0) for step in record.steps)
    rows = ROW * len(record.steps) + PARTIAL * partials
    others = VARIABLE * len(record.at) + NOTE * len(record.notes)
    return min(FRAME + rows + others, MOST_FRAME)


def result(answer: GradResult[Any]) -> str:
    """Return the value and the derivatives, a row a variable or a point, the verdict and notes."""
    return _numbers(answer) + _judged(answer)


def _judged(answer: GradResult[Any]) -> str:
    """Return the verdict beside SymPy, at one point of a formula that is written out, and notes."""
    notes, verdict = list(answer.notes), ""
    if isinstance(answer.value, float) and len(answer.graph) <= MOST_NODES:
        from autodiff_cli.answers.beside import answered
        from autodiff_cli.limits import SYMPY_SECONDS
        from autodiff_cli.views.gradient import reason

        found, _ = answered(
            str(answer.graph), answer, dict(answer.at), "reverse", _sympy(), SYMPY_SECONDS
        )
        notes = list(found.notes)
        verdict = f"<p>verdict: {found.verdict}{escape(reason(found))}</p>"
    said = [f"<p>note ({note.kind.replace('-', ' ')}): {escape(note.text)}</p>" for note in notes]
    return verdict + "".join(said[:MOST_ROWS])


@cache
def _sympy() -> Client:
    """Return SymPy's process, which is started by the first gradient that is shown."""
    from autodiff_cli.symbolic.client import Client

    return Client()


def symbolic(found: Symbolic) -> str:
    """Return SymPy's derivatives, a row a variable, with their values at the first point."""
    if found.skipped:
        return f"<p>symbolic side skipped: {escape(found.reason)}</p>"
    cells = [
        (UNICODE.operator(name), row.text.replace("**", "^"), (row.values or ("",))[0] or "")
        for name, row in found.derivatives.items()
    ]
    headings = ["", "SymPy", "at the point"]
    return table(shortened(headings, cells, (0, 1), MOST_ROWS))


def symbolic_latex(found: Symbolic) -> str:
    """Return SymPy's derivatives in LaTeX."""
    if found.skipped:
        return rf"$$\text{{symbolic side skipped: {words(found.reason)}}}$$"
    rows = list(found.derivatives.items())[:MOST_ROWS]
    lines = [rf"{Latex.SIGNS.operator(name)} f = {row.latex}" for name, row in rows]
    return f"$${_stacked(lines)}$$"


def compiled(function: Compiled) -> str:
    """Return what a compiled function computes, and how it is called."""
    head = f"({', '.join(function.variables)})"
    slopes = ", ".join(UNICODE.slope(function.graph.called, name) for name in function.wrt)
    cells = [
        ("formula", " ".join(_formulas(function.graph))),
        ("call", f"{head}: a number or an array for each"),
        ("answer", f"({function.graph.called}, ({slopes}{',' if len(function.wrt) == 1 else ''}))"),
    ]
    return table(shortened(["", "a compiled function"], cells, (0, 1), MOST_ROWS))


def compiled_latex(function: Compiled) -> str:
    """Return the formula of a compiled function in LaTeX."""
    return graph_latex(function.graph)


def _numbers(answer: GradResult[Any]) -> str:
    """Return the value and the derivatives: one row a variable, or one row a point."""
    caption = " ".join(_formulas(answer.graph))
    names = [UNICODE.slope(answer.graph.called, name) for name in answer.gradient]
    if isinstance(answer.value, float):
        cells: list[tuple[str, ...]] = [(answer.graph.called, number(answer.value))]
        slopes = zip(names, answer.gradient.values(), strict=True)
        cells += [(name, number(slope)) for name, slope in slopes]
        headings = ["", f"at {point(answer.at, UNICODE)}" if answer.at else ""]
        return table(shortened(headings, cells, (0,), MOST_ROWS), caption)
    found = [*answer.at.values(), answer.value, *answer.gradient.values()]
    columns = [column.ravel() for column in found]
    count = len(columns[0])
    kept = _kept(count)
    rows = tuple(tuple(number(float(column[k])) for column in columns) for k in kept)
    skipped = (MOST_ROWS - MOST_ROWS // 3, count - len(kept)) if len(kept) < count else None
    return table(
        Grid((*answer.at, answer.graph.called, *names), rows, frozenset(), skipped), caption
    )


def trace(record: Trace) -> str:
    """Return the trace as a film, with the table folded below it; a big one as the table alone."""
    written, shown = _trace_table(record), film_of(record)
    return f"{shown}<details><summary>as a table</summary>{written}</details>" if shown else written


def film_of(record: Trace) -> str:
    """Return the film of a trace; "" of one sweep alone, and where it is big."""
    whole = all(step.tangents is not None and step.adjoint is not None for step in record.steps)
    if not whole or not record.wrt or len(record.graph) > MOST_BOXES:
        return ""
    return film(record.graph, [record])


def _trace_table(record: Trace) -> str:
    """Return the trace as a table, with the sums of the adjoints below."""
    rounding = Rounding(trace_view.DIGITS)
    signs = UNICODE.rounding(rounding)
    written = table(trace_view.grid(record, signs, MOST_ROWS), _caption(record, signs))
    below: list[str] = list(trace_view.sums(record, signs)[:MOST_ROWS])
    if rounding.happened:
        below.append(f"rounded to {rounding.digits} digits")
    return written + "".join(f"<p>{escape(line)}</p>" for line in below)


def trace_text(record: Trace) -> str:
    """Return the trace as the command line shows it, in signs that the standard output carries."""
    from autodiff_cli.formats.screen import Screen

    content = io.BytesIO()
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    stream = io.TextIOWrapper(content, encoding=encoding, errors=HANDLER, newline="\n")
    screen = Screen(stream, rows=MOST_ROWS, rounding=Rounding(trace_view.DIGITS))
    trace_view.write(screen, record)
    if screen.rounding.happened:
        screen.line()
        screen.line(f"rounded to {screen.rounding.digits} digits")
    stream.flush()
    return content.getvalue().decode(encoding).rstrip("\n")


def _caption(record: Trace, signs: Signs) -> str:
    at = f" at {point(record.at, signs)}" if record.at else ""
    return " ".join(_formulas(record.graph)) + at


def graph_latex(drawn: Graph) -> str:
    """Return the formulas in LaTeX."""
    if len(drawn) > MOST_NODES:
        return rf"$$\text{{a formula of {_size(drawn)} operations and constants}}$$"
    names = ", ".join(map(latex_name, drawn.variables))
    lines = []
    for name, output in zip(drawn.functions, drawn.outputs, strict=True):
        head = f"{latex_name(name)}({names})" if names else latex_name(name)
        lines.append(f"{head} = {expression(drawn, output, LATEX)}")
    return f"$${_stacked(lines)}$$"


def result_latex(answer: GradResult[Any]) -> str:
    """Return the value and the derivatives at one point in LaTeX; of many points, the formula."""
    if not isinstance(answer.value, float):
        return graph_latex(answer.graph)
    called = latex_name(answer.graph.called)
    lines = [f"{called} = {latex_number(answer.value)}"]
    for name, slope in list(answer.gradient.items())[:MOST_ROWS]:
        lines.append(
            rf"\frac{{\partial {called}}}{{\partial {latex_name(name)}}} = {latex_number(slope)}"
        )
    return f"$${_stacked(lines)}$$"


def trace_latex(record: Trace) -> str:
    """Return the trace's table in LaTeX that MathJax sets: an array, no tabular."""
    grid = trace_view.grid(record, Latex.SIGNS.rounding(Rounding(trace_view.DIGITS)))
    sides = "".join("l" if place in grid.left else "r" for place in range(len(grid.headings)))
    kept = _kept(len(grid.rows))
    rows = [" & ".join(map(_cell, row)) for row in (grid.headings, *(grid.rows[k] for k in kept))]
    if len(kept) < len(grid.rows):
        rows.insert(1 + MOST_ROWS - MOST_ROWS // 3, r"\vdots")
    head, body = rows[0], r" \\ ".join(rows[1:])
    return rf"$$\begin{{array}}{{{sides}}} {head} \\ \hline {body} \end{{array}}$$"


def _cell(text: str) -> str:
    if not isinstance(text, Formula):
        return rf"\text{{{words(text)}}}" if text else ""
    return _stacked(text.split("\n")) if "\n" in text else text


def _stacked(lines: list[str]) -> str:
    if len(lines) == 1:
        return lines[0]
    body = r" \\ ".join(lines)
    return rf"\begin{{array}}{{l}} {body} \end{{array}}"


def _formulas(drawn: Graph) -> list[str]:
    """Return `f(x) = …` for each output."""
    if len(drawn) > MOST_NODES:
        return [f"a formula of {_size(drawn)} operations and constants"]
    names = f"({', '.join(drawn.variables)})" if drawn.variables else ""
    return [
        f"{name}{names} = {expression(drawn, output, TERMINAL)}"
        for name, output in zip(drawn.functions, drawn.outputs, strict=True)
    ]


def _size(drawn: Graph) -> str:
    return f"{len(drawn) - len(drawn.variables):,}"


def _kept(count: int) -> list[int]:
    """Return the rows that are shown: the first and the last ones."""
    if count <= MOST_ROWS:
        return list(range(count))
    head = MOST_ROWS - MOST_ROWS // 3
    return [*range(head), *range(count - MOST_ROWS // 3, count)]
