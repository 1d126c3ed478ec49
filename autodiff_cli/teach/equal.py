"""Whether a derivation ends where SymPy's derivative does: both evaluated at sampled points."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from autodiff_cli.answers.forms import tidied_up
from autodiff_cli.engine import reverse
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.methods.sampling import samples
from autodiff_cli.symbolic.question import Derivative, derive
from autodiff_cli.symbolic.verdict import is_number
from autodiff_cli.teach.derivation import Beside, Derivation, Explanation

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

#: Points of the comparison, and how near two numbers are that are equal but for rounding.
POINTS, NEAR = 20, 1e-9


def beside(report: Explanation, client: Client, seconds: float) -> Mapping[tuple[str, ...], Beside]:
    """Return SymPy's derivatives, and whether ours are equal to them.

    Args:
        report: the derivations.
        client: SymPy's process.
        seconds: how long SymPy may think.

    Returns:
        variables differentiated by in turn → SymPy's side.
    """
    wrt = tuple(report.derivations)
    ours: dict[tuple[str, ...], Explanation] = {(name,): report for name in wrt}
    for order, deeper in enumerate(report.further, 2):
        ours |= {(name,) * order: deeper for name in deeper.derivations}
    points = samples(report.graph, report.at, None, POINTS) if wrt else []
    again = [path for path in ours if len(path) > 1]
    answer = derive(client, report.graph, points, wrt, seconds, repeated=again)
    if answer.skipped:
        missing = Beside(text="", latex="", equal=None, points=0, reason=answer.reason)
        return dict.fromkeys(ours, missing)
    found = {
        path: _compared(
            explanation,
            path[0],
            answer.repeated[path] if len(path) > 1 else answer.derivatives[path[0]],
            points,
        )
        for path, explanation in ours.items()
    }
    texts = {path: row.text for path, row in found.items()}
    forms = tidied_up(client, report.graph, texts, seconds)
    return found | {path: replace(found[path], shorter=form) for path, form in forms.items()}


def _compared(
    explanation: Explanation,
    name: str,
    row: Derivative,
    points: Sequence[Mapping[str, float]],
) -> Beside:
    """Return SymPy's formula, and whether one that was derived has its values."""
    graph, derivation = explanation.graph, explanation.derivations[name]
    pairs = []
    for point, text in zip(points, row.values, strict=True):
        if derivation.tidy and text is not None and is_number(text):
            here = {each: point[each] for each in graph.variables}
            swept = reverse.gradient(linearise(graph, here, (name,)))[name]
            if _near(float(text), swept):  # else float64 has not the digits to tell
                pairs.append((float(text), value(derivation, point)))
    equal = all(_near(*pair) for pair in pairs)
    return Beside(text=row.text, latex=row.latex, equal=equal if pairs else None, points=len(pairs))


def _near(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=NEAR, abs_tol=NEAR)


def value(derivation: Derivation, point: Mapping[str, float]) -> float:
    """Return the number that the last line of a derivation gives."""
    book = derivation.book
    at = {name: point.get(name, 0.0) for name in book.variables}
    return float(linearise(book, at, ()).values[derivation.tidy[-1]])
