"""Backward passes over what was recorded: checked first, swept by `engine.reverse`, then freed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff_cli.engine.reverse import sweep
from autodiff_cli.lab.apply import State, apply, convert
from autodiff_cli.lab.edges import partials_of
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.modes import recording
from autodiff_cli.lab.tape import TapeEntry, freed_error, shape_text
from autodiff_cli.lab.unrolled import Tape, unrolled
from autodiff_cli.ops.shapes import SCALE


def backward(
    tensors: Any,
    gradient: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """Add the derivatives of one tensor or several to the `.grad` of every leaf.

    Args, errors: as `Tensor.backward`; for several tensors as many seeds.
    """
    outputs = _several(tensors)
    seeds = _seeds(outputs, gradient)
    tape = unrolled([output.origin for output in outputs])
    adjoints = _pull(tape, outputs, seeds, create_graph)
    chosen = None if inputs is None else {id(leaf.origin) for leaf in _several(inputs)}
    for node, adjoint in zip(tape.nodes, adjoints, strict=True):
        if adjoint is None:
            continue
        if isinstance(node, State):
            if chosen is None or id(node) in chosen:
                _accumulate(node, adjoint, create_graph)
        elif getattr(node, "kept", None):
            for kept in [reference() for reference in node.kept]:
                if kept is not None:
                    _accumulate(kept, adjoint, create_graph)
    if not (create_graph if retain_graph is None else retain_graph):
        _free(tape)


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool | None = None,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """Return the derivatives of `outputs`, weighted by seeds and added up, for each input.

    Args:
        outputs: a tensor, or several.
        inputs: a tensor, or several; leaves or results. Their `.grad` is left alone.
        grad_outputs: the seed of each output; not needed for an output of one number.
        retain_graph: keep the saved values; as `create_graph` unless said.
        create_graph: record the pass, so that its results can be differentiated.
        allow_unused: answer None for an input that no output depends on, in place of an error.
        materialize_grads: answer zeros for it.

    Raises:
        LabError: as `Tensor.backward`, or an input that no output depends on.
    """
    outputs, inputs = _several(outputs), _several(inputs)
    seeds = _seeds(outputs, grad_outputs)
    for wanted in inputs:
        if wanted.origin is None:
            raise LabError("an input does not require grad", mend="make it with requires_grad=True")
    tape = unrolled([output.origin for output in outputs], [wanted.origin for wanted in inputs])
    places = {id(node): place for place, node in enumerate(tape.nodes)}
    unused = [k for k, wanted in enumerate(inputs) if id(wanted.origin) not in places]
    if unused and not allow_unused and not materialize_grads:
        raise LabError(
            f"no output depends on input number {unused[0] + 1}",
            mend="leave it out, or write allow_unused=True to get None for it",
        )
    adjoints = _pull(tape, outputs, seeds, create_graph)
    if not (create_graph if retain_graph is None else retain_graph):
        _free(tape)
    found = [adjoints[places[id(k.origin)]] if id(k.origin) in places else None for k in inputs]
    if materialize_grads:
        found = [np.zeros_like(wanted.array) if adjoint is None else adjoint
                 for wanted, adjoint in zip(inputs, found, strict=True)]  # fmt: skip
    return tuple(None if adjoint is None else _own(outputs[0], adjoint) for adjoint in found)


def pulled(output: Any) -> dict[int, Any]:
    """Return id of a leaf or entry → the derivative of the output's sum by it; empty once freed."""
    tape = unrolled([output.origin])
    try:
        adjoints = _pull(tape, [output], [output.make(np.ones_like(output.array))], False)
    except LabError:
        return {}
    return {id(node): k for node, k in zip(tape.nodes, adjoints, strict=True) if k is not None}


def _several(tensors: Any) -> list[Any]:
    return list(tensors) if isinstance(tensors, (list, tuple)) else [tensors]


