"""Marks: what an answer is worth and why, slips carried forward, a class without a loss."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from autodiff_cli import AutodiffError
from autodiff_cli.teach.exercises import exercises
from autodiff_cli.teach.gradebook import Answer, answers_of, marked
from autodiff_cli.teach.marking import UNKNOWN, mark
from autodiff_cli.teach.question import Cell, Key, Wrong
from autodiff_cli.teach.sheet import keys_of
from tests.console import here

NUMBER = Key(
    id="1", kind="derivative", topic="chain", level=3, form="number", expression="sin(x^2)",
    at={"x": 1.5}, by="x", answer=-1.88452087, tolerance=0.00094,
    wrong=(Wrong(id="chain-missing", answer=-0.628173623, text="the inner derivative is missing"),),
    options={},
)  # fmt: skip
FORMULA = replace(
    NUMBER, form="formula", kind="formula", answer="2*x*cos(x^2)", tolerance=0.0,
    wrong=(Wrong(id="chain-missing", answer="cos(x^2)", text="the inner derivative is missing"),),
)  # fmt: skip
CHOICE = replace(
    NUMBER, form="choice", kind="mode", answer="B", options={"A": "forward", "B": "reverse"},
    wrong=(Wrong(id="other-sweep", answer="A", text="there is one input"),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("key", "answer", "status", "said"),
    [
        (NUMBER, "-1.88452087", "right", ""),
        (NUMBER, "-1.885", "right", ""),
        (NUMBER, "3cos(2.25)", "right", ""),
        (NUMBER, "2x cos(x^2)", "right", ""),
        (NUMBER, "f'(1.5) = -1.8845.", "right", ""),
        (NUMBER, "≈ −1.8845", "right", ""),
        (NUMBER, "-1,8845", "right", ""),
        (NUMBER, "-1.9", "rounded", "rounded too early: write 4 digits"),
        (NUMBER, "-1.95", "wrong", UNKNOWN),
        (NUMBER, "-0.6282", "wrong", "the inner derivative is missing"),
        (NUMBER, "1.8845", "wrong", "the derivative of sine has no minus"),
        (NUMBER, "17", "wrong", UNKNOWN),
        (NUMBER, "", "blank", "no answer"),
        (NUMBER, "   ", "blank", "no answer"),
        (NUMBER, "two", "unreadable", "cannot be read: the formula has no variable 'two'"),
        (NUMBER, "1/0", "unreadable", "cannot be read: it is no finite number"),
        (NUMBER, "__import__('os')", "unreadable", "cannot be read: "),
        (NUMBER, "((((", "unreadable", "cannot be read: "),
        (FORMULA, "cos(x^2)*x*2", "right", ""),
        (FORMULA, "f'(x) = 2x cos(x²)", "right", ""),
        (FORMULA, "cos(x*x)", "wrong", "the inner derivative is missing"),
        (FORMULA, "-2x cos(x^2)", "wrong", "the derivative of sine has no minus"),
        (FORMULA, "x^7", "wrong", UNKNOWN),
        (FORMULA, "-1.8845", "wrong", UNKNOWN),
        *(
            (key, answer, "unreadable", "cannot be read: ")
            for key in (NUMBER, FORMULA)
            for answer in ("1e999", "-1e999", "9^9^9^9", "1.5*9^9^9^9", "ln(0)", "0/0", "x" * 500)
        ),
        (FORMULA, "2x cos(y)", "unreadable", "cannot be read: the formula has no variable 'y'"),
        (CHOICE, "B", "right", ""),
        (CHOICE, "(b)", "right", ""),
        (CHOICE, "b.", "right", ""),
        (CHOICE, "Reverse", "right", ""),
        (CHOICE, "A", "wrong", "there is one input"),
        (CHOICE, "C", "unreadable", "write one letter: A or B"),
        (CHOICE, "42", "unreadable", "write one letter: A or B"),
    ],
)
def test_an_answer_is_marked(key: Key, answer: str, status: str, said: str) -> None:
    found = mark(key, answer)
    assert (found.status, found.diagnosis[: len(said)]) == (status, said)
    assert bool(found.diagnosis) == bool(said)
    scores = {"right": 1.0, "rounded": 0.5, "unreadable": None}
    assert found.score == scores.get(status, 0.0)


def cell(id: str, column: str, label: str, answer: float, *after: str) -> Key:
    return Key(
        id=id, kind="trace", topic="sharing", level=2, form="number",
        expression="sin(x)^2 + 3*sin(x)", at={"x": 1.0}, by="x", answer=answer,
        tolerance=5e-4 * abs(answer), wrong=(), options={}, after=after,
        cell=Cell(column=column, label=label),  # type: ignore[arg-type]
    )  # fmt: skip


ADJOINTS = (cell("1a", "adjoint", "w2", 4.68294197), cell("1b", "adjoint", "w1", 2.53020443, "1a"))


def test_an_answer_that_follows_from_an_earlier_slip_is_right() -> None:
    first, second = ADJOINTS
    follows = mark(second, "1.6209", [(first, "3")])
    assert (follows.status, follows.score, follows.carried) == ("carried", 1.0, ("1a",))
    assert follows.diagnosis == "right given your answer to 1a"
    assert mark(second, "1.6209", [(first, "4.6829")]).status == "wrong"
    assert mark(second, "1.6209").status == "wrong"
    assert mark(second, "1.6209", [(first, "")]).status == "wrong"
    assert mark(second, "2.5302", [(first, "3")]).status == "right"
    assert mark(second, "1.7", [(first, "3")]).status == "wrong"


def test_values_and_tangents_are_carried_on_too() -> None:
    value = cell("1a", "value", "w2", 0.841470985)
    tangent = cell("1b", "tangent", "w3", 0.909297427, "1a")
    result = cell("1c", "value", "w5", 3.23248633, "1a", "1b")
    assert mark(tangent, "0.5403", [(value, "0.5")]).carried == ("1a",)  # 2·0.5·cos(1)
    assert mark(result, "1.75", [(value, "0.5"), (tangent, "0.5403")]).carried == ("1a", "1b")


def test_a_rounded_answer_is_carried_on() -> None:
    value = cell("1a", "value", "w2", 0.841470985)
    square = cell("1b", "value", "w3", 0.708073418, "1a")
    assert mark(value, "0.8").status == "rounded"
    assert mark(square, "0.64", [(value, "0.8")]).status == "carried"


KEYS = (replace(NUMBER, id="1"), replace(CHOICE, id="2"), *ADJOINTS[:0])


@pytest.mark.parametrize(
    "text",
    [
        "student,1,2\nAda,-1.8845,A\nBob,,b\n",
        "student;Q1;Question 2\nAda;-1.8845;A\nBob;;b\n",
        "sep=;\nname;1;2\nAda;-1.8845;A\nBob;;b\n",
        "2,student,1\nA,Ada,-1.8845\nb,Bob,\n",
        "student\tquestion\tanswer\nAda\t1\t-1.8845\nBob\t2\tb\nAda\t2\tA\n",
        "Question,Answer,Student\n1,-1.8845,Ada\n2,b,Bob\n2,A,Ada\n",
        'student,1,2,remark\n\nAda,-1.8845,A,"so ""easy"""\nBob,,b\n',
    ],
)
def test_tables_of_answers_are_read_as_courses_write_them(text: str) -> None:
    book = marked(KEYS, answers_of(text, "a.csv", KEYS))
    scores = {who: [own[id].score for id in ("1", "2")] for who, own in book.rows.items()}
    assert scores == {"Ada": [1.0, 0.0], "Bob": [0.0, 1.0]}
    assert (book.total("Ada"), book.unread("Bob")) == (1.0, 0)


