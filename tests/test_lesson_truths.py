"""The numbers and formulas of the lessons against mpmath's differences, and arithmetic by hand.

Nothing here uses a derivative rule: a slope is what a function does nearby, in 30 digits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest

from autodiff_cli.engine.linearise import linearise
from autodiff_cli.language.parser import read
from autodiff_cli.teach.syllabus import course, home
from autodiff_cli.teach.tutor import value


def slope(of: Callable[..., Any], *at: float, by: int = 0) -> Any:
    """Return the slope of a function by one of its arguments, from its values alone."""
    with mpmath.workdps(30):
        orders = tuple(int(place == by) for place in range(len(at)))
        return mpmath.diff(of, tuple(map(mpmath.mpf, at)), orders)


def z(x: Any) -> Any:
    return x**3 + 2 * x**2 + 8 * x


def with_the_wrong_line(x: Any) -> Any:
    """The notebook's w6 = w2 + w4 + w3."""
    return x**3 + 2 * x**2 + x**2


SIN1 = mpmath.sin(1)

#: Lesson and task → the number that is right.
NUMBERS: dict[str, Any] = {
    "01/after-backward": slope(lambda x: 7 * x, 2),
    "02/power": slope(lambda x: x**4, 2),
    "02/last-step": slope(lambda x: x**3 + 5 * x, 2),
    "02/number": slope(z, 4),
    "02/power-again": slope(lambda x: x**3 + 4 * x**2, 1),
    "03/last-value": 5 * 3**2 + 3,
    "03/first-wrong": 5,
    "03/how-far": 8 * 4**3,
    "04/fourth": slope(lambda x: 2 * x**2, 4),
    "04/sixth": slope(z, 4),
    "04/accident": slope(with_the_wrong_line, 3),
    "04/tangent-again": slope(lambda x: 3 * (x**2 + x), 2),
    "05/third": slope(lambda w: 64 + 2 * w + 32, 16),
    "05/shared": slope(z, 4),
    "05/middle": slope(lambda w: w**2 + 3 * w, SIN1),
    "05/adjoint-again": slope(lambda w: 4 * w, 4),
    "05/shared-again": slope(lambda x: x * (x + 3), 2),
    "06/three-links": slope(lambda x: mpmath.sin(x**2) ** 2, 1),
    "06/product-again": slope(lambda x: x**2 * (x + 1), 1),
    "07/number-kept": 9,
    "08/third-pass": 3 * slope(z, 4),
    "08/zero": slope(z, 4),
    "08/sum-of-passes": 2 * slope(lambda x: x + x, 4),
    "08/twice-again": slope(lambda x: 3 * x + 5 * x, 1),
    "09/half": slope(lambda x: 2 * z(x), 4),
    "09/rows": slope(lambda x: x**2, 3),
    "09/weights": slope(lambda x: 10 * x**2, 3),
    "09/shared-ones": slope(lambda x, y: x * y + (x + y), 4, 2),
    "09/pick": 0,
    "09/seed-again": slope(lambda x: 3 * x + 2 * (5 * x), 1),
    "10/ax": slope(lambda x: x**3 + 2**2 + 1 * x + 6, 4),
    "10/a-moves": slope(lambda a: 4**3 + 2**2 + a * 4 + 6, 1),
    "10/variables-again": slope(lambda x, y: x * y**2, 3, 2, by=1),
    "11/middle": slope(mpmath.tanh, 0),
    "11/two": slope(mpmath.tanh, 2),
    "11/layers": mpmath.mpf(1) / 1024,
    "11/saturation-again": mpmath.mpf(1) / 1000,
    "12/column": slope(lambda x, y: x * y, 4, 2, by=1),
    "12/diagonal": slope(lambda t: (4 + t) * (2 + t), 0),
    "12/row": slope(lambda x, y: x + y, 4, 2, by=1),
    "12/products-again": slope(lambda t: 3 * (2 * t) + 5 * t, 0),
    "13/network": 1,
    "13/forward-count": 10**6,
    "14/sixteen": mpmath.log(16, 2),
    "14/once": slope(lambda w: w * w, 9),
    "14/reuse-again": 2,
    "15/tenth": (mpmath.mpf(961) / 100 - 9) / (mpmath.mpf(1) / 10),
    "15/tiny": ((3 + 1e-17) ** 2 - 3**2) / 1e-17,
    "15/step-again": (4**2 - 2**2) / 2,
    "16/left": slope(abs, -3),
    "16/relu": slope(lambda x: max(x, 0), -1),
    "16/tie": slope(lambda t: max(2 + t, 2 + t) / 2, 0),
    "16/kink-again": slope(lambda x: abs(x - 2) + x, 5),
    "17/minus": float(mpmath.exp(1000)),
    "17/digits": 1 - float(mpmath.cos(1e-8)),
    "18/second": mpmath.mpf("0.8") - mpmath.mpf("0.1") * slope(lambda x: x**2, "0.8"),
    "18/bold": 1 - mpmath.mpf("1.1") * slope(lambda x: x**2, 1),
    "18/two": slope(lambda x, y: (x - 3) ** 2 + 10 * y**2, 0, 1, by=1),
    "18/descent-again": 2 - mpmath.mpf("0.1") * slope(lambda x: 3 * x**2, 2),
    "19/jax-twice": slope(z, 4),
    "19/abs-zero": slope(abs, 1),
}

