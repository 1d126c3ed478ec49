"""What rows of very many are drawn by, and what makes one suspicious: columns of numbers."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.compiled import COMPILED_TO
from autodiff_cli.engine.conditions import STEPS, conditions
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.counting import Place
from autodiff_cli.ops import POWER, WHERE

#: A row stands near a kink or an edge of the domain up to this distance, or share of a larger one.
NEARNESS = 1e-6

#: The greatest key.
LAST = (1 << 64) - 1


def least(rows: Any, rank: Any, keys: Any, most: int) -> list[tuple[int, float]]:
    """Return of some rows those of the least rank, with it; of equal ranks those of least keys."""
    import numpy

    if len(rows) > most:
        edge = numpy.partition(rank, most - 1)[most - 1]
        below, level = numpy.flatnonzero(rank < edge), numpy.flatnonzero(rank == edge)
        left = most - len(below)
        if left < len(level):
            level = level[numpy.argpartition(keys[rows[level]], left - 1)[:left]]
        chosen = numpy.concatenate((below, level))
        rows, rank = rows[chosen], rank[chosen]
    order = numpy.lexsort((keys[rows], rank))
    return list(zip(rows[order].tolist(), rank[order].tolist(), strict=True))


def keys_of(seed: int, start: Place, size: int) -> Any:
    """Return a hash of the seed and the place of each row (SplitMix64, Steele et al., 2014)."""
    import numpy

    stream = _mixed(_mixed(seed) ^ start.piece)
    keys = numpy.arange(start.row, start.row + size, dtype=numpy.uint64) ^ numpy.uint64(stream)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        keys ^= keys >> numpy.uint64(shift)
        keys *= numpy.uint64(factor)
    return keys ^ (keys >> numpy.uint64(31))


def _mixed(number: int) -> int:
    """Return a hash of a whole number, as `_keys` makes it."""
    found = (number * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) & LAST
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        found = ((found ^ (found >> shift)) * factor) & LAST
    return found ^ (found >> 31)


def sensitivity_of(result: GradResult[Any]) -> Any:
    """Return by how many times its own share a share of the variables moves the value.

    The condition number of the formula in the sum's norm, Σ |x_i ∂f/∂x_i| / |f|; nan where 0/0 is.
    """
    import numpy

    with numpy.errstate(all="ignore"):
        moved = sum(abs(result.at[name] * slope) for name, slope in result.gradient.items())
        return moved / abs(result.value)


def nearest(result: GradResult[Any]) -> tuple[Any, Any]:
    """Return the rows that stand near a kink, a jump or an edge of a domain, and how near."""
    import numpy

    sides, terms = _sides(result.graph)
    if not terms:
        return numpy.zeros(0, dtype=int), numpy.zeros(0)
    found = numpy.full(len(result.value), numpy.inf)
    values = linearise(sides, result.at, ()).values
    with numpy.errstate(all="ignore"):
        for one, other in terms:
            first = values[one]
            second = numpy.rint(first) if other is None else values[other]
            largest = numpy.maximum(1.0, numpy.maximum(abs(first), abs(second)))
            numpy.fmin(found, abs(first - second) / largest, out=found)
    rows = numpy.flatnonzero(found <= NEARNESS)
    return rows, found[rows]


@lru_cache(maxsize=4)
def _sides(graph: Graph) -> tuple[Graph, tuple[tuple[int, int | None], ...]]:
    """Return a graph, and pairs of its nodes that meet where the formula breaks.

    The second is None where a node breaks at whole numbers.
    """
    if len(graph) > COMPILED_TO:
        return graph, ()
    found = conditions(graph, graph.variables)
    sides = found.graph
    terms: list[tuple[int, int | None]] = []
    for output, stepped, owners in zip(sides.outputs[1:], found.stepped, found.owners, strict=True):
        operands = sides.operands[output]
        whole = all(_whole_power(graph, owner) for owner in owners)
        made = {sides.operations[operand] for operand in operands}
        if whole or WHERE in made or STEPS & made:
            continue
        if not stepped:
            terms.append((operands[0], operands[1]))
        elif sides.operations[output].name != "sign":  # which has a condition of its own
            terms.append((operands[0], None))
    return sides, tuple(terms)


def _whole_power(graph: Graph, node: int) -> bool:
    """Tell whether a node is x², x³, …, which break nowhere."""
    if graph.operations[node] is not POWER:
        return False
    exponent = graph.constants.get(graph.operands[node][1])
    return exponent is not None and exponent.value >= 1 and exponent.value.is_integer()
