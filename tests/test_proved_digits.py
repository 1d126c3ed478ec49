"""The digits of SymPy's number are proved: each bound holds, and what cancels gets more digits."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest
import sympy
from mpmath import mp

from autodiff_cli.language.parser import read
from autodiff_cli.symbolic import expression
from autodiff_cli.symbolic.arithmetic import Arithmetic
from autodiff_cli.symbolic.ball import ONE, Ball, Undefined, Unsettled
from autodiff_cli.symbolic.evaluation import evaluate
from autodiff_cli.symbolic.functions import COMPOSED, FUNCTIONS, HEADS, function

#: Where a function is asked; elsewhere on the whole line.
BETWEEN = {
    sympy.asin: (-1, 1), sympy.acos: (-1, 1), sympy.atanh: (-1, 1), sympy.log: (0, 9),
    sympy.acosh: (1, 9), sympy.asec: (1, 9), sympy.acsc: (1, 9), sympy.acoth: (1.01, 9),
}  # fmt: skip


@pytest.mark.parametrize("head", [*FUNCTIONS, *COMPOSED], ids=str)
def test_a_functions_bound_holds_wherever_the_argument_may_be(head):
    generator = random.Random(str(head))
    low, high = BETWEEN.get(head, (-9, 9))
    settled = 0
    for _ in range(40):
        with mp.workprec(60):
            error = -generator.uniform(3, 50)
            middle = mp.mpf(generator.uniform(low, high))
            try:
                found = function(Arithmetic(60), head, Ball(middle, error))
            except Unsettled:
                continue
        settled += 1
        with mp.workprec(300):
            for share in (-1, -0.5, 0.5, 1):
                there = middle + share * mp.mpf(2) ** error
                try:
                    truth = function(Arithmetic(300), head, Ball(there)).middle
                except ArithmeticError:
                    continue
                assert abs(truth - found.middle) <= mp.mpf(2) ** found.error, (middle, error)
    assert settled > 15


def operands(generator):
    with mp.workprec(60):
        return Ball(mp.mpf(generator.uniform(-9, 9)), -generator.uniform(3, 60))


@pytest.mark.parametrize("head", [sympy.Add, sympy.Mul, sympy.Max, sympy.Min, sympy.atan2], ids=str)
def test_a_bound_of_several_operands_holds(head):
    generator = random.Random(str(head))
    for _ in range(100):
        balls = [operands(generator), operands(generator)]
        with mp.workprec(60):
            try:
                found = HEADS[head](Arithmetic(60), *balls)
            except Unsettled:
                continue
        with mp.workprec(300):
            moved = [b.middle + generator.choice((-1, 1)) * mp.mpf(2) ** b.error for b in balls]
            if head is sympy.atan2 and moved[1] < 0:
                continue  # the cut: both sides are π of the one angle
            truth = HEADS[head](Arithmetic(300), *map(Ball, moved)).middle
            assert abs(truth - found.middle) <= mp.mpf(2) ** (found.error + 1e-9)


@pytest.mark.parametrize("exponent", [2, -3, 0.5, -1.25, 40])
def test_a_powers_bound_holds(exponent):
    generator = random.Random(exponent)
    for _ in range(60):
        with mp.workprec(60):
            base = Ball(mp.mpf(generator.uniform(0.01, 9)), -generator.uniform(9, 60))
            power = Ball(Fraction(exponent))
            if generator.random() < 0.5:
                power = Ball(mp.mpf(exponent), -generator.uniform(9, 60))
            try:
                found = Arithmetic(60).power(base, power)
            except Unsettled:
                continue
        with mp.workprec(300):
            for up in (-1, 1):
                b, p = base.middle + up * mp.mpf(2) ** base.error, mp.mpf(exponent)
                p += 0 if isinstance(power.middle, Fraction) else mp.mpf(2) ** power.error
                assert abs(b**p - found.middle) <= mp.mpf(2) ** found.error


def test_a_sign_within_the_error_is_asked_again_and_at_the_end_is_zero():
    near = Ball(mp.mpf(2) ** -70, -60.0)
    with pytest.raises(Unsettled):
        Arithmetic(100).sign(near)
    assert Arithmetic(100, last=True).sign(near).middle == 0
    with pytest.raises(Undefined):
        Arithmetic(100, last=True).power(Ball(mp.mpf(3)), Ball(mp.mpf(0.5), 3.0))
    with mp.workprec(100):  # a rational is rounded once it meets a float
        third = Arithmetic(100).add(Ball(Fraction(1, 3)), Ball(mp.mpf(1)), ONE)
        assert third.error > -math.inf


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("log(1+x)/x", 1e-100, "1"), ("log(1+x)/x", 1e-300, "1"), ("acos(1-x)^2/x", 1e-200, "2"),
        ("acosh(1+x)^2/x", 1e-200, "2"), ("(1-cos(x))/x^2", 1e-150, "0.5"),
        ("(x+1e300)-1e300", 1e-10, None), ("tanh(x)-1", 300, None),
        ("(exp(x)-1-x)/x^2", 1e-100, "0.5"), ("atan(x)-pi/2+1/x", 1e50, "3.3"),
        ("exp(x)*(1-tanh(x)^2)^0.5/2", 900, "1"), ("sqrt(x^2+1)-x", 1e200, None),
        ("sin(pi*x)", 1, "0"), ("erf(x)-1", 20, None),
    ],
)  # fmt: skip
def test_what_cancels_keeps_thirty_digits(text, x, value):
    graph = read([text]).graph
    translation = expression.translate(graph)
    at = {translation.symbols[0]: Fraction(x)}
    found = evaluate(translation.value(graph.outputs[0]), at | translation.atoms)
    with mp.workdps(1500):
        exact = {
            "(x+1e300)-1e300": lambda a: a, "tanh(x)-1": lambda a: mp.tanh(a) - 1,
            "erf(x)-1": lambda a: -mp.erfc(a), "sqrt(x^2+1)-x": lambda a: 1 / (2 * a),
            "atan(x)-pi/2+1/x": lambda a: 1 / (3 * a**3),
        }.get(text)  # fmt: skip
        truth = mp.mpf(value) if exact is None else exact(mp.mpf(x))
        assert abs(mp.mpf(found) - truth) <= abs(truth) * mp.mpf("1e-28")


@pytest.mark.parametrize("wanted", [-1, 3])
def test_the_larger_of_two_too_near_to_tell_is_no_exact_number(wanted):
    y = sympy.Symbol("y", real=True)
    at = {y: Fraction(1e160)}  # at first the cosine is anything between -1 and 1
    larger = sympy.Max(sympy.cos(y), -1)
    with mp.workdps(400):
        cosine = mp.cos(mp.mpf(1e160))
    product = evaluate(wanted * larger, at)
    total = evaluate(wanted + larger, at)
    assert float(product) == pytest.approx(float(wanted * cosine), rel=1e-14)
    assert float(total) == pytest.approx(float(wanted + cosine), rel=1e-14)
