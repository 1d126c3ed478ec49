"""LaTeX: what is pasted reads, what is written reads back as the same graph, the rest is named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff_cli.errors import ExpressionError
from autodiff_cli.export import export
from autodiff_cli.graph.printer import ASCII, LATEX, expression, latex_name
from autodiff_cli.language.latex import FONTS
from autodiff_cli.language.parser import read
from autodiff_cli.language.tokens import is_name
from tests import expressions
from tests.work import examples

NAMES = (
    "x", "y", "x1", "x_1", "x_12", "x12", "x1_2", "theta", "theta_1", "theta1", "θ", "θ1", "θ_k",
    "Α", "ο", "ς", "Ω", "λ_max", "net_h1", "w_h_1", "tax", "é", "日本", "a_", "αβ", "πx", "ϝ", "ϸ",
)  # fmt: skip


@settings(max_examples=examples(300), deadline=None)
@given(st.data(), st.lists(st.sampled_from(NAMES), min_size=3, max_size=3, unique=True))
def test_what_is_written_as_latex_reads_back_as_the_graph(
    data: st.DataObject, names: list[str]
) -> None:
    def choose(options: object) -> object:
        return data.draw(st.sampled_from(options))  # type: ignore[arg-type]

    size = data.draw(st.integers(0, 10))
    graph = expressions.graph(expressions.tree(choose, size, variables=names))
    written = expression(graph, graph.outputs[0], LATEX)
    assert read([f"${written}$"]).graph == graph
    assert read([written]).graph == graph


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@settings(max_examples=100, deadline=None)
@given(root=expressions.trees(8))
def test_an_export_to_latex_reads_back_as_the_graph(mode: str, root: expressions.Tree) -> None:
    graph = expressions.graph(root)
    again = read([export(graph, "latex", mode=mode)]).graph
    whole = [expression(one, one.outputs[0], ASCII, {}) for one in (again, graph)]
    assert whole[0] == whole[1]  # what has no label may have another place
    assert again.variables == graph.variables


@settings(max_examples=examples(300), deadline=None)
@given(st.from_regex(r"[^\W\d_]\w{0,5}", fullmatch=True).filter(is_name))
def test_every_name_reads_back_from_its_latex(name: str) -> None:
    graph = read([f"${latex_name(name)}$"], (name,)).graph
    variables = read([name], (name,)).graph.variables
    assert graph.variables == variables


def test_different_names_are_written_differently() -> None:
    assert len({latex_name(name) for name in NAMES}) == len(NAMES)


#: pasted LaTeX beside the program's own text
PASTED = [
    (r"\frac{a}{b}", "(a)/(b)"), (r"\frac12 x", "1/2*x"),
    (r"\dfrac{1}{1 + e^{-x}}", "1/(1 + e^-x)"),
    (r"\sqrt{x}", "sqrt(x)"), (r"\sqrt x", "sqrt(x)"), (r"\sqrt[3]{x}", "cbrt(x)"),
    (r"\sqrt[4]{x}", "x^(1/4)"), (r"\sqrt[n]{x+1}", "(x+1)^(1/n)"), (r"\sin^{2}(x)", "sin(x)^2"),
    (r"\sin^2 x", "sin(x)^2"), (r"\cos^{-1}(x)", "acos(x)"), (r"\ln x + 1", "ln(x) + 1"),
    (r"\left( x + 1 \right)^2", "(x+1)^2"), (r"\left[x\right]", "x"), (r"\left\{x\right\}", "x"),
    (r"\left| x \right|", "|x|"), (r"|x|", "|x|"), (r"\lvert x \rvert", "|x|"),
    (r"a \cdot b \times c \div d", "a*b*c/d"), (r"\pi r^2", "pi r^2"), (r"\theta\,\lambda", "θ λ"),
    ("x_{1} + x_2", "x_1 + x_2"), (r"\theta_{ij}", "θ_ij"), ("w_{1,2}", "w_1_2"),
    (r"\mathrm{net}_{h1}", "net_h1"), (r"\operatorname{sigmoid}(x)", "sigmoid(x)"),
    (r"\operatorname{arsinh}(x)", "asinh(x)"), (r"\text{loss}", "loss"), ("$x^2$", "x^2"),
    (r"\(x^2\)", "x^2"), (r"$$x^{2y}$$", "x^(2y)"), (r"e^{2x}", "e^(2x)"), (r"\exp(x)", "exp(x)"),
    (r"\log_2(x)", "log2(x)"), (r"\log_{10} x", "log10(x)"),
    (r"\log_{b}\left(x\right)", "log(x, b)"),
    (r"\tanh\frac{x}{2}", "tanh(x/2)"), (r"2\sin\left(x\right)\cos y", "2sin(x)cos(y)"),
    (r"\lfloor x \rfloor + \left\lceil x \right\rceil", "floor(x) + ceil(x)"),
    (r"\begin{cases} x^2 & x > 0 \\ 0 & \text{otherwise} \end{cases}", "where(x > 0, x^2, 0)"),
    (r"\begin{cases} 1 & \text{if } x \ge 1, \\ 2 & x = 0 \\ 3 & \text{otherwise} \end{cases}",
     "where(x >= 1, 1, where(x == 0, 2, 3))"),
    (r"1.5 \times 10^{-7} x", "1.5e-7x"), (r"f(x) = \frac{1}{x}", "f(x) = 1/x"),
    (r"h = \tanh(w x); y = h^{2}", "h = tanh(w x); y = h^2"), (r"\max(x, 0)", "max(x, 0)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "plain"), PASTED)
def test_pasted_latex_reads(text: str, plain: str) -> None:
    graph, same = read([text]).graph, read([plain]).graph
    assert graph == same
    assert (graph.names, graph.titles) == (same.names, same.titles)


#: text, caret's column, message
REFUSED = [
    (r"x + \foo{y}", 4, r"\foo of LaTeX is not read"),
    (r"\int x", 0, r"\int of LaTeX is not read"),
    (r"\frac{\partial f}{\partial x}", 6, r"\partial of LaTeX is not read"),
    (r"\begin{matrix} x \end{matrix}", 0, r"\begin{matrix} of LaTeX is not read"),
    (r"\frac{x}", 0, r"\frac needs two arguments, numerator and denominator"),
    (r"\left< x \right>", 5, r"\left stands before a bracket, not '<'"),
    (r"\frac{x}{y", 8, "this bracket is not closed"),
    (r"\left(x\right]", 7, "']' does not close '('"),
    (r"x \\ y", 2, r"'\\' stands only in cases"),
    (r"\begin{cases} 1 & x > 0 \end{cases}", 0,
     r"cases are rows of a value, & and its condition, ended by \\"),
    (r"\begin{cases} 1 & x > 0 \\ 2 & x < 0 \end{cases}", 0,
     r"the last row of cases has the condition \text{otherwise}"),
    (r"\log_{3} x", 0, "a logarithm to this base needs brackets around its argument"),
    (r"2_{1}", 1, "a subscript stands after a name"),
    (r"x_{+}", 1, "a subscript or a name in LaTeX is letters and digits"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column", "message"), REFUSED)
def test_other_latex_is_refused_with_its_name(text: str, column: int, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read([text])
    assert (caught.value.message, caught.value.column) == (message, column)


@pytest.mark.parametrize("font", sorted(FONTS))
@pytest.mark.parametrize("inner", ["7e", "2x", "3e5x", "1_a", "", " "])
def test_what_a_font_holds_is_a_name_or_a_number(font: str, inner: str) -> None:
    for text in (rf"\{font}{{{inner}}}", rf"x + \{font}{{{inner}}}^{{x}}"):
        with pytest.raises(ExpressionError):
            read([text])
    assert str(read([rf"2\{font}{{x2}}"]).graph) == "2*x2"