def _seeds(outputs: list[Any], given: Any) -> list[State]:
    """Return one seed for each output."""
    weights = [given] if len(outputs) == 1 and not _is_one(given) else _several(given)
    if given is None:
        weights = [None] * len(outputs)
    if len(weights) != len(outputs):
        raise LabError(
            f"{len(outputs)} outputs and {len(weights)} seeds: each output needs its own"
        )
    return [_seed(output, seed) for output, seed in zip(outputs, weights, strict=True)]


def _is_one(given: Any) -> bool:
    """Tell whether seeds come as a list of one tensor."""
    return isinstance(given, (list, tuple)) and len(given) == 1 and isinstance(given[0], State)


def _seed(output: Any, gradient: Any) -> State:
    """Return the seed of an output: a tensor of its shape and type."""
    if output.origin is None:
        raise LabError(
            "nothing that this tensor was made of requires grad, so there is nothing to "
            "differentiate",
            mend="make the inputs with requires_grad=True, outside of no_grad()",
        )
    shape = output.array.shape
    if gradient is None:
        if output.array.size != 1:
            raise LabError(
                f"backward on a result of shape {shape} needs a seed, one weight for each "
                "of its numbers: there is no single derivative of several numbers",
                mend=f"write backward(ones({shape})), or sum the result first",
            )
        return output.make(np.ones_like(output.array))  # type: ignore[no-any-return]
    seed = gradient if isinstance(gradient, State) else output.make(np.array(gradient, float))
    if isinstance(gradient, (int, float)) and output.array.size == 1:
        seed = output.make(seed.array.reshape(shape))
    if seed.array.shape != shape:
        raise LabError(
            f"the seed has shape {shape_text(seed.array)} and the result has shape {shape}: each "
            "of its numbers needs one weight",
            mend=f"write ones({shape})",
        )
    return convert(seed, output.array.dtype)  # type: ignore[no-any-return]


def _pull(
    tape: Tape, outputs: Sequence[State], seeds: Sequence[State], create_graph: bool
) -> list[Any]:
    """Check everything that was saved, then sweep; return the adjoint of every node."""
    steps = [
        node for node, below in zip(tape.nodes, tape.operands, strict=True)
        if below and isinstance(node, TapeEntry)
    ]  # fmt: skip
    freed = [step for step in steps if step.saved is None]
    if freed:
        raise freed_error(freed[::-1])  # as backward meets them
    for step in steps:
        if step.saved:
            step.check()
    partials = partials_of(tape, outputs[0].make, create_graph)
    adjoints: list[Any] = [None] * len(tape.nodes)
    for output, seed in zip(outputs, seeds, strict=True):
        start: Any = seed if create_graph else seed.array
        place = tape.tops.get(id(output.origin))
        if place is not None:
            before = adjoints[place]
            adjoints[place] = start if before is None else before + start
    with np.errstate(all="ignore"):
        sweep(tape.operands, partials, adjoints, len(tape.nodes) - 1)
    return adjoints


def _own(like: State, adjoint: Any) -> Any:
    """Return a gradient on memory of its own, so that changing it in place changes nothing else."""
    if not isinstance(adjoint, State):
        return like.make(np.array(adjoint))
    if not adjoint.requires_grad:
        return like.make(np.array(adjoint.array))
    shared = adjoint.alias is not None or not adjoint.array.flags.writeable
    return apply(SCALE, adjoint, factor=1) if shared else adjoint


def _accumulate(leaf: Any, adjoint: Any, create_graph: bool) -> None:
    """Add to a leaf's gradient; without a record, in the memory that is already there."""
    before = leaf._grad
    if before is None:
        leaf._grad = _own(leaf, adjoint)
    elif create_graph and recording():
        leaf._grad = before + adjoint
    elif before.requires_grad:
        leaf._grad = before.detach() + leaf.make(np.asarray(adjoint))
    else:
        before.array += adjoint.array if isinstance(adjoint, State) else adjoint
        before.version.number += 1


def _free(tape: Tape) -> None:
    for node, operands in zip(tape.nodes, tape.operands, strict=True):
        if operands:
            node.free()
