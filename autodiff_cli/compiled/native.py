"""A program on one block of points by compiled C, in place of NumPy's calls."""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import c_long, c_void_p
from typing import Any, NamedTuple

from autodiff_cli.compiled import compiler, library
from autodiff_cli.compiled.blocks import Block
from autodiff_cli.compiled.compiler import NoCompiler, Uncompiled
from autodiff_cli.compiled.program import Program
from autodiff_cli.compiled.unit import unit

#: Points of one call for one core alone, and the most for one of several, fewer of long programs:
#: between two calls Ctrl-C is heard.
ALONE, SHARED, TOGETHER = 1 << 18, 1 << 18, 1 << 25


class Native(NamedTuple):
    """A program as compiled C, or why there is none.

    Attributes:
        block: the function of one block of points; None where there is none.
        lengths: the points of a block for one core alone, and the most for one of several.
        missing: why there is none, a phrase.
        compilerless: whether that is because there is no compiler here.
    """

    block: Block | None
    lengths: tuple[int, int] = (ALONE, SHARED)
    missing: str = ""
    compilerless: bool = False


def lengths(operations: int) -> tuple[int, int]:
    """Return the points of a block for one core alone, and the most for one of several."""
    most = max(1024, TOGETHER // max(1, operations))
    return min(ALONE, most), min(SHARED, most)


def native(program: Program, *, exact_sines: bool) -> Native:
    """Return a program as compiled C.

    Args:
        program: what is computed.
        exact_sines: sine and cosine by the C library's functions of floats.
    """
    try:
        block = _block(program, exact_sines)
    except Uncompiled as reason:
        missing = isinstance(reason, NoCompiler)
        return Native(None, missing=str(reason), compilerless=missing)
    return Native(block, lengths(len(program.instructions)))


def _block(program: Program, exact_sines: bool) -> Block:
    """Return the function of one block.

    Raises:
        Uncompiled: C cannot be compiled here.
    """
    chosen = compiler.find()
    written = unit(program, compiler.vectors() - ({"sin", "cos"} if exact_sines else set()))
    function = library.function(written.text, chosen)

    def run(
        columns: Sequence[Any],
        outputs: Sequence[Any],
        buffers: Sequence[Any],
        conditions: Sequence[Any],
        stopped: Sequence[BaseException],
    ) -> None:
        import numpy as np

        double = np.dtype(float)
        given = [
            column
            if column.flags.c_contiguous and column.flags.aligned and column.dtype is double
            else np.require(column, double, ("C", "A"))
            for column in columns
        ]
        steps = (c_long * len(given))(*[column.ndim for column in given])
        room = np.empty(written.room)
        function(len(outputs[0]), _places(given), steps, _places(outputs), _places([room])[0])

    return Block(run, 0, 0, written.text)


def _places(arrays: Sequence[Any]) -> Any:
    """Return where arrays begin, as C takes several of them."""
    return (c_void_p * len(arrays))(*[array.ctypes.data for array in arrays])
