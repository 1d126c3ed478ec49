"""A worked trace with one slip in it, of which the first wrong line is to be found.

Erroneous examples teach: Adams et al., International Journal of Artificial Intelligence in
Education 2015, doi 10.1007/s40593-015-0064-x.
"""

from __future__ import annotations

from autodiff_cli.teach.columns import COLUMNS, sign, steps, table, worked
from autodiff_cli.teach.distractors import of_cell
from autodiff_cli.teach.draft import Draft, apart, by_hand, kept
from autodiff_cli.teach.prose import Prose, equals, number, place, plain, whole
from autodiff_cli.teach.question import LETTERS, Question, Wrong
from autodiff_cli.teach.replay import Column, replay

_FOLLOWS = "that number is wrong, but its own step is right: it follows from an earlier slip"
_RIGHT = "that line is right"


def made(draft: Draft) -> list[Question] | None:
    """Return the question, or None where no slip shows."""
    column: Column = draft.generator.choice(("tangent", "adjoint"))
    right = {k: kept(number) for k, number in getattr(draft.numbers, column).items()}
    lines = [node for node in _lines(draft, column) if right[node]]
    if not 2 <= len(lines) <= len(LETTERS):
        return None
    node = draft.generator.choice(lines)
    slips = [
        one
        for one in of_cell(draft, column, node, local=True)
        if apart(one.answer, right[node]) and one.answer and _shows(draft, one.answer)
    ]
    if not slips:
        return None
    slip = draft.generator.choice(slips)
    numbers = replay(draft.graph, draft.at, draft.by, {(column, node): slip.answer})
    shown = {k: kept(getattr(numbers, column)[k]) for k in lines}
    if not all(_shows(draft, one) for one in shown.values()):
        return None
    labels = draft.labels()
    options: list[Prose] = [(equals(sign(column, labels[k]), number(shown[k])),) for k in lines]
    letters = dict(zip(lines, LETTERS, strict=False))
    wrong = [
        Wrong(id="right-line", answer=letters[k], text=_RIGHT)
        if shown[k] == right[k]
        else Wrong(id="follows", answer=letters[k], text=_FOLLOWS)
        for k in lines
        if k != node
    ]
    texts = {letter: plain(text) for letter, text in zip(LETTERS, options, strict=False)}
    rule, _, solved = worked(draft, column, node)
    return [
        Question(
            key=draft.key(letters[node], form="choice", wrong=wrong, options=texts),
            words=(_told(draft, column),),
            table=table(draft, ("value",), {}),
            options=tuple(options),
            hints=(
                rule,
                ("take the lines in order, each with the numbers of the lines before it",),
            ),
            solution=(solved, (slip.text,)),
        )
    ]


def _lines(draft: Draft, column: Column) -> list[int]:
    """Return the nodes of a sweep in its order, without where it starts."""
    nodes = steps(draft)
    if column == "tangent":
        return nodes
    variable = draft.graph.variables.index(draft.by)
    return [node for node in reversed(nodes) if node != draft.graph.outputs[0]] + [variable]


def _told(draft: Draft, column: Column) -> Prose:
    by = f" by {draft.by}" if column == "tangent" and len(draft.at) > 1 else ""
    return (
        "The table has the values of ", whole(draft.graph), " at ", place(draft.at),
        f". Below are the {COLUMNS[column]}s{by} that a student worked out, one after the other. "
        "Which line is the first that is wrong?",
    )  # fmt: skip


def _shows(draft: Draft, number: float) -> bool:
    return by_hand(number) if draft.hand else abs(number) < 1e5
