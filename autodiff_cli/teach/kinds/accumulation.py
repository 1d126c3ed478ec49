"""What `.grad` holds after these passes: each pass adds its own, times its seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from autodiff_cli.graph.printer import expression, number
from autodiff_cli.teach.distractors import Candidate, alone, named, of_derivative
from autodiff_cli.teach.draft import Draft, by_hand, kept
from autodiff_cli.teach.prose import Prose, equals, formula, place, slope
from autodiff_cli.teach.prose import number as shown
from autodiff_cli.teach.question import LETTERS, Question, Wrong


class Pass(NamedTuple):
    """One backward pass: its seed, and whether the gradient is set to zero before it."""

    seed: float = 1.0
    zeroed: bool = False


_ONE, _TWICE, _ZEROED = Pass(), Pass(seed=2.0), Pass(zeroed=True)

#: Level → the passes that are asked about.
_PASSES = {
    1: ((_ONE,), (_ONE, _ONE)),
    2: ((_ONE, _ONE), (_ONE, _ONE, _ONE), (_ONE, _ZEROED)),
    3: ((_TWICE,), (_ONE, _ZEROED, _ONE), (_ONE, _TWICE)),
    4: ((_ONE, Pass(seed=3.0)), (Pass(seed=-2.0), _ONE), (_ONE, Pass(seed=2.0, zeroed=True))),
    5: ((_TWICE, Pass(seed=0.5, zeroed=True), _ONE), (Pass(seed=0.5), _ZEROED, Pass(seed=-3.0))),
}

#: From this level on a second pass may be refused, and one time in so many it is.
REFUSED_FROM, ONE_IN = 3, 4

_REFUSED = "nothing new: the second backward() raises an error"


def made(draft: Draft) -> list[Question] | None:
    """Return the question, or None where a slip would hide."""
    passes = draft.generator.choice(_PASSES[draft.level])
    answer = kept(_held(passes) * draft.answer)
    if draft.hand and not by_hand(answer):
        return None
    candidates = [
        alone(id, kept(factor * draft.answer), answer, text)
        for id, factor, text in _slips(passes)
        if factor != _held(passes)
    ]
    if len(passes) > 1 and draft.level >= REFUSED_FROM and not draft.generator.below(ONE_IN):
        return _refused(draft, passes, answer, candidates)
    if passes == (_ONE,):
        candidates += of_derivative(draft)
    wrong = named(answer, candidates)
    if wrong is None:
        return None
    total: Prose = (
        f"the seeds since .grad was last zeroed add up to {number(_held(passes))}, and ",
        equals(slope(draft.graph, draft.by), shown(draft.answer)), ": together ", shown(answer),
    )  # fmt: skip
    return [
        Question(
            key=draft.key(answer, wrong=wrong),
            words=((f"What does {draft.by}.grad hold at the end?",),),
            code=_code(draft, passes, retained=True),
            hints=_hints(draft),
            solution=(total,),
        )
    ]


def _held(passes: Sequence[Pass]) -> float:
    """Return the sum of the seeds since the gradient was zeroed."""
    total = 0.0
    for one in passes:
        total = one.seed + (0.0 if one.zeroed else total)
    return total


def _slips(passes: Sequence[Pass]) -> Iterator[tuple[str, float, str]]:
    """Yield id, what the derivative is multiplied by, and what to say, of slips with passes."""
    yield (
        "assigned-not-added", passes[-1].seed,
        "that is the last pass alone: backward adds to .grad, it does not replace it",
    )  # fmt: skip
    yield (
        "not-zeroed", sum(one.seed for one in passes),
        "zero_() throws away what the passes before it had added",
    )  # fmt: skip
    yield (
        "wrong-seed", _held([one._replace(seed=1.0) for one in passes]),
        "the seed given to backward multiplies what the pass adds",
    )  # fmt: skip


def _code(draft: Draft, passes: Sequence[Pass], *, retained: bool) -> tuple[str, ...]:
    """Return the lines of the program."""
    text = expression(draft.graph, draft.graph.outputs[0], names={}).replace("^", "**")
    lines = [f"{name} = torch.tensor({number(value)}{'' if '.' in number(value) else '.'}, "
             "requires_grad=True)" for name, value in draft.at.items()]  # fmt: skip
    lines.append(f"f = {text}")
    for place_of, one in enumerate(passes):
        last = place_of == len(passes) - 1
        seed = [] if one.seed == 1 else [f"torch.tensor({one.seed})"]
        keep = ["retain_graph=True"] if retained and not last else []
        lines += [f"{draft.by}.grad.zero_()"] if one.zeroed else []
        lines.append(f"f.backward({', '.join([*seed, *keep])})")
    return tuple(lines)


def _hints(draft: Draft) -> tuple[Prose, Prose]:
    return (
        ("backward adds to .grad, and a seed multiplies what it adds",),
        ("each pass adds its seed times ", slope(draft.graph, draft.by), " at ", place(draft.at),
         " of ", formula(draft.graph)),
    )  # fmt: skip


def _refused(
    draft: Draft, passes: Sequence[Pass], answer: float, candidates: Sequence[Candidate]
) -> list[Question] | None:
    """Return the question without `retain_graph`: the second pass finds what it needs freed."""
    told = {number(answer): (
        "repeated-pass", "without retain_graph=True the first pass frees what a second one needs"
    )}  # fmt: skip
    for one in candidates:
        told.setdefault(number(one.answer), (one.id, f"{one.text}; and without retain_graph=True "
                                             "there is no second pass"))  # fmt: skip
    options = draft.generator.shuffled([_REFUSED, *told])
    right = LETTERS[options.index(_REFUSED)]
    wrong = [
        Wrong(id=told[text][0], answer=letter, text=told[text][1])
        for letter, text in zip(LETTERS, options, strict=False)
        if letter != right
    ]
    if len(told) < 2:
        return None
    return [
        Question(
            key=draft.key(right, form="choice", wrong=wrong,
                          options=dict(zip(LETTERS, options, strict=False))),
            words=((f"What does the last line add to {draft.by}.grad, or what else happens?",),),
            code=_code(draft, passes, retained=False),
            options=tuple((text,) for text in options),
            hints=(
                ("a pass needs the values that the formula saved",),
                ("a pass frees what was saved, unless it is called with retain_graph=True",),
            ),
            solution=(("the first pass frees the saved values, so the second raises: Trying to "
                       "backward through the graph a second time",),),
        )
    ]  # fmt: skip
