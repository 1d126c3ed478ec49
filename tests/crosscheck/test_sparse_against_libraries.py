"""Sparse Hessians and mixed derivatives beside the dense ones of PyTorch and JAX."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import pytest

from autodiff_cli.engine import directions, sparse
from autodiff_cli.graph.graph import Graph
from autodiff_cli.methods.evaluate import evaluate
from tests.crosscheck import libraries
from tests.expressions import SMOOTH
from tests.test_sparse import separable


@pytest.mark.parametrize("library", ["torch", "jax"])
def test_a_sparse_hessian_is_the_librarys_dense_one(library: str) -> None:
    pytest.importorskip(library)
    answer: Callable[..., Any] = {"torch": libraries.in_torch, "jax": libraries.in_jax}[library]
    entries = 0
    for seed in range(40 if library == "torch" else 6):
        graph, _ = separable(seed, SMOOTH)
        choose = random.Random(seed)
        at = {name: choose.uniform(0.3, 1.6) for name in graph.variables}  # at no kink
        found = sparse.hessian(graph, at, graph.variables)
        whole = answer(graph, at, True)
        dense = whole.second
        if not all(map(math.isfinite, (*whole.value, *whole.gradient, found.value))):
            continue
        count = len(graph.variables)
        for k, x in enumerate(graph.variables):
            for m, y in enumerate(graph.variables):
                wanted = dense[k * count + m]
                if math.isfinite(wanted):
                    entries += y in found.matrix[x]
                    gap = abs(found.matrix[x].get(y, 0.0) - wanted)
                    size = max(map(abs, filter(math.isfinite, dense)))
                    assert gap <= 1e-9 * max(1.0, size), (graph, at, x, y)
    assert entries > 10


def test_third_derivatives_are_those_of_pytorch_differentiated_again() -> None:
    torch = pytest.importorskip("torch")
    graph: Graph
    for seed in range(12):
        graph, _ = separable(seed, SMOOTH)
        choose = random.Random(seed)
        at = {name: choose.uniform(0.3, 1.6) for name in graph.variables}
        names = graph.variables[:2]
        if len(names) < 2 or not all(map(math.isfinite, libraries.in_torch(graph, at).value)):
            continue
        points = {
            k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in at.items()
        }
        value = evaluate(graph, points, libraries.torch_functions())
        found = directions.mixed_at(graph, at, names, 3)
        for (a, b), number in found.items():
            slope = value
            for name in (*[names[0]] * a, *[names[1]] * b):
                if slope.requires_grad:
                    (slope,) = torch.autograd.grad(
                        slope, points[name], create_graph=True, materialize_grads=True
                    )
                else:
                    slope = torch.zeros(())
            wanted = float(slope.detach())
            if math.isfinite(wanted) and math.isfinite(number):
                assert number == pytest.approx(wanted, rel=1e-8, abs=1e-8), (graph, at, a, b)
