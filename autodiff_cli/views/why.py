"""The trace with a reason for each of its numbers: one line a tangent, one line an adjoint.

Forward the lines stand in the order of the sweep, backward in its order too: each uses those above.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autodiff_cli.answers.trace import Trace
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.lines import not_shown
from autodiff_cli.formats.signs import Signs
from autodiff_cli.teach.frames import FOLLOWED
from autodiff_cli.teach.sentences import Wording
from autodiff_cli.views import trace
from autodiff_cli.views.trace import payload

__all__ = ["DIGITS", "payload", "write"]

#: As a trace has them.
DIGITS = trace.DIGITS


def write(out: Format, report: Trace) -> None:
    """Write the trace, what its columns mean, and how each tangent and each adjoint came."""
    trace.write(out, report, legend=False)
    out.line()
    for parts in _legend(report, out.signs):
        out.paragraph(*parts)
    wording = Wording(report, out.signs)
    names = [name for name in report.wrt if report.steps and report.steps[0].tangents is not None]
    for name in names[:FOLLOWED]:
        out.line()
        out.line("forward, the tangents for ", out.signs.name(name), ":")
        _lines(out, [wording.tangent(step, name) for step in report.steps])
    if len(names) > FOLLOWED:
        out.paragraph(f"{len(names) - FOLLOWED:,} more variables are followed with --wrt")
    if any(step.adjoint is not None for step in report.steps):
        out.line()
        out.line("backward, the adjoints:")
        back = [step for step in reversed(report.steps) if step.adjoint is not None]
        _lines(out, [wording.adjoint(step) for step in back])


def _lines(out: Format, found: Sequence[Sequence[str]]) -> None:
    shown = found[: out.rows or None]
    for parts in shown:
        out.paragraph("  ", *parts)
    if len(shown) < len(found):
        out.line(not_shown(len(found) - len(shown), "more line"))


def _legend(report: Trace, signs: Signs) -> Iterator[Sequence[str]]:
    """Yield what the columns mean, in words."""
    letter, called = report.graph.letter, signs.name(report.graph.called)
    node = signs.node(letter)
    yield "value: what ", node, " is at the point"
    if report.steps and report.steps[0].tangents is not None and report.wrt:
        by = signs.name(report.wrt[0]) if len(report.wrt) == 1 else "a variable"
        yield "tangent ", signs.tangent(letter), ": how fast ", node, f" moves when {by} does"
    if any(step.adjoint is not None for step in report.steps):
        moves = (": how fast ", called, " moves when ", node, " does")
        yield "adjoint ", signs.adjoint(letter), *moves
