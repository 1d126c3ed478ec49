"""Orders, Hessians, products with them, gradient graphs and exports, from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import sympy

import autodiff_cli
from autodiff_cli import AutodiffError
from autodiff_cli.cli.commands.export import Language
from autodiff_cli.export import LANGUAGES
from autodiff_cli.graph.printer import number
from tests.console import autodiff, batch, here
from tests.inside import answer
from tests.work import grows

X, Y = sympy.symbols("x y", real=True)
#: text, SymPy's own formula, a point.
FORMULAS = [
    ("x^2*y + sin(y)", X**2 * Y + sympy.sin(Y), {"x": 1.25, "y": 2.0}),
    ("exp(x*y)/(1 + x^2)", sympy.exp(X * Y) / (1 + X**2), {"x": 0.5, "y": -0.75}),
    ("x^y + atan2(y, x)", X**Y + sympy.atan2(Y, X), {"x": 1.5, "y": 0.5}),
    ("tanh(x)*log(y)^3", sympy.tanh(X) * sympy.log(Y) ** 3, {"x": -0.3, "y": 4.0}),
]
PATIENT = ("--sympy-seconds", "20")


def point(at: dict[str, float]) -> list[str]:
    return [word for name, value in at.items() for word in (f"--{name}", str(value))]


def evaluated(formula: Any, at: dict[str, float]) -> float:
    exact = {symbol: sympy.Rational(at[symbol.name]) for symbol in (X, Y)}
    return float(formula.subs(exact).evalf(30))


def answers(*command_lines: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in batch(*command_lines)]


def told(*words: str) -> str:
    outcome = here(*words)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.count("\n") == 1
    return outcome.err


@pytest.fixture(scope="module")
def matrices() -> list[dict[str, Any]]:
    words = [" ".join([*point(at), *PATIENT, "--json"]) for _, _, at in FORMULAS]
    texts = [text for text, _, _ in FORMULAS]
    found = [f'hessian "{text}" {end}' for text, end in zip(texts, words, strict=True)]
    found += [
        f'hvp "{text}" --direction 0.1,-2 {end}' for text, end in zip(texts, words, strict=True)
    ]
    return answers(*found)


@pytest.mark.parametrize("case", range(len(FORMULAS)))
def test_a_hessian_is_sympys(matrices: list[dict[str, Any]], case: int) -> None:
    text, formula, at = FORMULAS[case]
    found = matrices[case]
    assert list(found) == [
        "schema", "expression", "at", "value", "gradient", "hessian", "symbolic", "verdict", "notes"
    ]  # fmt: skip
    assert (found["schema"], found["expression"]) == ("autodiff.hessian/1", text)
    assert found["verdict"] == "match"
    assert found["value"] == pytest.approx(evaluated(formula, at), rel=1e-14)
    for x in (X, Y):
        slope = evaluated(formula.diff(x), at)
        assert found["gradient"][x.name] == pytest.approx(slope, rel=1e-13)
        for y in (X, Y):
            wanted = pytest.approx(evaluated(formula.diff(x, y), at), rel=1e-12)
            assert found["hessian"][x.name][y.name] == wanted
            assert found["symbolic"][x.name][y.name]["value"] == wanted
            shown = sympy.sympify(
                found["symbolic"][x.name][y.name]["derivative"], {"x": X, "y": Y}
            )  # SymPy's own text, not a user's
            assert evaluated(shown, at) == wanted


@pytest.mark.parametrize("case", range(len(FORMULAS)))
def test_a_product_is_sympys_hessian_times_the_direction(
    matrices: list[dict[str, Any]], case: int
) -> None:
    _, formula, at = FORMULAS[case]
    found = matrices[len(FORMULAS) + case]
    assert list(found) == [
        "schema", "expression", "at", "value", "gradient", "direction", "hvp", "symbolic",
        "verdict", "notes",
    ]  # fmt: skip
    assert (found["schema"], found["verdict"]) == ("autodiff.hvp/1", "match")
    assert found["direction"] == {"x": 0.1, "y": -2.0}
    for x in (X, Y):
        along = sympy.Rational(0.1) * formula.diff(x, X) - 2 * formula.diff(x, Y)
        wanted = pytest.approx(evaluated(along, at), rel=1e-12)
        assert found["hvp"][x.name] == wanted
        assert found["symbolic"][x.name]["value"] == wanted


def test_orders_are_sympys() -> None:
    polynomial, linear, wave, rows = answers(
        'grad "x^3+2x^2+8x" --x 4 --order 4 --json',
        'grad "3x + 1" --x 2 --order 3 --json',
        'grad "exp(x)*sin(x)" --x 0.7 --order 6 --json --sympy-seconds 20',
        'grad "x^3" --x 1,2 --order 2 --json',
    )
    assert polynomial["schema"] == "autodiff.grad/1"
    assert polynomial["orders"] == {"x": [72, 28, 6, 0]}
    assert [row["value"] for row in polynomial["symbolic_orders"]["x"]] == [72, 28, 6, 0]
    assert (linear["orders"], linear["verdict"]) == ({"x": [3, 0, 0]}, "match")
    formula = sympy.exp(X) * sympy.sin(X)
    for order, found in enumerate(wave["orders"]["x"], start=1):
        assert found == pytest.approx(evaluated(formula.diff(X, order), {"x": 0.7, "y": 0}))
    assert wave["verdict"] == "match"
    assert rows["orders"] == {"x": [[3, 12], [6, 12]]}


def test_many_points_make_lists() -> None:
    matrix, product = answers(
        'hessian "x^3*y" --x 1,2,3 --y 2 --json',
        'hvp "x^3*y" --x 1,2,3 --y 2 --direction y=1 --json',
    )
    assert matrix["hessian"]["x"]["x"] == [12, 24, 36]
    assert matrix["hessian"]["y"]["x"] == [3, 12, 27]
    assert matrix["symbolic"]["x"]["y"]["value"] == [3, 12, 27]
    assert product["hvp"] == {"x": [3, 12, 27], "y": [0, 0, 0]}
    assert (matrix["verdict"], product["verdict"]) == ("match", "match")


def test_a_wrong_second_derivative_is_a_mismatch(monkeypatch: pytest.MonkeyPatch) -> None:
    from autodiff_cli.engine import higher

    whole = higher.hessian

    def wrong(*words: Any) -> higher.Hessian:
        found = whole(*words)
        matrix = {**found.matrix, "x": {**found.matrix["x"], "y": 2.001}}
        return higher.Hessian(found.value, found.gradient, matrix)

    monkeypatch.setattr(higher, "hessian", wrong)
    out = here("hessian", "x^2*y", "--x", "1", "--y", "2", *PATIENT).out
    assert "verdict: MISMATCH" in out
    assert "symmetric but for 1.0e-03" in out
    assert len(re.findall("MISMATCH", out)) == 2


def test_kinks_and_infinite_slopes_are_said() -> None:
    kink, slope = answers('hessian "abs(x)" --x 0 --json', 'hessian "x^1.5" --x 0 --json')
    assert kink["verdict"] == "kink"
    assert slope["hessian"] == {"x": {"x": "inf"}}
    assert [note["kind"] for note in slope["notes"]] == ["infinite-slope"]
    assert here("hessian", "abs(x)", "--x", "0", "--strict", *PATIENT).status == 3
    assert here("grad", "abs(x)", "--x", "0", "--order", "2", "--strict", *PATIENT).status == 3


def test_constants_and_wrt_choose_the_rows() -> None:
    line = ("a*x^2*y", "--x", "1", "--y", "2", "--json", "--no-sympy")
    found = json.loads(here("hessian", *line, "--const", "a=3").out)
    assert found["hessian"] == {"x": {"x": 12, "y": 6}, "y": {"x": 6, "y": 0}}
    assert (found["symbolic"], found["verdict"]) == (None, "skipped")
    found = json.loads(here("hvp", *line, "--const", "a=3", "--direction", "1,0").out)
    assert found["hvp"] == {"x": 12, "y": 6}
    found = json.loads(here("grad", *line, "--a", "3", "--wrt", "y", "--order", "2").out)
    assert found["orders"] == {"y": [3, 0]}


def test_a_formula_without_variables() -> None:
    for command in ("hessian", "hvp", "export", "grad"):
        assert here(command, "2+3").status == 0
    assert json.loads(here("hessian", "2+3", "--json").out)["hessian"] == {}
    assert json.loads(here("grad", "2+3", "--order", "2", "--json").out)["orders"] == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("grad", "x", "--x", "1", "--order", "0"), "ask for order 1 or more"),
        (("grad", "x", "--x", "1", "--order", "101"), "set AUTODIFF_MAX_ORDERS"),
        (("grad", "x", "--x", "1", "--order", "two"), "--order"),
        (("hessian", "x y", "--x", "1"), "no value for the variable 'y'"),
        (("hvp", "x y", "--x", "1", "--y", "2"), "write --direction 1,0"),
        (("hvp", "x y", "--x", "1", "--y", "2", "--direction", "1"), "2 components, not 1"),
        (("hvp", "x y", "--x", "1", "--y", "2", "--direction", "z=1"), "for 'z'"),
        (("hvp", "x y", "--x", "1", "--y", "2", "--direction", "x=1,x=2"), "two components"),
        (("hvp", "x y", "--x", "1", "--y", "2", "--direction", "1,q"), "has the variable 'q'"),
        (("export", "x", "--to", "rust"), "javascript"),
        (("export", "x", "--x", "4"), "no option --x"),
        (("export", "x", "--wrt", "y"), "its variables are x"),
        (("graph", "x", "--wrt", "x"), "add --gradient"),
        (("graph", "x", "--gradient", "--no-share"), "leave out --no-share"),
        (("graph", "x", "--gradient", "--wrt", "y"), "its variables are x"),
    ],
)  # fmt: skip
def test_wrong_input_names_the_mend(words: tuple[str, ...], said: str) -> None:
    assert said in told(*words)


def test_a_direction_may_begin_with_a_minus_and_be_an_expression() -> None:
    words = ("hvp", "x*y", "--x", "1", "--y", "2", "--no-sympy", "--json")
    assert json.loads(here(*words, "--direction", "-1,pi/2").out)["direction"] == {
        "x": -1, "y": np.pi / 2,
    }  # fmt: skip


def test_a_product_never_forms_the_matrix() -> None:
    def product(count: int) -> None:
        text = " + ".join(f"x{k}^2*x{k + 1}" for k in range(count))
        at = ",".join(f"x{k}=1" for k in range(count + 1))
        outcome = here("hvp", text, "--at", at, "--direction", "x0=1", "--no-sympy", "--json")
        found = json.loads(outcome.out)["hvp"]
        assert (found["x0"], found["x1"], found["x2"]) == (2, 2, 0)

    product(3000)  # nine million second derivatives
    assert grows(product, 50) < 4.5


ODD = ("exp(x)*θ + sin(x/3)/1e-17 + x^3", "--x", "-1.2345678901234567", "--θ", "6.02214076e23")
WIDE = [
    ("hessian", *ODD, "--no-sympy"),
    ("hvp", *ODD, "--direction", "0.1,1e-30", "--no-sympy"),
    ("grad", "exp(x)/3", "--x", "-1.2345678901234567", "--order", "5", "--no-sympy"),
    ("hessian", "exp(x)*y", "--x", "linspace(-1.7, 300.3, 7)", "--y", "1.1", "--no-sympy"),
    ("graph", *ODD, "--gradient"),
]


def floats(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [one for key, item in value.items() if key != "symbolic" for one in floats(item)]
    if isinstance(value, list):
        return [one for item in value for one in floats(item)]
    return [value] if isinstance(value, float) else []


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize("words", WIDE, ids=lambda words: f"{words[0]} {len(words)}")
def test_every_number_is_whole(words: tuple[str, ...], columns: int, encoding: str) -> None:
    outcome = here(*words, columns=columns, encoding=encoding)
    assert (outcome.status, outcome.err) == (0, "")
    found = json.loads(here(*words, "--json").out)
    if any(isinstance(value, list) for value in found.get("at", {}).values()):
        found["gradient"] = None  # one row a point shows the second derivatives
    wanted = set(map(number, floats(found)))
    assert wanted - set(re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", outcome.out)) == set()
    if encoding == "ascii":
        assert outcome.out.isascii()
        assert "\\u2" not in outcome.out
    if words[0] != "graph":
        assert max(map(len, outcome.out.splitlines())) <= max(columns, 62)


def test_orders_are_named_as_in_a_book() -> None:
    words = ("grad", "x^5", "--x", "2", "--order", "5", "--no-sympy")
    rows = [line.split()[0] for line in here(*words).out.splitlines() if line.startswith("f")]
    assert rows[-5:] == ["f′", "f″", "f‴", "f⁽⁴⁾", "f⁽⁵⁾"]
    out = here(*words, encoding="ascii").out
    rows = [line.split()[0] for line in out.splitlines() if line.startswith("f")]
    assert rows[-5:] == ["f'", "f''", "f'''", "f^(4)", "f^(5)"]


def test_a_large_hessian_is_bounded_on_the_screen_and_whole_in_json() -> None:
    text = "*".join(f"x{k}" for k in range(30))
    words = ("hessian", text, "--at", ",".join(f"x{k}=1" for k in range(30)), "--no-sympy")
    out = here(*words, "--rows", "10").out
    assert len(out.splitlines()) < 50
    assert "455 rows between are not shown; --rows 0 shows all" in out
    assert sum(map(len, json.loads(here(*words, "--json").out)["hessian"].values())) == 900


def test_the_gradient_graph_names_its_outputs() -> None:
    words = ("graph", "x^2*y", "--gradient", "--x", "3", "--y", "2")
    out = here(*words).out
    assert "f = w4 = w3·w2 = 18" in out
    assert "∂f/∂x = w6 = w2·w5 = 12" in out
    assert "∂f/∂y = w3 ↑" in out
    found = json.loads(here(*words, "--json").out)
    values = {node["id"]: node["value"] for node in found["nodes"]}
    named = {
        name: values[label] for name, label in zip(found["names"], found["outputs"], strict=True)
    }
    assert named == {"f": 18, "∂f/∂x": 12, "∂f/∂y": 9}
    assert 'out1 [label="∂f/∂x", shape=plaintext];' in here(*words, "--format", "dot").out
    assert "  w6 -> out1;" in here(*words, "--format", "dot").out
    assert "  w6 --> out1" in here(*words, "--format", "mermaid").out
    only = json.loads(here(*words, "--wrt", "y", "--json").out)
    assert only["names"] == ["f", "∂f/∂y"]
    assert here("graph", "floor(x)", "--gradient").out.splitlines()[-1] == "∂f/∂x = 0"


def test_the_gradient_graph_on_the_screen_is_bounded() -> None:
    out = here("graph", "*".join(f"x{k}" for k in range(2000)), "--gradient").out
    assert len(out.splitlines()) < 210
    assert "--rows 0 shows all" in out


def test_an_export_runs_and_says_how_it_read_the_text(tmp_path: Path) -> None:
    outcome = here("export", "1/2x*y")
    assert outcome.err.startswith("note (reading): ")
    namespace: dict[str, Any] = {}
    exec(outcome.out, namespace)  # noqa: S102  # the program wrote it
    assert namespace["value_and_gradient"](3.0, 4.0) == (6.0, (2.0, 1.5))
    target = tmp_path / "slope.py"
    forward = ("--to", "numpy", "--mode", "forward", "--wrt", "x", "-o", str(target))
    assert here("export", "x^2*y", *forward).out == ""
    exec(target.read_text(encoding="utf-8"), namespace)  # noqa: S102  # the program wrote it
    assert [float(part) for part in namespace["value_and_tangent"](3.0, 4.0, 1.0)] == [36, 24]
    assert [path.name for path in tmp_path.iterdir()] == ["slope.py"]


def test_every_language_is_offered() -> None:
    assert set(get_args(Language)) == set(LANGUAGES)
    for language in LANGUAGES:
        assert here("export", "sin(x)*y", "--to", language).status == 0


def test_the_python_interface_beyond_a_gradient() -> None:
    at = {"x": 1.25, "y": 2.0}
    formula = FORMULAS[0][1]
    found = autodiff_cli.hessian(FORMULAS[0][0], at)
    for x in (X, Y):
        for y in (X, Y):
            assert found.matrix[x.name][y.name] == pytest.approx(evaluated(formula.diff(x, y), at))
    assert list(autodiff_cli.hessian("x*y", at, wrt="y").matrix) == ["y"]
    gradient, product = autodiff_cli.hvp("x^2*y", {"x": 1, "y": 2}, [1, 0])
    assert (gradient, product) == ({"x": 4, "y": 1}, {"x": 4, "y": 2})
    both = ["x*y", "x + y"]
    at = {"x": 1, "y": 2}
    rows = ({"x": 2, "y": 1}, {"x": 1, "y": 1})
    assert autodiff_cli.jacobian(both, at).rows == rows
    assert autodiff_cli.jacobian(autodiff_cli.parse(*both), at).rows == rows
    assert autodiff_cli.jvp(both, at, {"x": 1}) == ((2, 3), (2, 1))
    assert autodiff_cli.vjp(both, at, np.array([1, 10])) == ((2, 3), {"x": 12, "y": 11})
    many = autodiff_cli.hessian("x^3", {"x": np.array([[1.0, 2.0]])}).matrix["x"]["x"]
    assert many.tolist() == [[6, 12]]


@pytest.mark.parametrize(
    "call",
    [
        lambda: autodiff_cli.hessian("x", {}),
        lambda: autodiff_cli.hessian(["x", "y"], {"x": 1, "y": 1}),
        lambda: autodiff_cli.hessian(autodiff_cli.parse("x", "x^2"), {"x": 1}),
        lambda: autodiff_cli.hessian("x", {"x": 1}, wrt=["z"]),
        lambda: autodiff_cli.hvp("x", {"x": 1}, [1, 2]),
        lambda: autodiff_cli.hvp("x", {"x": 1}, {"z": 2}),
        lambda: autodiff_cli.hvp("x", {"x": 1}, ["1"]),
        lambda: autodiff_cli.hvp("x", {"x": 1}, 1.0),
        lambda: autodiff_cli.jvp("x", {"x": 1}, [float("nan")]),
        lambda: autodiff_cli.vjp("x", {"x": 1}, [1, 2]),
        lambda: autodiff_cli.jacobian([], {"x": 1}),
    ],
)
def test_wrong_calls_raise_the_one_error(call: Any) -> None:
    with pytest.raises(AutodiffError):
        call()


def test_the_commands_in_a_process_of_their_own_fit_forty_columns() -> None:
    for words in (("hessian",), ("hvp", "--direction", "1,0.5")):
        outcome = autodiff(
            *words, "exp(x)*y/3", "--x", "1", "--y", "2", columns=40, encoding="ascii"
        )
        assert (outcome.status, outcome.err) == (0, "")
        assert outcome.out.isascii()
        assert "verdict: match" in outcome.out
        assert max(map(len, outcome.out.splitlines())) <= 62


@pytest.mark.parametrize(
    "words", [("hessian",), ("hvp", "--direction", "1,1"), ("jacobian",), ("grad",)]
)
def test_columns_of_a_file_are_the_same_as_lists(cli, tmp_path, words):
    path = tmp_path / "points.csv"
    path.write_text("x,y,unused\n1,3,0\n2,4,0\n", encoding="utf-8")
    command, *rest = words
    listed = answer(cli, command, "x^2*y", "--x", "1,2", "--y", "3,4", *rest)
    read = answer(cli, command, "x^2*y", "--data", str(path), *rest)
    unused = [note for note in read["notes"] if note["kind"] == "data"]
    assert "column 'unused' is not used" in unused[0]["text"]
    assert read | {"notes": []} == listed | {"notes": []}
