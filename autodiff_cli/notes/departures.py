"""Where an answer departs from plain calculus, said at the node that causes it.

A kink, a point outside the real domain, an infinite slope, 0·inf and overflow are told apart by
the conditions in the operation table; no nan is left without its reason.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container, Iterator, Sequence
from functools import partial, reduce
from operator import and_, or_
from typing import Any

from autodiff_cli.engine import rules
from autodiff_cli.engine.linearise import Linearisation, Value, quiet
from autodiff_cli.graph.graph import CONSTANT, Graph
from autodiff_cli.graph.printer import PROGRAM, expression
from autodiff_cli.notes.note import AT_A_KINK, Note
from autodiff_cli.ops import POWER, WHERE
from autodiff_cli.ops.row import COMPARISON, OPERANDS, Kink, words


def departures(
    linearisation: Linearisation, adjoints: Sequence[Value | None] | None = None
) -> tuple[Note, ...]:
    """Return the notes of an answer, in the order of the nodes.

    Args:
        linearisation: the graph at a point, or at several.
        adjoints: the adjoints of a reverse sweep, to find 0·inf.
    """
    names: dict[int, str] = {}
    notes = []
    for index, finding in findings(linearisation, adjoints):
        where = found_at(finding[1])
        if where is not None:
            names = names or linearisation.graph.named()
            said = note(linearisation.graph, names, index, finding)
            notes.append(said._replace(text=f"{said.text}{at_points(*where)}"))
    return tuple(notes)


def note(graph: Graph, names: dict[int, str], index: int, finding: Finding) -> Note:
    """Return what is said of a departure, but not at how many points it holds."""
    kind, _, text = finding
    shown = expression(graph, index, PROGRAM, names)
    step = graph.names.get(index)
    place = " = ".join(filter(None, (step, names.get(index), shown)))
    said = text if isinstance(text, str) else text(names)
    return Note(names.get(index), kind, f"{place}: {said}")


def marks(
    linearisation: Linearisation, adjoints: Sequence[Value | None]
) -> tuple[bool | Any, bool | Any]:
    """Tell whether (or at which points) a node stands at its kink, and whether one overflows."""
    kink: Any = False
    overflow: Any = False
    for _, (kind, test, _) in findings(linearisation, adjoints):
        if kind in AT_A_KINK:
            kink = kink | test
        elif kind == "overflow":
            overflow = overflow | test
    return kink, overflow


def findings(
    linearisation: Linearisation, adjoints: Sequence[Value | None] | None
) -> Iterator[tuple[int, Finding]]:
    """Yield each node with each departure that its operation knows of, ordinary nodes aside."""
    graph = linearisation.graph
    for index in range(len(graph.variables), len(graph)):
        if graph.operations[index] is CONSTANT:
            continue
        if not _ordinary(linearisation, index, adjoints):
            with quiet(linearisation.values[index]):
                found = [*_own(linearisation, index), *_products(linearisation, index, adjoints)]
            for finding in found:
                yield index, finding


def _ordinary(
    linearisation: Linearisation, index: int, adjoints: Sequence[Value | None] | None
) -> bool:
    """Tell quickly, of nearly all nodes of a long formula, that none of the departures holds."""
    operation = linearisation.graph.operations[index]
    if operation is POWER:
        exponent = linearisation.graph.constants.get(linearisation.graph.operands[index][1])
        if exponent is None or exponent.value < 1 or not exponent.value.is_integer():
            return False
    elif operation.domain or operation.kinks or operation is WHERE:
        return False
    numbers = [linearisation.values[index], *linearisation.partials[index]]
    if adjoints is not None:
        numbers.append(adjoints[index])
    for number in numbers:
        if type(number) is float:
            if not math.isfinite(number):
                return False
        elif not (number is None or number is rules.BLOCKED or _finite_everywhere(number)):
            return False
    return True


def _finite_everywhere(numbers: Any) -> bool:
    """Tell whether these are numbers of points, each of them finite or on a blocked edge."""
    blocked = getattr(numbers, "mask", False)
    numbers = getattr(numbers, "partial", numbers)
    if not hasattr(numbers, "shape"):
        return False
    if numbers.size == 1:  # a file with one row
        return bool(blocked) or math.isfinite(numbers.item())
    import numpy

    return bool((blocked | numpy.isfinite(numbers)).all())


#: A kind of departure, whether (or at which points) it holds, and its text, or what makes the
#: text from the labels of the nodes when it is needed.
Finding = tuple[str, Any, str | Callable[[dict[int, str]], str]]


def _own(linearisation: Linearisation, index: int) -> Iterator[Finding]:
    """Yield what the table knows of a node: its domain, overflow, its kinks, its slopes."""
    graph, values = linearisation.graph, linearisation.values
    operation, operands = graph.operations[index], graph.operands[index]
    arguments = [values[operand] for operand in operands]
    point = [*arguments, *[0.0] * (len(OPERANDS) - len(arguments))][: len(OPERANDS)]
    point.append(values[index])
    outside: Any = False
    if operation.domain:
        outside = _not(holds(operation.domain, point))
        yield "domain", outside, partial(_outside, linearisation, index)
    if operation.precedence == COMPARISON:
        return
    regular = _not(outside) & reduce(and_, map(_finite, arguments), True)
    yield "overflow", _infinite(values[index]) & regular, OVERFLOW
    if not linearisation.active[index]:
        return
    for kink in operation.kinks:
        if kink.operand is None or linearisation.active[operands[kink.operand]]:
            here = holds(kink.condition, point) & _not(outside)
            regular = regular & _not(here)
            yield kink.kind, here, partial(_convention, linearisation, index, kink)
    if operation is WHERE and linearisation.active[operands[0]]:
        left, right = (values[operand] for operand in graph.operands[operands[0]])
        tie = left == right
        if found_at(tie) and not _moves(linearisation, operands[0]):
            tie = tie & False
        yield "kink", tie, BOUNDARY
    slopes = [_nan(slope) for slope in _slopes(linearisation, index)]
    unknown = reduce(or_, slopes, False) & regular & _not(_nan(values[index]))
    yield "domain", unknown, NO_SLOPE
    steep = [_infinite(slope) for slope in _slopes(linearisation, index)]
    yield "overflow", reduce(or_, steep, False) & regular & _finite(values[index]), STEEP


def _moves(linearisation: Linearisation, condition: int) -> bool:
    """Tell whether a side of a condition changes beside a point: floor(x) and sign(x) do not."""
    graph = linearisation.graph
    flat = _Flat(graph)
    sides = [node for node in graph.operands[condition] if node not in flat]
    wanted = frozenset(linearisation.wrt)
    below = graph.below(sides, stop=flat)
    return any(graph.variables[k] in wanted for k in below if k < len(graph.variables))


class _Flat(Container[int]):
    """The nodes of a graph that are steps: their slope is a 0 that blocks the edge."""

    def __init__(self, graph: Graph) -> None:
        self._operations = graph.operations

    def __contains__(self, node: object) -> bool:
        return isinstance(node, int) and self._operations[node].rules == ("0",)


OVERFLOW = "beyond the range of float64 (about 1.8e308)"
STEEP = "its slope is beyond the range of float64 (about 1.8e308)"
BOUNDARY = (
    "the two sides of the condition are equal; the slope of the branch taken is used "
    "(PyTorch, JAX and SymPy take it too)"
)
NO_SLOPE = (
    "it has a value, but one of its slopes is no real number (PyTorch and JAX have nan too; "
    "SymPy goes on with complex numbers)"
)
PRODUCT = (
    "0 times infinity is nan: the adjoint times the slope (PyTorch and JAX multiply likewise; "
    "SymPy may have a number, where it simplifies first)"
)


def _slopes(linearisation: Linearisation, index: int) -> list[Value]:
    """Return the numbers on the edges of a node that are not blocked altogether."""
    return [
        getattr(slope, "partial", slope)
        for slope in linearisation.partials[index]
        if slope is not None and slope is not rules.BLOCKED
    ]


def _products(
    linearisation: Linearisation, index: int, adjoints: Sequence[Value | None] | None
) -> Iterator[Finding]:
    """Yield whether an adjoint of 0 meets an infinite partial on an edge, or the reverse."""
    adjoint = adjoints[index] if adjoints is not None else None
    if adjoint is None:
        return
    found: Any = False
    for slope in linearisation.partials[index]:
        if slope is not None and slope is not rules.BLOCKED:
            found = found | (_nan(adjoint * slope) & _not(_nan(getattr(slope, "partial", slope))))
    yield "zero-times-infinity", found & _not(_nan(adjoint)), PRODUCT


def _operands(graph: Graph, index: int, names: dict[int, str]) -> dict[str, str]:
    """Return a, b, c → label of that operand, or its text where it has no variable."""
    return {
        letter: names.get(operand) or expression(graph, operand)
        for letter, operand in zip(OPERANDS, graph.operands[index], strict=False)
    }


def _convention(linearisation: Linearisation, index: int, kink: Kink, names: dict[int, str]) -> str:
    """Say what is used at a kink, over the node's own operands, and what others use."""
    return kink.said(_operands(linearisation.graph, index, names))


