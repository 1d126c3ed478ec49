"""A page in Chromium: its numbers are the engine's, its marks the slips', and nothing leaves it."""

from __future__ import annotations

import math
import random
import struct
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from autodiff_cli.engine import forward, reverse, rules
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.rules import BLOCKED
from autodiff_cli.errors import visible
from autodiff_cli.formats.signs import UNICODE, Rounding
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.graph.printer import number as numeral
from autodiff_cli.notes.departures import departures
from autodiff_cli.ops import OPERATIONS
from autodiff_cli.ops.row import COMPARISON, Operation
from autodiff_cli.teach.frames import frames
from autodiff_cli.teach.prediction import Question, answered, questions
from autodiff_cli.views.film import Film
from tests import pages
from tests.console import here
from tests.pages import Tab, made, number
from tests.test_page import TWENTY
from tests.test_payloads import NAMES, PAYLOADS

pytestmark = pytest.mark.skipif(bool(pages.MISSING), reason=pages.MISSING)

#: Units in the last place by which a page's own arithmetic may differ from the engine's.
ULPS = 4

POLYNOMIAL = "x^3 + 2x^2 + 8x"

#: Formulas whose kinks, edges and branches sliders meet, and those of the notebook and of lessons.
FORMULAS: tuple[tuple[str, Mapping[str, float]], ...] = (
    (POLYNOMIAL, {"x": 4.0}),
    ("sin(x) + sin(y)", {"x": 4.0, "y": 2.0}),
    ("|x| + max(x, y) + relu(x - y)", {"x": 1.0, "y": -1.0}),
    ("where(x > 0, x*ln(x), 0) + x^y", {"x": 2.0, "y": 0.5}),
    ("sqrt(relu(x)) + 1/x + x^0", {"x": 1.0}),
    ("u = x*y; v = u + x; u*v - v/u", {"x": 1.5, "y": -2.0}),
    ("x*x + x*y*x + y/y", {"x": 0.3, "y": 3.0}),
    ("clamp(x, -1, 1)*mod(y, 2) + floor(x)", {"x": 0.5, "y": 1.5}),
    *TWENTY,
    ("exp(-x^2/2)/sqrt(2pi)", {"x": 0.5}),
    ("ln(1 + exp(x))", {"x": 1.0}),
    ("sqrt(x^2 + y^2) - hypot(x, y)", {"x": 3.0, "y": 4.0}),
    ("x^x + 2^x + x^2", {"x": 2.0}),
    ("atan2(y, x) + asin(x/5)", {"x": 1.0, "y": 2.0}),
    ("sigmoid(w*x + b)", {"w": 2.0, "x": -1.0, "b": 0.5}),
    ("(1 - x)^2 + 100*(y - x^2)^2", {"x": -1.0, "y": 1.0}),
    ("min(x, y, z) + max(x, y, z)", {"x": 1.0, "y": 1.0, "z": 2.0}),
    ("softplus(x)*tanh(x) + gelu(x)", {"x": 0.5}),
    ("erf(x) + erfc(x) + sinc(x)", {"x": 0.25}),
    ("tan(x) + sec(x) + cot(x + 1)", {"x": 0.5}),
    ("log(x, 3) + log2(x) + log10(x)", {"x": 2.0}),
    ("cbrt(x) + x^(1/3)", {"x": 8.0}),
    ("x/(x^2 + 1)", {"x": 2.0}),
    ("(x + 1)/2 - (x - 1)/2", {"x": 2.0}),
    ("sin(cos(sin(x)))", {"x": 1.0}),
    ("a*x^2 + b*x + c", {"a": 1.0, "x": 2.0, "b": -3.0, "c": 1.0}),
    ("-x^2 + (-x)^3", {"x": -2.0}),
    ("1/(1 + exp(-x))", {"x": 0.0}),
    ("ln(x) - ln(x)", {"x": 1.0}),
    ("exp(exp(x))", {"x": 1.0}),
    ("elu(x, 2) + leaky_relu(y, 0.1)", {"x": -1.0, "y": -2.0}),
    ("mish(x) + silu(x) + softsign(x)", {"x": 1.0}),
    ("asinh(x) + acosh(x + 2) + atanh(x/9)", {"x": 1.0}),
    ("acot(x) + asec(x + 2) + acsc(x + 3)", {"x": 1.0}),
    ("where(x == y, x, y^2)", {"x": 1.0, "y": 1.0}),
    ("sign(x)*x + ceil(x)", {"x": 1.5}),
    ("fmod(x, y) + mod(x, y)", {"x": 5.5, "y": 2.0}),
    ("0*x + x*0 + ln(0)*0", {"x": 1.0}),
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with pages.browser() as found:
        yield found


@pytest.fixture
def tab(chromium: Any, tmp_path: Path) -> Iterator[Tab]:
    with pages.opened(chromium, tmp_path) as found:
        yield found


def apart(found: float, right: float) -> float:
    """Return how many units in the last place two numbers are apart."""
    if math.isnan(found) or math.isnan(right):
        return 0.0 if math.isnan(found) and math.isnan(right) else math.inf
    if found == right:
        return 0.0
    if math.isinf(found) or math.isinf(right):
        return math.inf
    return abs(found - right) / max(math.ulp(found), math.ulp(right))


def near(found: float, right: float, size: float) -> bool:
    """Tell whether two numbers are equal, beside numbers of a size that were added up."""
    if math.isfinite(found) and math.isfinite(right):
        return abs(found - right) <= ULPS * math.ulp(max(size, abs(found), abs(right)))
    return apart(found, right) == 0


def points(row: Operation | None, count: int, names: Sequence[str], seed: str) -> list[list[float]]:
    """Return points where kinks are met, of a wide range, and inside the domain."""
    chosen = random.Random(seed)
    kinks = (0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 3.0, -0.5, -0.0)
    ranges = [*(row.intervals if row else ()), *[(-2.0, 2.0)] * len(names)]
    found = []
    for k in range(count):
        if k % 3 == 0:
            found.append([chosen.choice(kinks) for _ in names])
        elif k % 3 == 1:
            found.append([chosen.uniform(-10, 10) for _ in names])
        else:
            found.append([chosen.uniform(*ends) for ends, _ in zip(ranges, names, strict=False)])
    return found


def held(graph: Graph, point: Sequence[float], shown: Mapping[str, Any]) -> None:
    """Hold what a page shows at a point against the engine, node by node.

    Each value and partial is that of the engine's own rule on the page's operands; each sum of a
    sweep is that of the page's own terms, where no term came twice.
    """
    at = dict(zip(graph.variables, point, strict=True))
    exact = linearise(graph, at)
    rows = {row["node"]: row for row in shown["rows"]}
    values = list(exact.values)
    for node, row in rows.items():
        values[node] = number(row["value"])
    for node in sorted(rows):
        operation, operands = graph.operations[node], graph.operands[node]
        if node < len(graph.variables):
            assert values[node] == point[node] or math.isnan(point[node])
            continue
        given = [values[k] if k in rows or not graph.dependent[k]
                 else rules.value(graph.operations[k])(*[values[j] for j in graph.operands[k]])
                 for k in operands]  # fmt: skip
        value = rules.value(operation)(*given)
        assert apart(values[node], value) <= ULPS, (node, point, values[node], value)
        slopes = [_slope(operation, place, given, values[node]) for place in range(len(operands))]
        for k, text in rows[node]["partials"].items():
            terms = [
                slope for slope, operand in zip(slopes, operands, strict=True) if operand == int(k)
            ]
            size = sum(map(abs, terms)) if len(terms) > 1 else 0.0
            assert near(number(text), sum(terms), size), (node, k, point, text, terms)
    swept(graph, rows, point)


def _slope(operation: Operation, place: int, given: Sequence[float], value: float) -> float:
    """Return the partial by the operand at a place, with the page's own value for y."""
    rule = operation.rule(place)
    if not rule or operation.name == "add":
        return 1.0
    slope = rules.rule(rule)(**dict(zip("abc", given, strict=False)), y=value)
    return 0.0 if slope is BLOCKED else float(slope)


def swept(graph: Graph, rows: Mapping[int, Mapping[str, Any]], point: Sequence[float]) -> None:
    """Hold tangents and adjoints against the engine's."""
    at = dict(zip(graph.variables, point, strict=True))
    exact = linearise(graph, at)
    if not all(map(math.isfinite, exact.values)):
        return  # what passes a blocked edge is told apart where it is finite
    back = reverse.reverse(exact)
    for place, name in enumerate(graph.variables[:4]):
        ahead = forward.forward(exact, {name: 1.0})
        for node, row in rows.items():
            right = ahead[node] or 0.0
            found = number(row["tangents"][place])
            assert math.isclose(found, right, rel_tol=1e-8, abs_tol=1e-8) or (
                apart(found, right) == 0
            ), (node, name, point, found, right)
    for node, row in rows.items():
        right = 0.0 if back[node] is None else back[node]
        found = number(row["adjoint"])
        assert math.isclose(found, right, rel_tol=1e-8, abs_tol=1e-8) or (
            apart(found, right) == 0
        ), (node, point, found, right)


def formula_of(row: Operation) -> tuple[str, tuple[str, ...]]:
    """Return a formula that is one row of the table, and its variables."""
    names = ("x", "y", "z")[: row.arity]
    if row.precedence == COMPARISON:
        return f"where(x {row.symbol} y, x^2, y)", names
    if row.name == "where":
        return "where(x > 0, y, z)", names
    builder = Builder(names)
    return str(builder.graph([builder.apply(row, tuple(range(row.arity)))])), names


def first_frames(film: Film) -> list[str]:
    """Return what the frames of a film say, with its digits."""
    signs = UNICODE.rounding(Rounding(film.digits))
    return ["".join("".join(parts) for parts in frame.sentences())
            for frame in frames(film.reports[0], signs)]  # fmt: skip


def stepped(tab: Tab) -> list[str]:
    """Return what a page says at every step."""
    found: list[str] = tab.tab.evaluate(
        """() => {
          const film = document.querySelector(".autodiff-film"), said = [];
          const text = (item) => item.nodeType === 3 ? item.textContent
            : [...item.childNodes].map(text).join("");
          film.querySelector(".first").click();
          while (film.querySelector(".next").ariaDisabled === "false") {
            film.querySelector(".next").click();
            said.push(text(film.querySelector(".said")));
          }
          return said;
        }"""
    )
    return found


def same(tab: Tab, formula: str, at: Mapping[str, float], count: int, row: Any = None) -> None:
    """Hold a page's first point against the trace, its frames against the film, and its sliders."""
    film = pages.film(formula, at, digits=0)
    graph, report = film.graph, film.reports[0]
    tab.open(made(formula, at))
    assert stepped(tab) == first_frames(pages.film(formula, at)), formula
    tab.open(made(formula, at, digits=0))
    (shown,) = tab.visit([list(report.at.values())])
    for step, found in zip(report.steps, shown["rows"], strict=True):
        assert apart(number(found["value"]), step.value) == 0
        tangents = list((step.tangents or {}).values())[:4]
        assert [number(text) for text in found["tangents"]] == pytest.approx(
            tangents, rel=0, abs=0, nan_ok=True
        )
        assert apart(number(found["adjoint"]), step.adjoint or 0.0) == 0
    asked = points(row, count, graph.variables, formula)
    for point, found in zip(asked, tab.visit(asked), strict=True):
        held(graph, point, found)
        said(graph, point, found)


def said(graph: Graph, point: Sequence[float], shown: Mapping[str, Any]) -> None:
    """Hold the kinds of a page's notes against those of the engine's answer."""
    exact = linearise(graph, dict(zip(graph.variables, point, strict=True)))
    right = sorted(
        f"{note.kind.replace('-', ' ')} {note.node}"
        for note in departures(exact, reverse.reverse(exact))
        if note.node
    )
    found = []
    for text in shown["notes"]:
        kind = next(k for k in KINDS if text.startswith(k))
        label = next((word for word in text.split() if word[:1] == graph.letter), "")
        if label:
            found.append(f"{kind} {label.rstrip(':')}")
    assert sorted(found) == right, (point, shown["notes"])


KINDS = ("kink", "jump", "infinite slope", "domain", "overflow", "zero times infinity", "reading")


@pytest.mark.parametrize("formula", range(4))
def test_frames_are_the_trace_and_sliders_the_engine(tab: Tab, formula: int) -> None:
    text, at = FORMULAS[2 * formula]
    same(tab, text, at, 12)


@pytest.mark.slow
@pytest.mark.parametrize("formula", range(len(FORMULAS)))
def test_every_formula_is_the_engines_at_fifty_points(tab: Tab, formula: int) -> None:
    text, at = FORMULAS[formula]
    same(tab, text, at, 50)


@pytest.mark.slow
@pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: f"{row.name}/{len(row.rules)}")
def test_every_operation_is_the_engines_at_fifty_points(tab: Tab, row: Operation) -> None:
    text, names = formula_of(row)
    inside = [(low + high) / 2 for low, high in row.intervals]
    at = dict(zip(names, [*inside, 0.5, 0.5], strict=False))
    same(tab, text, at, 50, row)


