"""Where calculus gives out: node, convention, both sides, other programs' answers, and mends."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from autodiff_cli.answers.beside import answered
from autodiff_cli.answers.gradient import grad
from autodiff_cli.answers.reading import parse
from autodiff_cli.graph.printer import latex_name
from autodiff_cli.notes.departures import marks
from autodiff_cli.notes.note import Note
from autodiff_cli.notes.sides import sides
from autodiff_cli.ops import OPERATIONS
from tests.console import here

GROWS = "a slope that grows without bound"
NONE = "no finite value"
TORCH, JAX, SYMPY = "PyTorch", "JAX", "SymPy"

#: expression, point, the node at fault, words of its note, what both sides are, the mend.
ROWS = [
    ("abs(x)", "x=0", "w2", "0 is used (PyTorch and SymPy use 0 too, JAX uses 1)",
     "x: slope −1 | slope 1", ""),
    ("sqrt(x)", "x=0", "w2", "SymPy has zoo", f"x: {NONE} | {GROWS}", ""),
    ("sqrt(x)", "x=-1", "w2", "needs w1 ≥ 0, and w1 = -1 (PyTorch and JAX have nan",
     f"x: {NONE} | {NONE}", ""),
    ("sqrt(x^2)", "x=0", "w3", "vertical at 0", "x: slope −1 | slope 1",
     "write abs(x) for sqrt(x^2)"),
    ("0^x", "x=0", "w2", "by the exponent w1 of 0^w1", f"x: {NONE} | slope 0 beside a jump", ""),
    ("0^x", "x=2", "w2", "0 is used", "x: slope 0 | slope 0", ""),
    ("0^x", "x=-1", "w2", "PyTorch is infinite too, and JAX has nan", f"x: {NONE} | {NONE}", ""),
    ("x^y", "x=0,y=0", "w3", "at 0^0 JAX has nan by the base",
     f"x: slope 0 | slope 0; y: {NONE} | slope 0 beside a jump", ""),
    ("x^y", "x=0,y=1", "w3", "0 is used", "x: slope 1 | slope 1; y: slope 0 | slope 0", ""),
    ("x^y", "x=0,y=0.5", "w3", "a root is vertical at 0",
     f"x: {NONE} | {GROWS}; y: slope 0 | slope 0", ""),
    ("x^y", "x=-2,y=2", "w3", "one of its slopes is no real number (PyTorch and JAX have nan too",
     f"x: slope −4 | slope −4; y: {NONE} | {NONE}",
     "write x^2 for x^y if the exponent is to stay 2"),
    ("x^(1/3)", "x=-8", "w2", "for a negative base PyTorch and JAX have nan",
     f"x: {NONE} | {NONE}", "write cbrt(x) for x^(1/3)"),
    ("x^(1/3)", "x=0", "w2", "PyTorch and JAX have inf too", f"x: {NONE} | {GROWS}", ""),
    ("x^x", "x=0", "w2", "JAX has nan", f"x: {NONE} | {GROWS}", ""),
    ("1/x", "x=0", "w2", "SymPy has zoo", f"x: {GROWS} | {GROWS}", ""),
    ("x/x", "x=0", "w2", "unless the divisor cancels", "x: slope 0 | slope 0",
     "write 1 for x/x"),
    ("ln(x)", "x=0", "w2", "needs w1 > 0", f"x: {NONE} | {GROWS}", ""),
    ("ln(x)", "x=-1", "w2", "use the slope's formula too", f"x: {NONE} | {NONE}", ""),
    ("where(x>0, x*ln(x), 0)", "x=0", "w4", "the slope of the branch taken is used",
     f"x: slope 0 | {GROWS}",
     "write where(x > 0, x*ln(where(x > 0, x, 1)), 0) for where(x > 0, x*ln(x), 0)"),
    ("max(x, y)", "x=1,y=1", "w3", "each side gets half (PyTorch, JAX and SymPy",
     "x and y: slope 0 | slope 1", ""),
    ("min(x, y)", "x=1,y=1", "w3", "each side gets half", "x and y: slope 1 | slope 0", ""),
    ("relu(x)", "x=0", "w2", "0 is used (PyTorch and JAX use 0 too, SymPy, as Max, 1/2)",
     "x: slope 0 | slope 1", ""),
    ("sign(x)", "x=0", "w2", "SymPy has a delta function",
     "x: slope 0 beside a jump | slope 0 beside a jump", ""),
    ("floor(x)", "x=2", "w2", "SymPy leaves the derivative unevaluated",
     "x: slope 0 beside a jump | slope 0", ""),
    ("ceil(x)", "x=2", "w2", "jumps", "x: slope 0 | slope 0 beside a jump", ""),
    ("atan2(y, x)", "y=0,x=0", "w3", "PyTorch uses 0 too, JAX has nan",
     "y: slope 0 beside a jump | slope 0 beside a jump; x: slope 0 beside a jump | slope 0", ""),
    ("hypot(x, y)", "x=0,y=0", "w3", "PyTorch has nan too, JAX uses 1/2",
     "x and y: slope −1 | slope 1", ""),
    ("asin(x)", "x=1", "w2", "the curve ends upright", f"x: {GROWS} | {NONE}", ""),
    ("asin(x)", "x=2", "w2", "PyTorch and JAX have nan", f"x: {NONE} | {NONE}", ""),
    ("ln(1+e^x)", "x=1000", "w2", "beyond the range", "", "write softplus(x) for ln(1 + e^x)"),
    ("sqrt(relu(x))", "x=-1", "w3", "vertical", "x: slope 0 | slope 0", ""),
    ("y*(1/x)", "x=1e-200,y=0", "w3", "0 times infinity", "x: slope 0 | slope 0", ""),
    ("max(x, y, z)", "x=1,y=1,z=1", "w5", "each side gets half",
     "x and y and z: slope 0 | slope 1", ""),
]  # fmt: skip

IDS = [f"{row[0]} at {row[1]}" for row in ROWS]


def point(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in (part.split("=") for part in text.split(","))}


def of_kind(notes: tuple[Note, ...], kind: str) -> list[Note]:
    return [note for note in notes if note.kind == kind]


def told(text: str) -> str:
    """`x: A | B; y: …` as the sentence of the note."""
    parts = []
    for part in filter(None, text.split("; ")):
        names, _, pair = part.partition(": ")
        left, right = pair.split(" | ")
        phrase = f"{left} on the left and {right} on the right"
        if left == right:
            phrase = f"{left} on {'either side' if left == NONE else 'both sides'}"
        parts.append(f"along {names}, f has {phrase}")
    return "; ".join(parts)


@pytest.mark.parametrize(("text", "at", "node", "words", "around", "mend"), ROWS, ids=IDS)
def test_an_answer_at_a_kink_is_explained(
    text: str, at: str, node: str, words: str, around: str, mend: str
) -> None:
    notes = grad(text, point(at)).notes
    own = [n for n in notes if n.node == node and n.kind not in ("both-sides", "mend")]
    assert any(words in note.text and node in note.text for note in own)
    hole = "; f itself has no finite value there"
    assert [n.text.removesuffix(hole) for n in of_kind(notes, "both-sides")] == [
        line for line in [told(around)] if line
    ]
    assert [note.text for note in of_kind(notes, "mend")] == [line for line in [mend] if line]


def test_both_sides_are_told_at_a_node_that_has_a_label() -> None:
    notes = grad("where(1/0 > 1, abs(x), x)", {"x": 0.0}).notes
    assert [(note.node, note.kind) for note in notes] == [
        (None, "domain"), ("w2", "kink"), ("w2", "both-sides"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "x", "hole"),
    [("1/x", 0.0, True), ("ln(x)", 0.0, True), ("x/x", 0.0, True), ("sqrt(x)", -1.0, False),
     ("abs(x)", 0.0, False), ("sqrt(x)", 0.0, False)],
)  # fmt: skip
def test_a_hole_between_two_sides_is_told(text: str, x: float, hole: bool) -> None:
    (around,) = of_kind(grad(text, {"x": x}).notes, "both-sides")
    assert around.text.endswith("; f itself has no finite value there") is hole


def test_of_many_points_it_is_said_how_many_and_which_is_the_first() -> None:
    (note,) = grad("sqrt(x)", {"x": np.array([4.0, -1.0, -2.0])}).notes
    assert note == Note(
        "w2", "domain",
        "w2 = sqrt(w1): a real value needs w1 ≥ 0 (PyTorch and JAX have nan; SymPy goes on with "
        "complex numbers) (at 2 of 3 points, first the point number 2)",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("exp(exp(x))", [("w2", "overflow")]),  # value, slope and adjoint are all infinite there
        ("ln(exp(x))", [("w2", "overflow"), ("w2", "zero-times-infinity")]),
        ("x*exp(-x)", []),
    ],
)
def test_an_overflow_is_noted_at_the_node_where_it_begins(text: str, wanted: list) -> None:
    assert [(note.node, note.kind) for note in grad(text, {"x": 1000.0}).notes] == wanted


def test_each_point_is_marked_that_is_at_a_kink_or_overflows() -> None:
    result = grad("abs(x) + exp(1000y)", {"x": np.array([0, 1, 2]), "y": np.array([0, 0, 1])})
    kink, overflow = marks(result.linearisation, result.adjoints)
    assert kink.tolist() == [True, False, False]
    assert overflow.tolist() == [False, False, True]


#: what was typed, point, what the note says to write, the derivative that is right there.
MENDS = [
    ("sqrt(x^2)", {"x": 0.0}, "abs(x)", 0.0),
    ("sqrt((x-3)*(x-3))", {"x": 3.0}, "abs(x - 3)", 0.0),
    ("sqrt(x)^2", {"x": 0.0}, "x", 1.0),
    ("ln(1+e^x)", {"x": 1000.0}, "softplus(x)", 1.0),
    ("log1p(exp(2x))", {"x": 1000.0}, "softplus(2*x)", 2.0),
    ("e^x/(1+e^x)", {"x": 1000.0}, "sigmoid(x)", 0.0),
    ("1/(1+exp(-x))", {"x": -1000.0}, "sigmoid(x)", 0.0),
    ("1/(exp(x)+1)", {"x": 1000.0}, "sigmoid(-x)", 0.0),
    ("x/x", {"x": 0.0}, "1", 0.0),
    ("-x/x", {"x": 5e-324}, "-1", 0.0),
    ("x/-x", {"x": 0.0}, "-1", 0.0),
    ("x^(1/3)", {"x": -8.0}, "cbrt(x)", 1 / 12),
    ("where(x>0, x*ln(x), 0)", {"x": 0.0}, "where(x > 0, x*ln(where(x > 0, x, 1)), 0)", 0.0),
    ("where(x==0, 1, sin(x)/x)", {"x": 0.0},
     "where(x == 0, 1, sin(x)/where(x == 0, 1, x))", 0.0),
    ("x^y", {"x": -2.0, "y": 2.0}, "x^2", -4.0),
    ("x^y", {"x": -0.5, "y": 2.0}, "x^2", -1.0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "written", "slope"), MENDS, ids=[m[0] for m in MENDS])
def test_a_mend_gives_the_right_derivative_where_the_formula_does_not(
    text: str, at: dict[str, float], written: str, slope: float
) -> None:
    result = grad(text, at)
    assert not all(map(math.isfinite, [result.value, *result.gradient.values()]))
    offers = [note.text.removeprefix("write ") for note in of_kind(result.notes, "mend")]
    assert [offer.partition(" for ")[0] for offer in offers] == [written]
    graph = parse(written, variables=("x",))
    mended = grad(graph, {name: at[name] for name in graph.variables})
    assert mended.gradient.get("x", 0.0) == pytest.approx(slope, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "x"),
    [("sqrt(x^2)", 2.0), ("x/x", 3.0), ("ln(1+e^x)", 1.0), ("x^(1/3)", 8.0),
     ("where(x>0, x*ln(x), 0)", 2.0), ("sqrt(x^3)", 0.0), ("x^(1/3)", 0.0),
     ("x^(2/3)", -8.0), ("x^(1/5)", -32.0)],
)  # fmt: skip
def test_no_mend_is_offered_where_none_is_needed_or_none_helps(text: str, x: float) -> None:
    assert of_kind(grad(text, {"x": x}).notes, "mend") == []


def test_a_long_part_is_written_over_its_operands_label() -> None:
    long = "+".join(f"sin({k}x)" for k in range(1, 12))
    (mend,) = of_kind(grad(f"sqrt(({long})^2)", {"x": 0.0}).notes, "mend")
    operand = mend.text.split("abs(")[1].split(")")[0]
    assert mend.text == f"write abs({operand}) for sqrt({operand}^2)"


def test_a_power_too_long_to_write_twice_gets_no_mend() -> None:
    long = "+".join(f"sin({k}x)" for k in range(1, 12))
    notes = grad(f"({long})^y", {"x": -0.1, "y": 2.0}).notes
    assert [note.kind for note in notes][:1] == ["domain"]
    assert of_kind(notes, "mend") == []


#: expression, x, the slopes on both sides by calculus.
SLOPES = [
    ("abs(x-0.1)", 0.1, -1.0, 1.0),
    ("exp(abs(x))", 0.0, -1.0, 1.0),
    ("abs(x)^1.5", 0.0, 0.0, 0.0),
    ("abs(sin(3x))*cos(x)", 0.0, -3.0, 3.0),
    ("max(x^2, 1000x)", 1000.0, 1000.0, 2000.0),
    ("1000 + abs(x) + 4x^2", 0.0, -1.0, 1.0),
    ("cbrt(x)", 0.0, math.inf, math.inf),
    ("-abs(x)^0.9", 0.0, math.inf, -math.inf),
    ("x*ln(abs(x))", 0.0, -math.inf, -math.inf),
    ("abs(x)+1e12", 0.0, -1.0, 1.0),
    ("abs(x)^1.01", 0.0, 0.0, 0.0),
    ("abs(x+1e-9)+abs(x)", 0.0, 0.0, 2.0),
    ("abs(x)+abs(x-1e-30)", 0.0, -2.0, 0.0),
    ("abs(exp(x)-1)*1e6", 0.0, -1e6, 1e6),
    ("abs(x-3)^1.5", 3.0, 0.0, 0.0),
    ("where(x==0, 0, x^2*sin(1/x)) + abs(x)", 0.0, -1.0, 1.0),
    ("where(x>0, x, abs(sqrt(x-5)))", 0.0, None, 1.0),
]


@pytest.mark.parametrize(("text", "x", "left", "right"), SLOPES, ids=[s[0] for s in SLOPES])
def test_both_sides_are_those_of_calculus(text: str, x: float, left: float, right: float) -> None:
    found = sides(parse(text), {"x": x}, "x")
    wanted = [None if s is None else pytest.approx(s, rel=1e-5, abs=1e-6) for s in (left, right)]
    assert [side.slope for side in found] == wanted
    assert not any(side.jump for side in found)


@pytest.mark.parametrize(
    "text",
    ["abs(x+1e16-1e16)", "relu(x-1e17+1e17)+x", "max(x+1e16-1e16, 0)", "abs(1e18+abs(x)-1e18)"],
)
def test_a_slope_that_rounding_hides_is_told_so(text: str) -> None:
    for side in sides(parse(text), {"x": 0.0}, "x"):
        assert str(side) == "a slope that rounding hides"


@pytest.mark.parametrize("text", ["x*sin(1/x)", "x*sin(ln(abs(x))^3)"])
def test_a_slope_that_settles_nowhere_is_told_so(text: str) -> None:
    assert [str(side) for side in sides(parse(text), {"x": 0.0}, "x")] == ["no steady slope"] * 2


def test_second_derivatives_have_both_sides_too() -> None:
    out = " ".join(here("grad", "relu(x)^2", "--x", "0", "--order", "2", "--no-sympy").out.split())
    assert "the derivative by x has slope 0 on the left and slope 2 on the right" in out


def test_the_trace_marks_the_node_at_fault_and_explains_the_sign() -> None:
    out = here("trace", "sqrt(x^2) + 1", "--x", "0", columns=100).out
    assert [line.split()[0] for line in out.splitlines() if line.split()[1:2] == ["!"]] == [
        "w2", "w3",
    ]  # fmt: skip
    assert "! marks a node" in out
    assert "!" not in here("trace", "sqrt(x^2) + 1", "--x", "2").out
    assert "!" not in here("trace", "sqrt(x^2)", "--x", "0", "--format", "csv").out
    assert "! marks a node" in here("trace", "abs(x)", "--x", "0", "--format", "markdown").out


@pytest.mark.parametrize(
    ("text", "x", "verdict"),
    [("sqrt(x)", "0", "kink (infinite slope at w2)"), ("abs(x)", "0", "kink (at w2)"),
     ("floor(x)", "2", "kink (jump at w2)"), ("ln(x)", "-1", "undefined (domain at w2)"),
     ("x^3", "2", "match")],
)  # fmt: skip
def test_the_verdict_says_which_kind(text: str, x: str, verdict: str) -> None:
    assert f"verdict: {verdict}\n" in here("grad", text, "--x", x).out


def test_the_table_shows_its_conditions_in_words() -> None:
    out = here("functions", "^").out
    assert "a = 0 and 0 < b < 1" in out
    assert "where(a == 0, where(" not in out.partition("infinite slope")[2]
    (row,) = json.loads(here("functions", "abs", "--json").out)["functions"]
    assert row["kinks"][0]["others"] == "PyTorch and SymPy use 0 too, JAX uses 1"


def test_every_kink_says_what_others_answer() -> None:
    for row in OPERATIONS:
        for kink in row.kinks:
            assert kink.others, row.name
            assert "{" not in kink.said()


CANCELS = "(x^2-1)/(x-1)-x"


def judged(text: str, x: float, error: float) -> tuple[str, set[str]]:
    """The verdict on autodiff's answer with an error put in, and the kinds of notes."""
    from autodiff_cli.symbolic.client import Client

    result = grad(text, {"x": x})
    wrong = replace(result, gradient={"x": result.gradient["x"] + error})
    with Client() as client:
        report, _ = answered(text, wrong, {"x": x}, "reverse", client, 10.0)
    return report.verdict, {note.kind for note in report.notes}


