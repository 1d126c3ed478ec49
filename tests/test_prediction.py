"""Numbers asked for before they are shown: what is right is taken, and slips are named."""

from __future__ import annotations

import math

import pytest

from autodiff_cli.answers.trace import trace
from autodiff_cli.errors import AutodiffError
from autodiff_cli.formats.signs import PLAIN, UNICODE
from autodiff_cli.teach.catalogue import SLIPS
from autodiff_cli.teach.frames import Frame, frames
from autodiff_cli.teach.prediction import Question, answered, judged, questions
from tests.crosscheck.cases import case

POLYNOMIAL = frames(trace("x^3 + 2x^2 + 8x", {"x": 4}), UNICODE)
PRODUCT = frames(trace("h = x*y; h*h + sin(h)", {"x": 2.5, "y": 1.5}), UNICODE)


def about(film: tuple[Frame, ...], number: int, kind: str, name: str = "") -> Question:
    """The question of a frame, which is numbered from 1."""
    for question in questions(film[number - 1]):
        if question.kind == kind and question.name in (name, "x"):
            return question
    raise AssertionError((film[number - 1].text, kind))


def test_every_number_of_a_film_is_asked_for_once() -> None:
    asked = [(q.frame.node, q.kind) for frame in POLYNOMIAL for q in questions(frame)]
    assert asked == [
        ("w1", "tangent"),
        *[(f"w{k}", kind) for k in range(2, 7) for kind in ("value", "tangent")],
        ("w6", "seed"), ("w2", "term"), ("w4", "term"), ("w5", "term"), ("w1", "term"),
        ("w3", "term"), ("w1", "term"), ("w1", "sum"), ("w1", "term"), ("w1", "sum"),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_what_is_right_is_taken_whole_and_rounded(seed: int) -> None:
    question_of = case(seed)
    for frame in frames(trace(question_of.graph, question_of.at), UNICODE):
        for question in questions(frame):
            assert math.isfinite(question.right)
            for text in (repr(question.right), f"{question.right:.4g}"):
                assert judged(question, text).right, (frame.text, text)
            assert not judged(question, repr(question.right * 1.5 + 1)).right
            assert "".join(question.asked())


@pytest.mark.parametrize(("film", "number", "kind", "text"), [
    (POLYNOMIAL, 2, "value", "4^3"), (POLYNOMIAL, 2, "value", "w1^3"),
    (POLYNOMIAL, 2, "value", "x**3"), (POLYNOMIAL, 2, "tangent", "3*w1^2"),
    (POLYNOMIAL, 4, "tangent", "2 dot w3"), (POLYNOMIAL, 4, "tangent", "2*ẇ3"),
    (POLYNOMIAL, 13, "term", "2 bar w3 * 4"), (POLYNOMIAL, 13, "term", "w̄3*2w1"),
    (POLYNOMIAL, 14, "sum", "24 + 48"), (PRODUCT, 3, "tangent", "y"),
    (PRODUCT, 5, "tangent", "cos(3.75) * 1.5"), (PRODUCT, 5, "tangent", "-1.23"),
])  # fmt: skip
def test_an_answer_may_stand_over_what_is_known(
    film: tuple[Frame, ...], number: int, kind: str, text: str
) -> None:
    assert judged(about(film, number, kind), text).right


@pytest.mark.parametrize(("film", "number", "kind", "text", "slip"), [
    (POLYNOMIAL, 7, "seed", "128", "wrong-seed"),
    (POLYNOMIAL, 13, "sum", "16", "assigned-not-added"),
    (POLYNOMIAL, 13, "sum", "8", "edge-left-out"),
    (POLYNOMIAL, 13, "term", "2", "partial-left-out"),
    (POLYNOMIAL, 13, "term", "-16", "sign-lost"),
    (POLYNOMIAL, 13, "term", "10", "added-for-multiplied"),
    (POLYNOMIAL, 12, "term", "w4*2", "value-for-adjoint"),
    (POLYNOMIAL, 12, "term", "2dot w4", "tangent-for-adjoint"),
    (POLYNOMIAL, 6, "tangent", "24", "edge-left-out"),
    (POLYNOMIAL, 6, "tangent", "3", "arriving-left-out"),
    (PRODUCT, 3, "tangent", "2.5", "other-factor"),
    (frames(trace("u = x*3; v = u*u; sin(v) + u*5", {"x": 0.7}), UNICODE), 14, "term", "15",
     "passed-too-early"),
    (POLYNOMIAL, 14, "sum", "144", "not-zeroed"),
    (frames(trace("5x", {"x": 0.7}), UNICODE), 4, "term", "10", "not-zeroed"),
])  # fmt: skip
def test_a_slip_of_the_sweep_is_named(
    film: tuple[Frame, ...], number: int, kind: str, text: str, slip: str
) -> None:
    found = judged(about(film, number, kind), text)
    assert not found.right
    assert found.slip is SLIPS[slip], found
    assert "{" not in found.said
    assert found.said.startswith(f"{SLIPS[slip].name[0].upper()}{SLIPS[slip].name[1:]}: ")


@pytest.mark.parametrize(("number", "kind", "text", "said"), [
    (13, "term", "24", "That is the sum after this step"),
    (3, "tangent", "16", "That is the value of w3, not its tangent"),
    (1, "tangent", "4", "That is the value of w1, not its tangent"),
    (12, "term", "8", "That is the tangent of w3, not its adjoint"),
])  # fmt: skip
def test_another_number_of_the_same_row_is_called_by_its_name(
    number: int, kind: str, text: str, said: str
) -> None:
    assert judged(about(POLYNOMIAL, number, kind), text).said.startswith(said)


def test_what_none_of_the_slips_gives_is_wrong_all_the_same() -> None:
    question = about(POLYNOMIAL, 13, "term")
    assert answered(question, "17.3") == (
        False, "17.3 is not it. It is none of the usual slips. Try again."
    )  # fmt: skip
    assert answered(question, "2*8") == (True, "Right: 16.")


@pytest.mark.parametrize("text", ["foo", "3*", "w2", "1/0", "__import__('os')", "w̄1"])
def test_what_cannot_be_read_is_said_and_is_no_answer(text: str) -> None:
    question = about(POLYNOMIAL, 2, "value")
    with pytest.raises(AutodiffError):
        judged(question, text)
    right, said = answered(question, text)
    assert right is None
    assert "cannot be read" in said


def test_questions_speak_with_the_signs_of_their_film() -> None:
    film = frames(trace("x^2 + x", {"x": 3}), PLAIN)
    asked = ["".join(question.asked()) for frame in film for question in questions(frame)]
    assert all(text.isascii() for text in asked)
    assert asked[1] == "w2 = w1^2 = ?"