#: What axe-core finds wrong in a page, as one line each.
AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
  (one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 2).join(" ")}`)"""


def faults_of(tab: Tab, text: str, look: str, width: int) -> list[str]:
    """Return what axe-core finds wrong in a page, light or dark, or in practice."""
    axe = pytest.importorskip("axe_playwright_python.base", reason="axe-core is not installed")
    tab.tab.set_viewport_size({"width": width, "height": 900})
    tab.tab.emulate_media(color_scheme="dark" if look == "dark" else "light",
                          reduced_motion="reduce")  # fmt: skip
    tab.open(text, "#~practice=1" if look == "practice" else "#~step=9")
    if look == "practice":
        tab.tab.fill(".ask input", "7")
        tab.tab.click(".check")
    else:
        tab.tab.click("summary")
    tab.tab.evaluate(axe.AXE_SCRIPT)
    found: list[str] = tab.tab.evaluate(AXE)
    return found


@pytest.mark.parametrize(("look", "width"), [("light", 1280), ("practice", 390)])
def test_nobody_is_kept_out(tab: Tab, look: str, width: int) -> None:
    formula, at = FORMULAS[2]
    assert faults_of(tab, made(formula, at, derived=True), look, width) == []


@pytest.mark.slow
@pytest.mark.parametrize("look", ["light", "dark", "practice"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nobody_is_kept_out_of_any_page(tab: Tab, look: str, width: int) -> None:
    for formula, at in (FORMULAS[2], TWENTY[0]):
        assert faults_of(tab, made(formula, at, derived=True), look, width) == []
        wide, room = tab.tab.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= room


def focused(tab: Tab) -> str:
    found: str = tab.tab.evaluate(
        "(document.activeElement.className || document.activeElement.tagName).split(' ')[0]"
    )
    return found


#: A page whose first frame never ends.
HELD_BACK = """
window.requestAnimationFrame = () => 0;
const timer = window.setTimeout;
window.setTimeout = (act, after) => after ? 0 : timer(act, after);
"""


def test_a_long_page_is_first_drawn_without_what_nobody_sees_yet(tab: Tab) -> None:
    text = made(" + ".join(f"sin({k}x)" for k in range(1, 25)), {"x": 0.5})
    tab.tab.add_init_script(HELD_BACK)
    (tab.folder / "held.html").write_text(text, encoding="utf-8")
    page = tab.tab
    page.goto((tab.folder / "held.html").as_uri())
    page.wait_for_function("performance.getEntriesByName('autodiff-drawn').length")
    rows = "[...document.querySelectorAll('tbody tr')].filter((row) => row.offsetHeight).length"
    place = "document.querySelector('.graph').clientHeight"
    assert page.evaluate(rows) == 40
    assert page.locator("svg [data-of]").count() == 0
    high = page.evaluate(place)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(rows) == 50
    assert page.locator("svg [data-of]").count() > 50
    assert page.evaluate(place) == high, "the picture moves what is below it as it comes"
    slid = page.evaluate("document.querySelector('.graph').scrollLeft")
    assert slid > 0, "the result is in sight"


@pytest.mark.parametrize("formula", [POLYNOMIAL, TWENTY[1][0]])
def test_graph_and_table_are_whole_until_somebody_steps(tab: Tab, formula: str) -> None:
    tab.tab.set_viewport_size({"width": 1280, "height": 1400})
    page = tab.open(made(formula, {"x": 1.3, "y": 2.5} if "y" in formula else {"x": 4.0}))
    clipped = """[...document.querySelectorAll(".graph, .trace")].filter((part) =>
      part.scrollHeight > part.clientHeight || part.scrollWidth > part.clientWidth).length"""
    assert page.evaluate(clipped) == 0
    letter = """Math.min(...[...document.querySelectorAll("svg text.number")].map(
      (text) => text.getScreenCTM().a * parseFloat(getComputedStyle(text).fontSize)))"""
    assert page.evaluate(letter) >= 8, "numbers of the graph are too small to be read"


def test_what_is_active_is_in_sight_at_every_step(tab: Tab) -> None:
    """The card of a graph above the table, and the row of a table beside a graph."""
    formula, at = TWENTY[1]
    page = tab.open(made(formula, at))
    page.click(".next")
    for _ in range(30):
        hidden = page.evaluate("""() => {
          const inside = (part, region) => {
            const [a, b] = [part.getBoundingClientRect(), region.getBoundingClientRect()];
            return a.top >= b.top - 1 && a.bottom <= b.bottom + 1 && b.bottom <= innerHeight;
          };
          const graph = document.querySelector(".graph");
          return [...graph.querySelectorAll("g.now")].filter((part) =>
            !part.dataset.of.includes(" ") && !inside(part, graph)).length;
        }""")
        assert hidden == 0
        page.keyboard.press("ArrowRight")
    page = tab.open(made("sin(" * 16 + "x" + ")" * 16, {"x": 1.0}))
    page.click(".next")
    for _ in range(33):
        row = page.evaluate("""() => {
          const row = document.querySelector("tr.now:not(.onto)").getBoundingClientRect();
          const head = document.querySelector("thead").getBoundingClientRect();
          return [head.bottom - 1, row.top, row.bottom, innerHeight];
        }""")
        assert row == sorted(row)
        page.keyboard.press("ArrowRight")


def test_the_keyboard_alone_reaches_everything(tab: Tab) -> None:
    page = tab.open(made("sin(x)*y", {"x": 1.0, "y": 2.0}, derived=True))
    seen = []
    for _ in range(24):
        page.keyboard.press("Tab")
        seen.append(focused(tab))
    for part in ("reset", "next", "last", "forward", "reverse", "practice", "scrub", "graph",
                 "trace", "SUMMARY"):  # fmt: skip
        assert part in seen, seen
    page.focus(".next")
    page.keyboard.press("ArrowRight")
    assert page.text_content(".count").startswith("Step 1 of 8")
    page.keyboard.press("End")
    assert page.text_content(".count") == "Step 8 of 8 · reverse sweep"
    page.keyboard.press("r")
    assert "the seed: f moves with itself" in page.text_content(".said")
    page.keyboard.press("Home")
    assert page.text_content(".count") == "The whole trace, 8 steps"
    page.focus(".point input[type=range]")
    page.keyboard.press("ArrowRight")
    assert page.input_value(".point input[type=text]") == "1.02"


def test_the_state_is_in_the_address(tab: Tab) -> None:
    text = made("sin(x)*y", {"x": 1.0, "y": 2.0})
    page = tab.open(text)
    page.fill("#film-x1", "-3.5")
    page.click(".reverse")
    address = "#y=-3.5&~step=5"
    page.wait_for_url(lambda url: url.endswith(address))
    page = tab.open(text, address)
    assert page.input_value("#film-x1") == "-3.5"
    assert page.text_content(".count").startswith("Step 5")
    page = tab.open(text, "#x=nonsense&~step=-4&~of=7&z=1&%3Cb%3E=1")
    assert page.input_value("#film-x0") == "1"


#: Answers every question of the page, each with the texts that are given, and gives back what was
#: asked and what was said.
PRACTISE = """
(answers) => {
  const film = document.querySelector(".autodiff-film"), found = [];
  const text = (name) => film.querySelector(name).textContent;
  const field = film.querySelector(".ask input"), form = film.querySelector(".ask");
  for (let step = 0; step < 400; step++) {
    const asked = film.querySelector(".asks").hidden ? "" : text(".asked-for");
    if (asked) {
      for (const answer of answers[found.length] || []) {
        field.value = answer;
        form.requestSubmit();
        found.said = [...(found.said || []), text(".mark")];
        if (text(".mark").startsWith("Right")) break;
      }
      found.push([asked, found.said || []]);
      found.said = [];
      if (!film.querySelector(".asks").hidden && text(".asked-for") === asked)
        film.querySelector(".show").click();
    } else if (film.querySelector(".next").ariaDisabled === "true") break;
    else film.querySelector(".next").click();
  }
  return found;
}
"""


def practised(tab: Tab, formula: str, at: Mapping[str, float], moved: Sequence[float] = ()) -> None:
    """Hold what practice asks and says against the questions of a film, at a slider's position."""
    point = dict(zip(at, moved, strict=True)) if moved else dict(at)
    film = pages.film(formula, point)
    signs = UNICODE.rounding(Rounding(film.digits))
    asked = [one for frame in frames(film.reports[0], signs) for one in questions(frame)]
    answers = []
    for one in asked:
        wrong = {repr(float(f"{number:.6g}")) for number in tempting(one)}
        answers.append([*sorted(wrong), "nonsense(", "1,5", repr(one.right)])
    tab.tab.emulate_media(reduced_motion="reduce")
    page = tab.open(made(formula, at))
    if moved:
        tab.visit([[point[name] for name in film.graph.variables]])
    page.click(".practice")
    found = page.evaluate(PRACTISE, answers)
    assert len(found) == len(asked)
    for one, texts, (question, said) in zip(asked, answers, found, strict=True):
        told = "".join(one.asked()).replace("?  ", "? ")
        assert question == told
        for text, mark in zip(texts, said, strict=False):
            right, words = answered(one, text)
            if right is None:
                assert mark.startswith(f"{text} cannot be read")
            elif right or "none of the usual slips" not in words or moved:
                assert mark == words, (question, text)
            else:  # at the first point slips of calculus are named too
                assert mark.startswith(f"{text} is not it. "), (question, text)


def tempting(question: Question) -> set[float]:
    """Return numbers that a student could come to, right and wrong."""
    frame = question.frame
    found = {question.right, question.right + 1, -question.right, frame.step.value, 0.0, 1.0}
    found |= set((frame.step.tangents or {}).values())
    if frame.part is not None:
        part = frame.part
        found |= {part.adjoint, part.partial, part.adjoint + part.partial, part.product}
        found |= {part.adjoint * frame.step.value, frame.before or 0.0, 2 * question.right}
    for edge in frame.step.edges:
        found.add(edge.partial or 0.0)
    return {number for number in found if math.isfinite(number)}


def test_numbers_are_written_as_the_program_writes_them(tab: Tab) -> None:
    chosen = random.Random("digits")
    floats = [struct.unpack("<d", chosen.randbytes(8))[0] for _ in range(120)]
    floats += [chosen.randint(-(10**7), 10**7) / 2 ** chosen.randint(0, 12) for _ in range(120)]
    floats += [-0.0, 1e16, 1e-5, 1e-7, 5e-324, 128.0625, 999999.5, 123456789012345680000.0]
    floats = [value for value in floats if math.isfinite(value)]
    for digits in (0, 6):
        tab.open(made("x + 1", {"x": 2.0}, digits=digits))
        shown = [point["rows"][0]["value"] for point in tab.visit([[value] for value in floats])]
        assert shown == [numeral(Rounding(digits)(value)) for value in floats]


def test_practice_marks_as_step_does(tab: Tab) -> None:
    practised(tab, POLYNOMIAL, {"x": 4.0})
    practised(tab, "u = x*y; u*x + sin(u)", {"x": 1.5, "y": -2.0}, [0.7, 3.0])


@pytest.mark.slow
@pytest.mark.parametrize("formula", range(0, len(FORMULAS), 3))
def test_practice_marks_as_step_does_everywhere(tab: Tab, formula: int) -> None:
    text, at = FORMULAS[formula]
    practised(tab, text, at)
    practised(tab, text, at, [value + 0.25 for value in at.values()])


def test_slips_of_calculus_are_named_at_the_first_point(tab: Tab) -> None:
    page = tab.open(made("x^3", {"x": 1.5}), "#~practice=1&~step=2")
    page.click(".show")
    page.fill(".ask input", "2.25")
    page.keyboard.press("Enter")
    assert "Coefficient lost: the exponent comes down" in page.text_content(".mark")


def test_names_and_titles_stay_text(tab: Tab) -> None:
    text_stays(tab, ("constructor", "𝑥"), ("</script><script>alert(1)</script>", "<!-- ${x}"))


@pytest.mark.slow
def test_every_name_and_title_stays_text(tab: Tab) -> None:
    names = (*NAMES, "hasOwnProperty", "length", "onerror", "valueOf", "prototype", "eval")
    text_stays(tab, names, [title for title in PAYLOADS if "\0" not in title])


def text_stays(tab: Tab, names: Sequence[str], titles: Sequence[str]) -> None:
    """Hold that names are variables, and titles are words, in a page that still works."""
    for name in names:
        page = tab.open(made(f"u = {name}^2; u*{name}", {unicodedata.normalize("NFKC", name): 2.0}))
        assert page.text_content(".answer dd") == "8", name
        page.fill("#film-x0", "3")
        assert page.text_content(".answer dd") == "27", name
        page.click(".next")
        assert page.evaluate("document.querySelectorAll('script').length") == 2
    for title in titles:
        page = tab.open(made("x^2", {"x": 1.0}, title=title))
        assert page.text_content("h1") == visible(title)
        assert page.evaluate("document.querySelectorAll('script, img, h1 *').length") == 2


def test_a_kink_that_a_slider_leaps_over_is_said(tab: Tab) -> None:
    page = tab.open(made("|x - 0.31| + where(x < 0.71, x, 1) + sqrt(x)", {"x": 0.3}))
    assert page.text_content(".notes") == ""
    said = []
    page.focus(".point input[type=range]")
    for _ in range(21):
        page.keyboard.press("ArrowRight")
        said.append(page.text_content(".notes"))
    assert [k for k, text in enumerate(said) if text] == [0, 20]
    assert said[0].startswith("kink w3 = abs(w2): leapt over just now; slope −1 on the left")
    assert "the two sides of the condition are equal" in said[20]
    page.keyboard.press("Home")
    assert "a real value needs w1 ≥ 0, and w1 = -2" in page.text_content(".notes")


def test_the_reverse_sweep_starts_from_the_output_that_is_chosen(tab: Tab) -> None:
    page = tab.open(made(["u = x*y; u", "x + u"], {"x": 2.0, "y": 3.0}))
    adjoints = "[...document.querySelectorAll('td.a')].map((cell) => cell.textContent)"
    assert page.evaluate(adjoints) == ["3", "2", "1", "0"]
    page.select_option(".outputs", "1")
    assert page.evaluate(adjoints) == ["4", "2", "1", "1"]
    assert page.locator("svg [data-of]").count() == 4 + 2 * 4
    page.click(".reverse")
    assert "the seed: f2 moves with itself" in page.text_content(".said")


def test_films_of_one_page_are_apart(tab: Tab, tmp_path: Path) -> None:
    path, made_of = tmp_path / "lesson.txt", tmp_path / "lesson.html"
    path.write_text('# Two\n\ntrace "x^2" --x 3\ngrad "x*y" --x 1 --y 2 --no-sympy\n', "utf-8")
    assert here("run", str(path), "-o", str(made_of)).status == 0
    page = tab.open(made_of.read_text(encoding="utf-8"))
    page.click("summary:has-text('Move it')")
    page.fill("#film-2-x0", "5")
    page.click("#film-1 .next")
    values = [page.text_content(f"#film-{k} .answer dd") for k in (1, 2)]
    assert values == ["9", "10"]
    page.wait_for_url(lambda url: url.endswith("#1.~step=1&2.x=5"))
