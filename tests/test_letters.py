"""The letter of the labels: the first of w, v, u, t, n that no name of the formula is like."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff_cli import parse
from autodiff_cli.errors import AutodiffError
from autodiff_cli.export import export
from autodiff_cli.graph.graph import Graph
from tests.inside import Cli
from tests.work import examples

CHOSEN = [
    ("x^2", "w"), ("2+3", "w"), ("w^2", "v"), ("w1*w2", "v"), ("w_1*x", "v"), ("w12a", "v"),
    ("wx + w_a + win", "w"), ("v3 + u", "w"), ("w1 + v2", "u"), ("w v u", "t"), ("w v_2 u t9", "n"),
    ("w v u t n", "ww"), ("w v u t n ww3", "vv"), ("W1 * V", "w"), ("ω*x", "w"),
    ("w = x^2; w*x", "v"), ("w2 = x^2; v1 = w2 + 1; w2*v1", "u"), ("f(w) = w^2; f(x)", "w"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "letter"), CHOSEN)
def test_it_is_the_first_that_is_free(text: str, letter: str) -> None:
    graph = parse(text)
    assert graph.letter == letter
    labels = list(graph.named().values())
    assert labels == [f"{letter}{k}" for k in range(1, len(labels) + 1)]


@given(st.lists(st.from_regex(r"[wvutnx]{1,2}_?[0-9]{0,2}", fullmatch=True), min_size=1))
@settings(max_examples=examples(200))
def test_no_label_is_written_as_a_name_is(names: list[str]) -> None:
    graph = parse(" + ".join(names), variables=names)
    labels = set(graph.named().values())
    assert not labels & set(names)
    plain = {label[:-1] + "_" + label[-1] for label in labels}  # as LaTeX sets them
    assert not plain & set(names)


def test_another_one_can_be_chosen() -> None:
    graph = parse("x*y", "x+y").lettered("v")
    assert graph.named() == {0: "v1", 1: "v2", 2: "v3", 3: "v4"}
    assert graph == parse("x*y", "x+y")
    for same in (graph.select((0,)), pickle.loads(pickle.dumps(graph))):
        assert same.letter == "v"


@pytest.mark.parametrize(
    ("letter", "message"),
    [("", "'' is not one letter"), ("vv", "'vv' is not one letter"), ("1", "is not one letter"),
     ("x", "would meet the name 'x'; choose another letter, such as v"),
     ("w", "nodes called w1, w2, … would meet the name 'w2'")],
)  # fmt: skip
def test_what_is_no_letter_or_taken_is_refused(letter: str, message: str) -> None:
    with pytest.raises(AutodiffError, match=message):
        parse("x*w2").lettered(letter)


@pytest.mark.parametrize("language", ["python", "c", "latex"])
def test_code_names_its_nodes_by_it(language: str) -> None:
    graph: Graph = parse("sin(w)*t^2")
    code = export(graph, language)
    assert ("v_{3}" if language == "latex" else "v3 = ") in code
    chosen = export(graph.lettered("θ"), language)
    assert {"python": "θ3 = ", "c": "theta3 = ", "latex": r"\theta_{3}"}[language] in chosen


SHOWN = [
    *[("trace", "--format", name) for name in ["text", "markdown", "latex", "html", "csv", "json"]],
    *[("graph", "--format", name) for name in ["text", "dot", "mermaid", "json", "latex", "csv"]],
    ("graph", "--gradient"), ("backward",), ("grad", "--trace", "--graph", "--no-sympy"),
]  # fmt: skip


@pytest.mark.parametrize("words", SHOWN, ids=" ".join)
@pytest.mark.parametrize(
    ("formula", "at", "letter", "chosen"),
    [("abs(w1*w2)", "w1=2,w2=0", "v", ()), ("w = x*y; abs(w)", "x=2,y=0", "v", ()),
     ("abs(x*y)", "x=2,y=0", "w", ()), ("abs(x*y)", "x=2,y=0", "v", ("--letter", "v"))],
)  # fmt: skip
def test_every_view_calls_the_nodes_by_it(
    words: tuple[str, ...], formula: str, at: str, letter: str, chosen: tuple[str, ...], cli: Cli
) -> None:
    command, *options = words
    shown = cli(command, formula, "--at", at, *options, *chosen)
    assert shown.status == 0, shown.err
    third = r"\b{}(_\{{3\}}|3)|(?:{})(\}}_\{{3\}}|3)"
    marked = {"v": "[v\u0304\u0307]|bar\\{v", "w": "[w\u0304\u0307]|ẇ|bar\\{w"}
    other = {"v": "w", "w": "v"}[letter]
    assert re.search(third.format(letter, marked[letter]), shown.out), shown.out
    assert not re.search(third.format(other, marked[other]), shown.out), shown.out


def test_a_letter_that_is_taken_is_wrong_input(cli: Cli) -> None:
    outcome = cli("graph", "w1*x", "--letter", "w")
    assert outcome.status == 2
    assert "nodes called w1, w2, … would meet the name 'w1'; choose another letter" in outcome.err
