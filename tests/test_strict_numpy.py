"""A program that makes NumPy raise at overflow and the like gets the same numbers as any other."""

import itertools

import numpy as np
import pytest

import autodiff_cli
from autodiff_cli.ops import FUNCTIONS, OPERATIONS
from autodiff_cli.ops.row import OPERANDS

ODD = (0.0, 1.0, -1.0, 30.0, -800.0, 1e-200, 1e308, np.inf, np.nan)

CALLED = sorted(
    {
        f"{row.name}({', '.join(OPERANDS[: row.arity])})"
        for row in OPERATIONS
        if row.name in FUNCTIONS and row.name != "where"
    }
)


@pytest.mark.parametrize("text", [*CALLED, "a + b", "a - b", "a*b", "a/b", "a^b", "-a"])
def test_no_row_lets_numpy_raise(text: str) -> None:
    graph = autodiff_cli.parse(text)
    points = np.array(list(itertools.product(ODD, repeat=len(graph.variables)))).T
    at = dict(zip(graph.variables, points, strict=True))
    usual = autodiff_cli.grad(graph, at)
    compiled = autodiff_cli.compile(graph)
    with np.errstate(all="raise"):
        strict = autodiff_cli.grad(graph, at)
        value, slopes = compiled(*points)
    np.testing.assert_array_equal(strict.value, usual.value)
    for name, slope in zip(graph.variables, slopes, strict=True):
        np.testing.assert_array_equal(strict.gradient[name], usual.gradient[name])
        assert np.shape(slope) in ((), np.shape(usual.value))
    assert np.shape(value) == np.shape(usual.value)
