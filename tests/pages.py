"""Pages in Chromium without a window, where Playwright and a browser are installed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autodiff_cli.answers.trace import traces
from autodiff_cli.language.parser import read
from autodiff_cli.teach.explain import explain
from autodiff_cli.views.film import Film
from autodiff_cli.views.page import Page, page
from tests.browser import BROWSER

try:
    from playwright.sync_api import sync_playwright
except ImportError:
    sync_playwright = None

#: Why no page can be opened, or "".
MISSING = (
    "no Chromium is installed: pages are not tried in a browser" if BROWSER is None
    else "Playwright is not installed, see the extra browser: pages are not tried in a browser"
    if sync_playwright is None
    else ""
)  # fmt: skip

#: Goes through points and gives back what stands in the table at each, as text.
VISIT = """
(points) => {
  const film = document.querySelector(".autodiff-film"), found = [];
  const fields = [...film.querySelectorAll(".variable input[type=text]")];
  for (const point of points) {
    point.forEach((text, place) => {
      fields[place].value = text;
      fields[place].dispatchEvent(new Event("input"));
    });
    found.push({
      rows: [...film.querySelectorAll("tbody tr")].map((row) => ({
        node: Number(row.dataset.of),
        value: row.querySelector(".v").textContent,
        tangents: [...row.querySelectorAll(".t")].map((cell) => cell.textContent),
        adjoint: row.querySelector(".a").textContent,
        partials: Object.fromEntries([...row.querySelectorAll("[data-by]")].map(
          (cell) => [cell.dataset.by, cell.textContent])),
      })),
      notes: [...film.querySelectorAll(".notes li")].map((item) => item.textContent),
    });
  }
  return found;
}
"""


def film(
    formula: str | Sequence[str],
    at: Mapping[str, float],
    wrt: Sequence[str] | None = None,
    **how: Any,
) -> Film:
    """Return the film of a formula, or of several."""
    reading = read([formula] if isinstance(formula, str) else formula, tuple(at))
    reports = traces(reading.graph, at, wrt=wrt)
    return Film(graph=reading.graph, reports=reports, expression=str(formula), **how)


def made(
    formula: str | Sequence[str],
    at: Mapping[str, float],
    *,
    derived: bool = False,
    title: str = "",
    **how: Any,
) -> str:
    """Return a page."""
    found = film(formula, at, **how)
    explanations = ()
    if derived:
        reading = read([formula] if isinstance(formula, str) else formula, tuple(at))
        explanations = tuple(
            explain(reading._replace(graph=report.graph)) for report in found.reports
        )
    return page(Page(film=found, explanations=explanations, title=title))


def number(text: str) -> float:
    """Return what a text of the page says; nan for an empty one."""
    return float(text) if text else math.nan


class Tab:
    """One page of a browser, with what went wrong in it.

    Attributes:
        tab: Playwright's page.
        faults: requests that left it, errors, and what its console says.
    """

    def __init__(self, tab: Any, folder: Path) -> None:
        self.tab, self.folder = tab, folder
        self.faults: list[str] = []
        tab.on("console", lambda message: self.faults.append(message.text))
        tab.on("pageerror", lambda error: self.faults.append(str(error)))
        tab.on("request", self._asked)
        self.opened = 0

    def _asked(self, request: Any) -> None:
        if not (request.url.startswith("file:") and request.is_navigation_request()):
            self.faults.append(f"asks for {request.url}")

    def open(self, text: str, address: str = "") -> Any:
        """Open a page from a file and wait until it is alive."""
        self.opened += 1
        path = self.folder / f"page{self.opened}.html"
        path.write_text(text, encoding="utf-8")
        self.tab.goto(path.as_uri() + address)
        self.tab.wait_for_selector(".autodiff-film:not([data-alive])", state="detached")
        return self.tab

    def visit(self, points: Sequence[Sequence[float]]) -> list[dict[str, Any]]:
        """Return what the page shows at points, whole numbers as text."""
        found: list[dict[str, Any]] = self.tab.evaluate(
            VISIT, [[repr(float(x)) for x in p] for p in points]
        )
        return found


@contextmanager
def browser() -> Iterator[Any]:
    """Start Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        try:
            yield chromium
        finally:
            chromium.close()


@contextmanager
def opened(chromium: Any, folder: Path) -> Iterator[Tab]:
    """Open a tab, and hold at its end that nothing went wrong in it."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    found = Tab(context.new_page(), folder)
    yield found
    context.close()
    assert found.faults == []
