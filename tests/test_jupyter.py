"""What Jupyter shows of graphs, gradients and traces: tables and trees, escaped, and LaTeX."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from autodiff_cli import grad, hessian, jacobian, parse, trace
from tests.cells import picture
from tests.console import ROOT


def test_a_trace_is_printed_as_a_table():
    record = trace("x^2*y", {"x": 3, "y": 2})
    lines = str(record).splitlines()
    assert lines[0] == "f(x, y) = x²·y"
    assert [line[:2] for line in lines if line[:1] == "w"][1:] == ["w1", "w2", "w3", "w4"]
    assert "functools" not in f"{record!r}{record}{record.steps}"


FORMULA = "where(x < 2, x^3, 3) + x*y"
POINT = {"x": 1, "y": 2}


class Reader(HTMLParser):
    """Reads HTML, checks that tags are closed in order, and collects the cells."""

    def __init__(self, text):
        super().__init__()
        self.open, self.cells, self.text = [], [], ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        if tag not in ("br", "img"):
            self.open.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data
        if self.open and self.open[-1] in ("td", "th"):
            self.cells[-1] += data


SHOWN = {
    "graph": parse(FORMULA), "several outputs": parse("x*y", "x+y"),
    "no variables": parse("2+3"), "gradient": grad(FORMULA, POINT),
    "gradient of rows": grad(FORMULA, {"x": [1, 2, 3], "y": 2}), "trace": trace(FORMULA, POINT),
    "Hessian": hessian(FORMULA, POINT), "Hessian of rows": hessian(FORMULA, {"x": [1, 2], "y": 2}),
    "Jacobian": jacobian(["x*y", "x/y"], POINT),
    "Jacobian of rows": jacobian(["x*y", "x/y"], {"x": [1, 2], "y": 2}),
    "no derivatives": hessian("2+3", {}),
    "a wide Hessian": hessian("*".join(f"x{k}" for k in range(50)),
                              {f"x{k}": 1.0 for k in range(50)}),
}  # fmt: skip


@pytest.mark.parametrize("thing", SHOWN.values(), ids=SHOWN)
def test_html_is_well_formed_and_latex_is_balanced(thing):
    html = thing._repr_html_()
    Reader(html)
    assert not re.search(r"<(?!/?[a-z]+)", html), "a < that begins no tag is escaped"
    latex = thing._repr_latex_()
    assert latex.startswith("$$")
    assert latex.endswith("$$")
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\begin") == latex.count(r"\end")


def test_a_graph_is_a_picture_and_a_big_one_a_tree():
    html = picture(parse(FORMULA)._repr_html_())
    assert html.startswith("<svg ")
    assert "where(w1 &lt; 2, w3, 3)" in html
    assert "w1 = x" in Reader(html).text
    html = parse(f"{FORMULA} + " + "+".join(f"x^{k}" for k in range(2, 200)))._repr_html_()
    assert "where(w1 &lt; 2, w3, 3)" in html
    assert "↑ shown above: the node is shared" in html
    assert parse("x^2/y")._repr_latex_() == r"$$f(x, y) = \frac{x^{2}}{y}$$"


def test_a_gradient_is_a_table_with_whole_numbers():
    found = grad("sin(x) + y", {"x": 4, "y": 2})
    cells = Reader(found._repr_html_()).cells
    assert cells[2:] == ["f", repr(found.value), "∂f/∂x", "-0.6536436208636119", "∂f/∂y", "1"]
    assert r"\frac{\partial f}{\partial x} = -0.6536436208636119" in found._repr_latex_()


def test_rows_are_a_table_with_the_middle_left_out():
    html = grad("x^2", {"x": list(range(100))})._repr_html_()
    cells = Reader(html).cells
    assert "… 60 rows between" in cells
    assert cells[:6] == ["x", "f", "∂f/∂x", "0", "0", "0"]
    assert cells[-3:] == ["99", "9801", "198"]
    assert len(cells) == 3 + 3 * 40 + 1


def test_a_trace_is_a_table_with_its_sums():
    html = trace("x^3 + 2x^2 + 8x", {"x": 4})._repr_html_()
    cells = Reader(html).cells
    assert cells[-3:] == ["∂w6/∂w2 = ∂w6/∂w4 = ∂w6/∂w5 = 1", "72", "1"]
    assert "48 + 16 + 8 = 72" in html
    latex = trace("x^3 + 2x^2 + 8x", {"x": 4})._repr_latex_()
    assert r"3 \cdot w_{1}^{2} = 3 \cdot 4^{2} = 48" in latex


def test_what_is_long_is_shortened():
    chain = "+".join(f"x^{k}" for k in range(2, 400))
    for thing in (parse(chain), grad(chain, {"x": 1}), trace(chain, {"x": 1})):
        assert len(thing._repr_html_()) < 40_000
        assert len(thing._repr_latex_()) < 40_000
    size = "a formula of 797 operations and constants"
    assert parse(chain)._repr_latex_() == rf"$$\text{{{size}}}$$"
    assert re.search(r"\d+ more nodes are not shown\n", parse(chain)._repr_html_())


def test_nothing_of_this_is_loaded_before_it_is_shown():
    program = (
        "import sys, autodiff_cli\nfound = autodiff_cli.grad('x^2', {'x': 3})\n"
        "print('autodiff_cli.views.notebook' in sys.modules)\nfound._repr_html_()\n"
        "print('autodiff_cli.views.notebook' in sys.modules, 'numpy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.split() == ["False", "True", "False"]


def test_the_tangents_of_many_variables_are_counted():
    names = [f"x{k}" for k in range(1, 31)]
    cells = Reader(trace("*".join(names), dict.fromkeys(names, 1.0))._repr_html_()).cells
    assert "… tangents for 18 more variables" in cells


def test_a_hessian_is_a_table_with_heads_on_two_sides():
    found = hessian("x^2*y", {"x": 1, "y": 2})
    cells = Reader(found._repr_html_()).cells
    assert cells[:4] == ["", "gradient", "∂/∂x", "∂/∂y"]
    assert cells[4:] == ["∂/∂x", "4", "4", "2", "∂/∂y", "1", "2", "0"]
    assert found._repr_latex_() == r"$$H_{x, y} = \begin{pmatrix} 4 & 2 \\ 2 & 0 \end{pmatrix}$$"
    rows = Reader(hessian("x^2*y", {"x": [1, 3], "y": 2})._repr_html_()).cells
    assert rows[:6] == ["f", "∂f/∂x", "∂f/∂y", "∂²f/∂x²", "∂²f/∂x∂y", "∂²f/∂y²"]
    assert rows[6:] == ["2", "4", "1", "4", "2", "0", "18", "12", "9", "4", "6", "0"]


def test_a_jacobian_is_a_table_with_a_row_an_output():
    found = jacobian(["x*y", "x/y"], {"x": 4, "y": 2})
    cells = Reader(found._repr_html_()).cells
    assert cells == ["", "value", "∂/∂x", "∂/∂y", "f1", "8", "2", "4", "f2", "2", "0.5", "-1"]
    assert found._repr_latex_() == (
        r"$$J_{x, y} = \begin{pmatrix} 2 & 4 \\ 0.5 & -1 \end{pmatrix}$$"
    )
    rows = Reader(jacobian("x*y", {"x": [4, 5], "y": 2})._repr_html_()).cells
    assert rows == ["f", "∂f/∂x", "∂f/∂y", "8", "2", "4", "10", "2", "5"]


def test_of_an_untrusted_notebook_a_picture_stays():
    """JupyterLab keeps of such a cell no SVG and no frame, but images, tables and words."""
    for shown in (parse(FORMULA)._repr_html_(), trace(FORMULA, POINT)._repr_html_()):
        kept = re.sub(r"<style>.*?</style>|<iframe.*?</iframe>", "", shown, flags=re.DOTALL)
        assert "<svg" not in kept
        assert "<img" in kept or "<table" in kept
