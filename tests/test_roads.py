"""One answer on every road: engine, compiled code, blocks of a file and exports.

`python -m tests.roads` asks the same of 2,000 formulas and more.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodiff_cli import GradResult, grad, hessian, hvp
from autodiff_cli import compile as compiled
from autodiff_cli.compiled import COMPILED_FROM
from autodiff_cli.engine import arrays, rules
from autodiff_cli.files import blockwise
from tests.roads import answers, cases
from tests.roads.functions import ROUNDED, same_functions
from tests.roads.rounding import departs, explained
from tests.roads.toolchains import TOOLCHAINS

#: Generated formulas in the suite.
COUNT = 160
CASES = [*cases.rows(), *cases.found(), *cases.generated(0, COUNT)]
SHARES = [CASES[k::4] for k in range(4)]


@pytest.mark.parametrize("share", SHARES, ids=["1 of 4", "2 of 4", "3 of 4", "4 of 4"])
def test_all_roads_of_python_and_numpy_give_the_same_number_bit_by_bit(
    share: list[cases.Case],
) -> None:
    with same_functions() as same:
        for case in share:
            wanted = answers.engine(case)
            for road, found in answers.all_roads(case, same).items():
                assert answers.differing(case, found, wanted) == [], road


@pytest.mark.parametrize("language", TOOLCHAINS)
def test_exports_give_the_engines_number_up_to_rounding(language: str, tmp_path: Path) -> None:
    run, here = TOOLCHAINS[language]
    if not here:
        pytest.skip(f"nothing here runs {language}")
    asked = [_thinned(case) for case in CASES]
    for case, rows in zip(asked, run(asked, tmp_path), strict=True):
        for point, row, right in zip(case.points, rows, answers.engine(case), strict=True):
            if answers.same(row, right) or departs(case, point, language):
                continue
            assert explained(case, point, row, right, language), (str(case), point, row, right)


def _thinned(case: cases.Case, most: int = 200) -> cases.Case:
    return cases.Case(case.graph, case.points[:: 1 + len(case.points) // most])


@pytest.mark.parametrize("name", ROUNDED)
def test_each_function_of_numpys_is_within_4_ulp_of_maths(name: str) -> None:
    row, random = ROUNDED[name], np.random.default_rng(1)
    points = list(cases.special(row.arity))
    limits = row.intervals
    points += [tuple(random.uniform(low, high) for low, high in limits) for _ in range(300)]
    for _ in range(300):
        sizes = 10.0 ** random.uniform(-320, 308, row.arity)
        points.append(tuple((sizes * random.choice((-1, 1), row.arity)).tolist()))
    found = arrays.array_functions()[row.name](*(np.array(c) for c in zip(*points, strict=True)))
    for point, number in zip(points, found.tolist(), strict=True):
        wanted = rules.value(row)(*map(float, point))
        if answers.same((number,), (wanted,)):
            continue
        assert abs(number - wanted) <= 4 * math.ulp(wanted), (point, number, wanted)


@pytest.mark.parametrize(
    ("text", "value", "slope"),
    [("1/cos(x)", 1.633123935319537e16, 2.6670937881135714e32), ("sqrt(0*x) + x", None, math.nan)],
)
def test_rows_of_one_file_do_not_differ_by_their_position(
    cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, value: float, slope: float
) -> None:
    monkeypatch.setattr(blockwise, "BLOCK", 1000)
    read, written = tmp_path / "in.csv", tmp_path / "out.csv"
    read.write_text("x\n" + f"{math.pi / 2!r}\n" * 2345)
    assert cli("grad", text, "--data", str(read), "-o", str(written), "--no-sympy").status == 0
    _, first, *others = written.read_text().splitlines()
    assert set(others) == {first}
    found = [float(cell) for cell in first.split(",")]
    assert found[1] == pytest.approx(value or math.pi / 2, rel=1e-15)
    assert found[2] == pytest.approx(slope, rel=2e-15, abs=0, nan_ok=True)


@pytest.mark.parametrize("text", ["1/cos(x)", "x/sin(x)", "sqrt(0*x) + x"])
def test_few_points_and_many_have_one_answer(text: str) -> None:
    numbers = np.array([math.pi / 2, 3 * math.pi / 2, math.pi, 1e-8, 5e-324, 0.0, -1e9, 1e300])
    few = grad(text, {"x": numbers})
    many = grad(text, {"x": np.resize(numbers, COMPILED_FROM)})
    one = compiled(text)
    for place, number in enumerate(numbers.tolist()):
        slope, (_, (wanted,)) = few.gradient["x"][place], one(number)
        assert slope == pytest.approx(wanted, rel=8e-15, abs=0, nan_ok=True)
        columns = many.gradient["x"][place :: len(numbers)]
        assert columns == pytest.approx(
            np.full(len(columns), wanted), rel=8e-15, abs=0, nan_ok=True
        )


def test_the_gradient_beside_second_derivatives_is_the_gradient() -> None:
    for case in (_thinned(case, 20) for case in CASES):
        for point in case.points:
            at = dict(zip(case.graph.variables, point, strict=True))
            wanted = grad(case.graph, at)
            found = hessian(case.graph, at)
            product, _ = hvp(case.graph, at, {})
            assert _near((found.value, *found.gradient.values()), wanted), (str(case), at)
            assert _near((wanted.value, *product.values()), wanted), (str(case), at)


def _near(found: tuple[float, ...], wanted: GradResult) -> bool:
    """Tell whether an answer is the same up to how powers are written, as products or not."""
    return found == pytest.approx(
        (wanted.value, *wanted.gradient.values()), rel=1e-13, abs=0, nan_ok=True
    )
