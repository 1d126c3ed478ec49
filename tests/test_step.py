"""`step`: what keys do, what a screen of any size shows, and the sentences for a pipe."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import pytest

from autodiff_cli.answers.trace import trace, traces
from autodiff_cli.cli import cinema
from autodiff_cli.cli.projector import Projector
from autodiff_cli.errors import width
from autodiff_cli.formats.signs import PLAIN, UNICODE, Rounding, Signs
from autodiff_cli.teach.frames import Frame, frames
from autodiff_cli.views.stage import Stage, broken
from tests.console import ROOT, here

SIX = UNICODE.rounding(Rounding(6))
POLYNOMIAL = ("x^3 + 2x^2 + 8x", {"x": 4.0})
FORMULAS = {
    "polynomial": POLYNOMIAL,
    "named": ("h = x*y; h*h*sin(h) + y", {"x": -4.0, "y": 2.0}),
    "many": ("x1+x2+sin(x3)*x1+x4*x5*x6+sqrt(x7)", {f"x{k}": k + 1 / 3 for k in range(1, 8)}),
    "long": (" + ".join(f"sin({k}x)" for k in range(1, 80)), {"x": 0.3}),
    "wide": ("(温度 + 1)^2*1e-9", {"温度": 1e200}),
    "one": ("x", {"x": 2.0}),
}


def film_of(name: str, signs: Signs = SIX) -> tuple[Frame, ...]:
    text, at = FORMULAS[name]
    return frames(trace(text, at), signs)


def pressed(projector: Projector, *keys: str) -> Projector:
    for key in keys:
        projector.press(key)
    return projector


def shown(projector: Projector, columns: int = 100, height: int = 30) -> str:
    return "\n".join(text for text, _ in projector.lines(columns, height))


# What keys do


@pytest.mark.parametrize(("keys", "place"), [
    ("right", 1), ("space", 1), ("down", 1), ("enter", 1), ("right left", 0), ("right up", 0),
    ("end", 13), ("end home", 0), ("left", 0), ("end right", 13), ("r", 6), ("r f", 0), ("r r", 6),
    ("page down", 10), ("page down page down", 13), ("page down page up", 0),
    ("1 2 enter", 11), ("1 2", 0), ("9 9 enter", 0), ("0 enter", 0), ("1 3 backspace enter", 0),
    ("5 right", 1), ("5 escape enter", 1), ("? right", 0), ("? q right", 1), ("x", 0), ("tab", 0),
    ("resize right redraw", 1),
])  # fmt: skip
def test_a_key_leads_to_a_step(keys: str, place: int) -> None:
    names = re.findall(r"page down|page up|\S+", keys)
    projector = pressed(Projector(film_of("polynomial"), SIX), *names and [
        " " if name == "space" else name for name in names
    ])  # fmt: skip
    assert projector.place == place
    assert not projector.done


@pytest.mark.parametrize("key", ["q", "Q", "end of input"])
def test_a_key_ends_it(key: str) -> None:
    assert pressed(Projector(film_of("polynomial"), SIX), key).done


def test_what_leads_nowhere_is_said() -> None:
    projector = Projector(film_of("polynomial"), SIX)
    assert "This is the first step." in shown(pressed(projector, "left"))
    assert "This was the last step" in shown(pressed(projector, "end", "right"))
    assert "go to step: 99_" in shown(pressed(projector, "9", "9"))
    assert "There are steps 1 to 14." in shown(pressed(projector, "enter"))
    assert "? shows the keys" in shown(pressed(projector, "x"))
    assert "? shows the keys" not in shown(pressed(projector, "left"))


def test_with_several_outputs_each_reverse_sweep_is_reached() -> None:
    film = frames(traces(["x*y", "x + y"], {"x": 1, "y": 2}), SIX)
    projector = pressed(Projector(film, SIX), "r")
    assert "reverse sweep from f1" in shown(projector)
    assert "reverse sweep from f2" in shown(pressed(projector, "r"))
    assert "reverse sweep from f1" in shown(pressed(projector, "r"))


def test_the_help_has_pages_where_it_is_long() -> None:
    projector = pressed(Projector(film_of("polynomial"), SIX), "?")
    assert "predict" in shown(projector, 100, 30)
    seen = ""
    while "page" in (page := shown(projector, 40, 12)).splitlines()[-1]:
        seen += page
        projector.press(" ")
    seen += page
    assert "any key goes back" in page
    for words in ("the next step", "quit", "how fast f moves", "where its number comes from"):
        assert words in re.sub(r"\s+", " ", seen)
    assert "step 1 of 14" in shown(pressed(projector, " "), 40, 12)


# What is asked for


def test_a_number_is_hidden_until_it_is_predicted() -> None:
    projector = pressed(Projector(film_of("polynomial"), SIX, predict=True), *"1", "enter", "right")
    assert "w2 = w1³ = ?" in shown(projector)
    assert not re.search(r"\b(64|48)\b", shown(projector))
    pressed(projector, *"65", "enter")
    assert "65 is not it. It is none of the usual slips. Try again." in shown(projector)
    pressed(projector, *"4^3", "enter")
    assert "w2 = w1³ = 4³ = 64" in shown(projector)
    assert "ẇ2 = ?" in shown(projector)
    assert "48" not in shown(projector)
    pressed(projector, *"3 w1^2", "enter")
    assert "ẇ2 = ∂w2/∂w1·ẇ1 = 48·1 = 48" in shown(projector)
    assert "predicted: 2 of 3" in shown(projector)


def test_a_slip_is_named_before_the_sum_is_shown() -> None:
    projector = pressed(Projector(film_of("polynomial"), SIX), "1", "2", "enter", "p", "right")
    assert "What does w̄1 get from w3?" in shown(projector)
    pressed(projector, *"8", "enter")
    pressed(projector, *"16", "enter")
    assert "w̄1 = ?  It had 8 before." in shown(projector)
    assert "8 + ?" in shown(projector)
    pressed(projector, *"16", "enter")
    assert "16 is not it. = for +=: w1 is used 3 times" in shown(projector)
    assert "24" not in shown(projector)
    pressed(projector, *"8+16", "enter")
    assert "so far 8 + 16 = 24" in shown(projector)
    assert "24 + …" in shown(projector)


@pytest.mark.parametrize("key", ["right", "enter", "escape"])
def test_a_question_may_be_left_open(key: str) -> None:
    projector = pressed(Projector(film_of("polynomial"), SIX, predict=True), "right", "right")
    assert "w2 = w1³ = ?" in shown(projector)
    pressed(projector, key)
    assert projector.place == 1
    assert "w2 = w1³ = 4³ = 64" in shown(projector)
    assert ("predicted: 0 of 2" in shown(projector)) == (key != "escape")
    assert ("= ?" in shown(pressed(projector, "right"))) == (key != "escape")


def test_an_answer_is_typed_and_mended() -> None:
    projector = pressed(Projector(film_of("polynomial"), SIX, predict=True), "right", "right")
    assert "> 6 + q_" in shown(pressed(projector, *"6 + q"))
    assert "> 6 +_" in shown(pressed(projector, "backspace", "backspace"))
    assert "> _" in shown(pressed(projector, "clear"))
    assert "> 7_" in shown(pressed(projector, *"7"))
    assert "> _" in shown(pressed(projector, "escape"))
    assert "cannot be read" in shown(pressed(projector, *"2 +", "enter"))
    assert "predicted: 0 of 1" in shown(projector)
    assert projector.place == 1
    assert pressed(projector, "clear", "left").place == 0
    assert pressed(projector, "right", *"q", "enter").done


def test_what_has_been_shown_is_not_asked_for_again() -> None:
    projector = pressed(Projector(film_of("polynomial"), SIX), "right", "p")
    assert "From the next step on" in shown(projector)
    assert "= ?" not in shown(projector)
    assert "= ?" in shown(pressed(projector, "right"))
    pressed(projector, *"16", "enter", *"8", "enter")
    assert "= ?" not in shown(pressed(projector, "left", "right"))
    assert "= ?" in shown(pressed(projector, "left", "left"))


# What a screen shows

SIZES = [(20, 6), (40, 20), (60, 15), (80, 24), (120, 40), (200, 60), (10, 3), (1, 1)]


def words(lines: Sequence[tuple[str, bool]]) -> str:
    return re.sub(r"\s+", " ", " ".join(text for text, _ in lines))


@pytest.mark.parametrize("signs", [SIX, PLAIN.rounding(Rounding(6))], ids=["unicode", "ascii"])
@pytest.mark.parametrize("name", FORMULAS)
def test_a_screen_of_any_size_is_full_and_not_overfull(name: str, signs: Signs) -> None:
    film = film_of(name, signs)
    stage = Stage(film, signs)
    for columns, height in SIZES:
        for frame in film[:: max(1, len(film) // 5)]:
            lines = stage.lines(frame, columns, height, keys=["q quit", "? keys"])
            assert len(lines) == height
            assert max(width(text) for text, _ in lines) <= columns
            assert not any(text.endswith(" ") for text, _ in lines)
            if signs.plain and name != "wide":
                assert all(text.isascii() for text, _ in lines)
            if columns >= 40 and height >= 15:
                assert [out for _, out in lines].count(True) == 1
                (active,) = [text for text, out in lines if out]
                assert active.startswith((">" if signs.plain else "→") + f" {frame.node}")
                told = zip(frame.sentences(), frame.sentences(short=True), strict=True)
                for parts in [*told][:2]:
                    assert any(words([("".join(x), False)]) in words(lines) for x in parts)


def test_the_table_stays_in_its_place_while_the_film_runs() -> None:
    for name in ("polynomial", "named"):
        film = film_of(name)
        stage = Stage(film, SIX)
        for sweep in ("forward", "reverse"):
            heads = {
                next((k, text) for k, (text, _) in enumerate(stage.lines(frame, 80, 24))
                     if text.startswith("  w_i"))[0]
                for frame in film if frame.sweep == sweep
            }  # fmt: skip
            assert len(heads) == 1


def test_the_graph_stands_beside_the_table_where_it_fits() -> None:
    film = film_of("polynomial")
    stage = Stage(film, SIX)
    broad = "\n".join(text for text, _ in stage.lines(film[12], 120, 40))
    assert "┃ w1 = x  ┃" in broad
    assert "▼" in broad
    ahead = "\n".join(text for text, _ in stage.lines(film[5], 120, 40))
    assert "┏━━━┛   ┃   ┗━━━━┓" in ahead  # all that is added up
    assert "▼" not in ahead
    middle = "\n".join(text for text, _ in stage.lines(film[12], 80, 24))
    assert "[w1]" in middle or "[w1 = x]" in middle
    assert "w3 = w1²" not in "\n".join(text for text, _ in stage.lines(film[0], 40, 20))


def test_a_local_partial_is_told_with_its_rule_and_hidden_where_it_would_tell() -> None:
    film = film_of("polynomial")
    assert "∂w2/∂w1 = 3·w1² = 3·4² = 48" in words(Stage(film, SIX).lines(film[1], 80, 24))
    asked = pressed(Projector(film, SIX, predict=True), "right", "right", *"64", "enter")
    assert "∂w2/∂w1" not in shown(asked)
    assert "∂w2/∂w1 = 3·w1²" in shown(pressed(asked, "right"))


def test_rows_far_from_the_active_one_are_left_out() -> None:
    film = film_of("long")
    stage = Stage(film, SIX)
    for frame in (film[0], film[80], film[len(film) // 2], film[-1]):
        text = "\n".join(text for text, _ in stage.lines(frame, 80, 24))
        rows = len(re.findall(r"^[→· ] w\d", text, re.MULTILINE))
        left = sum(int(found) for found in re.findall(r"[↑↓] (\d+) more", text))
        assert rows + left == len(film[0].of.report.steps)
        assert re.search(rf"^→ {frame.node}\b", text, re.MULTILINE)


def test_a_sum_that_is_not_whole_says_so_and_grad_is_none_until_it_is() -> None:
    film = film_of("polynomial")
    stage = Stage(film, SIX)
    texts = ["\n".join(text for text, _ in stage.lines(frame, 80, 24)) for frame in film]
    assert "24 + …" in texts[12]
    assert "x.grad = None" in texts[12]
    assert "+ …" not in texts[13]
    assert "x.grad = 72" in texts[13]
    assert ".grad" not in texts[5]


def test_a_kink_is_said_where_it_is() -> None:
    film = frames(trace("abs(x) + x", {"x": 0.0}), SIX)
    stage = Stage(film, SIX)
    found = [
        k for k, frame in enumerate(film) if "note (kink)" in words(stage.lines(frame, 80, 24))
    ]
    assert [film[k].node for k in found] == ["w2"]


def test_how_a_text_was_read_is_said_at_the_beginning() -> None:
    film = frames(trace("1/2x", {"x": 4.0}), SIX)
    stage = Stage(film, SIX)
    found = [
        k for k, frame in enumerate(film) if "note (reading)" in words(stage.lines(frame, 80, 24))
    ]
    assert found == [0]
    outcome = here("step", "1/2x", "x", "--x", "4")
    assert outcome.out.count("note (reading)") == 1


def test_where_the_modes_differ_is_said_at_the_end() -> None:
    film = frames(trace("sqrt(x*y - y^2)", {"x": 1.0, "y": 1.0}), SIX)
    stage = Stage(film, SIX)
    assert "note (modes)" in words(stage.lines(film[-1], 100, 40))


@pytest.mark.parametrize("columns", range(1, 12))
def test_a_long_word_is_broken_where_nothing_else_helps(columns: int) -> None:
    text = "w̄3 = -1.2345678901234567e-300 温度"
    lines = broken(text, columns)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    assert max(map(width, lines)) <= max(columns, 2)


# For a pipe


def test_a_pipe_gets_a_sentence_a_step() -> None:
    outcome = here("step", POLYNOMIAL[0], "--x", "4")
    assert (outcome.status, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[:5] == [
        "f(x) = x³ + 2·x² + 8·x", "at x = 4", "", "forward sweep: values and tangents",
        "1. w1 = x = 4; ẇ1 = 1: x moves with itself",
    ]  # fmt: skip
    assert "13. w̄1 gets w̄3·∂w3/∂w1 = 2·8 = 16, term 2 of 3; so far 8 + 16 = 24" in lines


def test_a_voice_gets_words() -> None:
    out = here("step", POLYNOMIAL[0], "--x", "4", "--plain", columns=200).out
    assert out.isascii()
    assert "; dw2/dw1 = 3*w1^2 = 3*4^2 = 48; dot w2 = dw2/dw1*dot w1 = 48*1 = 48\n" in out
    assert out.splitlines()[-1].endswith("bar w1 = 24 + 48 = 72; x.grad is now 72")


def test_questions_come_in_lines_where_there_are_no_keys() -> None:
    outcome = here(
        "step",
        "x^2",
        "--x",
        "3",
        "--predict",
        "--plain",
        columns=200,
        stdin="1\n9\nfoo\n2\n\n\n2*3\n",
    )
    assert outcome.out.splitlines()[3:] == [
        "forward sweep: values and tangents",
        "1. dot w1 = ?  How fast does w1 move when x does?",
        "Right: 1.",
        "1. w1 = x = 3; dot w1 = 1: x moves with itself",
        "2. w2 = w1^2 = ?",
        "Right: 9.",
        "2. dot w2 = ?  How fast does w2 move when x does?",
        "foo cannot be read: the formula has no variable 'foo'."
        " Write a number, or a formula such as 3*w1^2.",
        "2 is not it. It is none of the usual slips. Try again.",
        "2. w2 = w1^2 = 3^2 = 9; dw2/dw1 = 2*w1 = 2*3 = 6; dot w2 = dw2/dw1*dot w1 = 6*1 = 6",
        "",
        "reverse sweep from f: adjoints",
        "3. bar w2 = ?  How fast does f move when w2 does?",
        "3. bar w2 = 1: the seed: f moves with itself",
        "4. What does bar w1 get from w2?",
        "Right: 6.",
        "4. bar w1 gets bar w2*dw2/dw1 = 1*6 = 6, its only term; x.grad is now 6",
        "",
        "predicted at the first try: 3 of 5",
    ]


def test_where_answers_end_nothing_more_is_asked() -> None:
    out = here("step", "x^2", "--x", "3", "--predict", stdin="").out
    assert out.count("= ?") == 1
    assert "x.grad is now 6" in out


def test_the_data_are_the_traces_numbers() -> None:
    words = ("h = x*y; h*sin(h) + y", "--x", "4", "--y", "2", "--json")
    film = json.loads(here("step", *words).out)
    nodes = json.loads(here("trace", *words).out)["nodes"]
    assert film["schema"] == "autodiff.frames/1"
    last = film["frames"][-1]
    assert last["values"] == {node["id"]: node["value"] for node in nodes}
    assert last["tangents"] == {node["id"]: node["tangent"] for node in nodes}
    assert last["adjoints"] == {node["id"]: node["adjoint"] for node in nodes}
    assert film["frames"][0] | {"text": ""} == {
        "sweep": "forward", "node": "w1", "text": "", "values": {"w1": 4.0},
        "tangents": {"w1": {"x": 1.0, "y": 0.0}}, "adjoints": {}, "grad": {"x": None, "y": None},
        "edge": None,
    }  # fmt: skip
    assert last["edge"] == ["w3", "w2"]
    assert last["grad"] == {"x": last["adjoints"]["w1"], "y": last["adjoints"]["w2"]}


def test_several_formulas_have_a_reverse_sweep_each() -> None:
    outcome = here("step", "x*y", "g = x + y", "--x", "3", "--y", "5")
    assert "reverse sweep from f1: adjoints\n" in outcome.out
    assert "reverse sweep from g: adjoints\n" in outcome.out
    found = json.loads(here("step", "x*y", "x + y", "--x", "3", "--y", "5", "--json").out)
    assert [frame["output"] for frame in found["frames"]].count("f2") == 4


@pytest.mark.parametrize(("words", "said"), [
    (("x^2", "--x", "1,2"), "step shows one point"),
    (("x^2",), "no value for the variable"),
    (("x^2", "--x", "1", "--predict", "--json"), "--predict asks in the terminal"),
])  # fmt: skip
def test_what_it_cannot_do_is_said(words: tuple[str, ...], said: str) -> None:
    outcome = here("step", *words)
    assert outcome.status == 2
    assert said in outcome.err


def test_a_number_has_no_steps() -> None:
    assert "there are no steps" in here("step", "2 + 3").out
    assert json.loads(here("step", "2 + 3", "--json").out)["frames"] == []


def test_an_object_of_very_many_numbers_is_refused() -> None:
    outcome = here("step", " + ".join(f"sin({k}x)" for k in range(1000)), "--x", "1", "--json")
    assert outcome.status == 2
    assert "trace --json" in outcome.err


def test_the_manual_shows_a_true_screen() -> None:
    projector = pressed(Projector(film_of("polynomial"), SIX), *"13", "enter")
    manual = (ROOT / "autodiff_cli/manual/teaching.md").read_text(encoding="utf-8")
    screen = manual.split("at step 13:\n\n```text\n")[1].split("\n```")[0]
    assert screen.split() == shown(projector, 80, 24).split()


@pytest.mark.parametrize(("setting", "bold"), [("1", False), ("", True)])
def test_an_empty_no_color_forbids_nothing(
    monkeypatch: pytest.MonkeyPatch, setting: str, bold: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", setting)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert ("\x1b[1m" in cinema._styled(("w1 = x", True))) is bold
    assert cinema._styled(("w1 = x", False)) == "w1 = x"
