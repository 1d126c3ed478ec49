"""What a report's `repr` says: its parts in a line to be read, however many numbers they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from autodiff_cli.graph.bounded import readable
from autodiff_cli.graph.graph import Graph

#: Entries of a mapping and numbers of an array that are shown; characters of a formula.
MOST, LONGEST = 6, 80


def brief(report: Any) -> str:
    """Return `Name(part=…, part=…)` for a dataclass or named tuple, with long parts shortened."""
    named = getattr(report, "_fields", None)
    parts = named or [field.name for field in fields(report) if field.repr]
    shown = ", ".join(f"{name}={_text(getattr(report, name))}" for name in parts)
    return f"{type(report).__name__}({shown})"


def _text(part: Any) -> str:
    """Return a part of a report: a formula, a number, several, or those of each variable."""
    if isinstance(part, Graph):
        formulas = [readable(part, output, LONGEST) for output in part.outputs[:MOST]]
        return repr(", ".join(formulas)) if all(formulas) else repr(part)
    if isinstance(part, Mapping):
        entries = [f"{name!r}: {_text(value)}" for name, value in list(part.items())[:MOST]]
        return f"{{{', '.join([*entries, *_more(len(part))])}}}"
    if type(part) in (tuple, list):
        entries = [*map(_text, part[:MOST]), *_more(len(part))]
        return f"({', '.join(entries)}{',' * (len(entries) == 1)})"
    if hasattr(part, "ravel"):
        numbers = [repr(float(number)) for number in part.ravel()[:MOST]]
        return f"[{', '.join([*numbers, *_more(part.size)])}]"
    return repr(part)


def _more(count: int) -> list[str]:
    return [f"… {count - MOST:,} more"] if count > MOST else []
