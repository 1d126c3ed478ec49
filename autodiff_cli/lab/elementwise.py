"""Every function of the operation table on tensors, made from the table, and those of shapes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_cli.lab.apply import State, apply
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.tensor import Tensor
from autodiff_cli.ops import ADD, DIVIDE, FUNCTIONS, MULTIPLY, NEGATE, POWER, SUBTRACT
from autodiff_cli.ops.row import Operation
from autodiff_cli.ops.shapes import MATMUL

#: The vocabulary's names for operators, and for rows that it calls otherwise.
SPELLINGS = {
    "add": ADD, "sub": SUBTRACT, "mul": MULTIPLY, "div": DIVIDE, "neg": NEGATE, "pow": POWER,
}  # fmt: skip


def elementwise(name: str, rows: tuple[Operation, ...]) -> Callable[..., Any]:
    """Return the function of one name: the row is chosen by the number of operands."""
    by_count = {row.arity: row for row in rows}

    def function(*operands: Any) -> Any:
        row = by_count.get(len(operands))
        if row is None:
            counts = " or ".join(str(count) for count in sorted(by_count))
            raise LabError(f"{name} takes {counts} operands, not {len(operands)}")
        ready = [Tensor.operand(operand) for operand in operands]
        if any(operand is None for operand in ready):
            wrong = next(k for k, operand in zip(operands, ready, strict=True) if operand is None)
            raise LabError(
                f"{name} of a {type(wrong).__name__}: it takes tensors, numbers and arrays",
                mend="write tensor(…) around it",
            )
        if not any(isinstance(operand, State) for operand in ready):
            ready[0] = Tensor(ready[0])
        return apply(row, *ready)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = "; ".join(row.summary for row in rows) + "."
    return function


#: Name → function, for every name and alias of the table and the spellings above.
ELEMENTWISE = {name: elementwise(name, rows) for name, rows in FUNCTIONS.items()} | {
    name: elementwise(name, (row,)) for name, row in SPELLINGS.items()
}
ELEMENTWISE |= {"maximum": ELEMENTWISE["max"], "minimum": ELEMENTWISE["min"]}

for _name, _function in ELEMENTWISE.items():
    if _name != "where":  # as a method its operands stand in another order elsewhere
        setattr(Tensor, _name, _function)


def matmul(a: Any, b: Any) -> Any:
    """Return the matrix product a @ b."""
    return apply(MATMUL, Tensor.operand(a), Tensor.operand(b))


def sum(a: Any, axis: Any = None, keepdim: bool = False, *, dim: Any = None) -> Any:
    """Return the sum over one axis, several, or all."""
    return a.sum(axis, keepdim, dim=dim)


def mean(a: Any, axis: Any = None, keepdim: bool = False, *, dim: Any = None) -> Any:
    """Return the mean over one axis, several, or all."""
    return a.mean(axis, keepdim, dim=dim)


def reshape(a: Any, shape: Any) -> Any:
    """Return the same numbers in another shape."""
    return a.reshape(shape)


def allclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8) -> bool:
    """Tell whether two tensors agree: |a − b| ≤ atol + rtol·|b| everywhere."""
    first, second = (getattr(operand, "array", operand) for operand in (a, b))
    return bool(np.allclose(first, second, rtol, atol))
