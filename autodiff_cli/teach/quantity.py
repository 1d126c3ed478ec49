"""What a line of a student's is about, and what it says: quantities, and expressions over them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from autodiff_cli.engine.linearise import linearise, quiet, value_at
from autodiff_cli.engine.reverse import gradient
from autodiff_cli.graph.graph import Graph
from autodiff_cli.teach.typed import Typed

#: In place of a variable: all tangents along one direction.
DIRECTION = -1

#: In place of a variable, where a prime is written for a bar: v5' = 1 is the seed of the reverse
#: sweep.
BACK = -2


class Quantity(NamedTuple):
    """A value, or a derivative.

    Attributes:
        of: the node whose value, or derivative, it is.
        by: the node by which; None for the value; DIRECTION for a tangent along a direction.
        back: whether it was written as an adjoint.
    """

    of: int
    by: int | None = None
    back: bool = False


class Written(NamedTuple):
    """A quantity as it was written, with names.

    Attributes:
        of, by: the names; `by` is None for a value, "" for a tangent without a variable.
        back: whether it is an adjoint: then `of` is "" and stands for the result.
        start, end: where it stands in the text.
    """

    of: str
    by: str | None
    back: bool
    start: int
    end: int


def key(name: str) -> str:
    """Return a name without what only sets it: w_2, w_{2} and w2 are one."""
    return re.sub(r"[_{}\u0300-\u036f]", "", name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """One side of an equation.

    Attributes:
        text: as it was typed.
        number: the number with its digits, where it is one.
        graph: the formula over its names, where it has some.
        quantities: name in the graph → what it stands for.
        spans: the same, with where each stands in the text.
    """

    text: str
    number: Typed | None = None
    graph: Graph | None = None
    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    spans: tuple[tuple[Quantity, int, int], ...] = ()

    def evaluated(self, given: Mapping[Quantity, Any]) -> Any:
        """Return its numbers, from numbers or arrays for its quantities."""
        if self.graph is None:
            return self.number.value if self.number is not None else float("nan")
        at = {name: given[self.quantities[name]] for name in self.graph.variables}
        with quiet(*at.values()):
            return value_at(self.graph, at)

    def partials(self, given: Mapping[Quantity, Any]) -> dict[Quantity, Any]:
        """Return its derivative by each of its quantities."""
        if self.graph is None:
            return {}
        at = {name: given[self.quantities[name]] for name in self.graph.variables}
        with quiet(*at.values()):
            slopes = gradient(linearise(self.graph, at))
        found: dict[Quantity, Any] = {}
        for name, slope in slopes.items():
            quantity = self.quantities[name]
            found[quantity] = found.get(quantity, 0.0) + slope
        return found
