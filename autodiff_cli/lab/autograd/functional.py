"""Derivatives of functions: Jacobians, Hessians and products with them, at a point."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autodiff_cli.lab.apply import State
from autodiff_cli.lab.backward import grad
from autodiff_cli.lab.creation import ones_like, zeros_like
from autodiff_cli.lab.errors import LabError, LabTypeError
from autodiff_cli.lab.joining import stack
from autodiff_cli.lab.modes import enable_grad
from autodiff_cli.lab.reductions import sum
from autodiff_cli.lab.shaping import reshape


def _leaves(inputs: Any, create_graph: bool) -> list[Any]:
    """Return the point's tensors, for which gradients can be asked: leaves, or recorded copies."""
    given = list(inputs) if isinstance(inputs, tuple) else [inputs]
    for x in given:
        if not isinstance(x, State):
            raise LabTypeError(f"the inputs are tensors, not a {type(x).__name__}")
    return [
        x.clone() if create_graph and x.requires_grad
        else x.make(x.array).requires_grad_()
        for x in given
    ]  # fmt: skip


def _called(func: Callable[..., Any], leaves: list[Any]) -> tuple[list[Any], bool]:
    """Return the function's results as a list, and whether they were a tuple."""
    with enable_grad():
        found = func(*leaves)
    outputs = list(found) if isinstance(found, tuple) else [found]
    if not all(isinstance(output, State) for output in outputs):
        raise LabTypeError("the function answers no tensor", mend="answer a tensor")
    return outputs, isinstance(found, tuple)


def _rows(output: Any, leaves: list[Any], create_graph: bool) -> list[Any]:
    """Return the Jacobian of one result for each leaf: one backward for each of its numbers."""
    shape = output.array.shape
    flat = reshape(output, -1)
    found = [
        grad(flat[k], leaves, retain_graph=True, create_graph=create_graph, materialize_grads=True)
        if flat.requires_grad else [zeros_like(leaf) for leaf in leaves]
        for k in range(flat.array.size)
    ]  # fmt: skip
    columns = zip(*found, strict=True) if found else [() for _ in leaves]
    return [
        reshape(stack(list(column)), (*shape, *leaf.array.shape)) if column
        else zeros_like(leaf).new_zeros((*shape, *leaf.array.shape))
        for column, leaf in zip(columns, leaves, strict=True)
    ]  # fmt: skip


def jacobian(func: Callable[..., Any], inputs: Any, create_graph: bool = False, **_: Any) -> Any:
    """Return the derivative of each number of the result by each number of the input.

    Args:
        func: takes tensors, answers a tensor or a tuple of them.
        inputs: a tensor, or a tuple of them.
        create_graph: record the pass, so that the Jacobian can be differentiated.

    Returns:
        A tensor of the result's shape and then the input's; for tuples, a tuple for each result
        of a tensor for each input.
    """
    leaves = _leaves(inputs, create_graph)
    outputs, several = _called(func, leaves)
    matrices = [tuple(_rows(output, leaves, create_graph)) for output in outputs]
    if not create_graph:
        matrices = [tuple(x.detach() for x in row) for row in matrices]
    rows = [row if isinstance(inputs, tuple) else row[0] for row in matrices]
    return tuple(rows) if several else rows[0]


def hessian(func: Callable[..., Any], inputs: Any, create_graph: bool = False, **_: Any) -> Any:
    """Return the second derivatives of a function that answers one number; see `jacobian`."""

    def slopes(*leaves: Any) -> Any:
        outputs, _ = _called(func, list(leaves))
        _one_number(outputs)
        found = grad(outputs[0], leaves, create_graph=True, materialize_grads=True)
        return tuple(found) if isinstance(inputs, tuple) else found[0]

    return jacobian(slopes, inputs, create_graph)


def _one_number(outputs: list[Any]) -> None:
    if len(outputs) != 1 or outputs[0].array.size != 1:
        raise LabError("this derivative is that of one number", mend="sum the result first")


def vjp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False) -> Any:
    """Return the result, and v times the Jacobian: one backward with the seed v."""
    leaves = _leaves(inputs, create_graph)
    outputs, several = _called(func, leaves)
    found = grad(outputs, leaves, v, create_graph=create_graph, materialize_grads=True)
    answers = outputs if create_graph else [output.detach() for output in outputs]
    return tuple(answers) if several else answers[0], _like(inputs, found)


def jvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False) -> Any:
    """Return the result, and the Jacobian times v: how it changes along v.

    The product with a seed u is linear in u; its own derivative by u, weighted by v, is this.
    """
    leaves = _leaves(inputs, create_graph)
    outputs, several = _called(func, leaves)
    directions = _given(leaves, v)
    seeds = [ones_like(output).requires_grad_() for output in outputs]
    pulled = grad(outputs, leaves, seeds, create_graph=True, materialize_grads=True)
    slopes = [sum(g * d) for g, d in zip(pulled, directions, strict=True) if g.requires_grad]
    found = (
        grad(slopes, seeds, create_graph=create_graph, materialize_grads=True)
        if slopes else [zeros_like(output) for output in outputs]
    )  # fmt: skip
    answers = outputs if create_graph else [output.detach() for output in outputs]
    pushed = tuple(found) if several else found[0]
    return tuple(answers) if several else answers[0], pushed


def _given(leaves: list[Any], v: Any) -> list[Any]:
    """Return a direction for each input."""
    if v is None:
        if len(leaves) > 1 or leaves[0].array.size != 1:
            raise LabError("a direction v is needed: one number for each number of the input")
        return [ones_like(leaves[0])]
    directions = list(v) if isinstance(v, tuple) else [v]
    for direction, leaf in zip(directions, leaves, strict=True):
        if direction.array.shape != leaf.array.shape:
            raise LabError(
                f"a direction of shape {direction.array.shape} at an input of shape "
                f"{leaf.array.shape}"
            )
    return directions


def hvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False) -> Any:
    """Return the value, and the Hessian times v, without the Hessian: two backward passes."""
    leaves = _leaves(inputs, create_graph)
    outputs, _ = _called(func, leaves)
    _one_number(outputs)
    directions = _given(leaves, v)
    slopes = grad(outputs[0], leaves, create_graph=True, materialize_grads=True)
    along = [sum(g * d) for g, d in zip(slopes, directions, strict=True) if g.requires_grad]
    found = (
        grad(along, leaves, create_graph=create_graph, materialize_grads=True)
        if along else [zeros_like(leaf) for leaf in leaves]
    )  # fmt: skip
    value = outputs[0] if create_graph else outputs[0].detach()
    return value, _like(inputs, found)


vhp = hvp  # a Hessian is symmetric


def _like(inputs: Any, found: Any) -> Any:
    return tuple(found) if isinstance(inputs, tuple) else found[0]
