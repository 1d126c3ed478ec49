"""Points that are nan, infinite, subnormal, −0 or huge: no crash and no warning, on every way."""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator

import numpy as np
import pytest

import autodiff_cli
from autodiff_cli import Graph, parse
from autodiff_cli.answers.compare import comparison
from autodiff_cli.answers.sampled import Question
from autodiff_cli.language.parser import Reading
from tests.console import here
from tests.roads import cases

#: Formulas that crashed or warned once.
FOUND = (
    "x^ln(x)", "x^sqrt(x)", "x^exp(1000+x)", "x*ln(x)", "sqrt(x^2)", "where(x>0, sqrt(x), x)",
    "0^x", "-2 + y^x", "acosh(sigmoid(x^y))", "hypot(ln(1+(-1)^ceil(x)), e)", "-x/x",
)  # fmt: skip
TYPES = (float, np.float64, np.float32, np.float16, np.longdouble)


def asked() -> Iterator[cases.Case]:
    """Yield every row, the formulas above and generated ones, each at a dozen points."""
    for case in [*cases.rows(), *cases.generated(5000, 60)]:
        yield cases.Case(case.graph, case.points[:: 1 + len(case.points) // 13])
    for text in FOUND:
        graph = parse(text)
        choose = random.Random(text)
        places = [cases.point(choose, len(graph.variables)) for _ in range(12)]
        yield cases.Case(graph, ((-1.0,) * len(graph.variables), *places))


CASES = list(asked())


@pytest.fixture(autouse=True)
def _warnings_are_errors() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def at(graph: Graph, point: tuple[float, ...], kind: type = float) -> dict[str, float]:
    with np.errstate(over="ignore"):
        return {name: kind(x) for name, x in zip(graph.variables, point, strict=True)}


@pytest.mark.slow
@pytest.mark.parametrize("share", range(4))
def test_every_answer_and_its_notes_take_every_point(share: int) -> None:
    for number, case in enumerate(CASES[share::4]):
        for point in case.points:
            place = at(case.graph, point, TYPES[number % len(TYPES)])
            ask(case.graph, place)
            autodiff_cli.trace(case.graph, place)
        columns = map(np.array, zip(*case.points, strict=True))
        ask(case.graph, dict(zip(case.graph.variables, columns, strict=True)))
        ask(case.graph, {name: [] for name in case.graph.variables})


def ask(graph: Graph, place: dict) -> None:
    """Ask all that takes one formula at a point, or at many."""
    ones = dict.fromkeys(graph.variables, 1.0)
    for mode in ("reverse", "forward"):
        assert autodiff_cli.grad(graph, place, mode=mode).notes is not None
    autodiff_cli.compile(graph)(*place.values())
    autodiff_cli.hessian(graph, place)
    autodiff_cli.jacobian(graph, place)
    autodiff_cli.hvp(graph, place, ones)
    autodiff_cli.jvp(graph, place, ones)
    autodiff_cli.vjp(graph, place, [1.0])


@pytest.mark.parametrize("share", range(4))
def test_compare_takes_every_point(share: int) -> None:
    for case in CASES[share::4]:
        for number, point in enumerate(case.points[::4]):
            question = Question(
                expression=str(case.graph),
                reading=Reading(case.graph, ()),
                given=at(case.graph, point),
                wrt=case.graph.variables,
                steps=number == 0,
                float32=number == 1,
                points=4 if number == 2 else 0,
            )
            assert comparison(question).answer.expression == str(case.graph)


@pytest.mark.parametrize("command", ["grad", "hessian", "jacobian"])
@pytest.mark.parametrize(
    ("text", "values"),
    [("x*ln(x)", "0,1"), ("sqrt(x^2)", "0,1"), ("where(x>0, sqrt(x), x)", "-1,0,4"),
     ("1/x", "0,5e-324,-0,1e308"), ("x^ln(x)", "-1,-4")],
)  # fmt: skip
def test_commands_warn_of_nothing(command: str, text: str, values: str) -> None:
    assert here(command, text, f"--x={values}").err == ""
