"""`check`: hand-written work is marked as a teacher would, line by line."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from autodiff_cli.answers.reading import parse
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.errors import AutodiffError
from autodiff_cli.teach.audit import Audit, check
from autodiff_cli.teach.handwriting import sheet
from tests.console import here
from tests.test_every_format import READERS
from tests.test_payloads import PAYLOADS, clean

#: Worked traces from books and notebooks with what must be said of them.
HANDED_IN = json.loads((Path(__file__).parent / "handed_in.json").read_text(encoding="utf-8"))


def number(text: str) -> float:
    graph = parse(text)
    return float(linearise(graph, {}).values[graph.outputs[0]])


def checked(text: str, *formula: str, **at: float) -> Audit:
    return check(text, *formula, at=at)


def statuses(report: Audit) -> list[str]:
    return [one.status for one in report.lines]


@pytest.mark.parametrize("case", HANDED_IN, ids=lambda case: case["id"])
def test_the_first_wrong_line_of_a_worked_trace_and_its_slip_are_told(case):
    at = {name: number(text) for name, text in case["at"].items()}
    report = check("\n".join(case["lines"]), case["formula"], at)
    assert report.first_wrong == case["first_wrong"]
    [line] = [one for one in report.lines if one.line == case["first_wrong"]]
    assert line.slips[0].slip.name == case["slip"]
    assert {one.status for one in report.lines if one.line < line.line} <= {"right"}
    right = case["right"]
    if isinstance(line.right, str):
        assert line.right == right
    elif isinstance(line.right, float):
        assert line.right == pytest.approx(number(right), rel=1e-3)
    else:
        assert check(f"f' = {right}", case["formula"]).first_wrong is None


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("f = x^3; f' = 3x^2; f'' = 6x; f''' = 6", "right right right"),
        ("f = x^3; f' = 3x^2; f''(x) = 6x^2; d^3f/dx^3 = 12x", "right wrong follows"),
        ("f = x^3; f' = 2x^2; f''(2) = 8; f''(2) = 12; f''(2) = 9", "wrong follows right wrong"),
        ("f(x,y) = x^2 y^3; ∂²f/∂y² = 6x^2 y; d^2f/dx^2 = 2x", "right wrong"),
        ("y = f(x) = x^2 + 5; y' = 2x; f'(x) = 2x + 5", "right wrong"),
        ("f1 = x^2 + 3x; x = 2; f1' = 2x + 3 = 7", "right"),
        ("u = x y; v = x + y; du/dx = y; dv/dx = 1; dv/dy = x", "right right right wrong"),
    ],
)
def test_what_a_sheet_may_be_about(lines, expected):
    report = checked("\n".join(lines.split("; ")))
    assert " ".join(statuses(report)) == expected


def test_a_slip_in_a_second_derivative_has_its_name():
    report = checked("f = x^3\nf' = 3x^2\nf'' = 6x^2")
    assert [finding.slip.id for finding in report.lines[-1].slips] == ["exponent-kept"]


def test_what_follows_from_a_slip_is_not_blamed():
    [case] = [case for case in HANDED_IN if case["id"] == "tangent-sign"]
    at = {name: number(text) for name, text in case["at"].items()}
    report = check("\n".join(case["lines"]), case["formula"], at)
    assert statuses(report) == [
        "right", "right", "wrong", "right", "follows", "right", "follows", "right", "follows",
    ]  # fmt: skip


def test_an_end_that_is_right_by_accident_is_shown_at_another_point():
    [case] = [case for case in HANDED_IN if case["id"] == "notebook-w6"]
    found = check("\n".join(case["lines"]), case["formula"], {"x": 4.0}).accidental
    assert found is not None
    assert (found.at, found.yours, found.right) == ({"x": 3.0}, 45.0, 47.0)


SLOPPY = """Homework 3, Anna
y = sin(x1²) + x1·x2
for x1 = 1,5 ; x2 = -2

Forward:
(1) h = x1^2 → 2,25
(2) s = sin(h) ≈ 0.7781     // radians!
3) p := x1 x2 = -3
- y = s + p = -2,2219

