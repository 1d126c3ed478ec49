"""`%autodiff` and `%%autodiff` in a notebook, and films of traces in its cells."""

from __future__ import annotations

import html
import json
import re

import pytest

import autodiff_cli
from autodiff_cli import compile, grad, parse, trace
from tests.cells import Shell
from tests.console import ROOT


@pytest.fixture
def shell() -> Shell:
    found = Shell()
    found.load("autodiff_cli")
    return found


def line(shell: Shell, words: str) -> object:
    return shell.magics["line", "autodiff"](words)


def test_a_line_is_answered_as_html_and_as_text(shell: Shell) -> None:
    found = line(shell, 'grad "x^3 + 2x^2 + 8x" --x 4 --no-sympy')
    assert "∂f/∂x            72" in repr(found)
    shown = found._repr_html_()  # type: ignore[attr-defined]
    assert shown.startswith('<div class="autodiff-cell">')
    assert "<td" in shown
    assert "<html" not in shown


def test_a_cell_is_a_text_of_named_steps(shell: Shell) -> None:
    cell = shell.magics["cell", "autodiff"]
    found = cell("trace --w 0.5 --x 3", "h = w*x\nL = (h - 1)^2\n")
    assert "v3 = h" in repr(found)
    assert "as a film" in found._repr_html_()
    assert "f′(x) = 2·x" in repr(cell("", "x^2"))
    assert "∂f/∂x             4" in repr(cell("--x 2 --no-sympy", "x^2"))


def test_what_goes_wrong_is_told_once_and_shows_nothing(shell: Shell, capsys) -> None:
    assert line(shell, 'grad "x^2" --y 4') is None
    assert capsys.readouterr().out.count("error: ") == 1


def test_a_command_is_run_once(shell: Shell) -> None:
    """What is drawn by chance is the same in the text and in the table."""
    found = line(shell, 'grad "x^2" --x "uniform(0,1,3)" --no-sympy')
    drawn = re.findall(r"0\.\d{5,}", repr(found))
    assert len(drawn) >= 3
    assert re.findall(r"0\.\d{5,}", found._repr_html_()) == drawn  # type: ignore[attr-defined]


def test_another_format_is_written_as_it_is(shell: Shell) -> None:
    found = line(shell, 'grad "x^2" --x 4 --no-sympy --json')
    assert json.loads(repr(found))["value"] == 16
    assert found._repr_html_() is None  # type: ignore[attr-defined]
    assert "<iframe" in line(shell, 'page "x^2" --x 4')._repr_html_()  # type: ignore[attr-defined]


def frames(shown: str) -> list[str]:
    """Return the documents of the frames in a piece of HTML."""
    return [html.unescape(text) for text in re.findall(r'srcdoc="([^"]*)"', shown)]


def test_a_trace_and_a_graph_are_films_in_frames_of_their_own() -> None:
    shown = trace("x^2*sin(x)", {"x": 2})._repr_html_()
    (document,) = frames(shown)
    assert 'sandbox="allow-scripts"' in shown
    assert "default-src &#x27;none&#x27;" in document
    assert not re.search(r"(src|href)=[\"']?https?:", document)
    assert "as a table" in shown
    assert parse("x^2*y")._repr_html_().count("<iframe") == 1
    assert "as a film, from x = 1, y = 1" in parse("x^2*y")._repr_html_()
    assert "<iframe" not in parse("2+3")._repr_html_()
    assert "<iframe" not in trace("+".join(f"x^{k}" for k in range(2, 99)), {"x": 1})._repr_html_()


def test_names_stay_text_in_a_frame() -> None:
    shown = trace("where(x < 3, x, 1)", {"x": 2})._repr_html_()
    assert shown.count("</iframe>") == 1
    outside = re.sub(r'srcdoc="[^"]*"', "", shown)
    assert "<script" not in outside
    assert "where(w1 &lt; 3, w1, 1)" in outside


def test_a_gradient_shows_its_kinks_notes_and_verdict() -> None:
    shown = grad("abs(x)", {"x": 0})._repr_html_()
    assert "verdict: kink (at w2)" in shown
    assert "slope −1 on the left and 1 on the right; 0 is used" in shown
    assert "verdict: match" in grad("x^2", {"x": 3})._repr_html_()
    many = grad("abs(x)", {"x": [0, 1]})._repr_html_()
    assert "note (kink)" in many
    assert "verdict" not in many


def test_sympys_side_and_compiled_functions_have_tables() -> None:
    found = grad("x^2*y", {"x": 3, "y": 2}).symbolic
    assert "2*x*y" in found._repr_html_()  # type: ignore[attr-defined]
    assert "2 x y" in found._repr_latex_()  # type: ignore[attr-defined]
    function = compile("x^2*y")
    assert "(f, (∂f/∂x, ∂f/∂y))" in function._repr_html_()  # type: ignore[attr-defined]
    assert function._repr_latex_() == "$$f(x, y) = x^{2} \\cdot y$$"  # type: ignore[attr-defined]


def test_the_sample_uses_all_this_and_ends_with_exercises() -> None:
    cells = json.loads((ROOT / "samples" / "notebook.ipynb").read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    text = "\n".join(sources)
    for word in ("%load_ext autodiff_cli", "%autodiff grad", "%%autodiff", "parse(", "trace("):
        assert word in text
    last = max(k for k, cell in enumerate(cells) if cell["cell_type"] == "markdown")
    assert sources[last].startswith("# Exercises")
    assert len({cell["id"] for cell in cells}) == len(cells)


def test_loading_the_extension_is_all_that_is_needed() -> None:
    assert callable(autodiff_cli.load_ipython_extension)
