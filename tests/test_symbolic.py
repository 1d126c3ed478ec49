"""What SymPy says beside autodiff: formulas, 30 digits, words where there is no number, reasons."""

from itertools import product

import pytest

from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.reverse import gradient
from autodiff_cli.language.parser import read
from autodiff_cli.limits import SYMPY_POINTS
from autodiff_cli.symbolic.question import Client, derive

#: Budget where time is not the claim: the suite runs on every core at once.
PATIENT = 20.0


@pytest.fixture(scope="module")
def client():
    with Client() as client:
        derive(client, read(["x"]).graph, [{"x": 0.0}], ["x"])  # loads SymPy
        yield client


def ask(client, text, at, **options):
    graph = read([text]).graph
    return derive(client, graph, [at], options.pop("wrt", graph.variables), PATIENT, **options)


def logistic(steps):
    text = "x"
    for _ in range(steps):
        text = f"(4*{text}*(1 - {text}))"
    return text


def nested(name, depth):
    return f"{name}(" * depth + "x" + ")" * depth


@pytest.mark.parametrize(
    ("text", "derivative"),
    [
        ("x^3 + 2x^2 + 8x", "3*x**2 + 4*x + 8"),
        ("sin(x)", "cos(x)"),
        ("tanh(x)", "1 - tanh(x)**2"),
        ("0.1x^2", "x/5"),
        ("3.14159265358979323846264338x", "3.14159265358979323846264338"),
        ("1e300*x", "1.0e+300"),
        ("x^9^9^9", "(9**387420489)*x**(9**387420489)/x"),
        ("(2x)^1000000", "1000000*(2*x)**1000000/x"),
        ("abs(log(x))", "sign(log(x))/x"),
        ("x*floor(x)", "floor(x)"),
        ("where(x > 0, x^2, -x)", "Piecewise((2*x, x > 0), (-1, True))"),
        ("max(x, 2x^2)", "4*x*Heaviside(2*x**2 - x) + Heaviside(-2*x**2 + x)"),
        ("erf(x)", "2*exp(-x**2)/sqrt(pi)"),
        ("I*x + S*N*lambda", "I"),
    ],
)
def test_the_derivative_reads_as_sympy_prints_it(client, text, derivative):
    names = dict.fromkeys(read([text]).graph.variables, 0.5)
    assert ask(client, text, names, wrt=["x"]).derivatives["x"].text == derivative


def test_the_derivative_in_latex(client):
    assert ask(client, "x^3/3", {"x": 1.0}).derivatives["x"].latex == "x^{2}"
    assert ask(client, "exp(-x)", {"x": 1.0}).derivatives["x"].latex == "- e^{- x}"
    large = ask(client, "x*9^9^9", {"x": 1.0}).derivatives["x"].latex
    assert large == r"\left(9^{387420489}\right)"


@pytest.mark.parametrize(
    ("text", "at", "value", "derivatives"),
    [
        # the notebook's cases
        ("x^3 + 2x^2 + 8x", {"x": 4}, "128", ["72"]),
        ("x^3 + y^2 + a x + b", {"x": 4, "y": 2, "a": 1, "b": 6}, "78", ["49", "4", "4", "1"]),
        # the point is the float64, exactly; constants are as typed
        ("x", {"x": 0.1}, "0.100000000000000005551115123126", ["1"]),
        ("0.1x", {"x": 1}, "0.1", ["0.1"]),
        # cancellation does not reach the digits shown
        ("(1 - cos(x))/x^2", {"x": 1e-8}, "0.499999999999999995833333333333", None),
        ("x + 1e300 - 1e300", {"x": 3}, "3", ["1"]),
        ("exp(700) - sinh(700) - cosh(700) + x", {"x": 3}, "3", ["1"]),
        ("where(exp(9) - sinh(9) == cosh(9), x, 2x)", {"x": 3}, "3", ["1"]),
        ("sqrt(x)*sqrt(3) - sqrt(3x)", {"x": 2}, "0", ["0"]),
        ("sin(x)", {"x": 1e300}, "-0.817881912115908597045885282755", None),
        ("log(1 + e^x)", {"x": 1000}, "1000", ["1"]),
        # pieces are chosen at the exact point
        ("where(x^2 == 2, 1, x)", {"x": 2**0.5}, None, ["1"]),
        ("where(3x == 1.5, x^2, x)", {"x": 0.5}, "0.25", ["1"]),
        ("floor(x*10)*x", {"x": 0.3}, "0.599999999999999977795539507497", ["2"]),
    ],
)
def test_thirty_digits(client, text, at, value, derivatives):
    found = ask(client, text, at)
    assert found.reason == ""
    if value is not None:
        assert found.values == (value,)
    if derivatives is not None:
        assert [d.values[0] for d in found.derivatives.values()] == derivatives


