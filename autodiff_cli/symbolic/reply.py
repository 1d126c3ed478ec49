"""What the SymPy process answers: derivatives as formulas, and their values at the points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import sympy

from autodiff_cli.graph.graph import Graph
from autodiff_cli.symbolic import expression, wire
from autodiff_cli.symbolic.expression import Translation
from autodiff_cli.symbolic.numbers import Numbers
from autodiff_cli.symbolic.orders import Look, formulas, remarks
from autodiff_cli.symbolic.recomputation import Derived

#: Share of the budget after which no further number is looked into: what is known is answered.
SHARE = 0.85


def answer(request: dict[str, Any], clock: Callable[[], float]) -> dict[str, Any]:
    """Return the answer to one request, JSON in and out; `symbolic.question` documents both.

    Args:
        request: the question.
        clock: CPU seconds, as its budget is counted.
    """
    if request["kind"] == "operations":
        return _operations(request)
    if request["kind"] == "shorter":
        from autodiff_cli.symbolic import shorter

        return shorter.answer(request)
    return _derivatives(request, clock)


def _operations(request: dict[str, Any]) -> dict[str, Any]:
    graph = wire.decode(request["graph"], request["output"])
    translation = expression.translate(graph)
    places = [graph.variables.index(name) for name in request["wrt"]]
    slopes = [translation.derivative(request["output"], place) for place in places]
    return {"operations": operations(slopes)}


def _derivatives(request: dict[str, Any], clock: Callable[[], float]) -> dict[str, Any]:
    until = clock() + SHARE * request["seconds"]
    graph = wire.decode(request["graph"], request["output"])
    translation = expression.translate(graph)
    found = request["found"] or {"nodes": [], "repeated": []}
    nodes = [*request["nodes"], request["output"]]
    wanted = request["wrt"]
    numbers = Numbers(
        translation,
        request["points"],
        formulas=len(nodes) * (1 + len(wanted)) + len(request["repeated"]),
        exact=request["exact"],
        over=lambda: clock() >= until,
    )
    slopes = [
        {name: translation.derivative(node, graph.variables.index(name)) for name in wanted}
        for node in nodes
    ]
    series = _series(request, graph, translation, numbers, clock, until)
    repeated = [] if series is not None else _repeated(request, graph, translation)
    printed = [
        [
            (expression.text(slope), expression.latex(slope, translation.atoms))
            for slope in row.values()
        ]
        for row in slopes
    ]
    texts = {slope: expression.text(slope) for slope in repeated}
    records = []
    for place, (node, row) in enumerate(zip(nodes, slopes, strict=True)):
        mine = found["nodes"][place] if found["nodes"] else None
        derived = Derived(replace(graph, outputs=(node,)))
        records.append(
            {
                "value": numbers.judged(
                    translation.value(node), derived, (), mine and mine["value"]
                ),
                "derivatives": {
                    name: {"text": text, "latex": latex}
                    | numbers.judged(slope, derived, (name,), mine and mine["slopes"].get(name))
                    for (name, slope), (text, latex) in zip(
                        row.items(), printed[place], strict=True
                    )
                },
            }
        )
    direction = request["direction"] and dict(
        zip(graph.variables, request["direction"], strict=True)
    )
    derived = Derived(graph, direction)
    further = series or [
        {"text": texts[slope]}
        | numbers.judged(
            slope, derived, tuple(path), found["repeated"][k] if found["repeated"] else None
        )
        for k, (path, slope) in enumerate(zip(request["repeated"], repeated, strict=True))
    ]
    return {
        "nodes": records,
        "repeated": further,
        "remarks": [*translation.remarks, *numbers.remarks(), *remarks(series or [])],
        "operations": operations(list(slopes[-1].values())) if request["count"] else None,
    }


def _series(
    request: dict[str, Any],
    graph: Graph,
    translation: Translation,
    numbers: Numbers,
    clock: Callable[[], float],
    until: float,
) -> list[dict[str, Any]] | None:
    """Return derivatives that were found by series at one point; None where others are asked for.

    What SymPy has no time to differentiate in one variable is held against differences of the
    value.
    """
    paths, found = [tuple(path) for path in request["repeated"]], request["found"]
    if not request["orders"] or not found or len(request["points"]) != 1 or not paths:
        return None
    texts: list[str] = []
    values: list[str | None] = []
    places = [[graph.variables.index(name) for name in path] for path in paths]
    for formula in formulas(translation, request["output"], places, clock, request["seconds"]):
        texts.append(expression.text(formula))
        values += numbers.judged(formula, Derived(graph), (), None)["values"]
    beside = [row[0] for row in found["repeated"]]
    one = Look(graph, request["points"][0], paths, beside, lambda: clock() >= until)
    if len(texts) < len(paths):
        values += one.differences()[len(texts) :]
        texts += [""] * (len(paths) - len(texts))
    return [
        {"text": text} | one.judged(place, value)
        for place, (text, value) in enumerate(zip(texts, values, strict=True))
    ]


def _repeated(request: dict[str, Any], graph: Graph, translation: Translation) -> list[Any]:
    """Return the derivatives of derivatives that a request asks for.

    The order of differentiation does not matter to SymPy: half a symmetric matrix is enough.
    """
    places = {name: place for place, name in enumerate(graph.variables)}
    node, direction = request["output"], request["direction"]
    found: dict[tuple[str, ...], Any] = {}
    for path in request["repeated"]:
        key = tuple(sorted(path))
        if key not in found:
            variables = [places[name] for name in key]
            found[key] = translation.repeated(node, variables, direction)
    return [found[tuple(sorted(path))] for path in request["repeated"]]


def operations(formulas: Sequence[Any]) -> list[int]:
    """Return the operations of the derivatives, written out and with common parts shared."""
    before = sum(int(sympy.count_ops(formula)) for formula in formulas)
    parts, reduced = sympy.cse(list(formulas))
    shared = [part for _, part in parts] + list(reduced)
    return [before, sum(int(sympy.count_ops(part)) for part in shared)]
