"""SymPy set beside a Jacobian: each formula is judged as a gradient is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autodiff_cli import check
from autodiff_cli.answer import Mode, grad
from autodiff_cli.engine.departures import Note
from autodiff_cli.errors import LimitError
from autodiff_cli.language.parser import Reading
from autodiff_cli.products import MOST_ENTRIES
from autodiff_cli.report import Answer, Products
from autodiff_cli.verdicts import worst

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

#: Formulas up to which SymPy is asked.
MOST_FORMULAS = 100

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
        LimitError: there are more than MOST_FORMULAS formulas at several points.
    """
    count = len(report.expressions)
    report, at = report._replace(at=dict(given)), report.at
    if count > MOST_FORMULAS or count * len(report.wrt) > MOST_ENTRIES:
        if not all(isinstance(value, float) for value in report.values):
            message = f"at several points a Jacobian has at most {MOST_FORMULAS} formulas here"
            raise LimitError(message, mend="give fewer formulas, or one point")
        text = f"symbolic side skipped: there are more than {MOST_FORMULAS} formulas"
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
