"""Several films in one notebook, in Chromium: each moves by itself, and nothing leaves the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from autodiff_cli import trace
from tests import pages
from tests.browser import BROWSER

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(pages.MISSING), reason=pages.MISSING),
]


#: The right ends of the last adjoint and of its region.
ENDS = """[...document.querySelectorAll("tbody tr:last-child td.a, .trace")].map(
  (part) => Math.floor(part.getBoundingClientRect().right)).reverse()"""


def test_films_of_one_notebook_do_not_meet(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    records = (
        trace("x^2", {"x": 3}),
        trace("x*y", {"x": 2, "y": 5}),
        trace("tanh(a*x + b)*c + sin(x)", {"a": 0.5, "x": 1, "b": 0, "c": 2}),
        trace("|x| + max(x, y)", {"x": 0, "y": 0}),
    )
    shown = "".join(record._repr_html_() for record in records)  # type: ignore[attr-defined]
    (tmp_path / "cells.html").write_text(
        f"<!DOCTYPE html><meta charset=utf-8><body>{shown}", encoding="utf-8"
    )
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 900, "height": 700})
        tab.on("console", lambda message: faults.append(message.text))
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("request", lambda asked: None if asked.url.startswith(("file:", "about:"))
               else faults.append(asked.url))  # fmt: skip
        tab.goto((tmp_path / "cells.html").as_uri())
        first, second, *others = tab.frames[1:]
        for frame in (first, second, *others):
            frame.locator(".autodiff-film button").first.wait_for()
        field = first.locator(".variable input[type=text]")
        field.fill("4")
        field.dispatch_event("input")
        assert first.locator('[data-answer="value 0"]').inner_text() == "16"
        assert second.locator('[data-answer="value 0"]').inner_text() == "10"
        for frame in (first, second, *others):
            wide = "document.documentElement.scrollWidth <= window.innerWidth"
            assert frame.evaluate(wide)
            high = "document.documentElement.scrollHeight <= window.innerHeight"
            assert frame.evaluate(high), "a film stands whole in its cell"
            ends = frame.evaluate(ENDS)
            assert ends == sorted(ends), "an adjoint is out of sight"
        browser.close()
    assert faults == []
