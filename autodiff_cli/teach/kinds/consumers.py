"""The adjoint of a node that is used more than once: what each use sends back is added."""

from __future__ import annotations

from autodiff_cli.teach.columns import consumers, sign, steps, table, worked
from autodiff_cli.teach.distractors import named, of_cell
from autodiff_cli.teach.draft import Draft, kept
from autodiff_cli.teach.prose import Prose, Sign, place, whole
from autodiff_cli.teach.question import Cell, Question


def made(draft: Draft) -> list[Question] | None:
    """Return the question, or None where no step is used twice or a slip would hide."""
    shared = [node for node in steps(draft) if len(consumers(draft, node)) > 1]
    if not shared:
        return None
    node = draft.generator.choice(shared)
    answer = kept(draft.numbers.adjoint[node])
    wrong = named(answer, of_cell(draft, "adjoint", node))
    if wrong is None:
        return None
    label = draft.labels()[node]
    rule, written, steps_to_it = worked(draft, "adjoint", node)
    users = len(consumers(draft, node))
    asked: Prose = (
        Sign("label", label),
        f" is used {'twice' if users == 2 else f'{users} times'}. "
        "Which number is its adjoint ", sign("adjoint", label), "?",
    )  # fmt: skip
    return [
        Question(
            key=draft.key(answer, wrong=wrong, cell=Cell(column="adjoint", label=label)),
            words=(("These are the values of ", whole(draft.graph), " at ", place(draft.at), "."),
                   asked),
            hints=(rule, written),
            solution=(steps_to_it,),
            table=table(draft, ("value",), {}),
        )
    ]  # fmt: skip
