"""What the SymPy process answers: derivatives as formulas, and their values at the points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy

from autodiff_cli.graph.graph import Graph
from autodiff_cli.symbolic import expression, wire
from autodiff_cli.symbolic.evaluation import evaluate
from autodiff_cli.symbolic.expression import Translation

#: Points of which each is worth a 30-digit evaluation where the vectorised one has no number.
EXACT_POINTS = 200


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to one request, JSON in and out; `symbolic.question` documents both."""
    return _operations(request) if request["kind"] == "operations" else _derivatives(request)


def _operations(request: dict[str, Any]) -> dict[str, Any]:
    graph = wire.decode(request["graph"], request["output"])
    translation = expression.translate(graph)
    places = [graph.variables.index(name) for name in request["wrt"]]
    slopes = [translation.derivative(request["output"], place) for place in places]
    return {"operations": operations(slopes)}


def _derivatives(request: dict[str, Any]) -> dict[str, Any]:
    graph = wire.decode(request["graph"], request["output"])
    points: list[list[float]] = request["points"]
    translation = expression.translate(graph)
    wanted, exact = request["wrt"], request["exact"]
    result: dict[str, Any] = {"nodes": []}
    for node in [*request["nodes"], request["output"]]:
        found = {name: translation.derivative(node, graph.variables.index(name)) for name in wanted}
        record = {
            "values": numbers(translation, translation.value(node), points, exact),
            "derivatives": {
                name: {
                    "text": expression.text(slope),
                    "latex": expression.latex(slope, translation.atoms),
                    "values": numbers(translation, slope, points, exact),
                }
                for name, slope in found.items()
            },
        }
        result["nodes"].append(record)
    result["repeated"] = [
        {"text": expression.text(slope), "values": numbers(translation, slope, points, exact)}
        for slope in _repeated(request, graph, translation)
    ]
    result["remarks"] = list(translation.remarks)
    result["operations"] = operations(list(found.values())) if request["count"] else None
    return result


def _repeated(request: dict[str, Any], graph: Graph, translation: Translation) -> list[Any]:
    """Return the derivatives of derivatives that a request asks for."""
    places = {name: place for place, name in enumerate(graph.variables)}
    node, direction = request["output"], request["direction"]
    return [
        translation.repeated(node, [places[name] for name in path], direction)
        for path in request["repeated"]
    ]


def numbers(
    translation: Translation, formula: Any, points: Sequence[Sequence[float]], exact: bool = False
) -> list[str | None]:
    """Return the values of an expression: 30 digits, or float64 at several unless `exact`."""
    if exact or len(points) == 1:
        return [_exact(translation, formula, point) for point in points]
    if not points:
        return []
    from autodiff_cli.symbolic import vectors  # loads NumPy, which one point does not need

    try:
        rows = vectors.evaluate(formula, translation, points)
    except (MemoryError, RecursionError):
        raise
    except Exception:  # whatever NumPy cannot express is evaluated point by point
        return [_exact(translation, formula, point) for point in points]
    values: list[str | None] = []
    spent = 0
    for row, point in zip(rows.tolist(), points, strict=True):
        if math.isfinite(row):
            values.append(repr(row))
        elif spent < EXACT_POINTS:
            spent += 1
            values.append(_exact(translation, formula, point))
        else:
            values.append("nan" if math.isnan(row) else "huge")
    return values


def _exact(translation: Translation, formula: Any, point: Sequence[float]) -> str | None:
    if not all(map(math.isfinite, point)):
        return None
    at = dict(zip(translation.symbols, map(Fraction, point), strict=True))
    return evaluate(formula, at | translation.atoms)


def operations(formulas: list[Any]) -> list[int]:
    """Return the operations of the derivatives, written out and with common parts shared."""
    before = sum(int(sympy.count_ops(formula)) for formula in formulas)
    parts, reduced = sympy.cse(formulas)
    shared = [part for _, part in parts] + list(reduced)
    return [before, sum(int(sympy.count_ops(part)) for part in shared)]
