"""Graph to text: what is printed reads back as the same graph, in every notation."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings

from autodiff_cli.graph.printer import ASCII, LATEX, PROGRAM, TERMINAL, Notation, expression
from autodiff_cli.language.parser import read
from tests import expressions
from tests.work import examples


@pytest.mark.parametrize("share", [True, False])
@settings(max_examples=examples(400), deadline=None)
@given(root=expressions.trees(12))
def test_text_of_a_graph_reads_back_as_the_graph(share: bool, root: expressions.Tree) -> None:
    graph = expressions.graph(root, share=share)
    assert read([str(graph)], share=share).graph == graph


@pytest.mark.parametrize("notation", [PROGRAM, ASCII, TERMINAL], ids=["program", "ascii", "dots"])
@settings(max_examples=examples(300), deadline=None)
@given(root=expressions.trees(12))
def test_a_notation_never_changes_the_reading(notation: Notation, root: expressions.Tree) -> None:
    graph = expressions.graph(root)
    assert read([expression(graph, graph.outputs[0], notation)]).graph == graph


#: text, program text, ASCII, terminal
PRINTED = [
    ("x^3 + 2x^2 + 8x", "x^3 + 2*x^2 + 8*x", "x^3 + 2*x^2 + 8*x", "x³ + 2·x² + 8·x"),
    ("1/2x", "1/2*x", "(1/2)*x", "(1/2)·x"),
    ("2(x+1)(x-1)", "2*(x + 1)*(x - 1)", "2*(x + 1)*(x - 1)", "2·(x + 1)·(x - 1)"),
    ("x^-2", "x^-2", "x^(-2)", "x⁻²"),
    ("(x^2)^3", "(x^2)^3", "(x^2)^3", "(x²)³"),
    ("x^2^3", "x^2^3", "x^2^3", "x^2³"),
    ("2^x²", "2^x^2", "2^x^2", "2^x²"),
    ("(-2)^x", "(-2)^x", "(-2)^x", "(-2)^x"),
    ("-2^x", "-2^x", "-2^x", "-2^x"),
    ("-(2)", "-(2)", "-(2)", "-(2)"),
    ("(-x)^2", "(-x)^2", "(-x)^2", "(-x)²"),
    ("-(a*b)", "-(a*b)", "-(a*b)", "-(a·b)"),
    ("a-(b-c)", "a - (b - c)", "a - (b - c)", "a - (b - c)"),
    ("(a+b)+c", "(a + b) + c", "(a + b) + c", "(a + b) + c"),
    ("a/(b*c)", "a/(b*c)", "a/(b*c)", "a/(b·c)"),
    ("x - -2", "x - -2", "x - (-2)", "x - (-2)"),
    ("x*-y", "x*-y", "x*(-y)", "x·(-y)"),
    ("|x|", "abs(x)", "abs(x)", "abs(x)"),
    ("π x", "π*x", "pi*x", "π·x"),
    ("pi x", "pi*x", "pi*x", "π·x"),
    ("x^2.5", "x^2.5", "x^2.5", "x^2.5"),
    ("arctan(x)", "arctan(x)", "arctan(x)", "arctan(x)"),
    ("where(x<=0, -x, x)", "where(x <= 0, -x, x)", "where(x <= 0, -x, x)", "where(x <= 0, -x, x)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "program", "ascii_", "terminal"), PRINTED)
def test_printed(text: str, program: str, ascii_: str, terminal: str) -> None:
    graph = read([text]).graph
    printed = [expression(graph, graph.outputs[0], n) for n in (PROGRAM, ASCII, TERMINAL)]
    assert printed == [program, ascii_, terminal]


TYPESET = [
    ("x^3 + 2x^2", r"x^{3} + 2 \cdot x^{2}"),
    ("x^2^3", r"x^{2^{3}}"),
    ("(x^2)^3", r"\left(x^{2}\right)^{3}"),
    ("(x/y)^2", r"\left(\frac{x}{y}\right)^{2}"),
    ("x/y*z", r"\frac{x}{y} \cdot z"),
    ("x/(y/z)", r"\frac{x}{\frac{y}{z}}"),
    ("exp(x)^2", r"\left(\mathrm{e}^{x}\right)^{2}"),
    ("exp(x^2)", r"\mathrm{e}^{x^{2}}"),
    ("e^x", r"e^{x}"),
    ("(-2)^x", r"\left(-2\right)^{x}"),
    ("-x^2", r"-x^{2}"),
    ("sqrt(x)^2", r"\sqrt{x}^{2}"),
    ("cbrt(x+1)", r"\sqrt[3]{x + 1}"),
    ("|x|^2", r"\left|x\right|^{2}"),
    ("sin(x)^2", r"\sin\left(x\right)^{2}"),
    ("cos(x) + tan(y)", r"\cos\left(x\right) + \tan\left(y\right)"),
    ("sec(x) + csc(y) + cot(z)",
     r"\sec\left(x\right) + \csc\left(y\right) + \cot\left(z\right)"),
    ("asin(x) + acos(y) + atan(z)",
     r"\arcsin\left(x\right) + \arccos\left(y\right) + \arctan\left(z\right)"),
    ("sinh(x) + cosh(y) + tanh(z)",
     r"\sinh\left(x\right) + \cosh\left(y\right) + \tanh\left(z\right)"),
    ("asinh(x)", r"\operatorname{asinh}\left(x\right)"),
    ("log(x)", r"\ln\left(x\right)"),
    ("log(x, b)", r"\log_{b}\left(x\right)"),
    ("log(x, b)^2", r"\log_{b}\left(x\right)^{2}"),
    ("log2(x)", r"\log_2\left(x\right)"),
    ("log10(x)", r"\log_{10}\left(x\right)"),
    ("max(x, y)", r"\max\left(x, y\right)"),
    ("min(x, y)", r"\min\left(x, y\right)"),
    ("ceil(x)^2", r"\left\lceil x \right\rceil^{2}"),
    ("floor(x)", r"\left\lfloor x \right\rfloor"),
    ("floor(x)^2", r"\left\lfloor x \right\rfloor^{2}"),
    ("theta_12*x1", r"\mathit{theta}_{12} \cdot {x}_{1}"),
    ("θ", r"\theta"),
    ("1e-3x", r"1 \times 10^{-3} \cdot x"),
    ("x^1e3", r"x^{1 \times 10^{3}}"),
    ("(1e3)^x", r"\left(1 \times 10^{3}\right)^{x}"),
    ("2pi", r"2 \cdot \pi"),
    ("where(x<=0, -x, x)", r"\begin{cases} -x & x \le 0 \\ x & \text{otherwise} \end{cases}"),
    ("where(x>0, 1, 2)^2",
     r"\left(\begin{cases} 1 & x > 0 \\ 2 & \text{otherwise} \end{cases}\right)^{2}"),
    ("where(x < 0, 1, 2)", r"\begin{cases} 1 & x < 0 \\ 2 & \text{otherwise} \end{cases}"),
    ("where(x >= 0, 1, 2)", r"\begin{cases} 1 & x \ge 0 \\ 2 & \text{otherwise} \end{cases}"),
    ("where(x == 0, 1, 2)", r"\begin{cases} 1 & x = 0 \\ 2 & \text{otherwise} \end{cases}"),
    ("2where(x != 0, 1, 2)",
     r"2 \cdot \left(\begin{cases} 1 & x \ne 0 \\ 2 & \text{otherwise} \end{cases}\right)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "latex"), TYPESET)
def test_latex(text: str, latex: str) -> None:
    graph = read([text]).graph
    assert expression(graph, graph.outputs[0], LATEX) == latex


@pytest.mark.parametrize(
    ("value", "latex"),
    [(3.0, "3"), (-0.5, "-0.5"), (1e-30, r"1 \times 10^{-30}"), (2.5e300, r"2.5 \times 10^{300}"),
     (math.inf, r"\infty"), (-math.inf, r"-\infty"), (math.nan, r"\mathrm{nan}")],
)  # fmt: skip
def test_a_number_in_latex(value: float, latex: str) -> None:
    assert LATEX.number(value) == latex


@pytest.mark.parametrize(
    "text", ["x - y + z", "x - y - z", "x*y*z", "x/y/z", "x/y*z", "x - (y - z)", "(x + y) + z"]
)
def test_what_is_read_from_left_to_right_needs_no_brackets(text: str) -> None:
    assert str(read([text]).graph) == text


@settings(max_examples=examples(200), deadline=None)
@given(expressions.trees(10))
def test_latex_is_balanced_and_has_no_double_superscript(root: expressions.Tree) -> None:
    graph = expressions.graph(root)
    text = expression(graph, graph.outputs[0], LATEX)
    assert text.count("{") == text.count("}")
    assert text.count(r"\left") == text.count(r"\right")
    assert not double_superscript(text)


def double_superscript(text: str) -> bool:
    """Tell whether `a^{b}^{c}` occurs, which TeX refuses."""
    stack: list[bool] = []
    after = False
    for before, char in zip(" " + text, text, strict=False):
        if char == "{":
            stack.append(before == "^")
        if char == "^" and after:
            return True
        after = char == "}" and bool(stack) and stack.pop()
    return False


def test_operands_can_be_printed_as_names() -> None:
    graph = read(["2*(x+1)^2 - x"]).graph
    names = {index: label for index, label in enumerate(graph.labels()) if label}
    assert expression(graph, graph.outputs[0], ASCII, names) == "w4 - w1"
    square = graph.operands[graph.operands[graph.outputs[0]][0]][1]
    assert expression(graph, square, ASCII, names) == "w2^2"
    assert expression(graph, square, ASCII, {0: "w1", graph.operands[square][0]: "-3"}) == "(-3)^2"
    assert expression(graph, square, TERMINAL, {graph.operands[square][0]: "4"}) == "4²"


def test_a_million_terms_print_in_a_plain_loop() -> None:
    text = " + ".join(["x*y"] * 100_000)
    assert str(read([text]).graph) == text
