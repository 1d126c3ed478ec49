"""Exports to torch and JAX run there and agree with the engine; torch's double backward agrees.

Skipped where the frameworks are not installed (extra `crosscheck`).
"""

from __future__ import annotations

import importlib.util
import json
import math
import random
import subprocess
import sys
from typing import Any

import pytest

from autodiff_cli.engine import rules
from autodiff_cli.engine.higher import hessian
from autodiff_cli.export import export
from autodiff_cli.graph.graph import CONSTANT, Graph
from autodiff_cli.ops import ADD, WHERE
from tests.expressions import graph as build
from tests.expressions import seeded
from tests.test_export import CASES, EDGE_CASES, agree, arguments, engine

needs_torch = pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="needs torch")
needs_jax = pytest.mark.skipif(not importlib.util.find_spec("jax"), reason="needs jax")

#: Random formulas whose second derivatives are compared.
RANDOM = 300

_RUN = """
import json, sys
if sys.argv[1] == "jax":
    import jax
    jax.config.update("jax_enable_x64", True)
answers = []
for code, values in json.load(sys.stdin):
    space = {}
    exec(code, space)
    function = space.get("value_and_gradient") or space["value_and_tangent"]
    value, slopes = function(*values)
    slopes = slopes if isinstance(slopes, tuple) else [slopes]
    answers.append([repr(float(number)) for number in (value, *slopes)])
print(json.dumps(answers))
"""


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize(
    "language", [pytest.param("torch", marks=needs_torch), pytest.param("jax", marks=needs_jax)]
)
def test_exported_code_agrees_with_the_engine(language: str, mode: str) -> None:
    cases = CASES + (EDGE_CASES if mode == "reverse" else [])
    codes = [
        (export(graph, language, mode=mode), arguments((graph, at), mode)) for graph, at in cases
    ]
    ran = subprocess.run(
        [sys.executable, "-c", _RUN, language],
        input=json.dumps(codes), capture_output=True, text=True, check=True,
    )  # fmt: skip
    for case, answer, code in zip(cases, json.loads(ran.stdout), codes, strict=True):
        found = [float(number) for number in answer]
        assert agree(found, engine(case, mode)), (code[0], case[1], found, engine(case, mode))


def in_torch(graph: Graph, at: dict[str, Any]) -> Any:
    """Return the value that torch computes, node by node, for its own differentiation."""
    import torch

    own = {"ln": "log", "max": "maximum", "min": "minimum", "equal": "eq"}
    values: list[Any] = [at[name] for name in graph.variables]
    for index in range(len(values), len(graph)):
        operation = graph.operations[index]
        if operation is CONSTANT:
            values.append(torch.tensor(graph.constants[index].value, dtype=torch.float64))
            continue
        below = [values[k] for k in graph.operands[index]]
        name = own.get(operation.name, operation.name)
        if operation is ADD:
            values.append(sum(below[1:], below[0]))
        elif operation is WHERE:
            values.append(torch.where(*below))
        elif operation.symbol == "^":
            values.append(below[0] ** below[1])
        elif operation.name not in ("log", "silu", "gelu", "softplus") and hasattr(torch, name):
            values.append(getattr(torch, name)(*below))
        else:
            formula = rules.formula(operation.definition)
            values.append(in_torch(formula, dict(zip("abc", below, strict=False))))
    return values[graph.outputs[0]]


@needs_torch
def test_second_derivatives_agree_with_torchs_double_backward() -> None:
    import torch

    compared = 0
    for seed in range(RANDOM):
        graph, choose = build(seeded(seed, 2 + seed % 7)), random.Random(seed)
        at = {name: choose.uniform(0.2, 1.8) for name in graph.variables}
        points = {
            name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
            for name, value in at.items()
        }
        value = in_torch(graph, points)
        if not at or not value.requires_grad or not math.isfinite(float(value.detach())):
            continue
        slopes = torch.autograd.grad(
            value, list(points.values()), create_graph=True, materialize_grads=True
        )
        matrix = hessian(graph, at).matrix
        for name, slope in zip(points, slopes, strict=True):
            wanted = [0.0] * len(points)
            if slope.requires_grad:
                second = torch.autograd.grad(
                    slope, list(points.values()), retain_graph=True, materialize_grads=True
                )
                wanted = [float(number) for number in second]
            for other, number in zip(points, wanted, strict=True):
                if math.isfinite(number) and abs(number) < 1e8:
                    compared += 1
                    scale = max(1.0, *(abs(n) for n in wanted if math.isfinite(n)))
                    found = matrix[name][other]
                    assert found == pytest.approx(number, rel=1e-9, abs=1e-9 * scale), (graph, at)
    assert compared > RANDOM / 4
