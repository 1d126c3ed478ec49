"""SymPy set beside a Jacobian: each formula is judged as a gradient is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers import judging as check
from autodiff_cli.answers.beside import Answer
from autodiff_cli.answers.gradient import Mode, grad
from autodiff_cli.answers.products_report import Products
from autodiff_cli.language.parser import Reading
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.notes.departures import Note
from autodiff_cli.symbolic.verdict import worst

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

#: Seconds for each further formula when those before have taken all the time.
LATE = 0.1


def judged(
    report: Products, given: Mapping[str, Any], client: Client | None, seconds: float
) -> Products:
    """Return a Jacobian with SymPy's derivatives, their verdict, and the notes on both.

    Args:
        report: the Jacobian.
        given: the point as typed: variable → float or list.
        client: SymPy's process; None where SymPy is not wanted.
        seconds: how long SymPy may think about one formula; when all together have taken as long,
            the others get little.

    Raises:
        LimitError: there are more formulas or derivatives at several points than the limit.
    """
    count = len(report.expressions)
    report, at = report._replace(at=dict(given)), report.at
    sizes = {"formulas": count, "entries": count * len(report.wrt)}
    beyond = next((name for name, size in sizes.items() if size > limit(name)), "")
    if beyond:
        if not all(isinstance(value, float) for value in report.values):
            raise exceeded(beyond, "give fewer formulas, or one point, or ")
        named = "formulas" if beyond == "formulas" else "derivatives"
        text = f"symbolic side skipped: there are more than {limit(beyond):,} {named}"
        return report._replace(
            verdict="skipped", notes=(*report.notes, Note(None, "skipped", text))
        )
    asking = seconds
    deadline = 0.0
    answers: list[Answer] = []
    for place, expression in enumerate(report.expressions):
        alone = Reading(report.graph.select((place,)), ())
        mode: Mode = "forward" if report.mode == "forward" else "reverse"
        result = grad(alone, at, mode=mode, wrt=report.wrt)
        answer, _ = check.answered(expression, result, given, mode, client, asking)
        answers.append(answer)
        deadline = deadline or time.monotonic() + seconds  # from when SymPy is loaded
        if time.monotonic() > deadline:
            asking = min(seconds, LATE)
    # Departures are in the report, with the labels of the graph that all formulas share.
    said = dict.fromkeys(note for answer in answers for note in answer.notes if note.node is None)
    notes = dict.fromkeys((*report.notes, *said))
    verdict = worst(answer.verdict for answer in answers)
    return report._replace(answers=tuple(answers), verdict=verdict, notes=tuple(notes))
