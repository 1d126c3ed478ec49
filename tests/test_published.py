"""Examples that books, lectures and programs print, typed in their own steps and names.

`published.json` holds for each its source, the text as typed, the point, and the numbers printed:
of the value, of the gradient, and of the steps under the source's names. A number is text, and is
right if ours rounds to it; with `=` it is a formula, and ours is that number.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from autodiff_cli import trace
from autodiff_cli.answers.trace import Trace
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.language.parser import read

EXAMPLES = json.loads(Path(__file__).with_name("published.json").read_text(encoding="utf-8"))


def number(text: str) -> float:
    """Return the number of a formula without variables."""
    graph = read([text.lstrip("=").replace("E**", "e**")]).graph
    return float(linearise(graph, {}).values[graph.outputs[0]])


def is_printed(found: float, printed: str) -> bool:
    """Tell whether a number is the one printed, as far as its digits go."""
    if printed.startswith("="):
        return math.isclose(found, number(printed), rel_tol=1e-12, abs_tol=1e-12)
    digits = printed.lower().partition("e")[0].partition(".")[2]
    exponent = int(printed.lower().partition("e")[2] or 0)
    unit = 10.0 ** (exponent - len(digits))
    return abs(found - float(printed)) <= max(unit, abs(found) * 1e-15)  # some sources cut digits


def nodes(record: Trace) -> dict[str, Any]:
    """Return name → row of the trace: the steps, the formula and the variables."""
    graph = record.graph
    rows = {step.node: step for step in record.steps}
    named = {name: rows[node] for node, name in graph.names.items() if node in rows}
    named |= {name: rows[place] for place, name in enumerate(graph.variables)}
    if graph.titles:
        named.setdefault(graph.titles[0], rows[graph.outputs[0]])
    return named


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_an_example_has_the_numbers_and_the_names_of_its_source(example: dict[str, Any]) -> None:
    at = {name: number(text) for name, text in example["at"].items()}
    record = trace(example["text"], at)
    if example.get("value") is not None:
        assert is_printed(record.value, example["value"]), record.value
    for name, printed in (example.get("gradient") or {}).items():
        assert is_printed(record.gradient[name], printed), (name, record.gradient[name])
    rows = nodes(record)
    for name, printed in (example.get("steps") or {}).items():
        row = rows[name]
        if "value" in printed:
            assert is_printed(row.value, printed["value"]), (name, row.value)
        if "adjoint" in printed:
            assert is_printed(row.adjoint, printed["adjoint"]), (name, row.adjoint)
        for variable, tangent in printed.get("tangent", {}).items():
            assert is_printed(row.tangents[variable], tangent), (name, variable, row.tangents)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_an_example_reads_back_with_its_names(example: dict[str, Any]) -> None:
    graph = read([example["text"]]).graph
    again = read([str(graph)]).graph
    assert again == graph
    assert sorted(again.names.values()) == sorted(graph.names.values())
