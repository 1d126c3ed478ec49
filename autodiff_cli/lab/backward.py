"""Backward passes over what was recorded: checked first, swept by `engine.reverse`, then freed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autodiff_cli.engine.reverse import sweep
from autodiff_cli.lab.apply import State, apply, convert
from autodiff_cli.lab.edges import ArrayEdge, TensorEdge
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.tape import TapeEntry, freed_error, no_grad, recording
from autodiff_cli.ops.shapes import SCALE


@dataclass(frozen=True, slots=True)
class Tape:
    """What the outputs were made of, in the columns that a sweep reads.

    Attributes:
        nodes: leaf tensors and steps, operands first.
        operands: for each node the operands that are differentiated, as places in `nodes`.
        positions: for each of them which operand of the step it is.
    """

    nodes: tuple[Any, ...]
    operands: tuple[tuple[int, ...], ...]
    positions: tuple[tuple[int, ...], ...]


def backward(output: State, gradient: Any, retain_graph: bool, create_graph: bool) -> None:
    """Carry out `Tensor.backward`."""
    seed = _seed(output, gradient)
    tape = _tape([output.origin])
    adjoints = _pull(tape, [output.origin], [seed], create_graph)
    for node, adjoint in zip(tape.nodes, adjoints, strict=True):
        if isinstance(node, State) and adjoint is not None:
            _accumulate(node, adjoint, create_graph)
    if not retain_graph:
        _free(tape)


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool = False,
) -> tuple[Any, ...]:
    """Return the derivatives of `outputs`, weighted by seeds and added up, for each input.

    Args:
        outputs: a tensor, or several.
        inputs: a tensor, or several; leaves or results. Their `.grad` is left alone.
        grad_outputs: the seed of each output; not needed for an output of one number.
        retain_graph: keep the saved values; as `create_graph` unless said.
        create_graph: record the pass, so that its results can be differentiated.
        allow_unused: answer None for an input that no output depends on, in place of an error.

    Raises:
        LabError: as `Tensor.backward`, or an input that no output depends on.
    """
    outputs, inputs = _several(outputs), _several(inputs)
    weights = [None] * len(outputs) if grad_outputs is None else _several(grad_outputs)
    if len(weights) != len(outputs):
        raise LabError(
            f"{len(outputs)} outputs and {len(weights)} seeds: each output needs its own"
        )
    seeds = [_seed(output, seed) for output, seed in zip(outputs, weights, strict=True)]
    for wanted in inputs:
        if wanted.origin is None:
            raise LabError("an input does not require grad", mend="make it with requires_grad=True")
    roots = [output.origin for output in outputs]
    tape = _tape(roots, [wanted.origin for wanted in inputs])
    places = {id(node): place for place, node in enumerate(tape.nodes)}
    unused = [k for k, wanted in enumerate(inputs) if id(wanted.origin) not in places]
    if unused and not allow_unused:
        raise LabError(
            f"no output depends on input number {unused[0] + 1}",
            mend="leave it out, or write allow_unused=True to get None for it",
        )
    adjoints = _pull(tape, roots, seeds, create_graph)
    if not (create_graph if retain_graph is None else retain_graph):
        _free(tape)
    found = [adjoints[places[id(k.origin)]] if id(k.origin) in places else None for k in inputs]
    return tuple(None if adjoint is None else _own(outputs[0], adjoint) for adjoint in found)


def _several(tensors: Any) -> list[Any]:
    return list(tensors) if isinstance(tensors, (list, tuple)) else [tensors]


def _seed(output: Any, gradient: Any) -> State:
    """Return the seed of an output: a tensor of its shape and type."""
    if output.origin is None:
        raise LabError(
            "nothing that this tensor was made of requires grad, so there is nothing to "
            "differentiate",
            mend="make the inputs with requires_grad=True, outside of no_grad()",
        )
    if gradient is None:
        if output.array.size != 1:
            raise LabError(
                f"backward on a result of shape {output.shape} needs a seed, one weight for each "
                "of its numbers: there is no single derivative of several numbers",
                mend=f"write backward(ones({output.shape})), or sum the result first",
            )
        return output.make(np.ones_like(output.array))  # type: ignore[no-any-return]
    seed: Any = gradient if isinstance(gradient, State) else type(output)(gradient)
    if isinstance(gradient, (int, float)) and output.array.size == 1:
        seed = seed.reshape(output.shape)
    if seed.shape != output.shape:
        raise LabError(
            f"the seed has shape {seed.shape} and the result has shape {output.shape}: each of "
            "its numbers needs one weight",
            mend=f"write ones({output.shape})",
        )
    matching: State = convert(seed, output.dtype)
    return matching


def _tape(roots: Iterable[Any], only: Sequence[Any] | None = None) -> Tape:
    """Return what the roots were made of; with `only`, what leads to one of those nodes."""
    order = _order(roots)
    wanted = None if only is None else {id(node) for node in only}
    kept: dict[int, int] = {}
    nodes: list[Any] = []
    columns: list[list[tuple[int, int]]] = []
    for node in order:
        origins = node.origins if isinstance(node, TapeEntry) else ()
        live = [(kept[id(k)], p) for p, k in enumerate(origins) if k is not None and id(k) in kept]
        if wanted is None or live or id(node) in wanted:
            kept[id(node)] = len(nodes)
            nodes.append(node)
            columns.append(live)
    operands = tuple(tuple(place for place, _ in live) for live in columns)
    positions = tuple(tuple(position for _, position in live) for live in columns)
    return Tape(tuple(nodes), operands, positions)


def _order(roots: Iterable[Any]) -> list[Any]:
    """Return every node below the roots, operands first. A loop: a chain may be very long."""
    order: list[Any] = []
    seen: set[int] = set()
    todo = [(root, False) for root in roots]
    while todo:
        node, finished = todo.pop()
        if finished:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            todo.append((node, True))
            origins = node.origins if isinstance(node, TapeEntry) else ()
            todo.extend((origin, False) for origin in origins if origin is not None)
    return order


def _pull(
    tape: Tape, roots: Sequence[Any], seeds: Sequence[State], create_graph: bool
) -> list[Any]:
    """Check everything that was saved, then sweep; return the adjoint of every node."""
    steps = [node for node, below in zip(tape.nodes, tape.operands, strict=True) if below]
    freed = [step for step in steps if step.saved is None]
    if freed:
        raise freed_error(freed)
    for step in steps:
        step.check()
    places = {id(node): place for place, node in enumerate(tape.nodes)}
    make = seeds[0].make
    partials = [
        tuple(
            [
                TensorEdge(node, position, make) if create_graph else ArrayEdge(node, position)
                for position in positions
            ]
        )
        for node, positions in zip(tape.nodes, tape.positions, strict=True)
    ]
    adjoints: list[Any] = [None] * len(tape.nodes)
    for root, seed in zip(roots, seeds, strict=True):
        start: Any = seed if create_graph else seed.array
        if id(root) in places:
            before = adjoints[places[id(root)]]
            adjoints[places[id(root)]] = start if before is None else before + start
    with np.errstate(all="ignore"):
        sweep(tape.operands, partials, adjoints, len(tape.nodes) - 1)
    return adjoints


def _own(like: State, adjoint: Any) -> Any:
    """Return a gradient on memory of its own, so that changing it in place changes nothing else."""
    if not isinstance(adjoint, State):
        return like.make(np.array(adjoint))
    if not adjoint.requires_grad:
        return like.make(np.array(adjoint.array))
    return (
        apply(SCALE, adjoint, factor=1)
        if adjoint.part or not adjoint.array.flags.writeable
        else adjoint
    )


def _accumulate(leaf: Any, adjoint: Any, create_graph: bool) -> None:
    """Add to a leaf's gradient; without a record, in the memory that is already there."""
    before = leaf.grad
    if before is None:
        leaf.grad = _own(leaf, adjoint)
    elif create_graph and recording():
        leaf.grad = before + adjoint
    elif before.requires_grad:
        leaf.grad = before.detach() + leaf.make(np.asarray(adjoint))
    else:
        with no_grad():
            before += leaf.make(np.asarray(adjoint))


def _free(tape: Tape) -> None:
    for node, operands in zip(tape.nodes, tape.operands, strict=True):
        if operands:
            node.free()
