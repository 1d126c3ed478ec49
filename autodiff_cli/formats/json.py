"""Numbers as the contract of `--json` has them: strict JSON, nan and infinities as strings."""

from __future__ import annotations

import json
import math
from typing import Any


def dumps(value: Any) -> str:
    """Return one JSON object and a newline: strict JSON, ASCII only, numbers whole."""
    return json.dumps(numbers(value), allow_nan=False) + "\n"


def numbers(value: Any) -> Any:
    """Return a value with arrays as lists and non-finite floats as the strings of the contract.

    Without recursion: the steps of a derivation stand inside each other, hundreds deep.
    """
    whole = [value]
    todo: list[tuple[Any, Any]] = [(whole, 0)]
    while todo:
        holder, key = todo.pop()
        found = holder[key] = _number(holder[key])
        if isinstance(found, dict):
            todo += [(found, name) for name, item in found.items() if not _as_is(item)]
        elif isinstance(found, list):
            todo += [(found, place) for place, item in enumerate(found) if not _as_is(item)]
    return whole[0]


def _as_is(value: Any) -> bool:
    """Tell whether a value is JSON already."""
    return math.isfinite(value) if type(value) is float else type(value) in (str, int, bool)


def _number(value: Any) -> Any:
    """Return a number as the contract has it; a container as a new one, not yet looked into."""
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if hasattr(value, "tolist"):
        return _number(value.tolist())
    if isinstance(value, dict):
        return dict(value)
    return list(value) if isinstance(value, (list, tuple)) else value
