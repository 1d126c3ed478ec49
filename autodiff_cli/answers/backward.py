"""Backward passes over a formula with the lab's tensors: what a user of PyTorch sees.

The formula is recorded operation by operation, so what is saved, freed and refused, and the
words of each refusal, are the lab's own. Only `autodiff backward` loads this.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from autodiff_cli.answers.passes_report import Pass, Passes, Recorded, Saved
from autodiff_cli.cli.values import Numbers
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Graph
from autodiff_cli.lab import LabError, Tensor, grad, ones
from autodiff_cli.lab.apply import apply
from autodiff_cli.lab.tape import TapeEntry
from autodiff_cli.notes.departures import Note
from autodiff_cli.ops.row import OPERANDS

#: The seed that stands for as many ones as the result has numbers.
ONES = "ones"


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
    maker = None if result.grad_fn is None else result.grad_fn.name
    return Passes(
        expression,
        graph,
        given,
        result.tolist(),
        shape,
        maker,
        recorded,
        tuple(found),
        times,
        notes,
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
            rows.append(Recorded(label, index, made[index].tolist(), step.name, saved))
    return tuple(rows)


def _saved(
    graph: Graph, made: list[Any], labels: Mapping[int, str], index: int, letter: str
) -> Saved:
    """Return what one letter of a rule stands for: an operand, or the result."""
    node = index if letter == "y" else graph.operands[index][OPERANDS.index(letter)]
    value = made[node].tolist() if isinstance(made[node], Tensor) else float(made[node])
    return Saved(labels.get(node), value)


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
    return Pass(number, said, retain, zeroed, before, added, after, freed, error)


def _grad(leaf: Tensor) -> Any:
    """Return a copy of a gradient as numbers; None before the first pass."""
    return None if leaf.grad is None else leaf.grad.tolist()