Rückwärts:
ȳ = 1
s̄ = 1, p̄ = 1
h̄ = s̄·cos(h) = −0.628
x̄2 = p̄ · x1 = 1.5 m
x̄₁ = h̄ 2 x_1 + p̄ x_2 => -3.885 (by the chain rule)
$\\frac{dy}{dx_1} = -3.885$
"""


def test_what_is_right_stands_in_the_students_own_words():
    lines = check("w1 = x\nw2 = w1^3\nw3 = w2 + 2", "x^2 + 1", {"x": 3}).lines
    assert [one.right for one in lines][1:2] == ["w2 = w1^2"]


def test_sloppy_handwriting_is_read():
    report = check(SLOPPY)
    assert report.at == {"x1": 1.5, "x2": -2.0}
    assert statuses(report) == ["right"] * 10
    assert [one.line for one in report.lines] == [6, 7, 8, 9, 12, 13, 14, 15, 16, 17]


#: formula, point, lines, how each stands, the slips of the wrong ones.
SHEETS = [
    ("x^2 sin(3x)", {}, ["f' = 2x sin(3x) + x^2 cos(3x)", "= x (2 sin(3x) + x cos(3x))"],
     ["wrong", "follows"], ["chain factor missing"]),
    ("x^2 sin(3x)", {}, ["f'(x) = 2x sin(3x) + 3x^2 cos(3x)", "   = x (2 sin(3x) + 3x cos(3x))"],
     ["right", "right"], []),
    ("exp(-(x - y)^2)", {"x": 1, "y": 0.5},
     ["a = x - y = 0.5", "b = a^2 = 0.25", "c = -b = -0.25", "f = e^c = 0.7788", "dc/dx = -1",
      "df/dx = f * dc/dx = 0.7788", "q = 17 r", "df/dy = 0.7788"],
     ["right"] * 5 + ["wrong", "unreadable", "right"], ["sign lost"]),
    ("sin(x)*x", {"x": 2}, ["w2 = sin(x) = 0.9093", "w3 = w2 w1 = 1.8186", "w2' = cos(2)",
                            "ẇ3 = w2' x + w2 = 0.0770"], ["right"] * 4, []),
    ("sin(x)*x", {"x": 2}, ["h = sin(x) = 0.9", "f = h x = 1.8", "f' = h + 2cos(2) = 0.0677"],
     ["right", "right", "rounded"], ["rounded too early"]),
    ("x*y", {"x": 3, "y": 4}, ["dx = 1", "dy = 0", "df = 4"], ["right"], []),
    ("x*y", {"x": 3, "y": 4}, ["df = x dy + y dx = 7", "df/dx = 3"], ["right", "wrong"],
     ["the other factor"]),
    ("(x+1)^2*3", {"x": 1}, ["a = x + 1 = 2", "b = a^2 = 5", "f = 3 b = 15", "f = 12"],
     ["right", "wrong", "follows", "right"], ["miscalculated"]),
    ("x + x^2 + x^3", {"x": 2}, ["a = x^2 = 4", "b = x^3 = 8", "s = a + b = 12", "f = x + s = 14",
     "bar s = 1", "bar a = bar s = 1", "bar x = 1 + 2x bar a + 3x^2 = 17"], ["right"] * 7, []),
    ("sin(x)^2", {"x": 1}, ["u = sin(x)", "df/du = 2u = 1.6829", "du/dx = cos(x)",
     "df/dx = df/du * du/dx = 0.9093"], ["right"] * 4, []),
    ("x^3", {"x": 2}, ["f = 2^3 = 8", "f' = 3*2^2 = 12", "f' = 3*x^3 = 24"],
     ["right", "right", "wrong"], ["exponent not lowered"]),
    ("x^3 + 2x^2 + 8x", {"x": 4},
     ["w1 = x = 4", "w2 = w1^3 = 64", "w3 = w1^2 = 16", "w4 = 2 w3 = 32", "dw2 = 48", "dw3 = 8",
      "dw4 = 2 dw2 = 96"], ["right"] * 6 + ["wrong"], ["wrong operand"]),
    ("x^3 + 2x^2 + 8x", {"x": 4},
     ["w1 = x", "w2 = w1^3", "w3 = w1^2", "bar w2 = 1", "bar w1 = bar w2 * 3 w1^2 = 48"],
     ["right"] * 4 + ["wrong"], ["= for +="]),
    ("sin(x)*exp(x)", {"x": 1},
     ["a = sin(x)", "b = e^x", "f = a b", "bar f = f = 2.2874", "bar a = bar f b = 6.2178"],
     ["right"] * 3 + ["wrong", "follows"], ["wrong seed"]),
    ("sin(x)*exp(x)", {"x": 1},
     ["a = sin(x) = 0.8415", "b = exp(x) = 2.7183", "f = a b = 2.2874", "a' = cos(x) = 0.5403",
      "f' = a' b' = 1.4687"], ["right"] * 4 + ["wrong"], ["product of derivatives"]),
    ("sin(x)/x", {"x": 2}, ["u = sin(x) = 0.9093", "v = x", "f = u/v = 0.4546",
                            "u' = cos(x) = -0.4161", "f' = (u' v + u)/v^2 = 0.0193"],
     ["right"] * 4 + ["wrong"], ["quotient with plus"]),
    ("tanh(w*x + b)", {"w": 0.5, "x": 2, "b": 0.1},
     ["z = w x + b = 1.1", "h = tanh(z) = 0.8005", "dh/dz = 1 - z^2 = -0.21", "dz/dw = x = 2",
      "dh/dw = dh/dz dz/dw = -0.42"], ["right", "right", "wrong", "right", "follows"],
     ["argument for the function's value"]),
    ("(y - w*x)^2", {"w": 2, "x": 3, "y": 5},
     ["p = w x = 6", "e = y - p = -1", "L = e^2 = 1", "ē = 2 e = -2", "p̄ = -ē = 2",
      "w̄ = p̄ w = 4"], ["right"] * 5 + ["wrong"], ["the other factor"]),
    ("sqrt(1-x^2)", {"x": 0.5},
     ["u = x^2 = 0.25", "v = 1 - u = 0.75", "f = sqrt(v) = 0.866", "du/dx = 2x = 1", "dv/dx = 1",
      "df/dx = 1/(2 f) dv/dx = 0.5774"], ["right"] * 4 + ["wrong", "follows"], ["minus lost"]),
    ("x*y*z", {"x": 1, "y": 2, "z": 3},
     ["v1 = y z = 6", "f = x v1 = 6", "bar v1 = x = 1", "bar y = bar v1 z = 3", "bar x = v1 = 6"],
     ["right"] * 5, []),
    ("x^2*sin(x)", {"x": 2}, ["f(2) = 4*0.9093 = 3.637", "f'(x) = 2x sin x + x² cos x",
                              "f'(2) = 4*0.9093 + 4*(-0.4161) = 1.9728"], ["right"] * 3, []),
    ("x^2*sin(x)", {"x": 2}, ["u = x², v = sin x", "u' = 2x, v' = -cos x",
                              "f' = u'v + v'u = 2x sin(x) - x^2 cos(x) = 5.302"],
     ["right", "wrong", "follows"], ["sign of the derivative of sine"]),
    ("x*y + x", {"x": 3, "y": 2}, ["v1 = xy = 6", "v2 = v1 + x = 9", "v̄2 = 1", "v̄1 = 1", "x̄ = 1",
                                   "x̄ = x̄ + v̄1·y = 3", "ȳ = v̄1·x = 3"], ["right"] * 6, []),
    ("x*y + x", {"x": 3, "y": 2}, ["v1 = xy", "bar v1 = 1", "bar x += 1", "bar x += bar v1 x = 4"],
     ["right", "right", "wrong"], ["the other factor"]),
    ("sigmoid(w*x+b)", {"w": 1, "x": 2, "b": -1},
     ["z = w*x + b => 1", "a = σ(z) => 0.7311", "da/dz = a(1+a) = 1.2656", "da/dw = da/dz * x"],
     ["right", "right", "wrong", "right"], ["sign lost"]),
    ("cos(x)^2", {"x": 1}, ["u = cos(x) = 0.5403", "f = u^2 = 0.2919", "f' = 2u = 1.0806"],
     ["right", "right", "wrong"], ["chain factor missing"]),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "at", "lines", "expected", "names"), SHEETS)
def test_each_line_stands_as_it_should(formula, at, lines, expected, names):
    report = check("\n".join(lines), formula, at)
    assert statuses(report) == expected
    assert [one.slips[0].slip.name for one in report.lines if one.slips] == names


@pytest.mark.parametrize("shape", ["markdown", "csv"])
def test_a_table_of_trace_is_read_back_and_marked(shape):
    words = ("trace", "x*y + sin(x)", "--x", "4", "--y", "2", "--format", shape)
    table = here(*words).out
    report = check(table, "x*y + sin(x)", {"x": 4, "y": 2})
    assert set(statuses(report)) == {"right"}
    assert len(report.lines) >= 5
    wrong = re.sub(r"(sin\(w1\)\W+)-0[.]7568\d+", r"\g<1>0.069756", table)
    found = check(wrong, "x*y + sin(x)", {"x": 4, "y": 2})
    [line] = [one for one in found.lines if one.status == "wrong"]
    assert line.slips[0].slip.id == "degrees"


def test_the_command_marks_a_file_and_exits_3(tmp_path):
    path = tmp_path / "work.txt"
    path.write_text("f = sin(x^2)\nx = 2\n\nf' = cos(x^2) = -0.6536\n", encoding="utf-8")
    shown = here("check", str(path))
    assert shown.status == 3
    assert "line 4: WRONG\n  chain factor missing: your answer lacks the inner" in shown.out
    assert "verdict: 1 of 1 line WRONG, first in line 4\n" in shown.out
    found = json.loads(here("check", str(path), "--json").out)
    assert found["schema"] == "autodiff.check/1"
    assert (found["expression"], found["at"]) == ("sin(x^2)", {"x": 2.0})
    assert found["first_wrong"] == 4
    [line] = found["lines"]
    assert (line["line"], line["text"]) == (4, "f' = cos(x^2) = -0.6536")
    assert line["status"] == "wrong"
    assert line["slips"][0] == {
        "id": "chain-missing", "name": "chain factor missing",
        "text": "your answer lacks the inner derivative: cos(x^2)*(2*x)",
    }  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(here("check", str(path), "--format", "csv").out)))
    assert [(row["line"], row["status"], row["slips"]) for row in rows] == [
        ("4", "wrong", "chain factor missing")
    ]
    path.write_text("f' = 2x cos(x^2)\nprose\n", encoding="utf-8")
    assert here("check", str(path), "sin(x^2)").status == 0


@pytest.mark.parametrize(
    ("text", "words", "message"),
    [
        ("w1 = x\n", (), "does not say which formula"),
        ("f = @/etc/passwd\n", (), "'@' is not part of an expression"),
        ("f = x^2\n", ("@/etc/passwd",), "the formula is text here"),
        ("f = x*y\nx = 1\nf' = y\n", (), "no value for the variable 'y'"),
        ("f = x^2\n" + "f' = 2x\n" * 3000, (), "too long"),
        ("f = x^2\n", ("--x", "1,2"), "check shows one point"),
    ],
)
def test_what_cannot_be_checked_is_said(tmp_path, text, words, message):
    path = tmp_path / "work.txt"
    path.write_text(text, encoding="utf-8")
    shown = here("check", str(path), *words)
    assert shown.status == 2
    assert message in shown.err


def test_a_text_that_is_run_checks_only_files_beside_it(tmp_path):
    (tmp_path / "work.txt").write_text("f = x^2\nf' = 2x\n", encoding="utf-8")
    folder = tmp_path / "inner"
    folder.mkdir()
    lesson = folder / "lesson.txt"
    lesson.write_text("check ../work.txt\n", encoding="utf-8")
    shown = here("run", str(lesson))
    assert shown.status == 2
    assert "reads only below its own folder" in shown.err


def test_nothing_that_is_handed_in_is_an_error():
    for text in ("=", "= =", "f' =", "'' = 3", "w = = 4", "| a | b |\n|---|---|\n| 1 | 2 |",
                 "d/d = 1", "bar = 2", "∂/∂x = 1", "f'' = 2", "x = 10^400", "w1 = w2\nw2 = w1",
                 "a = a", "f = f + 1", "w,value\n", "((((", "w2 = 1/0", "dw1/dw9 = 1",
                 "f' = 1/(x - x)", "w2 = x^2 = 1e400"):  # fmt: skip
        assert isinstance(check(text, "x^2 + 1", {"x": 1.0}), Audit)
    with pytest.raises(AutodiffError, match="write one expression"):
        check("f = 1", "x, x^2", {"x": 1.0})


def test_a_sheet_keeps_the_lines_of_the_file():
    found = sheet("a = 1\r\n\r\n# note\nb = 2; c = 3\n")
    assert found.lines == {1: "a = 1", 4: "b = 2; c = 3"}
    assert [(one.line, one.left) for one in found.statements] == [(1, "a"), (4, "b"), (4, "c")]


@pytest.mark.parametrize("format", READERS)
def test_what_is_handed_in_stays_text(format):
    for payload in PAYLOADS:
        if format == "latex" and "align" in payload:  # which its reader takes for its own
            continue
        work = f"f' = 2x {payload}\n{payload} = 3\nf' = x = {payload}\n"
        outcome = here("check", "-", "x^2", "--x", "3", "--format", format, stdin=work)
        assert outcome.status in (0, 3), outcome
        assert clean(outcome.out + outcome.err), (payload, outcome)
        assert READERS[format](outcome.out) == [], (payload, outcome.out)
    if format == "csv":
        rows = list(csv.DictReader(io.StringIO(outcome.out)))
        assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
