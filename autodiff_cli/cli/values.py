"""The text of a value: an expression without variables, a list, or a generator of one."""

from __future__ import annotations

import math
import re

from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.point import Numbers
from autodiff_cli.errors import AutodiffError, VariableError, shortened
from autodiff_cli.language.parser import read
from autodiff_cli.limits import exceeded, limit

#: Decimals that are read at once: there may be a value for each of ten thousand variables.
_PLAIN = re.compile(r"-?[1-9][0-9]{0,14}(\.[0-9]{1,15})?|-?0\.[0-9]{0,14}[1-9]")


def numbers(name: str, text: str, seed: int | None = None) -> Numbers:
    """Return the value or values that `text` gives to the variable `name`.

    Args:
        name: the variable, for errors.
        text: `4`, `-pi/2`, `1,2,3`, `linspace(a, b, n)` or `uniform(a, b, n)`.
        seed: makes `uniform` repeatable.

    Raises:
        AutodiffError: the text is not a value; a list is empty or too long.
    """
    head, bracket, rest = text.strip().partition("(")
    if bracket and head.strip() in ("linspace", "uniform") and rest.endswith(")"):
        return _generated(name, head.strip(), split(rest[:-1]), seed)
    parts = split(text)
    if len(parts) > limit("rows"):
        raise exceeded("rows")
    if len(parts) == 1:
        return number(name, text)
    return [number(name, part) for part in parts]


def split(text: str) -> list[str]:
    """Split a text at its commas outside of brackets."""
    parts, depth, start = [], 0, 0
    for place, char in enumerate(text):
        if char in "()":
            depth += 1 if char == "(" else -1
        elif char == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


def number(name: str, text: str) -> float:
    """Return the finite number that an expression without variables stands for."""
    if text.isascii() and text.isdecimal() and len(text) < 300:
        return float(text)
    if _PLAIN.fullmatch(text):
        return float(text)
    return _computed(name, text)


def _computed(name: str, text: str) -> float:
    shown = shortened(text.strip())
    if not text.strip():
        raise VariableError(f"{name} has no value", mend=f"write --{name} 4")
    try:
        graph = read([text]).graph
    except AutodiffError as error:
        message = f"the value of {name}, '{shown}', cannot be read: {error.message}"
        raise VariableError(message, mend=error.mend) from None
    if graph.variables:
        message = f"the value of {name}, '{shown}', has the variable '{graph.variables[0]}'"
        raise VariableError(message, mend="write a number, such as 4 or -pi/2")
    value = float(linearise(graph, {}).values[graph.outputs[0]])
    if not math.isfinite(value):
        raise VariableError(f"the value of {name}, '{shown}', is {value}, not a finite number")
    return value


def _generated(name: str, kind: str, parts: list[str], seed: int | None) -> list[float]:
    if len(parts) != 3:
        mend = f"write {kind}(0, 1, 5): from, to, how many"
        raise VariableError(f"{kind} takes three numbers, not {len(parts)}", mend=mend)
    start, end, many = (number(name, part) for part in parts)
    if many != int(many) or many < 1:
        raise VariableError(f"{kind} makes a whole number of values, not {many:g}")
    if many > limit("rows"):
        raise exceeded("rows")
    if not math.isfinite(end - start):
        raise VariableError(f"{kind} spans more than the range of float64")
    count = int(many)
    if kind == "uniform":
        import random

        # Each variable has draws of its own: with equal ones x and y would lie on a line.
        generator = random.Random(None if seed is None else f"{name} {seed}")
        return [generator.uniform(start, end) for _ in range(count)]
    if count == 1:
        return [start]
    step = (end - start) / (count - 1)
    return [*[start + step * k for k in range(count - 1)], end]
