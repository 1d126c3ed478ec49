"""A trace with blanks: each is an answer, and later ones may follow from earlier ones."""

from __future__ import annotations

from collections.abc import Sequence

from autodiff_cli.teach.columns import COLUMNS, shown, sign, steps, table, worked
from autodiff_cli.teach.distractors import named, of_cell
from autodiff_cli.teach.draft import Draft, kept
from autodiff_cli.teach.prose import Prose, place, whole
from autodiff_cli.teach.question import Cell, Question
from autodiff_cli.teach.replay import Column

#: What the blanks of one trace are called, and how many there are.
BLANKS = "abc"


def made(draft: Draft) -> list[Question] | None:
    """Return a question for each blank, or None where there are too few places for them."""
    columns = shown(draft)
    blanks = _chosen(draft, columns)
    if len(blanks) < len(BLANKS):
        return None
    cells: dict[tuple[Column, int], Prose] = {
        blank: (f"({letter})",) for letter, blank in zip(BLANKS, blanks, strict=True)
    }
    found: list[Question] = []
    for letter, (column, node) in zip(BLANKS, blanks, strict=True):
        answer = kept(getattr(draft.numbers, column)[node])
        wrong = named(answer, of_cell(draft, column, node), least=0)
        if wrong is None:
            return None
        label = draft.labels()[node]
        rule, written, steps_to_it = worked(draft, column, node)
        key = draft.key(
            answer, wrong=wrong, suffix=letter, cell=Cell(column=column, label=label),
            after=tuple(question.key.id for question in found),
        )  # fmt: skip
        found.append(
            Question(
                key=key,
                words=(
                    ("This is the trace of ", whole(draft.graph), " at ", place(draft.at), "."),
                    (f"Which number belongs at ({letter}), the {COLUMNS[column]} ",
                     sign(column, label), "?"),
                ),
                hints=(rule, written),
                solution=(steps_to_it,),
                table=table(draft, columns, cells),
            )
        )  # fmt: skip
    return found


def _chosen(draft: Draft, columns: Sequence[Column]) -> list[tuple[Column, int]]:
    """Return the blanks in the order in which a student fills them: down, and back up."""
    last = draft.graph.outputs[0]
    told = [("adjoint", last)]
    if {"tangent", "adjoint"} <= set(columns):
        told.append(("tangent", last))  # the derivative stands below in the other column
    free: list[tuple[Column, int]] = [
        (column, node)
        for column in columns
        for node in steps(draft)
        if (column, node) not in told and getattr(draft.numbers, column)[node]
    ]
    places: list[tuple[Column, int]] = []
    for column in columns:
        inner = [one for one in free if one[0] == column]
        if inner:
            places.append(draft.generator.choice(inner))
    others = [one for one in free if one not in places and one[0] != "value"]
    places += draft.generator.shuffled(others)[: len(BLANKS) - len(places)]
    sweeps = list(columns)
    return sorted(places, key=lambda p: (sweeps.index(p[0]), -p[1] if p[0] == "adjoint" else p[1]))
