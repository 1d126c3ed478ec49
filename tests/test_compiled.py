"""Compiled functions have the numbers of the sweep: every operation, every edge, every length."""

from __future__ import annotations

import copy
import itertools
import math
import multiprocessing
import pickle
import threading
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest

import autodiff_cli
from autodiff_cli import AutodiffError, grad, parse
from autodiff_cli.answers import gradient as answers
from autodiff_cli.compiled import function, running
from autodiff_cli.compiled.program import program
from autodiff_cli.compiled.running import ALONE, SHARED
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.ops import COMPARISONS, OPERATIONS, WHERE
from autodiff_cli.ops.row import COMPARISON, Operation
from tests.expressions import graph as build
from tests.expressions import seeded

EDGES = [-math.inf, -1e300, -2.0, -1.0, -0.5, -0.0, 0.0, 1e-300, 0.25, 0.5, 1.0, 2.0, 3.0, 710.0,
         1e300, math.inf, math.nan]  # fmt: skip
ROWS = [row for row in OPERATIONS if row.precedence != COMPARISON]
FORMULAS = [
    "x^3 + 2x^2 + 8x", "sin(x) + sin(y)", "tanh(x)", "exp(-x^2)*sin(3x*y) + ln(1+x^2)/(1+exp(-y))",
    "sin(x)", "cos(x)*sin(x)", "x*cos(y)", "x", "x + y", "7", "e^2", "x - x", "x/x", "x^y", "x^-1",
    "x^0.5", "x^4", "(-2)^x", "floor(sqrt(x))", "sign(log(x))", "sqrt(relu(x))", "abs(x)*y",
    "where(x > 0, x*log(x), 0)", "where(x > y, x, y)^2", "max(x, y, 1)", "sqrt(x*y - y^2)",
    "x^0", "where(1 > 2, x, y)", "min(x, y) + max(x, y)", "1/(1+exp(-x))", "x*y*0",
    "(-x)*(-y)", "x + -y", "-x + y", "x - -y", "-x/-y", "-(-x)*y", "(-1)*x*y", "-x + -y", "-x - y",
]  # fmt: skip


def alone(row: Operation) -> Graph:
    """Return a row on variables of its own."""
    names = ("a", "b", "c")[: row.arity]
    builder = Builder(names)
    places = tuple(range(len(names)))
    if row is WHERE:
        condition = builder.apply(COMPARISONS[">"], (0, 1))
        return builder.graph([builder.apply(row, (condition, 1, 2))])
    return builder.graph([builder.apply(row, places)])


def grid(graph: Graph, numbers: list[float]) -> dict[str, np.ndarray]:
    """Return every combination of numbers, a row a point; some of them for three variables."""
    few = numbers if len(graph.variables) < 3 else numbers[::3]
    rows = np.array(list(itertools.product(few, repeat=len(graph.variables))))
    return {name: np.ascontiguousarray(rows[:, k]) for k, name in enumerate(graph.variables)}


def swept(graph: Graph, at: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch):
    """Return the value and the gradient of the interpreted sweep."""
    monkeypatch.setattr(answers, "COMPILED_FROM", 10**9)
    found = grad(graph, at)
    return found.value, tuple(found.gradient.values())


def close(found: object, wanted: object, size: float = 1.0) -> bool:
    """Tell whether numbers agree to 1e-12 of their size, or 4 ulp of 1 below that."""
    return np.allclose(found, wanted, rtol=1e-12, atol=1e-15 * size, equal_nan=True)


def agree(found, wanted) -> bool:
    return close(found[0], wanted[0]) and all(map(close, found[1], wanted[1]))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@pytest.mark.parametrize("trigonometry", ["fast", "libm"])
