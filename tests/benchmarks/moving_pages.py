"""A page: how long it takes to be made, to be drawn first, and to follow a slider, in Chromium."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests import pages
from tests.benchmarks.measure import OURS, Row, measured, process
from tests.benchmarks.start import script
from tests.pages import Tab, browser, made

POLYNOMIAL = "x^3 + 2x^2 + 8x"

#: About a hundred nodes.
HUNDRED = " + ".join(f"sin({k}x)*y" for k in range(1, 33))

#: The milliseconds from the opening of the file to the end of the first drawing, and those of one
#: move of a slider with the layout that follows.
DRAWN = "() => performance.getEntriesByName('autodiff-drawn')[0].startTime"
MOVED = """
() => {
  const slider = document.querySelector(".point input[type=range]"), times = [];
  for (let k = 0; k < 40; k++) {
    slider.value = -1 + k / 20;
    const begun = performance.now();
    slider.dispatchEvent(new Event("input"));
    document.body.offsetHeight;
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b)[20];
}
"""


def rows(repeats: int = 7) -> list[Row]:
    """Return one row for each; without a browser only the first."""
    with tempfile.TemporaryDirectory() as folder:
        command = [*script(), "page", POLYNOMIAL, "--x", "4", "-o", f"{folder}/page.html"]
        runs = {OURS: process(command), "half a second": lambda: 0.5}
        found = [measured("a page is made", "s", runs, {"half a second": 1.0}, repeats)]
        if pages.MISSING:
            return found
        with browser() as chromium:
            tab = Tab(chromium.new_page(), Path(folder))
            wholes = made(POLYNOMIAL, {"x": 4.0}, derived=True), made(HUNDRED, {"x": 0.5, "y": 2.0})
            for what, text, asked, limit in (
                ("a page of 6 nodes is first drawn", wholes[0], DRAWN, 100.0),
                ("a page of 100 nodes is first drawn", wholes[1], DRAWN, 100.0),
                ("a slider is followed, 6 nodes", wholes[0], MOVED, 16.0),
                ("a slider is followed, 100 nodes", wholes[1], MOVED, 16.0),
            ):
                runs = {OURS: _asked(tab, text, asked), f"{limit:g} ms": lambda limit=limit: limit}
                found.append(measured(what, "ms", runs, {f"{limit:g} ms": 1.0}, repeats))
    return found


def _asked(tab: Tab, text: str, question: str) -> Callable[[], float]:
    def run() -> float:
        answer: Any = tab.open(text).evaluate(question)
        return float(answer)

    return run
