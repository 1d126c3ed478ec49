"""Forward or reverse, and how many sweeps: which costs less, and why."""

from __future__ import annotations

from typing import NamedTuple

from autodiff_cli.teach.draft import Draft
from autodiff_cli.teach.prose import Prose
from autodiff_cli.teach.question import LETTERS, Question, Wrong

FORWARD_INPUTS = "forward, one sweep for each input: {inputs}"
REVERSE_OUTPUTS = "reverse, one sweep for each output: {outputs}"
REVERSE_INPUTS = "reverse, one sweep for each input: {inputs}"
FORWARD_OUTPUTS = "forward, one sweep for each output: {outputs}"
ONE_FORWARD, ONE_REVERSE = "forward, one sweep", "reverse, one sweep"
OVER = "forward over reverse, one sweep each"

#: Option → what to tell who chooses it where it is wrong.
_TOLD = {
    FORWARD_INPUTS: "a forward sweep is seeded at one input and gives one column of the Jacobian: "
    "right, but here the rows are fewer, or only one product is wanted",
    REVERSE_OUTPUTS: "a reverse sweep is seeded at one output and gives one row of the Jacobian: "
    "right, but here the columns are fewer, or only one product is wanted",
    REVERSE_INPUTS: "a reverse sweep starts at an output, so there is one for each output",
    FORWARD_OUTPUTS: "a forward sweep starts at an input, so there is one for each input",
    ONE_FORWARD: "one forward sweep gives the derivatives along one direction of the inputs",
    ONE_REVERSE: "one reverse sweep gives the derivatives of one weighted sum of the outputs",
    OVER: "that gives a product with second derivatives",
}


class Asked(NamedTuple):
    """What may be wanted of a function: from which level on, the question, its right answer, why.

    Attributes:
        level: the first level that asks it.
        inputs, outputs: how many there may be, at least and at most.
        wanted: what is to be found.
        right: the option that costs least.
        others: options that do not.
        why: the reason.
    """

    level: int
    inputs: tuple[int, int]
    outputs: tuple[int, int]
    wanted: str
    right: str
    others: tuple[str, ...]
    why: str


_MATRIX = (FORWARD_INPUTS, REVERSE_OUTPUTS, REVERSE_INPUTS, FORWARD_OUTPUTS)

_ASKED = (
    Asked(1, (20, 900), (1, 1), "its gradient", REVERSE_OUTPUTS, _MATRIX,
          "one reverse sweep from the one output gives all derivatives at once"),
    Asked(1, (1, 1), (20, 900), "the derivatives of all its outputs", FORWARD_INPUTS, _MATRIX,
          "one forward sweep from the one input gives the derivative of every output"),
    Asked(2, (2, 6), (40, 900), "its Jacobian", FORWARD_INPUTS, _MATRIX,
          "there are fewer inputs than outputs, and a forward sweep gives a column"),
    Asked(2, (40, 900), (2, 6), "its Jacobian", REVERSE_OUTPUTS, _MATRIX,
          "there are fewer outputs than inputs, and a reverse sweep gives a row"),
    Asked(3, (40, 900), (20, 900), "its Jacobian times one direction v", ONE_FORWARD,
          (*_MATRIX, ONE_REVERSE),
          "seeded with v a forward sweep gives J v, and the Jacobian is never built"),
    Asked(3, (40, 900), (20, 900), "one vector u times its Jacobian", ONE_REVERSE,
          (*_MATRIX, ONE_FORWARD),
          "seeded with u a reverse sweep gives u J, and the Jacobian is never built"),
    Asked(4, (200, 900), (1, 1), "its Hessian times one direction v", OVER,
          (FORWARD_INPUTS, REVERSE_INPUTS, ONE_FORWARD, ONE_REVERSE),
          "the Hessian times v is the gradient differentiated along v: a forward sweep over the "
          "reverse one"),
)  # fmt: skip

#: Options of one question.
OPTIONS = 4


def made(draft: Draft) -> list[Question] | None:
    """Return the question."""
    generator = draft.generator
    asked = generator.choice([one for one in _ASKED if one.level in (draft.level, draft.level - 1)
                              or one.level == min(draft.level, 3)])  # fmt: skip
    counts = {
        "inputs": _between(draft, *asked.inputs), "outputs": _between(draft, *asked.outputs)
    }  # fmt: skip
    others = [one for one in asked.others if one != asked.right]
    options = generator.shuffled([asked.right, *generator.shuffled(others)[: OPTIONS - 1]])
    texts = {letter: text.format(**counts) for letter, text in zip(LETTERS, options, strict=False)}
    right = LETTERS[options.index(asked.right)]
    wrong = [
        Wrong(id="other-sweep", answer=letter, text=_TOLD[option])
        for letter, option in zip(LETTERS, options, strict=False)
        if letter != right
    ]
    told: tuple[Prose, ...] = tuple((text,) for text in texts.values())
    question = (
        f"A function has {_counted(counts['inputs'], 'input')} and "
        f"{_counted(counts['outputs'], 'output')}. {asked.wanted[0].upper()}{asked.wanted[1:]} "
        f"{'are' if 'derivatives' in asked.wanted else 'is'} wanted. Which way takes the fewest "
        "sweeps?"
    )
    return [
        Question(
            key=draft.key(right, form="choice", wrong=wrong, options=texts, expression=""),
            words=((question,),),
            options=told,
            hints=(
                ("a forward sweep goes from the inputs to the outputs, a reverse sweep back",),
                ("seeded with one number a forward sweep gives a column of the Jacobian; "
                 "a reverse sweep a row, one output",),
            ),
            solution=((f"{asked.right.format(**counts)}: {asked.why}",),),
        )
    ]  # fmt: skip


def _between(draft: Draft, low: int, high: int) -> int:
    return low + draft.generator.below(high - low + 1)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
