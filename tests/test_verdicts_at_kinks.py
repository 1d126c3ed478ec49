"""`grad --json` where calculus gives out: PyTorch's number, a verdict, and a note with its node."""

from __future__ import annotations

import json
import math

import pytest

from tests.console import batch, here

#: expression, point, gradient by PyTorch's reverse mode, verdict, kinds of notes expected.
ROWS = [
    ("abs(x)", "x=0", {"x": 0.0}, "kink", {"kink"}),
    ("sqrt(x)", "x=0", {"x": "inf"}, "kink", {"infinite-slope"}),
    ("sqrt(x)", "x=-1", {"x": "nan"}, "undefined", {"domain"}),
    ("sqrt(x^2)", "x=0", {"x": "nan"}, "kink", {"infinite-slope", "zero-times-infinity"}),
    ("x^0", "x=0", {"x": 0.0}, "match", set()),
    ("0^x", "x=0", {"x": 0.0}, "kink", {"kink"}),
    ("0^x", "x=2", {"x": 0.0}, "kink", {"kink"}),
    ("0^x", "x=-1", {"x": "-inf"}, "undefined", {"domain"}),
    ("x^y", "x=0,y=0", {"x": 0.0, "y": 0.0}, "kink", {"kink"}),
    ("x^y", "x=0,y=1", {"x": 1.0, "y": 0.0}, "kink", {"kink"}),
    ("x^y", "x=0,y=0.5", {"x": "inf", "y": 0.0}, "kink", {"infinite-slope", "kink"}),
    ("x^y", "x=-2,y=2", {"x": -4.0, "y": "nan"}, "symbolic-complex", {"domain"}),
    ("x^(1/3)", "x=-8", {"x": "nan"}, "undefined", {"domain"}),
    ("x^(1/3)", "x=0", {"x": "inf"}, "kink", {"infinite-slope"}),
    ("x^x", "x=0", {"x": 0.0}, "kink", {"kink"}),
    ("1/x", "x=0", {"x": "-inf"}, "undefined", {"domain"}),
    ("x/x", "x=0", {"x": "nan"}, "undefined", {"domain"}),
    ("log(x)", "x=0", {"x": "inf"}, "undefined", {"domain"}),
    ("log(x)", "x=-1", {"x": -1.0}, "undefined", {"domain"}),
    ("where(x>0, x*log(x), 0)", "x=0", {"x": "nan"}, "kink", {"kink", "zero-times-infinity"}),
    ("max(x, y)", "x=1,y=1", {"x": 0.5, "y": 0.5}, "kink", {"kink"}),
    ("min(x, y)", "x=1,y=1", {"x": 0.5, "y": 0.5}, "kink", {"kink"}),
    ("relu(x)", "x=0", {"x": 0.0}, "kink", {"kink"}),
    ("sign(x)", "x=0", {"x": 0.0}, "kink", {"jump"}),
    ("floor(x)", "x=2", {"x": 0.0}, "kink", {"jump"}),
    ("ceil(x)", "x=2", {"x": 0.0}, "kink", {"jump"}),
    ("atan2(y, x)", "y=0,x=0", {"y": 0.0, "x": -0.0}, "kink", {"kink"}),
    ("hypot(x, y)", "x=0,y=0", {"x": "nan", "y": "nan"}, "kink", {"kink"}),
    ("asin(x)", "x=1", {"x": "inf"}, "kink", {"infinite-slope"}),
    ("asin(x)", "x=2", {"x": "nan"}, "undefined", {"domain"}),
    ("log(1+e^x)", "x=1000", {"x": "nan"}, "overflow", {"overflow", "zero-times-infinity"}),
    ("sqrt(relu(x))", "x=-1", {"x": 0.0}, "kink", {"infinite-slope"}),
    ("max(x, y, z)", "x=1,y=1,z=1", {"x": 0.25, "y": 0.25, "z": 0.5}, "kink", {"kink"}),
    ("softplus(x)", "x=25", {"x": 1.0}, "match", set()),
    # Beside the table: an ordinary point, and what rounding and infinite slopes do.
    ("x^3", "x=2", {"x": 12.0}, "match", set()),
    ("sqrt(x*y - y^2)", "x=1,y=1", {"x": "inf", "y": "nan"}, "kink", {"modes"}),
    ("9^9^9^9 + x", "x=1", {"x": 1.0}, "overflow", {"overflow"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def answers() -> list[dict]:
    """All rows, answered by one process."""
    return [
        json.loads(line) for line in batch(*[f'grad "{e}" --at {at} --json' for e, at, *_ in ROWS])
    ]


IDS = [f"{row[0]} at {row[1]}" for row in ROWS]


@pytest.mark.parametrize("place", range(len(ROWS)), ids=IDS)
def test_the_gradient_is_pytorchs(answers: list[dict], place: int) -> None:
    wanted, found = ROWS[place][2], answers[place]["gradient"]
    assert found == (pytest.approx(wanted, rel=1e-9) if "softplus" in IDS[place] else wanted)
    if IDS[place].startswith("atan2"):
        assert math.copysign(1, found["x"]) == -1


@pytest.mark.parametrize("place", range(len(ROWS)), ids=IDS)
def test_the_verdict(answers: list[dict], place: int) -> None:
    assert answers[place]["verdict"] == ROWS[place][3]


@pytest.mark.parametrize("place", range(len(ROWS)), ids=IDS)
def test_the_notes_name_node_and_kind(answers: list[dict], place: int) -> None:
    notes = [note for note in answers[place]["notes"] if note["kind"] != "symbolic"]
    kinds = {note["kind"] for note in notes if note["node"] or note["kind"] != "reading"}
    assert ROWS[place][4] <= kinds
    assert bool(ROWS[place][4]) == bool(kinds - {"reading", "rounding"})
    numbers = [answers[place]["value"], *answers[place]["gradient"].values()]
    if "nan" in numbers:  # no silent nan
        assert any(note["node"] and note["node"] in note["text"] for note in notes)


def test_where_and_why_sympy_was_not_asked() -> None:
    deep = "sin(" * 150 + "x" + ")" * 150
    lines = batch(f'grad "{deep}" --x 1 --json', 'grad "x" --x 1 --sympy-seconds 0 --json',
                  'grad "x" --x 1 --no-sympy --json')  # fmt: skip
    reasons = [
        "symbolic side skipped: the formula is nested deeper than 100",
        "symbolic side skipped: it was given no time (--sympy-seconds 0)",
        "symbolic side skipped: SymPy was not asked (--no-sympy)",
    ]
    for line, reason in zip(lines, reasons, strict=True):
        answer = json.loads(line)
        assert (answer["symbolic"], answer["verdict"]) == (None, "skipped")
        assert answer["notes"] == [{"node": None, "kind": "skipped", "text": reason}]


def test_rounding_says_so() -> None:
    (line,) = batch('grad "x^3 - 3x^2 + 3x" --x 1.0000001 --json')
    answer = json.loads(line)
    assert answer["verdict"] == "rounding"
    (note,) = answer["notes"]
    assert note["kind"] == "rounding"
    assert note["text"].startswith("float64 keeps 2 digits of the derivative by x; the others")


def test_several_points_have_one_verdict_each_and_the_gravest_is_the_answers() -> None:
    (line,) = batch('grad "abs(x)" --x "-1,0,2" --json')
    answer = json.loads(line)
    assert answer["gradient"] == {"x": [-1.0, 0.0, 1.0]}
    assert answer["symbolic"]["x"]["value"] == [-1.0, 0.0, 1.0]
    assert answer["verdict"] == "kink"
    (note,) = [note for note in answer["notes"] if note["kind"] == "kink"]
    assert note["text"].endswith("(at 1 of 3 points, first the point number 2)")


@pytest.mark.parametrize(("x", "status"), [("1", 0), ("0", 3)])
def test_strict_exits_3_unless_the_verdict_is_match(x: str, status: int) -> None:
    assert here("grad", "abs(x)", "--x", x, "--strict").status == status
    assert here("grad", "abs(x)", "--x", x).status == 0
