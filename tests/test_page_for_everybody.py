"""A page by keyboard alone, on paper, without scripts, and with only some of its numbers hidden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import pages
from tests.console import here
from tests.pages import Tab, made

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(pages.MISSING), reason=pages.MISSING),
]

#: Several variables, a named step, a kink.
FORMULA, POINT = "h = x*y; |h| + h^2", {"x": 1.0, "y": 0.0}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with pages.browser() as found:
        yield found


@pytest.fixture
def tab(chromium: Any, tmp_path: Path) -> Iterator[Tab]:
    with pages.opened(chromium, tmp_path) as found:
        yield found


#: Marks what somebody can act on, and gives back how many those are.
ACTIVE = """
() => {
  const found = [...document.querySelectorAll("button, input, select, summary, [tabindex]")]
    .filter((part) => part.checkVisibility());
  found.forEach((part) => { part.dataset.here = part.className || part.id || part.tagName; });
  return found.map((part) => part.dataset.here);
}
"""


@pytest.mark.parametrize("address", ["", "#~step=4", "#~practice=1"])
def test_the_tab_key_comes_to_everything_that_acts(tab: Tab, address: str) -> None:
    formula = [FORMULA, "x + y"]
    page = tab.open(made(formula, POINT, derived=True), address)
    acting = page.evaluate(ACTIVE)
    assert len(acting) > 15
    page.evaluate("document.activeElement.blur()")
    reached = []
    for _ in acting:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.dataset.here"))
    assert sorted(map(str, reached)) == sorted(acting)


def test_every_button_does_by_key_what_it_does_by_pointer(tab: Tab) -> None:
    page = tab.open(made(FORMULA, POINT, derived=True))
    for name, count in (
        ("next", "Step 1"), ("last", "Step 13"), ("back", "Step 12"), ("forward", "Step 1"),
        ("reverse", "Step 7"), ("first", "The whole trace"),
    ):  # fmt: skip
        page.focus(f".{name}")
        page.keyboard.press("Enter")
        assert page.text_content(".count").startswith(count), name
    page.fill("#film-x1", "2")
    page.focus(".reset")
    page.keyboard.press("Space")
    assert page.input_value("#film-x1") == "0"
    page.focus("summary")
    page.keyboard.press("Enter")
    assert page.locator(".derivation").get_attribute("open") is not None
    page.focus(".practice")
    page.keyboard.press("Enter")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    assert "is not it" in page.text_content(".mark")


@pytest.mark.parametrize("hidden", [("adjoint",), ("partial", "value"), ("tangent",)])
def test_only_what_is_named_is_hidden(tab: Tab, hidden: tuple[str, ...]) -> None:
    page = tab.open(made(FORMULA, POINT, practice=True, hidden=hidden))
    asked = page.evaluate(
        """() => Object.fromEntries([["value", ".v"], ["partial", "[data-by]"], ["tangent", ".t"],
          ["adjoint", ".a"]].map(([part, cell]) => [part, [...document.querySelectorAll(
          `tbody ${cell}`)].filter((one) => one.querySelector("button")).length]))"""
    )
    for part, count in asked.items():
        assert (count > 0) == (part in hidden), asked


def test_on_paper_it_is_a_handout(tab: Tab) -> None:
    page = tab.open(made(FORMULA, POINT, derived=True))
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    shown = (
        "(name) => [...document.querySelectorAll(name)].filter((p) => p.checkVisibility()).length"
    )
    for gone in ("button", "input", ".said"):
        assert page.evaluate(shown, gone) == 0, gone
    assert page.text_content(".at") == "at x = 1, y = 0"
    assert page.evaluate(shown, "tbody tr") == 6
    assert page.evaluate(shown, ".derivation math") > 3, "the derivation is open"
    assert page.evaluate(shown, ".notes li") == 1, "the kink is said"


def test_on_paper_practice_has_blanks_and_gives_nothing_away(tab: Tab) -> None:
    page = tab.open(made(FORMULA, POINT, derived=True), "#~practice=1")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    inks = page.evaluate(
        """() => [...document.querySelectorAll("tbody button, dd.asked")].map(
          (part) => [getComputedStyle(part).color, getComputedStyle(part).borderBottomStyle])"""
    )
    assert len(inks) > 10
    assert set(map(tuple, inks)) == {("rgba(0, 0, 0, 0)", "solid")}
    assert page.evaluate("document.querySelector('.derivation').checkVisibility()") is False


def test_without_scripts_the_table_is_there(chromium: Any, tmp_path: Path) -> None:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    path = tmp_path / "plain.html"
    path.write_text(made(" + ".join(f"sin({k}x)" for k in range(1, 25)), {"x": 0.5}), "utf-8")
    page.goto(path.as_uri())
    assert page.locator("tbody tr:visible").count() == 50
    assert page.locator("button:visible, input:visible").count() == 0
    assert page.locator(".graph:visible").count() == 0, "no empty place of a picture"
    context.close()


def test_a_folded_film_shows_its_result_when_it_is_opened(tab: Tab, tmp_path: Path) -> None:
    path, lesson = tmp_path / "lesson.txt", tmp_path / "lesson.html"
    formula = " + ".join(f"sin({k}x)" for k in range(1, 25))
    path.write_text(f'grad "{formula}" --x 1 --no-sympy\n', encoding="utf-8")
    assert here("run", str(path), "-o", str(lesson)).status == 0
    page = tab.open(lesson.read_text(encoding="utf-8"))
    page.click("summary:has-text('Move it')")
    page.wait_for_function("document.querySelector('.graph').scrollLeft > 0")
    assert page.evaluate(
        """() => {
          const [card, region] = ["svg .result", ".graph"].map(
            (name) => document.querySelector(name).getBoundingClientRect());
          return region.left <= card.left && card.right <= region.right;
        }"""
    )
