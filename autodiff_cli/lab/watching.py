"""`watch()`: each operation is printed as it happens, forward and backward, with its numbers."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, TextIO

import numpy as np

from autodiff_cli.lab.apply import State
from autodiff_cli.lab.modes import set_watcher
from autodiff_cli.lab.tape import TapeEntry
from autodiff_cli.ops.row import Operation

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
        how = f"· ({row.rule(position)})" if isinstance(row, Operation) else "transposed"
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
