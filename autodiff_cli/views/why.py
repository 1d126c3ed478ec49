"""The trace with a reason for each of its numbers: one line a tangent, one line an adjoint.

Forward the lines stand in the order of the sweep, backward in its order too: each uses those above.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from autodiff_cli.answers.trace import Trace
from autodiff_cli.engine.record import Step
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.lines import not_shown
from autodiff_cli.formats.signs import Formula, Signs
from autodiff_cli.views import trace
from autodiff_cli.views.trace import bracketed, elided, payload

__all__ = ["DIGITS", "payload", "write"]

#: As a trace has them.
DIGITS = trace.DIGITS

#: Variables whose tangents are followed; of the others the table has the numbers.
FOLLOWED = 4


def write(out: Format, report: Trace) -> None:
    """Write the trace, what its columns mean, and how each tangent and each adjoint came."""
    trace.write(out, report)
    out.line()
    for parts in _legend(report, out.signs):
        out.paragraph(*parts)
    names = [name for name in report.wrt if report.steps and report.steps[0].tangents is not None]
    for name in names[:FOLLOWED]:
        out.line()
        out.line("forward, the tangents for ", out.signs.name(name), ":")
        _lines(out, list(_tangents(report, name, out.signs)))
    if len(names) > FOLLOWED:
        out.paragraph(f"{len(names) - FOLLOWED:,} more variables are followed with --wrt")
    if any(step.adjoint is not None for step in report.steps):
        out.line()
        out.line("backward, the adjoints:")
        _lines(out, list(_adjoints(report, out.signs)))


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


def _tangents(report: Trace, name: str, signs: Signs) -> Iterator[Sequence[str]]:
    """Yield a line a node: partials times the tangents of its operands, added up."""
    found = {step.label: (step.tangents or {})[name] for step in report.steps}
    variables = report.graph.variables
    for step in report.steps:
        here = signs.tangent(step.label)
        if step.node < len(variables):
            own = variables[step.node] == name
            why = "moves with itself" if own else f"stands still while {name} moves"
            number = signs.number(found[step.label])
            moved = signs.name(variables[step.node])
            yield signs.formula(f"{here} = {number}"), ": ", moved, f" {why}"
        else:
            yield (_tangent(step, found, signs, here),)


def _tangent(step: Step, found: Mapping[str, float], signs: Signs, here: str) -> Formula:
    edges = [edge for edge in step.edges if edge.partial is not None]
    times = signs.times
    symbols = [
        f"{signs.local(step.label, edge.operand)}{times}{signs.tangent(edge.operand)}"
        for edge in edges
    ]
    numbers = [(edge.partial or 0.0, found[edge.operand]) for edge in edges]
    terms = [
        f"{bracketed(slope, signs)}{times}{bracketed(moved, signs)}" for slope, moved in numbers
    ]
    sides = [here, " + ".join(elided(symbols, signs)), " + ".join(elided(terms, signs))]
    return signs.formula(" = ".join([*filter(None, sides), signs.number(found[step.label])]))


def _adjoints(report: Trace, signs: Signs) -> Iterator[Sequence[str]]:
    """Yield a line a node, the result first: consumers' adjoints times the partials on the way."""
    outputs, called = frozenset(report.graph.outputs), report.graph.called
    for step in reversed(report.steps):
        if step.adjoint is None:
            continue
        here, number = signs.adjoint(step.label), signs.number(step.adjoint)
        if not step.contributions:
            seed = step.node in outputs
            idle = f"nothing on the way to {called} uses it"
            why = f"the seed: {called} moves with itself" if seed else idle
            yield signs.formula(f"{here} = {number}"), f": {why}"
            continue
        parts = step.contributions
        times = signs.times
        symbols = [
            f"{signs.adjoint(part.consumer)}{times}{signs.local(part.consumer, step.label)}"
            for part in parts
        ]
        terms = [
            f"{bracketed(part.adjoint, signs)}{times}{bracketed(part.partial, signs)}"
            for part in parts
        ]
        if step.node in outputs:
            symbols, terms = ["1", *symbols], ["1", *terms]
        sides = [here, " + ".join(elided(symbols, signs)), " + ".join(elided(terms, signs)), number]
        yield (signs.formula(" = ".join(sides)),)
