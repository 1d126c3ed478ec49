"""What a row of the second family holds: a linear map of arrays, and its transpose.

A linear map is its own derivative, so reverse mode applies its transpose, and that is again a
map of this family.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

Shape = tuple[int, ...]
Do = Callable[..., Any]

#: (do, adjoint, place) → the operand's adjoint.
Transpose = Callable[..., Any]

#: From a tensor to a part of its memory: views, each a map and its parameters.
Path = tuple[tuple["LinearMap", Mapping[str, Any]], ...]


class Place(NamedTuple):
    """Where a map stands: what its transpose may need to know.

    Attributes:
        shapes: shape of each operand.
        dtype: type of the operands' numbers.
        parameters: the map's parameters by name.
        values: "a" or "b" → the operand's value, for maps that are linear in each of two operands.
    """

    shapes: tuple[Shape, ...]
    dtype: Any
    parameters: Mapping[str, Any] = {}
    values: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LinearMap:
    """One shape operation. Rows are compared by identity.

    Attributes:
        name: identifier.
        value: NumPy function of the operands and the parameters.
        transposes: for each operand a function (do, adjoint, place) → the operand's adjoint.
        summary: what it is, a phrase for a student.
        keeps: for each operand the letters of the operands whose values its transpose needs.
        keeps_key: True where the transpose needs the key or path even if it is a plain slice.
        variadic: any number of operands; the one transpose takes the operand's position, last.
    """

    name: str
    value: Callable[..., Any]
    transposes: tuple[Transpose, ...]
    summary: str
    keeps: tuple[str, ...] = ("",)
    keeps_key: bool = False
    variadic: bool = False

    def transpose(self, position: int) -> Transpose:
        """Return the function (do, adjoint, place) → the adjoint of one operand."""
        if self.variadic:
            return partial(self.transposes[0], position=position)
        return self.transposes[position]

    def saves(self, position: int, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """Return what must be kept for the transpose of one operand: "a", "b" or "key"."""
        letters = () if self.variadic else tuple(self.keeps[position])
        if "key" in parameters:
            key = parameters["key"]
            parts = key if isinstance(key, tuple) else (key,)
            kept = any([hasattr(part, "dtype") for part in parts])  # noqa: C419 (a list is quicker)
            return (*letters, "key") if kept else letters
        return (*letters, "key") if self.keeps_key else letters
