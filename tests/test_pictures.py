"""Pictures: strict XML, text as text, the same bytes, and what they say is the engine's."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from autodiff_cli import parse, trace
from autodiff_cli.cli.inline import pieces
from autodiff_cli.formats.signs import PLAIN, UNICODE, Signs
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import number
from autodiff_cli.views.boxes import Shown, boxes
from autodiff_cli.views.layered import layered
from autodiff_cli.views.shapes import STYLES
from autodiff_cli.views.svg import svg
from tests.browser import BROWSER, measured
from tests.console import ROOT, autodiff, here
from tests.expressions import graph as graph_of
from tests.expressions import seeded

SVG = "{http://www.w3.org/2000/svg}"
POLYNOMIAL = "x^3 + 2x^2 + 8x"
ALL = ("value", "partial", "tangent", "adjoint")


def drawn(
    formula: Graph | str, at: dict[str, float] | None = None, parts: Sequence[str] = ALL
) -> str:
    graph = parse(formula) if isinstance(formula, str) else formula
    record = trace(graph, at) if at is not None else None
    steps, notes = (record.steps, record.notes) if record else (None, ())
    shown = Shown(graph=graph, steps=steps, parts=parts, notes=notes, titles=("f",))
    return svg(boxes(shown))


def read(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def texts(picture: str) -> list[str]:
    return [element.text or "" for element in read(picture).iter(f"{SVG}text")]


def test_a_picture_says_what_the_trace_says() -> None:
    said = texts(drawn(POLYNOMIAL, {"x": 4}))
    for head in ("f = w6 = w2 + w4 + w5", "w1 = x", "w2 = w1³", "w4 = 2·w3"):
        assert head in said
    assert {"3·w1² = 48", "2·w1 = 8", "8", "2"} <= set(said)
    place = said.index("w1 = x")
    assert said[place : place + 8] == [
        "w1 = x", "value", "4", "tangent", "1", "adjoint", "72", "×3",
    ]  # fmt: skip


@pytest.mark.parametrize("part", ALL)
def test_each_part_is_shown_as_asked(part: str) -> None:
    without = texts(drawn(POLYNOMIAL, {"x": 4}, ()))
    only = texts(drawn(POLYNOMIAL, {"x": 4}, (part,)))
    assert len(only) > len(without)
    assert (part in only) == (part != "partial")


def test_every_box_and_edge_has_its_words() -> None:
    root = read(drawn("sin(x)*x", {"x": 2}))
    titles = [element.text or "" for element in root.iter(f"{SVG}title")]
    assert any(title.startswith("w1 = x, value 2") for title in titles)
    assert any(title.startswith("∂w2/∂w1 = cos(w1) = -0.4161468365471424") for title in titles)
    assert (root.find(f"{SVG}title")) is not None
    assert "w2 = sin(w1)" in (root.findtext(f"{SVG}desc") or "")
    assert root.get("role") == "img"


def test_a_kink_is_marked_at_its_node_and_told_below() -> None:
    said = texts(drawn("abs(x) + x", {"x": 0}))
    assert said.count("!") == 1
    assert any(line.startswith("! w2 = abs(w1)") for line in said)
    assert "!" not in texts(drawn("abs(x) + x", {"x": 1}))


@pytest.mark.parametrize("formula", ["x + x*y", "x^2 + y^2"])
def test_a_node_that_several_take_is_seen_as_shared(formula: str) -> None:
    classes = [element.get("class") for element in read(drawn(formula)).iter()]
    assert classes.count("behind") == (formula == "x + x*y")


HOSTILE = [
    "&lt;",
    "</text><script>alert(1)</script>",
    "]]>",
    '"onload="',
    "\ufffe",
    "\u202e",
    "\x07",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text(name: str) -> None:
    graph = parse("x*2")
    renamed = Graph(
        (name,), graph.operations, graph.operands, graph.constants, graph.outputs, graph.dependent
    )
    picture = svg(boxes(Shown(graph=renamed, parts=ALL, titles=(name,))))
    root = read(picture)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "style", "g", "rect", "circle", "path", "text",
    }  # fmt: skip
    if name.isprintable() and name != "\ufffe":
        assert f"w1 = {name}"[:20] in "".join(texts(picture))
    assert not re.search("[\x00-\x08\ufffe\u202e]", picture)


def test_day_night_and_paper() -> None:
    picture = drawn(POLYNOMIAL)
    sheet = read(picture).findtext(f"{SVG}style") or ""
    day, night = sheet.split("@media screen and (prefers-color-scheme:dark)")
    used = {element.get("class") for element in read(picture).iter()} - {None, "autodiff"}
    for name in used:
        style = STYLES[str(name)]
        for part, of in ((day, 0), (night, 1)):
            rule = re.search(rf"\.autodiff \.{name}{{([^}}]*)}}", part)
            assert rule is not None
            for colour in (style.fill, style.stroke):
                assert colour is None or colour[of] in rule[1]


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("night", [0, 1], ids=["day", "night"])
def test_letters_and_lines_stand_out_from_what_they_are_on(night: int) -> None:
    """WCAG 2.1: contrast 4.5 for text, 3 for lines and marks."""
    grounds = [STYLES[name].fill for name in ("paper", "variable", "operation", "result")]
    for name, least in (("text", 4.5), ("key", 4.5), ("small", 4.5), ("edge", 3), ("curve", 3),
                        ("slope", 3), ("path", 3), ("pole", 3), ("tangent", 3)):  # fmt: skip
        style = STYLES[name]
        colour = style.fill or style.stroke
        assert colour is not None
        for ground in grounds if least == 4.5 else grounds[:1]:
            assert ground is not None
            levels = sorted((luminance(colour[night]), luminance(ground[night])))
            assert (levels[1] + 0.05) / (levels[0] + 0.05) >= least, name


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("graph", POLYNOMIAL, "--x", "4", "--format", "svg"), "samples/polynomial.svg"),
        (
            ("plot", "max(x^2, 1/2)/x", "--x=-2..2", "--at", "x=1", "--format", "svg"),
            "tests/golden/plot.svg",
        ),
    ],
)
def test_a_picture_is_the_same_bytes_every_time(words: tuple[str, ...], name: str) -> None:
    """Kept as a file: every version of Python and every machine writes these bytes."""
    outcome = here(*words)
    assert outcome.err == ""
    assert outcome.out == (ROOT / name).read_text(encoding="utf-8")


def generated() -> Iterator[tuple[Graph, dict[str, float]]]:
    for seed in range(200):
        graph = graph_of(seeded(seed, 4 + seed % 9))
        yield graph, {name: 0.7 + k for k, name in enumerate(graph.variables)}


STRANGE = [
    ("W_MMMMMMMMMMMMMMMM * WWWWWWWWWWWWWW + 1e-300*iiiiiiiiii", None),
    ("变量_很长的名字 * 另一个 + λ_θ^2", None),
    ("жщюфы * ЖЩЮФЫ + ñandú", None),
    ("-1.23456789e-307*x*123456789012345680000000000000", {"x": 1.5}),
    ("ﷲ * x", None),
]


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here: labels are not measured")
def test_no_label_leaves_its_box() -> None:
    pictures = [drawn(formula, at) for formula, at in [*generated(), *STRANGE]]
    found = measured(pictures)
    assert len(found) == len(pictures)
    for picture, leaving in zip(pictures, found, strict=True):
        assert leaving == [], (read(picture).findtext(f"{SVG}title"), leaving)


LAYERS = """\
          ┌───────────────────────┐
          │ f = w6 = w2 + w4 + w5 │
          └───────────────────────┘
                  ▲   ▲   ▲
              ┌───┘   │   └────┐
              │       │        │
              │ ┌───────────┐  │
              │ │ w4 = 2·w3 │  │
              │ └───────────┘  │
              │       ▲        │
      ┌───────┘       │        └──────┐
      │               │               │