def test_two_students_of_one_name_are_two_and_other_columns_are_none() -> None:
    text = "student,mail,1,2\nAda,a@b,-1.8845,\nAda,c@d,3,b\n,e@f,,A\n"
    book = marked(KEYS, answers_of(text, "a.csv", KEYS))
    assert list(book.rows) == ["Ada", "Ada (2)", "row 3"]
    assert [book.total(who) for who in book.rows] == [1.0, 1.0, 0.0]
    assert book.notes == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a.csv is empty; its first line is student,1,2"),
        ("student,7\nAda,3\n", "no column that is a question of the sheet; let its first line be"),
    ],
)
def test_a_table_that_is_none_is_told(text: str, said: str) -> None:
    with pytest.raises(AutodiffError) as raised:
        answers_of(text, "a.csv", KEYS)
    assert said in str(raised.value)


def test_what_does_not_fit_is_told_in_notes() -> None:
    given = [Answer(student="Ada", question="1", text=text) for text in ("3", "-1.8845")]
    book = marked(KEYS, [*given, Answer(student="Ada", question="9", text="4")])
    assert book.rows["Ada"]["1"].status == "right"
    assert book.notes == (
        "1 answer was given again: the last one counts",
        "1 answer is to a question that the sheet has not: 9",
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A class of 200 students who answer 20 questions, one of them with no answer at all."""
    folder = tmp_path_factory.mktemp("class")
    sheet, answers = folder / "sheet.json", folder / "answers.csv"
    assert here("worksheet", "--seed", "5", "--count", "18", "-o", str(sheet)).status == 0
    questions = json.loads(sheet.read_text())["questions"][:20]
    found = json.loads(sheet.read_text()) | {"questions": questions}
    sheet.write_text(json.dumps(found))
    with answers.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["student", *[one["id"] for one in questions]])
        for number in range(200):
            row = []
            for place, one in enumerate(questions):
                options = [one["answer"], *[slip["answer"] for slip in one["slips"]], "17", ""]
                row.append(options[(number * 7 + place * 3) % len(options)])
            row[number % len(row)] = "¿?"
            table.writerow([f"Student {number}", *row])
    return str(sheet), str(answers)


def test_a_class_is_marked_and_nothing_is_lost(files: tuple[str, str]) -> None:
    sheet, answers = files
    rows = list(csv.DictReader(io.StringIO(here("mark", sheet, answers, "--format", "csv").out)))
    assert len(rows) == 200 * 20
    with open(answers, encoding="utf-8", newline="") as stream:
        typed = {(row["student"], id): text for row in csv.DictReader(stream)
                 for id, text in row.items() if id != "student"}  # fmt: skip
    keys = {key.id: key for key in keys_of(Path(sheet).read_text(), sheet)}
    for row in rows:
        text = typed.pop((row["student"], row["question"]))
        assert row["answer"].removeprefix("'") == text
        key = keys[row["question"]]
        if text == "¿?":
            assert (row["score"], row["diagnosis"] != "") == ("", True)
        elif text == str(key.answer):
            assert row["score"] == "1"
        elif text == "":
            assert (row["score"], row["diagnosis"]) == ("0", "no answer")
        elif row["carried forward"]:
            assert row["score"] == "1"
        else:
            told = {str(wrong.answer): wrong.text for wrong in key.wrong}
            assert row["diagnosis"] == told.get(text, row["diagnosis"])
    assert not typed


def test_the_wide_gradebook_has_a_row_for_each_student(files: tuple[str, str]) -> None:
    wide = here("mark", *files, "--wide", "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(wide)))
    assert len(rows) == 200
    for row in rows:
        scores = [score for id, score in row.items() if id[0].isdigit()]
        assert len(scores) == 20
        assert scores.count("") == int(row["to be read"]) >= 1
        assert sum(float(score or 0) for score in scores) == float(row["points"])
    found = json.loads(here("mark", *files, "--json").out)
    assert found["schema"] == "autodiff.mark/1"
    assert [str(one["points"]).removesuffix(".0") for one in found["students"]] == [
        row["points"] for row in rows
    ]


@pytest.mark.parametrize("format", ["text", "markdown", "latex", "html"])
def test_a_gradebook_can_be_read_in_every_format(format: str, files: tuple[str, str]) -> None:
    outcome = here("mark", *files, "--format", format, columns=80)
    assert (outcome.status, outcome.err) == (0, "")
    assert "200 students, 20 questions" in outcome.out
    if format == "text":
        assert max(map(len, outcome.out.splitlines())) <= 80


def test_what_a_spreadsheet_would_compute_stays_text(tmp_path: Path) -> None:
    sheet, answers = tmp_path / "s.json", tmp_path / "a.csv"
    here("worksheet", "--kind", "derivative", "--count", "2", "-o", str(sheet))
    answers.write_text('student,1,2\n=cmd|x,"=HYPERLINK(""a"")",-2\n')
    rows = list(
        csv.reader(io.StringIO(here("mark", str(sheet), str(answers), "--format", "csv").out))
    )
    assert rows[1][:3] == ["'=cmd|x", "1", '\'=HYPERLINK("a")']
    assert rows[2][2] == "-2"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda sheet: "student,1\n", "is no worksheet as JSON"),
        (lambda sheet: json.dumps(sheet | {"schema": "autodiff.grad/1"}), "is no worksheet"),
        (lambda sheet: json.dumps(sheet | {"questions": []}), "has no questions"),
        (lambda sheet: json.dumps(sheet | {"questions": [{}]}), "question 1, cannot be marked"),
        (lambda sheet: json.dumps(sheet | {"questions": sheet["questions"] * 2}), "two questions"),
        (
            lambda sheet: json.dumps(
                sheet | {"questions": [sheet["questions"][0] | {"expression": "x +"}]}
            ),
            "cannot be marked",
        ),
        (
            lambda sheet: json.dumps(sheet | {"questions": [sheet["questions"][0] | {"at": {}}]}),
            "cannot be marked",
        ),
        *(
            (
                lambda sheet, text=text: json.dumps(
                    sheet
                    | {"questions": [sheet["questions"][0] | {"form": "formula", "answer": text}]}
                ),
                "cannot be marked; look at its ",
            )
            for text in ("2*y", "2*", "")
        ),
    ],
)
def test_a_sheet_that_is_none_is_told(tmp_path: Path, change: object, said: str) -> None:
    sheet, answers = tmp_path / "s.json", tmp_path / "a.csv"
    here("worksheet", "--kind", "derivative", "--count", "1", "-o", str(sheet))
    sheet.write_text(change(json.loads(sheet.read_text())))  # type: ignore[operator]
    answers.write_text("student,1\nAda,3\n")
    outcome = here("mark", str(sheet), str(answers))
    assert outcome.status == 2
    assert said in outcome.err


def test_mark_wants_two_files() -> None:
    assert here("mark", "sheet.json").status == 2
    assert here("mark", "nowhere.json", "answers.csv").status == 1


def test_a_question_of_the_api_is_marked() -> None:
    (question,) = exercises("powers", 1, 7, count=1, kinds=("derivative",))
    assert mark(question, str(question.answer)).status == "right"
    assert mark(question, question.answer).status == "right"
    with pytest.raises(AutodiffError, match="a question is one of exercises"):
        mark("x^2", "2*x")  # type: ignore[arg-type]
