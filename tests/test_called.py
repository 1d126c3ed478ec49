"""A formula that the text names, `loss = …`, has that name in every view, and is f in none."""

from __future__ import annotations

import json
import re

import pytest

from autodiff_cli import grad, parse
from autodiff_cli.export.targets import TARGETS
from autodiff_cli.methods import frameworks
from autodiff_cli.views import notebook
from tests.console import here

TEXT = "h = x^2; loss = abs(h)"

#: Words of a command line → words of its answer.
VIEWS = [
    (
        ("grad", TEXT, "--x", "0"),
        ["loss = 0", "∂loss/∂x", "along x, loss has slope 0", "loss = w3 = abs(w2):"],
    ),
    (("grad", TEXT, "--x", "1", "--order", "2"), ["∂loss/∂x", "loss″"]),
    (("trace", TEXT, "--x", "1", "--why"), ["how fast loss moves", "the seed: loss moves"]),
    (("graph", TEXT, "--gradient"), ["loss = w3 = abs(w2)", "h = w2 = w1²", "∂loss/∂x = w"]),
    (("graph", TEXT, "--gradient", "--format", "mermaid"), ["∂loss/∂x", "h = w2"]),
    (("hessian", TEXT, "--x", "1"), ["loss = 1", "∂²loss/∂x²"]),
    (("hvp", TEXT, "--x", "1", "--direction", "1"), ["loss = 1", "∂loss/∂x"]),
    (("compare", TEXT, "--x", "1", "--steps"), ["loss = 1", "∂loss/∂x by differences"]),
    (("backward", TEXT, "--x", "1"), ["loss = 1, made by AbsBackward0", "w2 = h  ", "w3 = loss  "]),
    (("count", "h = x^2; u = h + 1; v = h^2", "--of", "u,v"), ["u = h + 1", "v = h²"]),
    (("count", "loss = 4x(1-x)", "--iterate", "2"), ["loss(x) = 4·x", "row n has loss applied"]),
    (("plot", "loss = abs(x)", "--x=-1..1"), ["(loss = w2 = abs(w1))"]),
    (("plot", TEXT, "--x=-1..1", "--at", "x=1"), ["loss′(x)", "at x = 1: loss = 1, loss′ = 2"]),
    (("plot", "loss = x y", "--x=-1..1", "--y=-1..1", "--at", "x=1,y=1"), ["∂loss/∂x = 1"]),
    (("descend", TEXT, "--x", "1", "--steps", "2"), ["loss after each step"]),
    (("descend", TEXT, "--x", "1,2", "--steps", "2"), ["loss  ended"]),
    *[(("export", TEXT, "--to", to), ["loss"]) for to in TARGETS if to != "latex"],
    *[
        (("export", TEXT, "--to", to, "--mode", "forward"), ["loss"])
        for to in TARGETS
        if to != "latex"
    ],
]


@pytest.fixture(autouse=True)
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves out libraries that take seconds to load."""
    monkeypatch.setattr(frameworks, "find_spec", lambda _: None)


@pytest.mark.parametrize(("words", "wanted"), VIEWS, ids=lambda part: " ".join(part))
def test_a_name_stands_in_every_view(words: tuple[str, ...], wanted: list[str]) -> None:
    got = here(*words)
    assert got.status == 0, got.err
    assert [text for text in wanted if text not in got.out] == []
    assert re.findall(r"(?<![\w′.])f(?![\w.(])", got.out) == []


def test_a_gradient_graph_keeps_the_names_of_steps() -> None:
    found = json.loads(here("graph", TEXT, "--gradient", "--json").out)
    assert found["names"] == ["loss", "∂loss/∂x"]
    assert [node["name"] for node in found["nodes"] if "name" in node] == ["h"]


def test_operations_of_backward_have_the_names_of_steps() -> None:
    found = json.loads(here("backward", TEXT, "--x", "1", "--json").out)
    assert [node["name"] for node in found["operations"]] == ["h", "loss"]


def test_a_name_stands_in_jupyter() -> None:
    answer = grad(parse(TEXT), {"x": 1})
    assert "∂loss/∂x" in notebook.result(answer)
    assert r"\frac{\partial \mathit{loss}}{\partial x} = 2" in notebook.result_latex(answer)


def test_a_note_on_lost_digits_has_the_name() -> None:
    words = ("y = (x + 1e16) - 1e16", "--x", "0.3", "--sympy-seconds", "30")
    assert "float64 keeps no digit of y" in " ".join(here("grad", *words).out.split())