def test_arrays_have_the_numbers_of_the_sweep_at_every_edge_of_every_row(
    row, trigonometry, monkeypatch
):
    graph = alone(row)
    compiled = autodiff_cli.compile(graph, trigonometry=trigonometry)
    low, high = row.intervals[0]
    for numbers in (EDGES, np.linspace(low, high, 9).tolist()):
        at = grid(graph, numbers)
        assert agree(compiled(*at.values()), swept(graph, at, monkeypatch)), row.name


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_floats_have_the_numbers_of_the_sweep_at_every_edge_of_every_row(row, monkeypatch):
    graph = alone(row)
    compiled = autodiff_cli.compile(graph)
    at = grid(graph, EDGES)
    for point in zip(*(column.tolist() for column in at.values()), strict=True):
        wanted = grad(graph, dict(zip(graph.variables, point, strict=True)))
        found = compiled(*point)
        assert agree(found, (wanted.value, tuple(wanted.gradient.values()))), point
        assert all(type(number) is float for number in (found[0], *found[1]))


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_have_the_numbers_of_the_sweep(text, monkeypatch):
    graph = parse(text)
    compiled = autodiff_cli.compile(graph)
    at = grid(graph, EDGES)
    if graph.variables:
        assert agree(compiled(*at.values()), swept(graph, at, monkeypatch))
    for point in zip(*(column.tolist() for column in at.values()), strict=True):
        wanted = grad(graph, dict(zip(graph.variables, point, strict=True)))
        assert agree(compiled(*point), (wanted.value, tuple(wanted.gradient.values()))), point


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_random_formulas_have_the_numbers_of_the_sweep(start, monkeypatch):
    for seed in range(start, start + 50):
        graph = build(seeded(seed, 1 + seed % 8))
        if not graph.variables:
            continue
        numbers = np.random.default_rng(seed).uniform(0.2, 1.8, (len(graph.variables), 40))
        at = dict(zip(graph.variables, numbers, strict=True))
        wanted = swept(graph, at, monkeypatch)
        found = autodiff_cli.compile(graph, trigonometry="libm")(*numbers)
        assert agree(found, wanted), str(graph)


@pytest.mark.parametrize(
    "size",
    [0, 1, 2, ALONE - 1, ALONE, ALONE + 1, 3 * ALONE + 7, 2 * SHARED, 4 * SHARED + 5, 9 * SHARED],
)
@pytest.mark.parametrize("cores", [1, 2, 3])
def test_every_length_is_computed_whole(size, cores, monkeypatch):
    monkeypatch.setattr(running, "_cores", lambda: cores)
    x = np.linspace(-3, 3, size)
    value, (by_x, by_y) = autodiff_cli.compile("x^2*sin(y)")(x, 0.5)
    assert value.shape == by_x.shape == by_y.shape == (size,)
    assert close(value, x**2 * math.sin(0.5))
    assert close(by_x, 2 * x * math.sin(0.5))
    assert close(by_y, x**2 * math.cos(0.5))


def test_shapes_broadcast_and_lists_and_whole_numbers_are_taken():
    f = autodiff_cli.compile("x*y")
    value, (by_x, by_y) = f(np.array([[1.0], [2.0]]), np.array([3.0, 4.0, 5.0]))
    assert value.tolist() == [[3, 4, 5], [6, 8, 10]]
    assert by_x.tolist() == [[3, 4, 5], [3, 4, 5]]
    assert by_y.tolist() == [[1, 1, 1], [2, 2, 2]]
    assert f([1, 2], 3)[0].tolist() == [3, 6]
    assert f(2, 3) == (6.0, (3.0, 2.0))
    assert f(np.float32(0.5) * np.ones(2, np.float32), 2)[0].tolist() == [1, 1]
    assert f(np.array(2.0), 3.0)[0] == 6


def test_the_arrays_that_are_given_are_not_written_on():
    x = np.linspace(0, 1, 5)
    kept = x.copy()
    value, (slope,) = autodiff_cli.compile("x")(x)
    assert value is not x
    value += 1
    slope += 1
    assert (x == kept).all()


def test_grad_gives_the_same_for_many_points_as_for_few(monkeypatch):
    x = np.linspace(-3, 3, answers.COMPILED_FROM)
    found = grad("x^2*sin(y) + sqrt(x)", {"x": x, "y": 2.0})
    monkeypatch.setattr(answers, "COMPILED_FROM", 10**9)
    wanted = grad("x^2*sin(y) + sqrt(x)", {"x": x, "y": 2.0})
    assert found.swept is None
    assert wanted.swept is not None
    assert close(found.value, wanted.value)
    assert all(close(found.gradient[name], wanted.gradient[name]) for name in ("x", "y"))
    assert found.notes == wanted.notes
    assert found.notes
    assert close(found.adjoints[0], wanted.adjoints[0])


def test_wrt_chooses_the_derivatives():
    f = autodiff_cli.compile("x*y*z", wrt=("z", "x"))
    assert f.variables == ("x", "y", "z")
    assert f(2.0, 3.0, 5.0) == (30.0, tuple({"x": 15.0, "z": 6.0}[name] for name in f.wrt))