#: Lesson and task → the variables of the answer, and the function that it must be.
FORMULAS: dict[str, tuple[str, Callable[..., Any]]] = {
    "02/formula": ("x", lambda x: slope(z, x)),
    "03/mend-five": ("w1", lambda x: z(x) - x**3 - 2 * x**2),
    "03/mend-six": ("w2 w4 w5", lambda w2, w4, w5: w2 + w4 + w5),
    "03/graph-again": ("w1 w3", lambda w1, w3: w1 * w3),
    "06/outer-inner": ("x", lambda x: slope(lambda t: mpmath.exp(3 * t), x)),
    "06/power-of-bracket": ("x", lambda x: slope(lambda t: (t**2 + 1) ** 3, x)),
    "06/product": ("x", lambda x: slope(lambda t: t * mpmath.exp(t), x)),
    "06/chain-again": ("x", lambda x: slope(lambda t: mpmath.cos(2 * t), x)),
    "10/other": ("y", lambda y: slope(lambda s, t: s**3 + t**2, 1.5, y, by=1)),
    "10/product-of-two": ("x y", lambda x, y: slope(lambda s, t: s**2 * t + t, x, y)),
}

ANSWERS = {
    f"{lesson.name[:2]}/{task.name}": (task.kind, task.answers[0])
    for lesson in course(home("en")).lessons
    for task in (*lesson.tasks, *lesson.again)
    if task.kind in ("number", "formula")
}


def test_every_number_and_formula_has_a_second_source() -> None:
    assert {name for name, (kind, _) in ANSWERS.items() if kind == "number"} == NUMBERS.keys()
    assert {name for name, (kind, _) in ANSWERS.items() if kind == "formula"} == FORMULAS.keys()


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_right(name: str) -> None:
    answer, truth = value(ANSWERS[name][1]), NUMBERS[name]
    assert answer == truth or mpmath.almosteq(answer, truth, rel_eps=1e-12, abs_eps=1e-12), truth


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_is_right(name: str) -> None:
    names, truth = FORMULAS[name]
    graph = read([ANSWERS[name][1]]).graph
    for shift in (-1.3, 0.4, 2.1):
        at = {variable: shift + k for k, variable in enumerate(names.split())}
        found = linearise(graph, {one: at[one] for one in graph.variables}, ()).values[-1]
        assert mpmath.almosteq(found, truth(*at.values()), rel_eps=1e-12), at
