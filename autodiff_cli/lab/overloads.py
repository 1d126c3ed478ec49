"""What PyTorch calls a recorded operation: SinBackward0, SumBackward1, MmBackward0.

The number is that of the overload. Where PyTorch makes several nodes of what is one here, it is the
last's; an operation that is recorded in its parts here has their names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autodiff_cli.ops.shapes import Shape

#: Where PyTorch's name for an operation is not the table's.
NAMES = {
    "multiply": "mul", "subtract": "sub", "divide": "div", "power": "pow", "negate": "neg",
    "ln": "log", "log1p": "log1P", "max": "maximum", "min": "minimum", "mod": "remainder",
    "reshape": "view", "convert": "toCopy",
}  # fmt: skip

#: Matrix products by the number of axes of their operands.
PRODUCTS = {(1, 1): "Dot", (2, 1): "Mv", (2, 2): "Mm"}


def node_name(
    name: str,
    parameters: Mapping[str, Any],
    shapes: Sequence[Shape],
    plain: Sequence[Any] | None,
) -> str:
    """Return PyTorch's name of an operation's node.

    Args:
        name: the row's name.
        parameters: a linear map's axes, shapes or key.
        shapes: shape of each operand.
        plain: for each operand the Python number that it is, or None; None where none is.
    """
    title, overload = NAMES.get(name, name), 0
    first_is_number = plain is not None and plain[0] is not None
    if name == "matmul":
        title = PRODUCTS.get((len(shapes[0]), len(shapes[1])), title)
    elif name == "index":
        title = _index(parameters["key"])
    elif name in ("sum", "mean"):
        overload = int(parameters["axis"] is not None)
    elif name == "power":
        overload = 2 if first_is_number else int(plain is None)
    elif name == "subtract" and first_is_number:
        title, overload = "rsub", 1
    return f"{title[0].upper()}{title[1:]}Backward{overload}"


def _index(key: Any) -> str:
    """Return what PyTorch makes last of a[key]: a whole slice makes nothing."""
    parts = key if isinstance(key, tuple) else (key,)
    kinds = [kind for kind in map(_part, parts) if kind]
    if "index" in kinds:
        return "index"
    return kinds[-1] if kinds else "alias"


def _part(part: Any) -> str:
    if part is None:
        return "unsqueeze"
    if part is ...:
        return ""
    if isinstance(part, slice):
        return "" if part == slice(None) else "slice"
    return "select" if isinstance(part, int) else "index"
