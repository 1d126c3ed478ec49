"""A kink: calculus has no derivative there, and a program has a number."""

from __future__ import annotations

import math

from autodiff_cli.answers.trace import trace
from autodiff_cli.notes.sides import sides
from autodiff_cli.teach.distractors import alone, named
from autodiff_cli.teach.draft import Draft, by_hand, kept
from autodiff_cli.teach.prose import Prose, equals, number, place, slope, whole
from autodiff_cli.teach.question import Question


def made(draft: Draft) -> list[Question] | None:
    """Return the question, or None where both sides have the number of the program."""
    left, right = (side.slope for side in sides(draft.graph, draft.at, draft.by))
    if left is None or right is None or not (math.isfinite(left) and math.isfinite(right)):
        return None
    slopes = [kept(float(f"{side:.6g}")) for side in (left, right)]
    middle = kept(sum(slopes) / 2)
    if draft.hand and not all(map(by_hand, (*slopes, draft.answer))):
        return None
    candidates = [
        alone("left-slope", slopes[0], draft.answer, "that is the slope on the left of the kink"),
        alone("right-slope", slopes[1], draft.answer, "that is the slope on the right of the kink"),
        alone("middle-slope", middle, draft.answer,
              "that is the middle of both sides, which is not what this operation takes"),
    ]  # fmt: skip
    candidates = [one for one in candidates if one.answer != draft.answer]
    wrong = named(draft.answer, candidates)
    if not wrong:
        return None
    kinks = [note for note in trace(draft.graph, draft.at).notes if note.kind == "kink"]
    asked: Prose = ("f has a kink at ", place(draft.at), ", where calculus has no derivative. "
                    "Which number does backward() give there, as PyTorch does?")  # fmt: skip
    return [
        Question(
            key=draft.key(draft.answer, wrong=wrong),
            words=((whole(draft.graph),), asked),
            hints=(
                ("at a kink each operation has a slope by convention; the rest is the chain rule",),
                (f"the convention: {kinks[0].text}",),
            ),
            solution=(
                ("on the left of it the slope is ", number(slopes[0]), ", on the right ",
                 number(slopes[1])),
                (f"{kinks[0].text}",),
                ("so ", equals(slope(draft.graph, draft.by), number(draft.answer))),
            ),
        )
    ]  # fmt: skip
