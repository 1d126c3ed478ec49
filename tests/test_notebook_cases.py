"""The notebook that the program grew from: its cases with their exact numbers, N1 to N16."""

from __future__ import annotations

import csv
import io
import json
import math

import pytest

from autodiff_cli import grad
from tests.console import autodiff, here

CUBIC = ("x^3 + 2x^2 + 8x", "--x", "4")
PLANE = ("x^3 + y^2 + a x + b", "--x", "4", "--y", "2")
X = (5.6419, 1.1369, 4.7996, 0.8205, 0.4615, 0.4596, 2.5004, 1.2695, 2.5845, 0.4513)
COSINES = (0.80132752, 0.42040926, 0.08710051, 0.68185555, 0.89538557, 0.89623001, -0.80138294,
           0.29675839, -0.84879587, 0.89988089)  # fmt: skip
T = (-0.1015, 0.4655, 0.7771, -0.6037, -0.8693, 0.2803, -0.9955, -0.4249, 0.3446, -0.9768)
SLOPES = (0.98976810, 0.81116087, 0.57614818, 0.70874855, 0.50857334, 0.92537120, 0.42285928,
          0.83915860, 0.89005611, 0.43498122)  # fmt: skip


def answered(*words: str) -> dict:
    outcome = here(*words, "--json")
    assert (outcome.status, outcome.err) == (0, "")
    return json.loads(outcome.out)


def test_n2_the_cubic_as_text() -> None:
    outcome = autodiff("grad", *CUBIC)
    assert outcome.status == 0
    assert outcome.out.splitlines() == [
        "f(x) = x³ + 2·x² + 8·x",
        "at x = 4",
        "f = 128",
        "",
        "       reverse mode  SymPy            its value  difference  verdict",
        "────────────────────────────────────────────────────────────────────",
        "∂f/∂x            72  3*x^2 + 4*x + 8         72           0  match",
        "",
        "verdict: match",
    ]


def test_n2_the_cubic_as_json() -> None:
    assert answered("grad", *CUBIC) == {
        "schema": "autodiff.grad/1",
        "expression": "x^3 + 2x^2 + 8x",
        "at": {"x": 4.0},
        "value": 128.0,
        "gradient": {"x": 72.0},
        "symbolic": {"x": {"derivative": "3*x**2 + 4*x + 8", "value": 72.0}},
        "verdict": "match",
        "notes": [],
    }


def traced(*words: str) -> list[dict]:
    return json.loads(here("trace", *words, "--json").out)["nodes"]


def test_n3_its_values() -> None:
    nodes = traced(*CUBIC)
    assert [(node["id"], node["operation"]) for node in nodes] == [
        ("w1", "x"), ("w2", "w1^3"), ("w3", "w1^2"), ("w4", "2*w3"), ("w5", "8*w1"),
        ("w6", "w2 + w4 + w5"),
    ]  # fmt: skip
    assert [node["value"] for node in nodes] == [4, 64, 16, 32, 32, 128]


def test_n4_its_tangents() -> None:
    assert [node["tangent"]["x"] for node in traced(*CUBIC)] == [1, 48, 8, 16, 8, 72]


def test_n5_its_adjoints_and_the_sum() -> None:
    assert [node["adjoint"] for node in traced(*CUBIC)] == [72, 1, 2, 1, 1, 1]
    text = here("trace", *CUBIC).out
    assert "w̄1 = w̄2·48 + w̄3·8 + w̄5·8 = 48 + 16 + 8 = 72" in text.splitlines()


def test_n3_n4_n5_as_a_table() -> None:
    rows = list(csv.DictReader(io.StringIO(here("trace", *CUBIC, "--format", "csv").out)))
    table = [(row["w_i"], row["value"], row["tangent (x)"], row["adjoint"]) for row in rows]
    assert table == [
        ("w1", "4", "1", "72"), ("w2", "64", "48", "1"), ("w3", "16", "8", "2"),
        ("w4", "32", "16", "1"), ("w5", "32", "8", "1"), ("w6", "128", "72", "1"),
    ]  # fmt: skip
    assert rows[1]["local partials"] == "dw2/dw1 = 3*w1^2 = 3*4^2 = 48"


def test_n9_the_sine() -> None:
    answer = answered("grad", "sin(x)", "--x", "4")
    assert answer["value"] == math.sin(4)
    assert answer["gradient"] == {"x": -0.6536436208636119}
    assert answer["symbolic"]["x"]["derivative"] == "cos(x)"


def test_n10_the_sine_over_a_column() -> None:
    column = ",".join(map(str, X))
    answer = json.loads(here("grad", "sin(x)", "--x", column, "--json", "--no-sympy").out)
    assert answer["gradient"]["x"] == pytest.approx(COSINES, abs=5e-9)


@pytest.mark.parametrize(
    "constants",
    [("--const", "a=1,b=6"), ("--a", "1", "--b", "6", "--wrt", "x,y"),
     ("--a", "1", "--b", "6", "--const", "a,b"), ("--at", "a=1,b=6", "--wrt", "x", "--wrt", "y")],
    ids=["const", "wrt", "const-names", "wrt-twice"],
)  # fmt: skip
def test_n11_constants_get_no_gradient(constants: tuple[str, ...]) -> None:
    answer = json.loads(here("grad", *PLANE, *constants, "--json", "--no-sympy").out)
    assert (answer["value"], answer["gradient"]) == (78.0, {"x": 49.0, "y": 4.0})
    assert answer["at"] == {"x": 4.0, "y": 2.0, "a": 1.0, "b": 6.0}


def test_n11_as_text_with_sympy() -> None:
    lines = here("grad", *PLANE, "--const", "a=1,b=6").out.splitlines()
    assert "f = 78" in lines
    assert "∂f/∂x            49  a + 3*x^2         49           0  match" in lines
    assert "∂f/∂y             4  2*y                4           0  match" in lines
    assert not any(line.startswith(("∂f/∂a", "∂f/∂b")) for line in lines)


def test_n12_two_sines() -> None:
    answer = answered("grad", "sin(x) + sin(y)", "--x", "4", "--y", "2")
    assert answer["value"] == pytest.approx(0.1524949315, abs=5e-11)
    assert answer["gradient"] == {"x": math.cos(4), "y": math.cos(2)}
    assert answer["verdict"] == "match"


def test_n14_the_hyperbolic_tangent_over_a_column() -> None:
    assert grad("tanh(x)", {"x": T}).gradient["x"] == pytest.approx(SLOPES, abs=5e-9)


def test_the_notebooks_wrong_sum_is_right_at_4_by_accident_only() -> None:
    wrong = "x^3 + 2x^2 + x^2"  # w6 = w2 + w4 + w3, as the notebook has it
    assert grad(wrong, {"x": 4}).value == 112.0
    assert [grad(wrong, {"x": x}).gradient["x"] for x in (4, 3)] == [72.0, 45.0]
    assert grad("x^3 + 2x^2 + 8x", {"x": 3}).gradient["x"] == 47.0
