"""Texts of several statements: steps, functions of the user's own, sums, code, other brackets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff_cli import parse
from autodiff_cli.errors import AutodiffError, ExpressionError, LimitError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.language.parser import read
from tests import expressions
from tests.work import examples


def names(graph: Graph) -> list[str]:
    """The names of the steps in order."""
    return [graph.names[node] for node in sorted(graph.names)]


def named(graph: Graph) -> tuple[object, ...]:
    """What names add to a graph; the place of a constant, which has no `w`, is left out."""
    own = {name: expression(graph, node) for node, name in graph.names.items()}
    return graph.variables, own, graph.titles


#: text, what the printer writes
WRITTEN = {
    "named steps": [
        ("q = x + y; f = q z", "q = x + y; f = q*z"),
        ("q = x + y\n\nf = q z  # a product\n", "q = x + y; f = q*z"),
        ("q = x + y; q z", "q = x + y; q*z"),
        ("y = x^2", "y = x^2"),
        ("y := x^2;", "y = x^2"),
        ("s = a + b; f = s + c + d", "s = a + b; f = s + c + d"),
        ("a = x y; b = a a; b a", "a = x*y; b = a*a; b*a"),
        ("a = x y; b = x y; a + b", "a = x*y; a + a"),
        ("a = x; a^2", "x^2"), ("a = x y; f = a", "a = x*y; f = a"), ("y = x", "y = x"),
        ("k = 2; k x + x^2", "k = 2; k*x + x^2"), ("k = -2; x^k", "k = -2; x^k"),
        ("r = 1.25/100; r x", "r = 1.25/100; r*x"), ("y = 3", "y = 3"),
        ("e = a*b; d = e + c; L = d*f", "e = a*b; d = e + c; L = d*f"),
        ("x_1 = a b; x_1(x_1 + 1)", "x_1 = a*b; x_1*(x_1 + 1)"),
        ("y = x^2 +\n  3x", "y = x^2 + 3*x"), ("y = (x\n + 1)\n* 2", "y = (x + 1)*2"),
        ("net₁ = w x; σ₁ = tanh(net₁)", "net1 = w*x; σ1 = tanh(net1)"),
    ],
    "a name that changes": [
        ("c = a + b; c += c + 1; c", "c_1 = a + b; c = c_1 + (c_1 + 1); c"),
        ("c = a; c = c b; c = c c; y = c", "c_2 = a*b; c = c_2*c_2; y = c"),
        ("c = a b; c -= a; c", "c_1 = a*b; c = c_1 - a; c"),
        ("c_1 = a b; c = c_1^2; c *= 2; c/c_1", "c_1 = a*b; c_2 = c_1^2; c = c_2*2; c/c_1"),
    ],
    "functions of the user's own": [
        ("f(x) = x^3 + 2x^2 + 8x", "f = x^3 + 2*x^2 + 8*x"),
        ("f(x, y) = y - x", "f(x, y) = y - x"), ("f(x, y) = x^2", "f(x, y) = x^2"),
        ("f(x) := sin x; y = f(2t)", "y = sin(2*t)"),
        ("sigma(z) = 1/(1 + e^-z); h = sigma(w x + b)", "h = 1/(1 + e^-(w*x + b))"),
        ("f(a, b) = a b; f(f(x, y), f(y, x))", "x*y*(y*x)"),
        ("f(t) = t k; g(t) = f(f(t)); g(x)", "x*k*k"),
        ("f(t) = k^2; f(x) + x", "k^2 + x"), ("f(t) = t sin k; s = cos k; s + f(2)",
                                             "s = cos(k); s + 2*sin(k)"),
        ("q = x + y; f(a) = a q; f(q)", "q = x + y; q*q"),
        ("sigmoid(z) = 1/(1+e^-z); sigmoid(x)", "1/(1 + e^-x)"),
        ("f(x) = x^2; f^2(y)", "(y^2)^2"), ("q = x + y; f(y, x) = q*y", "q = x + y; f(y, x) = q*y"),
        ("max(a) = a^2; max(x)", "x^2"), ("f(a) = a x; f(b) + 1", "b*x + 1"),
    ],
    "sums and products over an index": [
        ("sum(i, 1, 3, w_i x_i)", "w_1*x_1 + w_2*x_2 + w_3*x_3"),
        ("Σ(i, 1, 2, x_i^i)", "x_1^1 + x_2^2"), ("∑(k,0,1,k x)", "0*x + 1*x"),
        ("prod(i, 1, 3, x_i)", "x_1*x_2*x_3"), ("∏(i,1,2,(x-i))", "(x - 1)*(x - 2)"),
        ("sum(i, 1, 2, a_i - b_i)", "a_1 - b_1 + (a_2 - b_2)"),
        ("sum(i, 1, 2, a_i + b_i)", "(a_1 + b_1) + (a_2 + b_2)"),
        ("b + sum(i, 1, 2, x_i)", "b + (x_1 + x_2)"), ("2sum(i, 1, 2, x_i)", "2*(x_1 + x_2)"),
        ("sum(i, 1, 0, x_i) + y", "0 + y"), ("prod(i, 1, 0, x_i) y", "1*y"),
        ("sum(i, 1, 1, x_i)", "x_1"), ("sum(i, -1, 1, i x)", "-1*x + 0*x + 1*x"),
        ("sum(i, 1, 2, sum(j, 1, i, w_ij x_j))", "w_11*x_1 + (w_21*x_1 + w_22*x_2)"),
        ("sum(i, 1, 2, prod(j, 1, 2, w_i_j))", "w_1_1*w_1_2 + w_2_1*w_2_2"),
        ("sum(i, 1, 2, x[i])", "x_1 + x_2"), ("sum(n, 1, 1+1, h_n)", "h_1 + h_2"),
        ("h_1 = a b; h_2 = a + b; sum(i, 1, 2, v_i h_i)",
         "h_1 = a*b; h_2 = a + b; v_1*h_1 + v_2*h_2"),
        ("sum*x + prod", "sum*x + prod"), ("Σ x", "Σ*x"),
    ],
    "other brackets": [
        ("e^{2x}", "e^(2*x)"), ("sin[π x]", "sin(π*x)"), ("[x + {y - 1}]2", "(x + (y - 1))*2"),
        ("max{x, y}", "max(x, y)"), ("sin^{2}[x]", "sin(x)^2"),
    ],
    "code": [
        ("np.exp(x)*math.sin(y)", "exp(x)*sin(y)"), ("torch.nn.functional.relu(x)", "relu(x)"),
        ("jnp.tanh(x) + np.pi", "tanh(x) + pi"), ("pow(x, 2)", "x^2"),
        ("pow(x+1, -y)", "(x + 1)^-y"),
        ("fabs(x)", "abs(x)"), ("np.maximum(x, 0)", "max(x, 0)"), ("np.power(x, -2)", "x^-2"),
        ("np.square(x)", "x^2"), ("scipy.special.expit(x)", "sigmoid(x)"),
        ("(a + b).relu()", "relu(a + b)"), ("x.exp()", "exp(x)"), ("sin(x).pow(2)", "sin(x)^2"),
        ("x if x > 0 else -x", "where(x > 0, x, -x)"),
        ("max(1 if x < 0 else 2, y)", "max(where(x < 0, 1, 2), y)"),
        ("a if x > 0 else b if x > 1 else c", "where(x > 0, a, where(x > 1, b, c))"),
        ("y = x if x > 0 else 0", "y = where(x > 0, x, 0)"),
        ("f(x) := x if x > 0 else 0.1x", "f = where(x > 0, x, 0.1*x)"),
        ("h = x^2; y = h if h == 1 else 0", "h = x^2; y = where(h == 1, h, 0)"),
        ("h = x if x > 0 else y\nh + 1", "h = where(x > 0, x, y); h + 1"),
        ("h = x\nif x > 0\nelse y\n + 1", "h = where(x > 0, x, y + 1)"),
        ("x[0]^2 + x[1]", "x_0^2 + x_1"), ("w[0][1]*w[1,2]", "w_0_1*w_1_2"),
        ("x[0]**3 - 2*x[0]*x[1] - x[1]**6", "x_0^3 - 2*x_0*x_1 - x_1^6"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param(text, written, id=f"{rule}: {text[:24]}")
        for rule, pairs in WRITTEN.items()
        for text, written in pairs
    ],
)
def test_text_is_written_back_with_its_names(text: str, written: str) -> None:
    graph = read([text]).graph
    assert str(graph) == written
    again = read([written]).graph
    assert again == graph
    assert named(again) == named(graph)


def test_a_name_keeps_the_grouping_as_a_node() -> None:
    graph = parse("s = a + b; f = s + c")
    assert [operation.name for operation in graph.operations] == ["variable"] * 3 + ["add"] * 2
    assert names(graph) == ["s", "f"]
    assert graph.titles == ("f",)


def test_a_named_step_is_one_node_without_sharing_too() -> None:
    apart, named = parse("(x + y)(x + y)", share=False), parse("q = x + y; q q", share=False)
    assert (len(apart), len(named)) == (5, 4)


def test_a_name_of_a_constant_names_no_other_constant() -> None:
    graph = parse("k = 2; y = k x + x^2")
    assert len(graph.constants) == 2
    assert str(graph) == "k = 2; y = k*x + x^2"


def test_steps_can_be_the_outputs() -> None:
    graph = read(["u = x y; v = x + y; u v"], of=("u", "v")).graph
    assert graph.titles == ("u", "v")
    assert [graph.names[node] for node in graph.outputs] == ["u", "v"]
    with pytest.raises(AutodiffError, match="no step 'w'; did you mean"):
        read(["ww = x y; ww"], of=("w",))


def test_names_hold_in_the_texts_after_their_own() -> None:
    graph = read(["q = x + y; u = q z", "q^2"]).graph
    assert len(graph) == 7
    assert graph.titles == ("u", "")


def test_the_parameters_of_the_formula_are_its_variables_in_order() -> None:
    assert parse("f(x, y, z) = z x").variables == ("x", "y", "z")
    assert parse("g(t) = t a; f(y, x) = g(x) + y + b").variables == ("y", "x", "a", "b")


def test_variables_of_what_is_not_used_are_none_of_the_formula() -> None:
    assert parse("f(t) = a t; s = b c; x^2").variables == ("x",)


@pytest.mark.parametrize("share", [True, False])
@settings(max_examples=examples(200), deadline=None)
@given(
    trees=st.lists(expressions.trees(5), min_size=1, max_size=4),
    uses=st.lists(st.integers(0, 9), min_size=4, max_size=4),
    title=st.sampled_from(["", "y1 = ", "f(theta, y, x) = "]),
)
def test_steps_read_back_with_their_names(
    share: bool, trees: list[expressions.Tree], uses: list[int], title: str
) -> None:
    lines = []
    for number, tree in enumerate(trees):
        earlier = f" + s_{uses[number] % number}" if number else ""
        lines.append(f"s_{number} = {expressions.text(tree)}{earlier}")
    text = "; ".join([*lines, f"{title}s_{len(trees) - 1}*s_0 + s_{uses[0] % len(trees)}"])
    graph = read([text], share=share).graph
    again = read([str(graph)], share=share).graph
    assert again == graph
    assert named(again) == named(graph)


#: text, what is said
SAID = [
    ("c = a b; c += 1; c", "c gets a value 2 times: it is the last one, and the earlier ones are "
                           "called c_1"),
    ("q = x y; r = x + y; q", "r is not used by the formula, the last statement; leave it out, or "
                              "look for another spelling of its name"),
    ("y = x\n- 1",
     "a line that begins with - goes on with the line before; write ; to end that one"),
    ("e = a b; e^2", "e is the step of that name here, not the constant"),
    ("relu(z) = max(0, z); relu(x)", "relu(…) is the function that is defined here"),
    ("x[0]", "'x[0]' is the variable x_0"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "remark"), SAID)
def test_what_could_surprise_is_said(text: str, remark: str) -> None:
    assert read([text]).remarks == (remark,)


OWN = "give what is on the left another name; recursion is not read"
FORM = "write sum(i, 1, 3, w_i x_i): the index, its first and last number, the term"
#: text, caret's column, message, mend
REFUSED = [
    ("x\ny", 0, "only the last statement may be without a name",
     "write name = …, or end the line with a sign to go on in the next one"),
    ("x = x + 1", 4, "'x' is used in its own definition", OWN),
    ("f(n) = f(n - 1)", 7, "'f' is used in its own definition", OWN),
    ("f(n) = f(n - 1); f(3)", 7, "'f' is used in its own definition", OWN),
    ("f(x) = g(x); g(x) = f(x); g(2)", 7, "'g' is used here, before it is given its meaning",
     "move 'g = …' up, or give the step another name"),
    ("y = q z; q = x + y; y q", 4, "'q' is used here, before it is given its meaning",
     "move 'q = …' up, or give the step another name"),
    ("x += 1", 0, "'x' has no value yet that += could change", "write x = … first"),
    ("x^2 + y^2 = 1", 0, "a name stands left of =",
     "write name = formula, or f(x) = formula; an equation keeps one side"),
    ("2 = x", 0, "a name stands left of =",
     "write name = formula, or f(x) = formula; an equation keeps one side"),
    ("y =", 2, "there is nothing after '='", "write a formula"),
    ("f(x, x) = x", 5, "'x' is a parameter twice", "write another name"),
    ("f(2) = x", 2, "the parameters of a function are names", "write f(x, y) = formula"),
    ("f() = x", 1, "a parameter is missing", "write f(x) = formula"),
    ("f(x) = x^2; f(x, y)", 13, "f takes 1 argument, not 2", "write f(x)"),
    ("f(x) = x^2; f + 1", 12, "f needs an argument, but '+' follows", "write f(x)"),
    ("q = x y; f(q) = q^2", 11, "'q' is a step and a parameter of the formula",
     "give one of them another name"),
    ("(x]", 2, "']' does not close '('", "write ')' here"),
    ("[x", 0, "this bracket is not closed", "add ']'"),
    ("x}", 1, "this bracket closes nothing", "remove '}' or open it with '{'"),
    ("sum(i, 1, n, x_i)", 10, "the limits of a sum are whole numbers", FORM),
    ("sum(x, y)", 0, "sum goes over an index", FORM),
    ("sum(2, 1, 3, x)", 4, "'2' cannot be the index here", "write another letter"),
    ("sum(i, 1, 2, sum(i, 1, 2, x_i))", 17, "'i' cannot be the index here", "write another letter"),
    ("a if c else b", 5, "a condition compares two numbers", "write a if x > 0 else b"),
    (r"\sum_{i=1}^{3} x_i", 4, "the index and the limits of sum stand in its brackets",
     "write sum(i, 1, 3, x_i)"),
    ("prod_{i=1}^3 x_i", 4, "the index and the limits of prod stand in its brackets",
     "write prod(i, 1, 3, x_i)"),
    ("∂f/∂x", 0, "'∂' is not part of an expression",
     "write the function itself: its derivatives are what this program finds"),
    ("∛x", 0, "'∛' is not part of an expression", "write cbrt(x)"),
    ("lambda x: x^2", 8, "':' is not part of an expression",
     "write / for a quotient, f(x) = x^2 for a function"),
    ("x if y", 2, "a choice has an if and an else", "write a if x > 0 else b"),
    ("x and y", 2, "'and' is a word of programs, not a variable",
     "write where(x > 0, where(y > 0, a, b), b) for two conditions"),
    ("math.lgamma(x)", 0, "'lgamma' is no function of the table",
     "autodiff functions lists the functions that there are"),
    ("x.T", 1, "'.' is not part of an expression", "write 0.5 or .5 for a number, * for a product"),
    ("g.backward()", 1, "'.backward' is no function of the table",
     "leave it out: the gradient is what the program finds"),
    ("pow(x)", 0, "pow takes two arguments", "write pow(a, b), or a^b"),
    ("# nothing", 9, "the expression is empty", "write a formula such as x^2 + 3x"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "column", "message", "mend"), [pytest.param(*row, id=row[0][:24]) for row in REFUSED]
)
def test_refusal(text: str, column: int, message: str, mend: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read([text])
    error = caught.value
    assert (error.message, error.column, error.mend) == (message, column, mend)


def test_the_caret_stands_in_the_line_at_fault() -> None:
    with pytest.raises(ExpressionError) as caught:
        read(["q = x + y\nr = q * )\nr"])
    assert str(caught.value).splitlines()[0] == "r = q * )"
    assert str(caught.value).splitlines()[1].startswith("        ^ line 2: ")


# Size.


@pytest.mark.slow
def test_a_hundred_thousand_steps_are_ordinary() -> None:
    lines = ["s0 = x", *(f"s{k} = s{k - 1}*y + x" for k in range(1, 100_000)), "s99999"]
    graph = read(["\n".join(lines)]).graph
    assert len(graph) == 200_000
    assert len(graph.names) == 99_999


def test_a_call_in_a_call_adds_one_node() -> None:
    graph = read(["f(x) = x + x; " + "f(" * 60 + "x" + ")" * 60]).graph
    assert len(graph) == 61
    assert len(str(graph)) < 2000
    assert read([str(graph)]).graph == graph


def test_definitions_that_double_stay_small_or_reach_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    doubled = [f"f{k}(x) = f{k - 1}(x) + f{k - 1}(x)" for k in range(1, 61)]
    text = "; ".join(["f0(x) = sin x", *doubled, "f60(y)"])
    assert len(read([text]).graph) == 62
    monkeypatch.setenv("AUTODIFF_MAX_OPERATIONS", "5000")
    twice = [f"f{k}(x) = f{k - 1}(f{k - 1}(x))" for k in range(1, 61)]
    assert len(read(["; ".join(["f0(x) = x", *twice, "f60(y)"])]).graph) == 1
    for share in (True, False):
        with pytest.raises(LimitError, match="more than 5,000 operations"):
            read(["; ".join(["f0(x) = sin x", *twice, "f60(y)"])], share=share)


@pytest.mark.parametrize(
    ("name", "most", "text"),
    [
        ("OPERATIONS", 3, "a = x y; b = a y; b x"),
        ("OPERATIONS", 4, "f(t) = t t; f(f(x))"),
        ("OPERATIONS", 3, "sum(i, 1, 3, x)"),
        ("NESTING", 3, "[{(x)}]"),
        ("TEXT", 12, "a = x y; a^2"),
    ],
)
def test_as_much_as_a_limit_is_admitted_and_one_more_is_not(
    monkeypatch: pytest.MonkeyPatch, name: str, most: int, text: str
) -> None:
    monkeypatch.setenv(f"AUTODIFF_MAX_{name}", str(most + (name == "OPERATIONS")))
    read([text])
    monkeypatch.setenv(f"AUTODIFF_MAX_{name}", str(most - 2))
    with pytest.raises(LimitError, match=f"more than {most - 2} "):
        read([text])


DEEP = [
    "[" * 200_000 + "x" + "]" * 200_000,
    "x if x > 0 else " * 20_000 + "x",
    r"\frac{1}{" * 20_000 + "x" + "}" * 20_000,
    "(" * 50_000 + "x" + ").exp()" * 50_000,
    "; ".join(["f0(x) = x + 1", *(f"f{k}(x) = f{k - 1}(x)" for k in range(1, 2000)), "f1999(x)"]),
    r"\begin{cases} 1 & x > 0 \\" * 20_000 + "x" + r" & \text{otherwise} \end{cases}" * 20_000,
]


@pytest.mark.slow
@pytest.mark.parametrize("text", DEEP, ids=lambda text: text[:12])
def test_depth_is_ordinary(text: str) -> None:
    graph = read([text]).graph
    assert read([str(graph)]).graph == graph
