"""The derivative at a point: a number."""

from __future__ import annotations

from autodiff_cli.teach.distractors import named, of_derivative
from autodiff_cli.teach.draft import Draft
from autodiff_cli.teach.hints import derived, hints, solution
from autodiff_cli.teach.prose import place, slope, whole
from autodiff_cli.teach.question import Question


def made(draft: Draft) -> list[Question] | None:
    """Return the question, or None where a slip would hide."""
    wrong = named(draft.answer, of_derivative(draft))
    if wrong is None:
        return None
    graph = draft.graph
    derivation = derived(graph, draft.by)
    asked = ("What is ", slope(graph, draft.by), " at ", place(draft.at), "?")
    return [
        Question(
            key=draft.key(draft.answer, wrong=wrong),
            words=(("Differentiate ", whole(graph), "."), asked),
            hints=hints(graph, derivation),
            solution=solution(graph, derivation, draft.at, draft.answer),
        )
    ]
