"""Chromium without a window, where there is one: how big letters are when they are drawn."""

from __future__ import annotations

import html
import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.work import HANG

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")

#: For each group of a picture with a box: its texts that are not inside of the box, one pixel
#: allowed, and those of edges that are not inside of their ground.
MEASURE = """
const found = [];
for (const picture of document.querySelectorAll("svg")) {
  const leaving = [];
  const inside = (text, box) => {
    const [a, b] = [text.getBBox(), box.getBBox()];
    return a.x >= b.x - 1 && a.x + a.width <= b.x + b.width + 1
        && a.y >= b.y - 2 && a.y + a.height <= b.y + b.height + 2;
  };
  for (const text of picture.querySelectorAll("text.name, text.key, text.number")) {
    const box = text.previousElementSibling?.matches("rect.label")
      ? text.previousElementSibling
      : text.parentElement.querySelector("rect.variable, rect.operation, rect.result");
    if (box && !inside(text, box)) leaving.push(text.textContent);
  }
  const [, , wide, high] = picture.getAttribute("viewBox").split(" ").map(Number);
  for (const text of picture.querySelectorAll("text")) {
    const box = text.getBBox();
    if (box.x < 0 || box.y < 0 || box.x + box.width > wide || box.y + box.height > high)
      leaving.push("outside: " + text.textContent);
  }
  found.push(leaving);
}
document.getElementById("found").textContent = JSON.stringify(found);
"""


def measured(pictures: Sequence[str]) -> list[list[str]]:
    """Return for each picture the texts that leave their box, or the picture."""
    assert BROWSER is not None
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        page.write_text(
            f"<!DOCTYPE html><meta charset=utf-8><body>{''.join(pictures)}"
            f"<pre id=found></pre><script>{MEASURE}</script>",
            encoding="utf-8",
        )
        done = subprocess.run(
            [
                BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", f"--user-data-dir={folder}/profile",
                "--dump-dom", page.as_uri(),
            ],
            capture_output=True, timeout=HANG, check=False,
        )  # fmt: skip
    text = done.stdout.decode()
    _, _, rest = text.partition('<pre id="found">')
    found: list[list[str]] = json.loads(html.unescape(rest.partition("</pre>")[0]))
    return found
