"""A tensor in Jupyter: a table of its numbers, and of its gradient where it has one."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from autodiff_cli.lab.apply import State
from autodiff_cli.lab.printing import EDGE, spelling

#: Rows and columns shown; of more, the first and the last.
LONGEST = 20


def table(tensor: State) -> str:
    """Return an HTML table; beyond two axes, the text."""
    if tensor.ndim > 2 or tensor.array.size == 0:
        return f"<pre>{escape(repr(tensor))}</pre>"
    blocks = [("value", tensor.array)]
    if tensor._grad is not None:
        blocks.append(("grad", tensor._grad.array))
    heads: list[str] = ["row"]
    columns: list[list[Any]] = [list(range(len(tensor.array) if tensor.ndim else 1))]
    for name, array in blocks:
        matrix = array.reshape(len(columns[0]), -1)
        for k in shown(matrix.shape[1]):
            heads.append("…" if k is None else f"{name}[{k}]" if matrix.shape[1] > 1 else name)
            columns.append(["…"] * len(matrix) if k is None else _texts(matrix[:, k], array))
    rows = []
    for k in shown(len(columns[0])):
        cells = [f"… {len(columns[0]) - 2 * EDGE} rows between"] if k is None else [
            str(column[k]) for column in columns
        ]  # fmt: skip
        span = f' colspan="{len(columns)}"' if k is None else ""
        rows.append("".join(f"<td{span}>{escape(cell)}</td>" for cell in cells))
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f"<table><caption>{escape(_caption(tensor))}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def shown(count: int) -> list[int | None]:
    """Return the places that are shown, with None where some are left out."""
    if count <= LONGEST:
        return list(range(count))
    return [*range(EDGE), None, *range(count - EDGE, count)]


def _texts(column: np.ndarray[Any, Any], array: np.ndarray[Any, Any]) -> list[str]:
    if len(column) > LONGEST:
        kept = {k for k in shown(len(column)) if k is not None}
        return [spelling(x, array) if k in kept else "" for k, x in enumerate(column)]
    return [spelling(number, array) for number in column]


def _caption(tensor: State) -> str:
    kind = f"tensor of shape {tensor.array.shape}"
    if tensor.grad_fn is not None:
        return f"{kind}, made by {tensor.grad_fn.name()}"
    return f"{kind}, requires grad" if tensor.requires_grad else kind
