"""Whether a derivation ends where SymPy's derivative does: both evaluated at sampled points."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from autodiff_cli.engine import reverse
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.methods.sampling import samples
from autodiff_cli.symbolic.question import derive
from autodiff_cli.symbolic.verdict import is_number
from autodiff_cli.teach.derivation import Beside, Derivation, Explanation

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

#: Points of the comparison, and how near two numbers are that are equal but for rounding.
POINTS, NEAR = 20, 1e-9


def beside(
    report: Explanation, client: Client, seconds: float, wrt: tuple[str, ...]
) -> Mapping[str, Beside]:
    """Return variable → SymPy's derivative, and whether ours is equal to it.

    Args:
        report: the derivations.
        client: SymPy's process.
        seconds: how long SymPy may think.
        wrt: the variables.
    """
    points = samples(report.graph, report.at, None, POINTS) if wrt else []
    answer = derive(client, report.graph, points, wrt, seconds)
    if answer.derivatives is None:
        missing = Beside(text="", latex="", equal=None, points=0, reason=answer.reason)
        return dict.fromkeys(wrt, missing)
    swept = [reverse.gradient(linearise(report.graph, point, wrt)) for point in points]
    found = {}
    for name, row in answer.derivatives.items():
        derivation = report.derivations[name]
        pairs = [
            (float(text), value(derivation, point))
            for point, text, slopes in zip(points, row.values, swept, strict=True)
            if derivation.tidy and text is not None and is_number(text)
            if _near(float(text), slopes[name])  # else float64 has not the digits to tell
        ]
        equal = all(_near(*pair) for pair in pairs)
        found[name] = Beside(
            text=row.text, latex=row.latex, equal=equal if pairs else None, points=len(pairs)
        )
    return found


def _near(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=NEAR, abs_tol=NEAR)


def value(derivation: Derivation, point: Mapping[str, float]) -> float:
    """Return the number that the last line of a derivation gives."""
    book = derivation.book
    at = {name: point.get(name, 0.0) for name in book.variables}
    return float(linearise(book, at, ()).values[derivation.tidy[-1]])
