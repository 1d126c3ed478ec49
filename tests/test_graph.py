"""The graph: the notebook's numbering, what is shared, and what is never changed."""

from __future__ import annotations

import dataclasses
import pickle
import tracemalloc

import pytest
from hypothesis import given, settings

from autodiff_cli.graph.constant import literal, named
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.graph.printer import ASCII, expression
from autodiff_cli.language.parser import read
from autodiff_cli.ops import ADD, MULTIPLY, OPERATIONS, find
from tests import expressions


def numbered(text: str, *, share: bool = True) -> list[str]:
    """Every node that has a `w`, as the trace writes it."""
    graph = read([text], share=share).graph
    labels = dict(enumerate(graph.labels()))
    names = {index: label for index, label in labels.items() if label}
    return [f"{label} = {expression(graph, index, ASCII, names)}" for index, label in names.items()]


NUMBERINGS = [
    ("x^3 + 2x^2 + 8x",
     ["w1 = x", "w2 = w1^3", "w3 = w1^2", "w4 = 2*w3", "w5 = 8*w1", "w6 = w2 + w4 + w5"]),
    # Variables come first, in order of appearance, and before any operation.
    ("sin(b) + a*b", ["w1 = b", "w2 = a", "w3 = sin(w1)", "w4 = w2*w1", "w5 = w3 + w4"]),
    # Operations in post-order, left to right, each at its first completion.
    ("a*b - c/a", ["w1 = a", "w2 = b", "w3 = c", "w4 = w1*w2", "w5 = w3/w1", "w6 = w4 - w5"]),
    ("max(sin(x), cos(x), tan(x))",
     ["w1 = x", "w2 = sin(w1)", "w3 = cos(w1)", "w4 = max(w2, w3)", "w5 = tan(w1)",
      "w6 = max(w4, w5)"]),
    # Constants, and what has no variable, stand inside.
    ("x*(2+3)^2", ["w1 = x", "w2 = w1*(2 + 3)^2"]),
    ("sin(2)*x + pi", ["w1 = x", "w2 = sin(2)*w1", "w3 = w2 + pi"]),
    # Only directly chained + merge; - is binary; brackets are kept.
    ("a+b-c+d", ["w1 = a", "w2 = b", "w3 = c", "w4 = d", "w5 = w1 + w2", "w6 = w5 - w3",
                 "w7 = w6 + w4"]),
    ("a+b+c", ["w1 = a", "w2 = b", "w3 = c", "w4 = w1 + w2 + w3"]),
    ("(a+b)+c", ["w1 = a", "w2 = b", "w3 = c", "w4 = w1 + w2", "w5 = w4 + w3"]),
    ("a+(b+c)", ["w1 = a", "w2 = b", "w3 = c", "w4 = w2 + w3", "w5 = w1 + w4"]),
    ("a-b+c+d", ["w1 = a", "w2 = b", "w3 = c", "w4 = d", "w5 = w1 - w2", "w6 = w5 + w3 + w4"]),
    # A comparison stands inside its where, without a w.
    ("where(x^2 > 1, x, 2)", ["w1 = x", "w2 = w1^2", "w3 = where(w2 > 1, w1, 2)"]),
    # Equal subexpressions are one node; the same operands in another order are not.
    ("sin(x)*y + sin(x)*y + y*sin(x)",
     ["w1 = x", "w2 = y", "w3 = sin(w1)", "w4 = w3*w2", "w5 = w2*w3", "w6 = w4 + w4 + w5"]),
    ("log(x) + ln(x)", ["w1 = x", "w2 = log(w1)", "w3 = w2 + w2"]),
    ("2x + 2.0*x + 20e-1x", ["w1 = x", "w2 = 2*w1", "w3 = w2 + w2 + w2"]),
    ("π*x + pi*x", ["w1 = x", "w2 = pi*w1", "w3 = w2 + w2"]),
    # Unary plus makes no node, a minus does unless it belongs to a literal.
    ("+x", ["w1 = x"]),
    ("-2x", ["w1 = x", "w2 = -2*w1"]),
    ("-x*2", ["w1 = x", "w2 = -w1", "w3 = w2*2"]),
    ("2+3", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "lines"), NUMBERINGS)
def test_numbering(text: str, lines: list[str]) -> None:
    assert numbered(text) == lines


def test_without_sharing_the_graph_is_a_tree_over_shared_variables() -> None:
    assert numbered("sin(x) + sin(x)", share=False) == [
        "w1 = x", "w2 = sin(w1)", "w3 = sin(w1)", "w4 = w2 + w3",
    ]  # fmt: skip


def test_the_first_spelling_is_printed() -> None:
    assert str(read(["2.0*x + 2y"]).graph) == "2.0*x + 2.0*y"
    assert str(read(["log(x) + ln(y)*ln(x)"]).graph) == "log(x) + ln(y)*log(x)"
    assert str(read(["π + pi x"]).graph) == "π + π*x"