@pytest.mark.parametrize(
    ("text", "x", "error", "verdict", "rounding"),
    [(CANCELS, 1.0000001, 0.0, "rounding", True), (CANCELS, 1.0000001, 1.0, "MISMATCH", False),
     (CANCELS, 3.0, 1e-6, "MISMATCH", False), ("x^3", 2.0, 1e-6, "MISMATCH", False)],
)  # fmt: skip
def test_rounding_is_told_from_error(
    text: str, x: float, error: float, verdict: str, rounding: bool
) -> None:
    found, kinds = judged(text, x, error)
    assert (found, "rounding" in kinds) == (verdict, rounding)


@pytest.mark.parametrize(
    ("name", "latex"),
    [("α", r"\alpha"), ("λ1", r"{\lambda}_{1}"), ("Ω_k", r"\Omega_{k}"), ("Α", r"\mathord{A}"),
     ("ς", r"\varsigma"), ("ο", r"\mathord{o}"), ("x1", "{x}_{1}"), ("rate", r"\mathit{rate}"),
     ("rateX", r"\mathit{rateX}"), ("ά", "ά"),
     ("д", "д")],
)  # fmt: skip
def test_greek_letters_are_written_by_their_command(name: str, latex: str) -> None:
    assert latex_name(name) == latex