@pytest.mark.parametrize(
    ("text", "at", "derivatives"),
    [
        ("abs(x)", [0], ["0"]),
        ("sqrt(x)", [0], ["zoo"]),
        ("sqrt(x)", [-1], ["complex"]),
        ("sqrt(x^2)", [0], ["0"]),
        ("x^0", [0], ["0"]),
        ("0^x", [0], ["nan"]),
        ("0^x", [2], ["nan"]),
        ("0^x", [-1], ["nan"]),
        ("x^y", [0, 0], ["nan", "zoo"]),
        ("x^y", [0, 1], ["nan", "nan"]),
        ("x^y", [0, 0.5], ["nan", "nan"]),
        ("x^y", [-2, 2], ["-4", "complex"]),
        ("x^(1/3)", [-8], ["complex"]),
        ("x^(1/3)", [0], ["zoo"]),
        ("cbrt(x)", [-8], ["0.0833333333333333333333333333333"]),
        ("x^x", [0], ["zoo"]),
        ("1/x", [0], ["zoo"]),
        ("x/x", [0], ["0"]),
        ("log(x)", [0], ["zoo"]),
        ("log(x)", [-1], ["-1"]),
        ("where(x>0, x*log(x), 0)", [0], ["0"]),
        ("max(x, y)", [1, 1], ["0.5", "0.5"]),
        ("min(x, y)", [1, 1], ["0.5", "0.5"]),
        ("relu(x)", [0], ["0.5"]),
        ("sign(x)", [0], ["zoo"]),
        ("sign(x)", [-3], ["0"]),
        ("sign(log(x))", [3], ["0"]),
        ("floor(x)", [2], ["0"]),
        ("ceil(x)", [2.5], ["0"]),
        ("atan2(x, y)", [0, 0], ["nan", "nan"]),
        ("hypot(x, y)", [0, 0], ["nan", "nan"]),
        ("asin(x)", [1], ["zoo"]),
        ("asin(x)", [2], ["complex"]),
        ("sqrt(relu(x))", [-1], ["nan"]),
        ("x*log(-1)", [1], ["complex"]),
        ("x^x^x^x", [9], ["huge"]),
        ("exp(exp(exp(exp(x))))", [4], ["huge"]),
        ("x*9^9^9^9", [2], ["huge"]),
        ("x^9^9^9", [4], ["huge"]),
        ("x^1000000", [2], ["4.95032811464794912534896180815e+301035"]),
    ],
)
def test_kinks_edges_and_giants(client, text, at, derivatives):
    graph = read([text]).graph
    found = derive(client, graph, [dict(zip("xy", at, strict=False))], graph.variables, PATIENT)
    assert found.reason == ""
    assert [d.values[0] for d in found.derivatives.values()] == derivatives


def test_a_point_that_is_not_finite_has_no_values(client):
    found = ask(client, "x^2", {"x": float("inf")})
    assert found.values == (None,)
    assert found.derivatives["x"].text == "2*x"


@pytest.mark.parametrize("name", ["floor", "ceil"])
def test_a_slope_that_sympy_leaves_open_is_said(client, name):
    (remark,) = ask(client, f"x*{name}(x)", {"x": 2.5}).remarks
    assert remark.startswith(f"SymPy leaves the derivative of {name} open")
    assert ask(client, "x^2", {"x": 2.5}).remarks == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("+".join(f"sin({k}x)" for k in range(3000)), "the formula has more than 2,000 operations"),
        (nested("sin", 100_000), "the formula has more than 2,000 operations"),
        (nested("sin", 130), "the formula is nested deeper than 100"),
        ("+".join(f"x{k}" for k in range(2001)), "there are more than 2,000 variables"),
        (nested("sigmoid", 101), "the formula is nested deeper than 100"),
    ],
    ids=lambda text: text[:24],
)
def test_beyond_a_cap_sympy_is_not_asked_and_the_reason_says_so(text, reason):
    graph = read([text]).graph
    point = dict.fromkeys(graph.variables, 0.7)
    found = derive(None, graph, [point], graph.variables)  # there is no process to ask
    assert (found.derivatives, found.values, found.reason) == ({}, (), reason)


@pytest.mark.parametrize(
    "text",
    [
        nested("sin", 100),
        nested("sigmoid", 6),
        nested("sigmoid", 20),
        "*".join(f"x{k}" for k in range(60)),
        logistic(6),
        "-".join(["x"] * 1000),
        "+".join(f"x{k}^2" for k in range(200)),
    ],
    ids=lambda text: text[:24],
)
def test_large_formulas_within_the_caps_are_answered(client, text):
    graph = read([text]).graph
    point = dict.fromkeys(graph.variables, 0.7)
    found = derive(client, graph, [point], graph.variables, PATIENT)
    assert found.reason == ""
    linearisation = linearise(graph, point)
    assert float(found.values[0]) == pytest.approx(linearisation.values[graph.outputs[0]])
    for name, slope in gradient(linearisation).items():
        assert float(found.derivatives[name].values[0]) == pytest.approx(slope)


