"""What the tutor says: by the digits typed, by the function and not its text, by the lesson."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autodiff_cli.teach.task import Task, Wrong
from autodiff_cli.teach.tutor import judge, number_outcome


def task(kind: str, *answers: str, **more: object) -> Task:
    fields = {"name": "t", "line": 1, "kind": kind, "topic": "t", "ask": "?", "answers": answers}
    return Task(**fields, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("right", "typed", "outcome"),
    [
        ("72", "72", "right"), ("72", "72.0", "right"), ("72", "3*4^2 + 4*4 + 8", "right"),
        ("72", "72.01", "wrong"), ("72", "7e1", "wrong"), ("72", "-72", "wrong"),
        ("cos(4)", "-0.6536", "right"), ("cos(4)", "−0.65364", "right"),
        ("cos(4)", "-0.6537", "right"), ("cos(4)", "-0.653", "rounded"),
        ("cos(4)", "-0.65", "rounded"), ("cos(4)", "-0.66", "wrong"),
        ("cos(4)", "-0.6535", "wrong"),
        ("cos(4)", "-0.6", "wrong"), ("cos(4)", "cos(4)", "right"), ("cos(4)", "0.6536", "wrong"),
        ("1/3", "0.3333", "right"), ("1/3", ".33", "rounded"), ("1/3", "1/3", "right"),
        ("1/3", "0,3333", "right"),
        ("0", "0", "right"), ("0", "0.0001", "wrong"), ("2.5e-9", "2.5e-9", "right"),
        ("2.5e-9", "0", "wrong"), ("inf", "inf", "right"), ("inf", "1e308", "wrong"),
    ],
)  # fmt: skip
def test_numbers_are_judged_by_the_digits_typed(right: str, typed: str, outcome: str) -> None:
    assert number_outcome(right, typed) == outcome
    assert judge(task("number", right), typed).outcome == outcome


@pytest.mark.parametrize("typed", ["z = 72", "dz/dx=72", " 72 "])
def test_a_name_may_stand_before_an_answer(typed: str) -> None:
    assert judge(task("number", "72"), typed).outcome == "right"


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ("2*x*cos(x^2)", "right"), ("cos(x²)·2x", "right"), ("f'(x) = 2x cos(x^2)", "right"),
        ("x*(cos(x^2) + cos(x^2))", "right"), ("cos(x^2)", "wrong"), ("2x", "wrong"),
        ("2y cos(x^2)", "unreadable"), ("sinn(x)", "unreadable"), ("", "unreadable"),
        ("ln(-x^2-1)", "wrong"),
    ],
)  # fmt: skip
def test_formulas_are_judged_as_functions(typed: str, outcome: str) -> None:
    assert judge(task("formula", "2x cos(x^2)"), typed).outcome == outcome


def test_a_name_of_the_question_may_stand_in_a_wrong_answer() -> None:
    found = judge(task("formula", "y", formula="x*y"), "x + y")
    assert found.outcome == "wrong"
    assert "its names are y, x" in judge(task("formula", "y", formula="x*y"), "z").said[0]


@pytest.mark.parametrize("typed", ["b", "B", "b)", "(b)"])
def test_a_choice_is_a_letter(typed: str) -> None:
    asked = task("choice", "b", choices=("no", "yes"), wrongs=(Wrong(answer="a", reply="Why?"),))
    assert judge(asked, typed).outcome == "right"
    assert judge(asked, "a").said == ("Why?",)
    assert judge(asked, "yes").outcome == "unreadable"


@pytest.mark.parametrize("typed", ["None", "none", '"none".', "NONE"])
def test_a_word_is_one_in_any_dress(typed: str) -> None:
    assert judge(task("word", "None", "nothing"), typed).outcome == "right"
    assert judge(task("word", "forward-mode"), "Forward mode").outcome == "right"


def test_the_lesson_has_the_first_word_on_a_wrong_answer() -> None:
    asked = task("number", "72", wrongs=(Wrong(answer="144", reply="Two passes."),))
    assert judge(asked, "144").said == ("Two passes.",)
    assert judge(asked, "72*2").said == ("Two passes.",)
    assert judge(asked, "145").said == ()


@pytest.mark.parametrize(
    ("find", "typed", "slip", "said"),
    [
        ("derivative x", "2*cos(x^2)", None, ""),
        (
            "derivative x",
            "cos(x^2)",
            "chain-missing",
            "Chain factor missing: your answer lacks the",
        ),
        ("adjoint x", "cos(x^2)", "partial-left-out", "the edge from w2 to x is left out."),
        ("adjoint w1", "cos(x^2)", "partial-left-out", "the edge from w2 to x is left out."),
        ("adjoint w2", "cos(x^2)", None, ""),
        ("value", "cos(x^2)", None, ""),
    ],
)
def test_a_slip_is_named_and_its_rule_is_left_to_find(find, typed, slip, said) -> None:
    asked = task("formula", "2x*cos(x^2)", formula="sin(x^2)", find=tuple(find.split()))
    found = judge(asked, typed)
    assert found.slips[:1] == ((slip,) if slip else ())
    assert said in " ".join(found.said)
    assert "2*x" not in " ".join(found.said)


def test_what_is_too_long_to_be_an_answer_is_not_read() -> None:
    assert judge(task("formula", "x"), "(" * 100_000).outcome == "unreadable"


@settings(max_examples=150)
@given(
    st.text(max_size=30) | st.from_regex(r"[-+]?[0-9]+(\.[0-9]*)?(e-?[0-9]{1,9})?", fullmatch=True)
)
@example("1e-999999999")
@example("1e999999999")
@example("0e99999999999")
@example("1.5*9^999")
@example("1.5*(0/0)")
@example("x=")
@example("where(1<2,inf,nan)")
def test_any_text_is_judged(typed: str) -> None:
    for kind, answer in (("number", "72"), ("formula", "2x"), ("word", "None"), ("choice", "a")):
        asked = task(kind, answer, choices=("one",) if kind == "choice" else (), formula="x^2",
                     find=("derivative", "x"), at={"x": "36"})  # fmt: skip
        assert judge(asked, typed).outcome in ("right", "wrong", "rounded", "unreadable")
