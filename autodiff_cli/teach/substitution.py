"""Numbers of the point in a student's expression, read as the names that they stand for."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from autodiff_cli.graph.graph import Builder
from autodiff_cli.ops import NEGATE
from autodiff_cli.teach.naming import Names
from autodiff_cli.teach.own import Sweeps
from autodiff_cli.teach.quantity import Expression, Quantity
from autodiff_cli.teach.typed import Typed, typed

#: Numbers in an expression that may be values of the point, put in for names.
MOST_NUMBERS = 5


def readings(side: Expression, names: Names, truth: Sweeps) -> Iterator[Expression]:
    """Yield an expression, then with values of the point in it as the names that they are.

    In dw2 = 3·4^2 the 4 may be x: then it is right everywhere, and not here alone.

    Args:
        side: the expression.
        names: what has a name.
        truth: the right numbers, first those of the point.
    """
    yield side
    if side.graph is None:
        return
    known = [Quantity(node) for node in names.spelled]
    known += [Quantity(n, k) for n, edges in truth.edges().items() for k, _ in edges]
    values = {one: float(truth.quantity(one)[0]) for one in dict.fromkeys(known)}
    choices: list[list[tuple[int, Quantity, bool] | None]] = []
    for place, constant in side.graph.constants.items():
        number = typed(side.graph.spellings.get(place) or constant.spelling)
        found = [
            (place, one, opposite)
            for one, value in values.items()
            for opposite in (False, True)
            if isinstance(number, Typed) and value and _is(number, -value if opposite else value)
        ]
        if found:
            choices.append([None, *found[:3]])
    for chosen in itertools.islice(itertools.product(*choices[:MOST_NUMBERS]), 1, 64):
        yield _named(side, [one for one in chosen if one is not None])


def _is(number: Typed, value: float) -> bool:
    """Tell whether a number in an expression is a value: whole ones are not rounded."""
    return number.is_like(value) and (number.unit < 1 or math.isclose(number.value, value))


def _named(side: Expression, named: Sequence[tuple[int, Quantity, bool]]) -> Expression:
    """Return an expression with quantities in place of some of its constants.

    Args:
        side: the expression.
        named: which constants, the quantity of each, and whether it is the opposite of that.
    """
    assert side.graph is not None
    graph, quantities = side.graph, dict(side.quantities)
    stand: dict[int, tuple[str, bool]] = {}
    for place, quantity, opposite in named:
        name = next((n for n, q in quantities.items() if q == quantity), f"N{len(quantities)}")
        quantities[name] = quantity
        stand[place] = name, opposite
    variables = [*graph.variables]
    variables += [n for n in dict.fromkeys(n for n, _ in stand.values()) if n not in variables]
    builder = Builder(variables)
    places: dict[int, int] = {k: k for k in range(len(graph.variables))}
    for index in range(len(graph.variables), len(graph)):
        if index in stand:
            name, opposite = stand[index]
            place = variables.index(name)
            places[index] = builder.apply(NEGATE, (place,)) if opposite else place
        else:
            places[index] = builder.copy(graph, index, places)
    made = builder.graph([places[graph.outputs[0]]])
    return Expression(text=side.text, graph=made, quantities=quantities, spans=side.spans)