def test_several_threads_may_use_one_function():
    f = autodiff_cli.compile("exp(-x^2)*sin(3x*y)")
    points = [np.random.default_rng(k).uniform(-2, 2, (2, 3 * ALONE)) for k in range(6)]
    wanted = [f(*point) for point in points]
    found: list[object] = [None] * len(points)

    def work(k: int) -> None:
        found[k] = f(*points[k])

    threads = [threading.Thread(target=work, args=(k,)) for k in range(len(points))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one, other in zip(found, wanted, strict=True):
        assert (one[0] == other[0]).all()


def test_a_fault_in_a_thread_is_not_lost(monkeypatch):
    monkeypatch.setattr(running, "_cores", lambda: 2)
    compiled = function.Compiled(parse("x"))
    arrays = compiled.arrays
    arrays.__dict__["block"] = arrays.block._replace(run=lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        compiled(np.zeros(3 * SHARED))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1.0,), "1 values are given, for 2 variables; give one for each of: x, y"),
        ((1.0, 2.0, 3.0), "3 values are given, for 2 variables"),
        (("4", 2.0), "the value of x is not a number"),
        (([1, 2], [1, 2, 3]), "the values do not go together row by row"),
    ],
)
def test_wrong_values_are_told_as_grad_tells_them(arguments, message):
    with pytest.raises(AutodiffError, match=message):
        autodiff_cli.compile("x*y")(*arguments)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"wrt": "z"}, "cannot differentiate with respect to 'z'"),
        ({"trigonometry": "exact"}, "there is no trigonometry 'exact'; use fast or libm"),
    ],
)
def test_wrong_options_are_told(options, message):
    with pytest.raises(AutodiffError, match=message):
        autodiff_cli.compile("x*y", **options)


@pytest.mark.parametrize(
    ("text", "operations"),
    [
        ("(-x)*(-y)", ["multiply"]),
        ("-x/y", ["divide", "negate"]),
        ("(-1)*x", ["negate"]),
        ("-(-x)", []),
        ("x + -y", ["subtract"]),
        ("-x + y", ["subtract"]),
        ("x - -y", ["add"]),
        ("sin(-x)*(-x)", ["negate", "sin", "multiply"]),  # sin needs the sign
    ],
)
def test_signs_cancel_or_become_a_difference(text, operations):
    found = program(parse(text), ())
    assert [instruction.operation.name for instruction in found.instructions] == operations


def test_the_text_that_is_run_has_no_word_of_the_users():
    f = autodiff_cli.compile("lambda_x*import_ + os^2")
    assert not any(name in f.source for name in ("lambda", "import", "os"))


#: Angles of every size, at and beside every zero and extreme of sine and cosine.
def _angles() -> np.ndarray:
    random = np.random.default_rng(3)
    near = random.integers(-500, 500, 300) * (math.pi / 2)
    far = random.integers(-(10**9), 10**9, 200) * (math.pi / 2)
    some = [random.uniform(-limit, limit, 300) for limit in (1.0, 10.0, 1e3, 1e6, 1e15)]
    beside = [near + random.normal(0, width, 300) for width in (0, 1e-12, 1e-7, 1e-3)]
    sizes = [10.0 ** random.uniform(-323, 308, 300) * random.choice((-1, 1), 300)]
    return np.concatenate([*some, *beside, far, *sizes, [5e-324, -1.5e-323, 1.7e308, math.pi / 2]])


def test_fast_sine_and_cosine_are_4_ulp_off_at_most_near_their_zeros_too():
    import mpmath

    angles = _angles()
    value, (slope,) = autodiff_cli.compile("sin(x)")(angles)
    with mpmath.workprec(1300):
        for angle, sine, cosine in zip(angles, value, slope, strict=True):
            for found, exact in ((sine, mpmath.sin(angle)), (cosine, mpmath.cos(angle))):
                error = float(abs(mpmath.mpf(found) - exact))
                assert error <= 4 * np.spacing(abs(float(exact))), angle


def test_zeros_keep_their_sign_and_beyond_float64_is_nan_in_fast_trigonometry():
    value, (slope,) = autodiff_cli.compile("sin(x)")(np.array([0.0, -0.0, math.inf, math.nan]))
    assert list(map(repr, value.tolist())) == ["0.0", "-0.0", "nan", "nan"]
    assert list(map(repr, slope.tolist())) == ["1.0", "1.0", "nan", "nan"]


