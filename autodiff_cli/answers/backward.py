"""Backward passes over a formula with the lab's tensors: what a user of PyTorch sees.

The formula is recorded operation by operation, so what is saved, freed and refused, and the
words of each refusal, are the lab's own. Only `autodiff backward` loads this.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.point import Numbers
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Graph
from autodiff_cli.lab import LabError, Tensor, grad, ones
from autodiff_cli.lab.apply import apply
from autodiff_cli.lab.tape import TapeEntry
from autodiff_cli.notes.note import Note
from autodiff_cli.ops.row import OPERANDS

#: The seed that stands for as many ones as the result has numbers.
ONES = "ones"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Saved:
    """A value kept for backward: the label of its node, None for a constant, and the number(s)."""

    name: str | None
    value: float | list[float]

    __repr__ = brief


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Recorded:
    """One operation that was recorded.

    Attributes:
        label: `w2`.
        node: its position in the graph.
        value: its number, or one a row.
        grad_fn: PyTorch's name for it.
        saved: what its derivative rules will need.
    """

    label: str
    node: int
    value: float | list[float]
    grad_fn: str
    saved: tuple[Saved, ...]

    __repr__ = brief


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Pass:
    """One backward pass; gradients are numbers, lists of one a row, or None before the first.

    Attributes:
        number: from 1 up.
        seed: the weights given; None where none were.
        retained: whether the saved values were to be kept.
        zeroed: whether the gradients were set to 0 before.
        before, after: variable → gradient.
        added: variable → what the pass found; empty where it failed.
        freed: labels of the operations whose saved values this pass freed.
        error: why it failed, or None.
    """

    number: int
    seed: float | list[float] | None
    retained: bool
    zeroed: bool
    before: Mapping[str, Any]
    added: Mapping[str, Any]
    after: Mapping[str, Any]
    freed: tuple[str, ...]
    error: str | None

    __repr__ = brief


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Passes:
    """What `backward` says.

    Attributes:
        expression, graph, at: the formula and the point.
        value: the result: a number, or one a row.
        shape: its shape, () for a number.
        grad_fn: PyTorch's name for the operation that made it, or None.
        recorded: what each operation saved, before the first pass.
        passes: those that were run; the first that fails is the last.
        times: how many were asked for.
        notes: departures from plain calculus, readings.
    """

    expression: str
    graph: Graph
    at: Mapping[str, float | list[float]]
    value: float | list[float]
    shape: tuple[int, ...]
    grad_fn: str | None
    recorded: tuple[Recorded, ...]
    passes: tuple[Pass, ...]
    times: int
    notes: tuple[Note, ...]

    __repr__ = brief


def passes(
    expression: str,
    graph: Graph,
    given: Mapping[str, Numbers],
    wrt: Collection[str],
    *,
    times: int,
    retained: int,
    zero_grad: bool,
    seed: Numbers | str | None,
    notes: tuple[Note, ...],
) -> Passes:
    """Record a formula, run backward several times, and tell what each pass did.

    Args:
        expression: the text as typed.
        graph: the formula.
        given: variable → number, or list of one number a row.
        wrt: the variables that require grad.
        times: passes; the first that fails is the last.
        retained: passes that keep the saved values, from the first on.
        zero_grad: write 0 into every gradient before each pass but the first.
        seed: a number, a list, "ones", or None to give none.
        notes: what the answer of `grad` has to say.
    """
    leaves = {name: Tensor(given[name], dtype=float) for name in graph.variables}
    for name in wrt:
        leaves[name].requires_grad_()
    made = _record(graph, leaves)
    result = made[graph.outputs[0]]
    if not isinstance(result, Tensor):
        result = Tensor(float(result))
    recorded = _recorded(graph, made)
    wanted = {name: leaves[name] for name in graph.variables if name in wrt}
    steps = [(row.label, made[row.node].grad_fn) for row in recorded]
    found: list[Pass] = []
    for number in range(1, times + 1):
        zeroed = zero_grad and number > 1
        found.append(_pass(number, result, wanted, steps, seed, number <= retained, zeroed))
        if found[-1].error is not None:
            break
    shape = tuple(result.shape)
    maker = None if result.grad_fn is None else result.grad_fn.name()
    return Passes(
        expression=expression,
        graph=graph,
        at=given,
        value=result.tolist(),
        shape=shape,
        grad_fn=maker,
        recorded=recorded,
        passes=tuple(found),
        times=times,
        notes=notes,
    )


def _record(graph: Graph, leaves: Mapping[str, Tensor]) -> list[Any]:
    """Carry out every operation on tensors; what has no variable stays a number."""
    made: list[Any] = []
    for index, row in enumerate(graph.operations):
        if row is VARIABLE:
            made.append(leaves[graph.variables[index]])
        elif row is CONSTANT:
            made.append(graph.constants[index].value)
        else:
            made.append(apply(row, *[made[operand] for operand in graph.operands[index]]))
    return made


def _recorded(graph: Graph, made: list[Any]) -> tuple[Recorded, ...]:
    """Return one row for each operation that has a w and was recorded."""
    labels = graph.named()
    rows = []
    for index, label in labels.items():
        step = getattr(made[index], "grad_fn", None)
        if step is not None:
            saved = tuple(_saved(graph, made, labels, index, letter) for letter in step.needs)
            rows.append(
                Recorded(
                    label=label,
                    node=index,
                    value=made[index].tolist(),
                    grad_fn=step.name(),
                    saved=saved,
                )
            )
    return tuple(rows)


def _saved(
    graph: Graph, made: list[Any], labels: Mapping[int, str], index: int, letter: str
) -> Saved:
    """Return what one letter of a rule stands for: an operand, or the result."""
    node = index if letter == "y" else graph.operands[index][OPERANDS.index(letter)]
    value = made[node].tolist() if isinstance(made[node], Tensor) else float(made[node])
    return Saved(
        name=labels.get(node),
        value=value,
    )


def _pass(
    number: int,
    result: Tensor,
    wanted: Mapping[str, Tensor],
    steps: list[tuple[str, TapeEntry]],
    seed: Numbers | str | None,
    retain: bool,
    zeroed: bool,
) -> Pass:
    """Run backward once."""
    if zeroed:
        for leaf in wanted.values():
            leaf.zero_grad()
    before = {name: _grad(leaf) for name, leaf in wanted.items()}
    there = {label for label, step in steps if step.saved is not None}
    weights: Any = ones(result.shape) if seed == ONES else seed
    if isinstance(seed, list):
        weights = Tensor(seed)
    added: dict[str, Any] = {}
    error = None
    try:
        slopes = grad(result, list(wanted.values()), weights, retain_graph=True, allow_unused=True)
        result.backward(weights, retain_graph=retain)
        added = {k: None if x is None else x.tolist() for k, x in zip(wanted, slopes, strict=True)}
    except LabError as refusal:
        error = str(refusal)
    after = {name: _grad(leaf) for name, leaf in wanted.items()}
    freed = tuple(label for label, step in steps if step.saved is None and label in there)
    said = weights.tolist() if isinstance(weights, Tensor) else weights
    return Pass(
        number=number,
        seed=said,
        retained=retain,
        zeroed=zeroed,
        before=before,
        added=added,
        after=after,
        freed=freed,
        error=error,
    )


def _grad(leaf: Tensor) -> Any:
    """Return a copy of a gradient as numbers; None before the first pass."""
    return None if leaf.grad is None else leaf.grad.tolist()
