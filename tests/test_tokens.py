"""Tokens and shared nodes: what is quick reads the same as what is plain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodiff_cli.errors import AutodiffError
from autodiff_cli.graph.graph import Builder
from autodiff_cli.language import parser
from autodiff_cli.language.tokens import Apart, Kind, Unread, Vocabulary, columns, tokenise
from autodiff_cli.ops import ADD, MULTIPLY, find
from autodiff_cli.ops.row import Operation
from tests.fuzz import inputs

SINE = find("sin", 1)


def test_a_function_and_the_bracket_that_touches_it_are_one_token() -> None:
    assert [one.kind for one in tokenise("sin(x)+cos (y)", Vocabulary(), calls=True)] == [
        Kind.CALL, Kind.VARIABLE, Kind.CLOSE, Kind.PLUS, Kind.FUNCTION, Kind.OPEN, Kind.VARIABLE,
        Kind.CLOSE, Kind.END,
    ]  # fmt: skip
    assert columns("2 sin(x)", calls=True) == [0, 2, 6, 7, 8]
    assert columns("2 sin(x)") == [0, 2, 5, 6, 7, 8]
    assert len(tokenise("sin(" * 50 + "x" + ")" * 50, Vocabulary(), calls=True)) == 102


@pytest.mark.parametrize("text", ["x(x+1)", "2 sum(i, 1, 3, i)"])
def test_a_bracket_after_any_other_name_stands_alone(text: str) -> None:
    with pytest.raises(Apart):
        tokenise(text, Vocabulary(), calls=True)


def test_a_name_given_a_value_is_no_function() -> None:
    with pytest.raises(Apart):
        tokenise("sin(x)", Vocabulary({"sin"}), calls=True)


def test_spellings_of_a_name_are_one_variable_and_texts_share_them() -> None:
    vocabulary = Vocabulary()
    tokenise("y + \N{MATHEMATICAL ITALIC SMALL X}", vocabulary)
    tokenise("x + z", vocabulary)
    assert vocabulary.names == ["y", "x", "z"]
    assert vocabulary["\N{MATHEMATICAL ITALIC SMALL X}"].place == vocabulary["x"].place == 1


def test_brackets_read_as_part_of_a_name_change_no_meaning() -> None:
    read = 0
    for text in inputs.texts(18, 1500):
        try:
            quick = parser._formulas([text], frozenset(), True, calls=True)
        except (Apart, AutodiffError, Unread):
            continue
        slow = parser._formulas([text], frozenset(), True, calls=False)
        assert quick == slow, text
        assert quick[0].spellings == slow[0].spellings, text
        read += 1
    assert read > 100


Call = tuple[Operation, tuple[int, ...]]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 3)), max_size=40))
def test_equal_nodes_are_one_however_late_they_are_entered(
    steps: list[tuple[int, int, int]],
) -> None:
    """Operands are counted from the newest node back, which most are in a formula."""
    builder, known = Builder(("x", "y")), dict[Call, int]()
    for which, *back in steps:
        operation, count = (SINE, 1) if which == 0 else ((ADD, MULTIPLY)[which - 1], 2)
        size = len(builder.operations)
        operands = tuple(max(0, size - 1 - one) for one in back[:count])
        expected = known.setdefault((operation, operands), size)
        assert builder.apply(operation, operands) == expected
