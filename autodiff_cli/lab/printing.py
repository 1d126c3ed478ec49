"""A tensor as text, the way PyTorch prints it: four decimals, aligned, wrapped at 80 columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_cli.lab.apply import State
from autodiff_cli.lab.dtypes import default_type

#: Columns of a line, decimals, numbers shown in full, and rows at each end where not.
WIDTH, DECIMALS, SHOWN, EDGE = 80, 4, 1000, 3


def text(tensor: State) -> str:
    """Return `tensor([4.], requires_grad=True)` and the like."""
    array = tensor.array
    body = _block(array, _spellings(array), len("tensor("), array.size > SHOWN)
    notes = []
    if array.size == 0:
        body = "[]"
        notes += [f"size={array.shape}"] if array.ndim != 1 else []
    if array.dtype not in (default_type(), np.dtype(np.int64), np.dtype(bool)):
        notes.append(f"dtype=torch.{array.dtype.name}")
    if tensor.grad_fn is not None:
        notes.append(f"grad_fn=<{tensor.grad_fn.name()}>")
    elif tensor.requires_grad:
        notes.append("requires_grad=True")
    pieces, used = [f"tensor({body}"], len(f"tensor({body}".rpartition("\n")[2]) + 2
    for note in notes:
        if used + len(note) + 2 > WIDTH:  # PyTorch's count, which leaves room for ", " and ")"
            pieces.append(f",\n       {note}")
            used = 7 + len(note)
        else:
            pieces.append(f", {note}")
            used += len(note) + 2
    return "".join(pieces) + ")"


def _spellings(array: np.ndarray[Any, Any]) -> dict[Any, str]:
    """Return number → text, all of one width (so −0. and 0. are told apart by their bytes)."""
    shown = _edges(array) if array.size > SHOWN else array
    texts = {number.tobytes(): spelling(number, shown) for number in shown.ravel()}
    width = max(map(len, texts.values()), default=0)
    return {key: value.rjust(width) for key, value in texts.items()}


def _edges(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    for axis, length in enumerate(array.shape):
        if length > 2 * EDGE:
            array = np.take(array, [*range(EDGE), *range(length - EDGE, length)], axis)
    return array


def spelling(number: Any, array: np.ndarray[Any, Any]) -> str:
    """Return one number as it is written among the others: 4., 0.5000 or 1.0000e-05."""
    if array.dtype.kind != "f":
        return str(number)
    if not np.isfinite(number):
        return str(number)
    style = number_style(array)
    if style == "whole":
        return f"{number:.0f}."
    return f"{number:.{DECIMALS}{style}}"


def number_style(array: np.ndarray[Any, Any]) -> str:
    """Return "whole", "f" or "e": how PyTorch writes the numbers of an array."""
    sizes = np.abs(array[np.isfinite(array) & (array != 0)].astype(float))
    if not sizes.size:
        return "whole"
    ratio = sizes.max() / sizes.min()
    whole = bool(np.all(sizes == np.ceil(sizes)))
    if sizes.max() > 1e8 or ratio > 1000 or (not whole and sizes.min() < 1e-4):
        return "e"
    return "whole" if whole else "f"


def _block(array: Any, spellings: dict[Any, str], indent: int, shorten: bool) -> str:
    if array.ndim == 0:
        return spellings[array.tobytes()].strip()
    length = len(array)
    cut = shorten and length > 2 * EDGE
    rows = [*range(EDGE), *range(length - EDGE, length)] if cut else list(range(length))
    if array.ndim > 1:
        parts = [_block(array[row], spellings, indent + 1, shorten) for row in rows]
        parts[EDGE:EDGE] = ["..."] if cut else []
        return f"[{(',' + chr(10) * (array.ndim - 1) + ' ' * (indent + 1)).join(parts)}]"
    parts = [spellings[array[row].tobytes()] for row in rows]
    parts[EDGE:EDGE] = [" ..."] if cut else []
    width = len(spellings[array[0].tobytes()]) + 2 if length else 2
    line = max(1, (WIDTH - indent) // width)
    lines = [", ".join(parts[start : start + line]) for start in range(0, len(parts), line)]
    return f"[{(',' + chr(10) + ' ' * (indent + 1)).join(lines)}]"
