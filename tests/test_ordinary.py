"""Blocks without a departure are told from less work, and never one that has a departure."""

from __future__ import annotations

import numpy as np
import pytest

from autodiff_cli.answers.gradient import grad_of_block
from autodiff_cli.answers.reading import reading_of
from autodiff_cli.batch import ordinary as module
from autodiff_cli.batch.ordinary import ordinary, smooth
from autodiff_cli.engine import reverse
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.notes.counting import Place, calm, counted
from autodiff_cli.ops import FUNCTIONS, OPERATIONS
from tests.test_counting import FORMULAS, NUMBERS

#: Numbers where something happens to some operation, one at a time beside an ordinary one.
SPECIAL = [*NUMBERS, 0.0, -0.0, 1.0, -1.0, 2.0, -3.0, 1e308, -1e308, 5e-324, 1e-200, 710.0]

#: A value in between that is not finite, and hides.
HIDDEN = [
    "atan(10*x)", "tanh(exp(x))", "1/exp(x)", "y + 0*ln(x)", "exp(-x^2*y)", "x^0.5*y",
    "x^-1 + y", "sqrt(x)*0 + y", "(x*10)/(x*10)", "9^9^9^9 + x", "x^0 + y", "acos(x)",
]  # fmt: skip


def texts() -> list[str]:
    calls = [
        f"{o.name}({', '.join('xyz'[: o.arity])})"
        for o in OPERATIONS
        if o.name in FUNCTIONS and o.name != "where"
    ]
    return [*calls, *HIDDEN, *FORMULAS.values(), "x + y", "x - y", "x*y", "x/y", "x^y", "x^3"]


@pytest.mark.parametrize("text", texts())
def test_what_is_called_ordinary_has_no_departure(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FROM", 1)
    reading = reading_of(text, {})
    graph, told = reading.graph, 0
    for number in SPECIAL:
        at = {name: np.array([0.5, 0.75, 0.25]) for name in graph.variables}
        at |= {name: np.array([0.5, number, 0.25]) for name in graph.variables[:1]}
        result = grad_of_block(reading, at, mode="reverse", wrt=None)
        if not ordinary(graph, result.at, result.gradient):
            continue
        told += 1
        swept = linearise(graph, result.at, graph.variables)
        assert calm(swept, reverse.gradient(swept)), number
        assert not counted(swept, reverse.reverse(swept), 3, Place(0, 0)).found, number
    whole = all(map(smooth, set(graph.operations[len(graph.variables) :])))
    if text in ("sin(x)", "x*y", "x^3", "exp(x)", "x/y"):
        assert told
        assert whole or text == "x^3"


def test_an_upright_slope_is_no_number_so_that_it_is_seen() -> None:
    upright = {o.name for o in OPERATIONS if o.kinks and smooth(o)}
    assert upright == {"sqrt", "cbrt", "asin", "acos", "acosh", "asec", "acsc", "asech"}
    for name in upright:
        at = 0.0 if name in ("sqrt", "cbrt") else 1.0
        reading = reading_of(f"{name}(x)", {})
        result = grad_of_block(reading, {"x": np.array([at, at])}, mode="reverse", wrt=None)
        assert not np.isfinite(result.gradient["x"]).any()
