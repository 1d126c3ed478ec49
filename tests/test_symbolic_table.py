"""SymPy's side of every row of the operation table, against mpmath and against the row's rules."""

from fractions import Fraction

import mpmath
import pytest
from mpmath import mp

from autodiff_cli.engine.rules import formula
from autodiff_cli.graph.graph import Builder
from autodiff_cli.ops import OPERATIONS, WHERE
from autodiff_cli.ops.row import COMPARISON, OPERANDS
from autodiff_cli.symbolic.evaluation import evaluate
from autodiff_cli.symbolic.expression import translate

#: What each row computes, written for mpmath alone.
REFERENCE = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "negate": lambda a: -a,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": lambda a, b: a**b,
    "cbrt": lambda a: mp.cbrt(a),
    "ln": mp.log,
    "log2": lambda a: mp.log(a, 2),
    "log1p": lambda a: mp.log(1 + a),
    "expm1": lambda a: mp.exp(a) - 1,
    "abs": abs,
    "sign": mp.sign,
    "max": max,
    "min": min,
    "relu": lambda a: max(a, 0),
    "sigmoid": lambda a: 1 / (1 + mp.exp(-a)),
    "softplus": lambda a: mp.log(1 + mp.exp(a)),
    "silu": lambda a: a / (1 + mp.exp(-a)),
    "gelu": lambda a: a * mp.ncdf(a),
    "leaky_relu": lambda a, b: a if a > 0 else b * a,
    "elu": lambda a, b: a if a > 0 else b * mp.expm1(a),
    "mish": lambda a: a * mp.tanh(mp.log(1 + mp.exp(a))),
    "softsign": lambda a: a / (1 + abs(a)),
    "logit": lambda a: mp.log(a / (1 - a)),
    "acot": lambda a: mp.pi / 2 - mp.atan(a),
    "clamp": lambda a, b, c: min(max(a, b), c),
    "mod": lambda a, b: a - b * mp.floor(a / b),
    "fmod": lambda a, b: a - b * mp.sign(a / b) * mp.floor(abs(a / b)),
}

ROWS = [row for row in OPERATIONS if row.precedence != COMPARISON and row is not WHERE]
SMOOTH = [pytest.param(row, id=f"{row.name}/{row.arity}") for row in ROWS]


def samples(row):
    """Points inside the row's intervals, at shares that no two operands have in common."""
    intervals = row.intervals * (row.arity if len(row.intervals) == 1 else 1)
    for share in (0.13, 0.37, 0.61, 0.89):
        shares = [(share + 0.29 * position) % 1 for position in range(row.arity)]
        yield [low + s * (high - low) for s, (low, high) in zip(shares, intervals, strict=True)]


def expression(row):
    names = OPERANDS[: row.arity]
    builder = Builder(names)
    node = builder.apply(row, tuple(range(len(names))))
    return translate(builder.graph([node])), node


def close(found, expected):
    with mp.workdps(60):
        return abs(mp.mpf(found) - expected) <= mp.mpf(10) ** -28 * (abs(expected) + 1)


@pytest.mark.parametrize("row", SMOOTH)
def test_value_and_derivatives_agree_with_mpmath_to_28_digits(row):
    translation, node = expression(row)
    reference = REFERENCE.get(row.name) or getattr(mpmath, row.name)
    for point in samples(row):
        at = dict(zip(translation.symbols, map(Fraction, point), strict=True))
        with mp.workdps(60):
            arguments = [mp.mpf(number) for number in point]
            expected = reference(*arguments)
        assert close(evaluate(translation.value(node), at), expected)
        for position in range(row.arity):
            order = tuple(int(k == position) for k in range(row.arity))
            with mp.workdps(60):
                slope = mp.diff(reference, tuple(arguments), order)
            assert close(evaluate(translation.derivative(node, position), at), slope)


@pytest.mark.parametrize("row", SMOOTH)
def test_every_rule_is_sympys_derivative_inside_each_smooth_piece(row):
    translation, node = expression(row)
    for position in range(row.arity):
        text = formula(row.rule(position))
        rule = translate(text)
        for point in samples(row):
            exact = list(map(Fraction, point))
            at = dict(zip(translation.symbols, exact, strict=True))
            named = dict(zip(OPERANDS, exact, strict=False)) | {"y": translation.value(node)}
            inside = {
                symbol: named[name]
                for symbol, name in zip(rule.symbols, text.variables, strict=True)
            }
            found = evaluate(rule.value(text.outputs[0]), at | inside)
            with mp.workdps(60):
                expected = mp.mpf(evaluate(translation.derivative(node, position), at))
            assert close(found, expected), (row.name, position, point)
