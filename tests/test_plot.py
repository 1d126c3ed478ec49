"""The commands that draw: plot, descend, and the pictures of graph and compare."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.console import here

TEXT = "{http://www.w3.org/2000/svg}text"
ROSENBROCK = "(1-x)^2 + 100(y-x^2)^2"


def payload(*words: str) -> dict[str, object]:
    outcome = here(*words, "--json")
    assert outcome.err == ""
    found: dict[str, object] = json.loads(outcome.out)
    return found


def texts(picture: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(picture).iter(TEXT)]


def test_the_json_of_a_curve() -> None:
    found = payload("plot", "a/x", "--x=-1..2", "--a", "3", "--at", "x=1")
    assert found["schema"] == "autodiff.plot/1"
    assert found["at"] == {"a": 3.0}
    assert found["intervals"] == {"x": [-1.0, 2.0]}
    assert found["tangents"] == [{"at": 1.0, "value": 3.0, "slope": -3.0}]
    (pole,) = found["breaks"]
    assert pole == {
        "at": 0.0, "kind": "pole", "value": "inf", "nodes": ["w3"],
        "left": {"value": "-inf", "slope": "-inf"}, "right": {"value": "inf", "slope": "-inf"},
    }  # fmt: skip
    left, right = found["pieces"]
    assert left["x"][0] == -1.0
    assert right["x"][-1] == 2.0
    for x, value, slope in zip(left["x"], left["value"], left["slope"], strict=True):
        assert value == 3 / x
        assert slope == pytest.approx(-3 / x**2)


def test_the_json_of_contours() -> None:
    found = payload("plot", "x*y", "--x=0..1", "--y=0..2", "--at", "x=1,y=2")
    assert found["intervals"] == {"x": [0.0, 1.0], "y": [0.0, 2.0]}
    assert found["marks"] == [{"at": {"x": 1.0, "y": 2.0}, "gradient": {"x": 2.0, "y": 1.0}}]
    for level in found["levels"]:
        for x, y in (spot for line in level["lines"] for spot in line):
            assert x * y == pytest.approx(level["value"], abs=1e-3)


#: words → the interval that is drawn.
INTERVALS = [
    (["x^2"], {"x": [-5, 5]}),
    (["x^2", "--x", "1"], {"x": [-4, 6]}),
    (["x^2", "--x=-pi..pi"], {"x": [-math.pi, math.pi]}),
    (["x^2", "--at", "x=1..2"], {"x": [1, 2]}),
    (["a*x^2", "--a", "2"], {"x": [-5, 5]}),
    (["a*x^2", "--x", "2", "--a=0..1"], {"a": [0, 1]}),
    (["x*y"], {"x": [-5, 5], "y": [-5, 5]}),
    (["x*y*z", "--z", "1", "--y=.5..1."], {"x": [-5, 5], "y": [0.5, 1]}),
    (["e^2", "--e=0..1"], {"e": [0, 1]}),
]


@pytest.mark.parametrize(("words", "expected"), INTERVALS, ids=[" ".join(w) for w, _ in INTERVALS])
def test_what_moves_and_where(words: list[str], expected: dict[str, list[float]]) -> None:
    assert payload("plot", *words)["intervals"] == expected


#: words → what the error says.
REFUSED = [
    (["plot", "x*y*z"], "one variable or two, not 3: x, y, z; give the others values: --z 1"),
    (["plot", "3"], "no variable to draw it over"),
    (["plot", "x", "--x=2..1"], "the interval of x runs from 2 to 1"),
    (["plot", "x", "--x=1..1"], "the interval of x runs from 1 to 1"),
    (["plot", "x", "--x=1..b"], "b"),
    (["plot", "x", "--x=1.."], "x has no value"),
    (["plot", "x", "--x=1..2", "--x=1..3"], "two intervals"),
    (["plot", "x", "--y=1..2"], "the expression has no variable 'y'"),
    (["plot", "a*x", "--x=1..2", "--a", "1,2"], "a does not move"),
    (["plot", "x*y", "--at", "x=1", "--x=0..1", "--y=0..1"], "needs both: x has 1 and y 0 values"),
    (["plot", "x", "--wrt", "x"], "--wrt"),
    (["descend", "x^2"], "no value for the variable 'x'"),
    (["descend", "x^2", "--x", "1", "--rate", "0"], "the rate is 0"),
    (["descend", "x^2", "--x", "1", "--steps", "1000000"], "more than 100,000 steps"),
    (["descend", "x*y", "--x", "1,2", "--y", "1,2,3"], "do not go together"),
    (["descend", "3"], "nothing moves"),
    (["graph", "x^2", "--show", "adjont"], "did you mean adjoint?"),
    (["graph", "x^2", "--show", "value"], "--show says what a picture has"),
    (["plot", "x^2", "--ascii", "--json"], "--ascii is for text, and this is json"),
    (["descend", "x^2", "--x", "1", "--ascii", "--format", "svg"], "--ascii is for text"),
    (["compare", "x^2", "--x", "1", "--no-sympy", "--format", "svg"], "add --steps"),
]


@pytest.mark.parametrize(("words", "said"), REFUSED, ids=[" ".join(w) for w, _ in REFUSED])
def test_what_cannot_be_drawn_is_refused_with_a_mend(words: list[str], said: str) -> None:
    outcome = here(*words)
    assert outcome.status == 2
    assert outcome.out == ""
    assert said in outcome.err


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("words", [("plot", "tan(x)"), ("plot", "x*y"),
                                   ("descend", ROSENBROCK, "--x", "0", "--y", "1")])  # fmt: skip
def test_the_terminal_is_not_exceeded(words: tuple[str, ...], encoding: str, columns: int) -> None:
    outcome = here(*words, columns=columns, encoding=encoding)
    assert (outcome.status, outcome.err) == (0, "")
    drawn = [line for line in outcome.out.splitlines() if "│" in line or "|" in line]
    assert drawn
    assert max(map(len, drawn)) <= columns
    assert (encoding == "ascii") == outcome.out.isascii()


#: words → what is said below a picture without a curve or a line.
EMPTY = [
    (["ln(x)", "--x=-2..-1"], "no finite value of f was found from x = −2 to −1"),
    (["sqrt(-x^2-1)"], "no finite value of f was found from x = −5 to 5"),
    (["ln(-x^2-y^2)"], "no finite value and slope of f was found there"),
    (["0*x*y+3"], "f is the same wherever it was looked at"),
]


@pytest.mark.parametrize(("words", "said"), EMPTY, ids=[" ".join(w) for w, _ in EMPTY])
@pytest.mark.parametrize("shown", ["text", "markdown", "html"])
def test_an_empty_picture_says_why(words: list[str], said: str, shown: str) -> None:
    out = " ".join(here("plot", *words, "--format", shown).out.split())
    assert said in out
    assert "there is nothing to draw" in out
    assert "lines of equal value" not in out


def test_as_many_breaks_are_told_as_asked() -> None:
    words = ("plot", "floor(x)", "--x=0.5..40.5")
    assert "and 28 more such places" in here(*words).out
    assert here(*words, "--rows", "0").out.count("a jump from") == 40
    assert here(*words, "--rows", "3").out.count("a jump from") == 3


def test_ascii_as_asked() -> None:
    drawn = here("plot", "sin(x)", "--ascii").out
    assert not any("\u2800" <= char < "\u2900" for char in drawn)
    assert any("\u2800" <= char < "\u2900" for char in here("plot", "sin(x)").out)


def test_rows_of_a_file_are_points(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("x,other\n1,5\n2,6\n")
    found = payload("plot", "x^2", "--data", str(file), "--x=0..3")
    assert found["points"] == [[1.0, 1.0], [2.0, 4.0]]
    assert found["tangents"] == []


@pytest.mark.parametrize("kind", ["text", "markdown", "latex", "html", "csv", "json", "svg"])
@pytest.mark.parametrize(
    "words",
    [
        ("plot", "x^x"),
        ("plot", "1/(x-y)"),
        ("descend", "x^2", "--x", "1"),
        ("descend", "x^2", "--x", "1,2"),
        ("graph", "x^2", "--x", "1"),
    ],
)
def test_every_format_of_every_picture(words: tuple[str, ...], kind: str, tmp_path: Path) -> None:
    endings = {"text": "txt", "markdown": "md", "latex": "tex"}
    path = tmp_path / f"out.{endings.get(kind, kind)}"
    outcome = here(*words, "-o", str(path))
    assert (outcome.status, outcome.err) == (0, "")
    written = path.read_text(encoding="utf-8")
    assert written
    if kind == "html":
        assert written.count("<svg ") == 1


def test_a_page_with_a_picture_is_read_strictly() -> None:
    page = here("plot", "1/x", "--format", "html").out
    picture = page[page.index("<svg ") : page.index("</svg>") + 6]
    assert "f(x) = 1/x" in texts(picture)


def test_the_rows_of_a_descent() -> None:
    rows = here("descend", "x^2", "--x", "1", "--rate", "0.25", "--steps", "2", "--format", "csv")
    assert rows.out == "x,f(),df/dx\n1.0,1.0,2.0\n0.5,0.25,1.0\n0.25,0.0625,0.5\n"


def test_the_json_of_a_descent() -> None:
    found = payload("descend", "x^2", "--x", "1", "--rate", "0.25", "--steps", "1")
    assert found == {
        "schema": "autodiff.descend/1", "expression": "x^2", "wrt": ["x"], "method": "plain",
        "rate": 0.25, "momentum": 0.0, "steps": 1, "tolerance": 1e-6, "notes": [],
        "descents": [{
            "reason": "steps",
            "text": "not flat after 1 step: the gradient has length 1",
            "rows": [
                {"step": 0, "at": {"x": 1.0}, "value": 1.0, "gradient": {"x": 2.0}},
                {"step": 1, "at": {"x": 0.5}, "value": 0.25, "gradient": {"x": 1.0}},
            ],
        }],
    }  # fmt: skip


def test_a_descent_says_what_pytorch_would_be_told() -> None:
    out = here("descend", "x^2", "--x", "1", "--momentum", "0.9", "--rate", "0.1").out
    assert "optimizer = torch.optim.SGD([x], lr=0.1, momentum=0.9)" in out
    assert "loss.backward()" in out
    assert (
        "torch.optim.Adam([x], lr=0.1)"
        in here("descend", "x^2", "--x", "1", "--adam", "--rate", "0.1").out
    )


def test_what_is_constant_is_held() -> None:
    found = payload("descend", "(x-a)^2", "--x", "0", "--const", "a=2", "--rate", "0.5")
    assert found["wrt"] == ["x"]
    assert found["descents"][0]["rows"][-1]["at"] == {"x": 2.0, "a": 2.0}


def test_the_errors_of_step_sizes_as_a_picture() -> None:
    words = ("compare", "sin(x)", "--x", "1", "--steps", "--no-sympy", "--format", "svg")
    said = texts(here(*words).out)
    assert "errors of differences: f = sin(x)" in said
    assert {"forward", "central", "slope 1", "slope 2", "ε/h"} <= set(said)