def _outside(linearisation: Linearisation, index: int, names: dict[int, str]) -> str:
    """Say what a real value needs, over the node's own operands, and what they are."""
    graph, values = linearisation.graph, linearisation.values
    operation, operands = graph.operations[index], graph.operands[index]
    labels = _operands(graph, index, names)
    domain = words(operation.domain_text or operation.domain)
    needs = re.sub(r"\b[abc]\b", lambda match: labels[match[0]], domain)
    given = [
        f"{labels[letter]} = {values[operand]:.17g}"
        for letter, operand in zip(OPERANDS, operands, strict=False)
        if graph.dependent[operand] and not hasattr(values[operand], "shape")
    ]
    here = f", and {' and '.join(dict.fromkeys(given))}" if given else ""
    others = f" ({operation.outside})" if operation.outside else ""
    return f"a real value needs {needs}{here}{others}"


def holds(text: str, point: list[Value]) -> Any:
    """Tell whether (or at which points) a condition of the table holds at (a, b, c, y)."""
    if any(hasattr(value, "shape") for value in point):
        from autodiff_cli.engine import arrays

        return arrays.condition(text)(*point)
    return bool(rules.condition(text)(*point))


def found_at(test: Any) -> tuple[int, int, int] | None:
    """Return at how many of how many points a test holds, and the first; None where at none.

    The points are 0 where it is a property of the formula, or there is one point only.
    """
    if not hasattr(test, "shape") or test.shape == ():
        return (0, 0, 0) if test else None
    flat = test.ravel()
    found = int(flat.sum())
    return (found, flat.size, int(flat.argmax())) if found else None


def at_points(found: int, points: int, first: int) -> str:
    """Say at how many points something holds; `first` counts from 0."""
    if not points:
        return ""
    return f" (at {found} of {points} points, first the point number {first + 1})"


def _per_point(scalar: Callable[[float], bool], array: str) -> Callable[[Value], Any]:
    """Return a test of a float, or of each point of an array by a NumPy function."""

    def test(value: Value) -> Any:
        if hasattr(value, "shape"):
            import numpy

            return getattr(numpy, array)(value)
        return scalar(value)

    return test


_nan = _per_point(math.isnan, "isnan")
_infinite = _per_point(math.isinf, "isinf")
_finite = _per_point(math.isfinite, "isfinite")


def _not(test: Any) -> Any:
    return ~test if hasattr(test, "shape") else not test