@pytest.mark.parametrize(
    ("one", "other"),
    [("2", "2.0"), ("2", "20e-1"), ("0.5", ".5"), ("1e3", "1000"), ("0", "0e5"), ("pi", "π"),
     ("1" + "0" * 30, "1e30"), ("x₁", "x1"), ("arctan(x)", "atan(x)"), ("x²", "x**2"),
     ("log(x, 2)", "log2(x)"), ("2 + x*2", "2 + x*2.0"), ("log(x,2)*2", "log2(x)*2")],
)  # fmt: skip
def test_spellings_of_one_thing_are_equal(one: str, other: str) -> None:
    first, second = read([one]).graph, read([other]).graph
    assert first == second
    assert hash(first) == hash(second)


@pytest.mark.parametrize(
    ("one", "other"),
    [("2", "-2"), ("0", "-0"), ("x", "y"), ("x*y", "y*x"), ("a+b+c", "(a+b)+c"), ("2", "2.5"),
     ("0.1", "0.10000000000000000001"), ("x + 2", "x + 3"), ("x - 2", "x + -2"), ("e", "x")],
)  # fmt: skip
def test_different_things_are_not_equal(one: str, other: str) -> None:
    assert read([one]).graph != read([other]).graph


def test_constants_keep_their_exact_value_and_become_floats_only_in_evaluation() -> None:
    graph = read(["0.1 + 0.10000000000000000001 + x"]).graph
    assert [constant.value for constant in graph.constants.values()] == [0.1, 0.1]
    assert len({constant.exact for constant in graph.constants.values()}) == 2


@pytest.mark.parametrize(
    ("text", "spelling"),
    [("1e3", "1000"), ("-0.50", "-0.5"), (".5", "0.5"), ("1e15", "1000000000000000"),
     ("1e16", "1e16"), ("12e-3", "0.012"), ("1e-20", "1e-20"), ("0", "0"), ("-0", "-0"),
     ("123.456", "123.456"), ("5e-324", "5e-324")],
)  # fmt: skip
def test_plain_spelling_of_a_literal(text: str, spelling: str) -> None:
    assert literal(text).spelling == spelling
    assert literal(spelling) == literal(text)


def test_nodes_that_no_output_needs_are_dropped() -> None:
    builder = Builder(("x", "y"))
    builder.apply(find("sin", 1), (1,))
    two = builder.constant(literal("2"))
    builder.constant(named("pi"))
    graph = builder.graph([builder.apply(MULTIPLY, (two, 0))])
    assert graph == over("2*x", ("x", "y"))
    assert len(graph) == 4
    assert list(graph.constants) == [2]


def over(text: str, variables: tuple[str, ...]) -> Graph:
    """The graph of a text over variables of which some may not occur."""
    graph = read([text]).graph
    builder = Builder(variables)
    places: list[int] = []
    for index, operation in enumerate(graph.operations):
        if index < len(graph.variables):
            places.append(variables.index(graph.variables[index]))
        elif index in graph.constants:
            places.append(builder.constant(graph.constants[index]))
        else:
            operands = tuple([places[k] for k in graph.operands[index]])
            places.append(builder.apply(operation, operands))
    return builder.graph([places[k] for k in graph.outputs])


@settings(max_examples=100, deadline=None)
@given(expressions.trees())
def test_operands_come_before_operations_and_dependence_is_known(root: expressions.Tree) -> None:
    graph = expressions.graph(root)
    for node in graph:
        assert all(operand < node.index for operand in node.operands)
        below = any(graph.dependent[operand] for operand in node.operands)
        assert graph.dependent[node.index] == (node.index < len(graph.variables) or below)
    labels = [node.label for node in graph if node.label]
    assert labels == [f"w{number}" for number in range(1, len(labels) + 1)]


def test_a_graph_does_not_change() -> None:
    graph = read(["x + 2*y"]).graph
    for field in dataclasses.fields(graph):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(graph, field.name, ())
    for column in (graph.operations, graph.operands, graph.variables, graph.outputs):
        assert isinstance(column, tuple)


def test_a_graph_goes_through_pickle() -> None:
    graph = read(["where(x > 0, 2x + hypot(x, y), max(x, 1.50))"]).graph
    copy = pickle.loads(pickle.dumps(graph))
    assert copy == graph
    assert str(copy) == str(graph)


def test_every_row_pickles_as_itself() -> None:
    for row in OPERATIONS:
        assert pickle.loads(pickle.dumps(row)) is row


def test_memory_is_linear() -> None:
    def bytes_per_node(terms: int) -> float:
        text = " + ".join(f"sin({i}*x)*y" for i in range(terms))
        tracemalloc.start()
        graph = read([text]).graph
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert graph.operations[-1] is ADD
        return size / len(graph)

    small, large = bytes_per_node(500), bytes_per_node(8000)
    assert large < 600
    assert large < 2 * small  # hash tables grow by doubling
