"""`watch()`: each operation is printed as it happens, forward and backward, with its numbers."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, TextIO

import numpy as np

from autodiff_cli.engine.branches import arranged, holding, simplified
from autodiff_cli.graph.printer import TERMINAL, expression
from autodiff_cli.lab.apply import State
from autodiff_cli.lab.modes import set_watcher
from autodiff_cli.lab.tape import TapeEntry
from autodiff_cli.ops.row import OPERANDS, Operation

#: Numbers of an array that are written out; of a bigger one, its shape is.
MOST = 4


def watch(stream: TextIO | None = None) -> Watch:
    """Print each operation from now on; written with `with`, until the end of the block.

    Args:
        stream: where to; standard output unless said.

    Returns:
        An object whose `stop()` ends it.
    """
    return Watch(stream)


class Watch:
    """Is told of each operation, and prints it."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        set_watcher(self)

    def stop(self) -> None:
        """Print nothing more."""
        set_watcher(None)

    def __enter__(self) -> Watch:
        set_watcher(self)
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return "<watching; .stop() ends it>"

    def forward(
        self, row: Any, values: list[Any], parameters: Mapping[str, Any], result: Any
    ) -> None:
        """Print what an operation made of its operands."""
        operands = ", ".join(brief(value) for value in values)
        said = "".join(f", {name}={part}" for name, part in parameters.items() if _short(part))
        self._say("forward", row.name, f"{operands}{said} → {brief(result.array)}")

    def edge(self, node: Any, position: int, edge: Any) -> WatchedEdge:
        """Return an edge that prints what passes it."""
        return WatchedEdge(self, node, position, edge)

    def backward(self, node: Any, position: int, adjoint: Any, result: Any) -> None:
        """Print what an adjoint became on an edge, and by which rule."""
        if not isinstance(node, TapeEntry):
            self._say("backward", "hook", f"{brief(adjoint)} → {brief(result)}")
            return
        row = node.row
        how = f"· ({rule_text(node, position)})" if isinstance(row, Operation) else "transposed"
        which = f"to {'abc'[position]}: " if len(node.origins) > 1 and position < 3 else ""
        self._say("backward", row.name, f"{which}{brief(adjoint)} {how} → {brief(result)}")

    def _say(self, way: str, name: str, text: str) -> None:
        print(f"{way:<8}  {name:<10}  {text}", file=self._stream or sys.stdout)


class WatchedEdge:
    """An edge of the record that says what passes it."""

    __array_ufunc__ = None

    def __init__(self, watching: Watch, node: Any, position: int, edge: Any) -> None:
        self.watching, self.node, self.position, self.edge = watching, node, position, edge

    def __rmul__(self, adjoint: Any) -> Any:
        result = adjoint * self.edge
        self.watching.backward(self.node, self.position, adjoint, result)
        return result


def rule_text(node: TapeEntry, position: int) -> str:
    """Return the rule of one operand in the letters a, b, c and y, as it holds there.

    For numbers that is the branch that they take; for arrays, whose elements may take several, the
    whole rule without its precautions for floats.
    """
    row, saved = node.row, node.saved or {}
    assert isinstance(row, Operation)
    plain = node.plain or (None,) * len(node.origins)
    values = [saved[k].value if k in saved else x for k, x in zip(OPERANDS, plain, strict=False)]
    values.append(saved["y"].value if "y" in saved else None)
    if row.variadic or any(np.size(value) > 1 for value in values):
        text = arranged(row, 0 if row.variadic else position)
    else:
        point = [0.0 if k is None else float(np.asarray(k).item()) for k in values]
        text = holding(row, position, point[:-1], point[-1])
    text = simplified(text)
    return expression(text, text.outputs[0], TERMINAL)


def brief(value: Any) -> str:
    """Return a few numbers written out, or the shape of many."""
    array = np.asarray(value.array if isinstance(value, State) else value)
    if array.dtype == object:
        return type(value).__name__
    if array.size > MOST:
        return f"{array.shape}"
    if not array.ndim:
        return f"{array.item():.6g}"
    return np.array2string(array, precision=4, separator=", ").replace("\n", "")


def _short(part: Any) -> bool:
    """Tell whether a parameter is said: a flag that is off, and a key of arrays, are not."""
    return part not in (None, False) if not isinstance(part, (tuple, np.ndarray)) else all(
        isinstance(each, (int, slice)) for each in part)  # fmt: skip