def test_a_compiled_function_is_pickled_as_what_it_was_made_from():
    f = autodiff_cli.compile("x^2*sin(y)", wrt="y", trigonometry="libm")
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(f, protocol))
        assert repr(again) == repr(f)
        assert again(1.0, 2.0) == f(1.0, 2.0)
    assert copy.deepcopy(f)(1.0, 2.0) == f(1.0, 2.0)


def test_a_pool_of_processes_maps_it():
    points = [0.5, 1.0, 2.0]
    f = autodiff_cli.compile("x^3")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(f, points) == [f(point) for point in points]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "compile('x^2*y')"),
        ({"wrt": ["y"]}, "compile('x^2*y', wrt=('y',))"),
        ({"trigonometry": "libm"}, "compile('x^2*y', trigonometry='libm')"),
    ],
)
def test_it_shows_what_it_is_and_cannot_be_changed(options, text):
    f = autodiff_cli.compile("x^2*y", **options)
    assert repr(f) == text
    for name in ("wrt", "graph", "func", "new"):
        with pytest.raises(AttributeError, match="cannot be changed"):
            setattr(f, name, None)
    with pytest.raises(AttributeError, match="cannot be changed"):
        del f.wrt


def test_a_formula_whose_text_is_exponential_has_a_short_repr():
    builder = Builder(("x",))
    node = 0
    for _ in range(200):
        node = builder.apply(OPERATIONS[0], (node, node))
    f = autodiff_cli.compile(builder.graph([node]))
    assert repr(f) == "compile(<Graph of 201 nodes over x>)"


@pytest.mark.parametrize(
    "number",
    [np.float64(3), np.float32(3), np.float16(3), np.longdouble(3), np.int64(3), np.uint8(3),
     np.int8(3), 3, Fraction(3), np.bool_(True), True],
    ids=lambda number: type(number).__name__,
)  # fmt: skip
def test_every_real_number_is_taken_as_a_float(number):
    f = autodiff_cli.compile("x^2*y")
    wanted = f(float(number), 2.0)
    assert f(number, 2.0) == f(number, np.int32(2)) == wanted
    assert all(type(found) is float for found in (wanted[0], *wanted[1]))


@pytest.mark.parametrize("where", ["this thread", "another thread"])
def test_what_stops_one_core_stops_all(where, monkeypatch):
    monkeypatch.setattr(running, "_cores", lambda: 2)
    arrays = function.Compiled(parse("x")).arrays
    begun, main, ended = [], threading.current_thread(), threading.Event()

    def blocks(given, results, buffers, conditions, stopped):
        begun.append(1)
        if (threading.current_thread() is main) == (where == "this thread"):
            raise KeyboardInterrupt
        while not stopped:  # as the text of a block does, by and by
            ended.wait(0.001)

    arrays.__dict__["block"] = arrays.block._replace(run=blocks)
    with pytest.raises(KeyboardInterrupt):
        arrays.many({"x": np.zeros(100 * SHARED)})
    assert len(begun) <= 2


def test_a_long_block_looks_whether_to_stop_on_its_way():
    text = "+".join(f"exp({k}x)" for k in range(1, 200))
    block = function.Compiled(parse(text)).arrays.block
    lines = block.source.splitlines()
    looks = [0, *(k for k, line in enumerate(lines) if line.strip() == "if stopped: return")]
    assert max(b - a for a, b in zip(looks, [*looks[1:], len(lines)], strict=True)) < 80


@pytest.mark.parametrize(
    ("points", "variables", "most"),
    [(10_000, 100, 90_000), (20_000, 200, 17 << 20), (1_000_000, 8, 17 << 20)],
)
def test_a_slope_that_is_kept_does_not_keep_the_memory_of_all_others(points, variables, most):
    x = np.linspace(0, 1, points)
    f = autodiff_cli.compile("+".join(f"x{k}^2" for k in range(variables)))
    f(*[x] * variables)  # what the first call imports is no part of a result
    tracemalloc.start()
    kept = f(*[x] * variables)[1][variables // 2]
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept.nbytes <= size < kept.nbytes + most


def test_memory_is_the_results_and_a_few_blocks():
    x = np.zeros(2_000_000)
    f = autodiff_cli.compile("exp(-x^2)*sin(3x) + ln(1+x^2)")
    f(x[:10])
    tracemalloc.start()
    answer = f(x)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < sum(array.nbytes for array in (answer[0], *answer[1])) + (16 << 20)
