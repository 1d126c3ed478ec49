"""The derivative as a formula: any form of it is right.

A course's file has no algebra, so there it is a choice between the derivative and what usual slips
make of it.
"""

from __future__ import annotations

from autodiff_cli.teach.distractors import formulas
from autodiff_cli.teach.draft import Draft
from autodiff_cli.teach.hints import derived, hints, solution
from autodiff_cli.teach.prose import slope, whole
from autodiff_cli.teach.question import Question


def made(draft: Draft) -> list[Question] | None:
    """Return the question, or None where a slip would hide."""
    derivation = derived(draft.graph, draft.by)
    answer = derivation.derivative
    wrong = formulas(draft)
    if answer is None or wrong is None:
        return None
    return [
        Question(
            key=draft.key(answer, form="formula", wrong=wrong),
            words=(("Differentiate ", whole(draft.graph), "."),
                   ("Write ", slope(draft.graph, draft.by), " as a formula.")),
            hints=hints(draft.graph, derivation),
            solution=solution(draft.graph, derivation, draft.at, None),
        )
    ]  # fmt: skip