@pytest.mark.parametrize(
    "text",
    [
        "*".join(f"x{k}" for k in range(200)),
        logistic(10),
        logistic(12),
        "+".join(f"sin({k}x)" for k in range(900)),
    ],
    ids=lambda text: text[:24],
)
def test_what_takes_too_long_is_skipped_inside_the_budget(client, text):
    graph = read([text]).graph
    found = derive(client, graph, [dict.fromkeys(graph.variables, 0.7)], graph.variables, 0.1)
    assert found.skipped
    assert found.reason == "it takes more than 0.1 s"


def test_other_variables_are_constants(client):
    found = ask(client, "x^2*y", {"x": 3.0, "y": 2.0}, wrt=["x"])
    assert list(found.derivatives) == ["x"]
    assert found.derivatives["x"].values == ("12",)


def test_every_node_with_a_w_has_its_value_and_derivatives(client):
    graph = read(["x^3 + 2x^2 + 8x"]).graph
    found = derive(client, graph, [{"x": 4.0}], ["x"], PATIENT, nodes=True)
    labels = graph.labels()
    values = {labels[node]: found.nodes[node].value.values[0] for node in found.nodes}
    slopes = {labels[node]: found.nodes[node].derivatives["x"].text for node in found.nodes}
    assert values == {"w1": "4", "w2": "64", "w3": "16", "w4": "32", "w5": "32", "w6": "128"}
    assert slopes == {
        "w1": "1", "w2": "3*x**2", "w3": "2*x", "w4": "4*x", "w5": "8", "w6": "3*x**2 + 4*x + 8"
    }  # fmt: skip


def test_any_output_of_a_graph_can_be_asked(client):
    graph = read(["x*y", "x + y"]).graph
    texts = [
        [
            d.text
            for d in derive(client, graph, [], ["x", "y"], PATIENT, output=o).derivatives.values()
        ]
        for o in graph.outputs
    ]
    assert texts == [["y", "x"], ["1", "1"]]


def test_operations_are_counted_before_and_after_sharing(client):
    before, after = ask(client, "exp(x^2)*sin(x^2)", {"x": 1.0}, count=True).operations
    assert before > after > 0
    assert ask(client, "x^2", {"x": 1.0}).operations is None


@pytest.mark.parametrize(
    "text",
    ["x^3 + 2x^2 + 8x", "sin(x)*exp(y)", "max(x, y, 1)", "relu(x - y) + gelu(x)", "3x + y",
     "where(x > y, x^2, floor(y)*x)", "x*9^30", "cbrt(x)*abs(y) + sign(x)"],
)  # fmt: skip
def test_many_points_in_one_go_are_the_same_as_one_by_one(client, text):
    graph = read([text]).graph
    grid = [dict(zip("xy", at, strict=True)) for at in product((-1.3, 0.4, 2.6), (-0.7, 1.9))]
    many = derive(client, graph, grid, graph.variables, PATIENT)
    for row, point in enumerate(grid):
        one = derive(client, graph, [point], graph.variables, PATIENT)
        assert float(many.values[row]) == pytest.approx(float(one.values[0]), rel=1e-14)
        for name, derivative in one.derivatives.items():
            found = float(many.derivatives[name].values[row])
            assert found == pytest.approx(float(derivative.values[0]), rel=1e-14, abs=1e-300)


def test_rows_without_a_number_say_why_among_many(client):
    graph = read(["sqrt(x)"]).graph
    points = [{"x": 4.0}, {"x": 0.0}, {"x": -1.0}]
    found = derive(client, graph, points, ["x"], PATIENT)
    assert found.values == ("2", "0", "complex")
    assert found.derivatives["x"].values == ("0.25", "zoo", "complex")


def test_a_hundred_thousand_points_are_one_evaluation_and_more_are_not_asked(client):
    graph = read(["sin(x)"]).graph
    points = [{"x": float(k)} for k in range(SYMPY_POINTS + 1)]
    found = derive(client, graph, points[:-1], ["x"], PATIENT)
    assert len(found.derivatives["x"].values) == SYMPY_POINTS
    assert "more than 100,000 points" in derive(client, graph, points, ["x"]).reason


@pytest.mark.parametrize("name", ["os", "exec", "Symbol", "lambda", "E", "oo", "nan"])
def test_names_are_symbols_whatever_they_are_called(client, name):
    graph = read([f"{name} + {name}^2"]).graph
    (variable,) = graph.variables
    one = derive(client, graph, [{variable: 3.0}], [variable], PATIENT)
    many = derive(client, graph, [{variable: 3.0}, {variable: 4.0}], [variable], PATIENT)
    assert float(many.derivatives[variable].values[0]) == float(one.derivatives[variable].values[0])