┌───────────┐   ┌───────────┐   ┌───────────┐
│ w2 = w1³  │   │ w3 = w1²  │   │ w5 = 8·w1 │
└───────────┘   └───────────┘   └───────────┘
      ▲               ▲               ▲
      └───────────────┼───────────────┘
                      │
                 ┌─────────┐
                 │ w1 = x  │
                 └─────────┘"""


def test_layers_in_the_terminal() -> None:
    assert layered(parse(POLYNOMIAL), None, UNICODE, ("f",)) == LAYERS.splitlines()


@pytest.mark.parametrize("signs", [UNICODE, PLAIN], ids=["unicode", "plain"])
@pytest.mark.parametrize("seed", range(12))
def test_layers_have_every_node_and_an_arrow_for_every_edge(seed: int, signs: Signs) -> None:
    graph = graph_of(seeded(seed, 9))
    lines = layered(graph, None, signs)
    assert lines is not None
    text = "\n".join(lines)
    named = graph.named()
    for label in named.values():
        assert f" {label} = " in text
    edges = {
        (below, node)
        for node in named
        for operand in graph.operands[node]
        for below in ([operand] if operand in named else graph.operands[operand])
        if below in named
    }
    head, line = ("^", "|") if signs.plain else ("▲", "│")
    heads = [row for row in lines if set(row) <= {" ", head, line}]
    assert sum(row.count(head) for row in heads) == len(edges)
    assert not signs.plain or text.isascii()


def test_layers_that_do_not_fit_are_a_tree() -> None:
    broad = "+".join(f"sin(x{k})" for k in range(9))
    outcome = here("graph", broad, "--format", "layered", columns=60)
    assert "the layers do not fit: they need" in outcome.out.replace("\n  ", " ")
    assert "├── w" in outcome.out


@pytest.mark.parametrize("kind", ["png", "pdf"])
@pytest.mark.parametrize("words", [("graph", POLYNOMIAL, "--x", "4"), ("plot", "1/x")])
def test_an_image_is_a_file_of_its_kind(
    kind: str, words: tuple[str, ...], tmp_path: object
) -> None:
    pytest.importorskip("matplotlib")
    paths = [f"{tmp_path}/{name}.{kind}" for name in "ab"]
    for path in paths:
        outcome = autodiff(*words, "-o", path)
        assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    first, second = (Path(path).read_bytes() for path in paths)
    assert first.startswith({"png": b"\x89PNG\r\n", "pdf": b"%PDF-"}[kind])
    assert first == second


def test_an_image_is_no_text() -> None:
    outcome = here("graph", "x^2", "--format", "png")
    assert outcome.status == 2
    assert "png is no text" in outcome.err


def test_a_picture_of_a_huge_graph_is_refused_with_the_way_out() -> None:
    outcome = here("graph", "+".join(f"sin(x+{k})" for k in range(3000)), "--format", "svg")
    assert outcome.status == 2
    assert "too big to look at" in outcome.err


def test_numbers_of_a_picture_are_rounded_as_asked() -> None:
    assert "0.841471" in texts(here("graph", "sin(x)", "--x", "1", "--format", "svg").out)
    words = ("graph", "sin(x)", "--x", "1", "--format", "svg", "--digits", "0")
    assert number(0.8414709848078965) in texts(here(*words).out)


def test_named_steps_and_results_have_their_names() -> None:
    words = ("graph", "h = sin(x); y = h^2 + h", "--x", "1", "--format")
    said = texts(here(*words, "svg").out)
    assert "h = w2 = sin(w1)" in said
    assert "y = w4 = w3 + w2" in said
    assert "h = w2 = sin(w1)" in here(*words, "layered").out
    drawn = texts(here("plot", "h = sin(x); y = h^2 + h", "--format", "svg").out)
    assert "y(x) = h² + h, h = sin(x)" in drawn


KITTY = {"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}


def test_a_picture_in_the_terminal_is_a_png_in_pieces() -> None:
    png = bytes(range(256)) * 40
    sent = list(pieces(png))
    piece = re.compile(r"\x1b_G(a=T,f=100,)?m=([01]);([\w+/=]{1,4096})\x1b\\")
    found = [piece.fullmatch(text) for text in sent]
    assert all(found)
    assert base64.b64decode("".join(match[3] for match in found if match)) == png
    assert [match[2] for match in found if match] == ["1"] * (len(sent) - 1) + ["0"]
    assert [bool(match[1]) for match in found if match] == [True] + [False] * (len(sent) - 1)


def test_a_picture_goes_into_no_pipe() -> None:
    outcome = here("graph", "x^2", "--inline", **KITTY)
    assert (outcome.status, outcome.out) == (2, "")
    assert "not a pipe; write -o FILE.png" in outcome.err
    outcome = here("plot", "x^2", "--inline", "--json", **KITTY)
    assert "--inline is for the terminal" in outcome.err
