"""Numbers as the contract of `--json` has them: strict JSON, nan and infinities as strings."""

from __future__ import annotations

import json
import math
from typing import Any


def dumps(value: Any) -> str:
    """Return one JSON object and a newline: strict JSON, ASCII only, numbers whole."""
    return json.dumps(numbers(value), allow_nan=False) + "\n"


def numbers(value: Any) -> Any:
    """Return a value with arrays as lists and non-finite floats as the strings of the contract."""
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if isinstance(value, dict):
        return {key: numbers(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [numbers(item) for item in value]
    if hasattr(value, "tolist"):
        return numbers(value.tolist())
    return value
