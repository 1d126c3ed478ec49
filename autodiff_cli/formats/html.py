"""HTML: one page that stands alone, with tables, readable in light and dark and on paper."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from html import escape

from autodiff_cli.errors import visible
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.latex import Latex
from autodiff_cli.formats.lines import counted
from autodiff_cli.formats.mathml import mathml
from autodiff_cli.formats.signs import UNICODE, Formula

_STYLE = """\
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
p { margin: 0.4rem 0; }
.m, td, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.95em; }
.t { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; }
th, td { padding: 0.2rem 0.8rem; vertical-align: top; border-bottom: 1px solid #8884; }
th { border-bottom: 2px solid #888; }
dt { font-weight: bold; } pre { overflow-x: auto; }
@media print { body { max-width: none; } }
"""


#: What stands in a notebook is light or dark as Jupyter is, not as the system: an image can be
#: told, a frame that shares nothing with it is turned round where the two differ.
_THEME = (
    "<style>"
    '[data-jp-theme-light="false"] .autodiff-image { color-scheme: dark }'
    '[data-jp-theme-light="true"] .autodiff-image { color-scheme: light }'
    "@media screen and (prefers-color-scheme: light) {"
    ' [data-jp-theme-light="false"] .autodiff-frame { filter: invert(0.93) hue-rotate(180deg) } }'
    "@media screen and (prefers-color-scheme: dark) {"
    ' [data-jp-theme-light="true"] .autodiff-frame { filter: invert(0.93) hue-rotate(180deg) } }'
    "</style>"
)


def inner(document: str) -> str:
    """Return what a page of `Html` has in its body, as a piece of a notebook."""
    _, _, body = document.partition("<body>")
    body = re.sub(r"<svg .*?</svg>\n?", lambda found: pictured(found[0]), body, flags=re.DOTALL)
    close = "<style>.autodiff-cell p { margin: 0.3em 0 }</style>"
    return f'<div class="autodiff-cell">{close}{body.partition("</body>")[0]}</div>'


def pictured(svg: str) -> str:
    """Return a picture for a cell of a notebook, as an image.

    Of a notebook that nobody has trusted yet, Jupyter keeps images, and of an SVG only its words.
    """
    title = re.search(r'aria-label="([^"]*)"', svg)
    data = base64.b64encode(svg.encode()).decode()
    about = title[1] if title else ""
    return (
        f'{_THEME}<img class="autodiff-image" alt="{about}" src="data:image/svg+xml;base64,{data}">'
    )


def framed(document: str, height: int = 720, title: str = "autodiff") -> str:
    """Return a page in a frame that shares nothing with the page around it.

    Args:
        document: the whole page.
        height: of the frame, in pixels; it scrolls, and its lower edge can be drawn down.
        title: what the frame is called.
    """
    return (
        f'{_THEME}<iframe class="autodiff-frame" title="{escape(title)}" '
        'sandbox="allow-scripts" loading="lazy" '
        f'style="width: 100%; height: {height}px; border: 1px solid #8884; resize: vertical" '
        f'srcdoc="{escape(document)}"></iframe>'
    )


class Html(Format):
    """Writes an answer as a page; see `Format`."""

    SIGNS = UNICODE
    PICTURES = True

    def begin(self, title: str) -> None:
        """Write the head of the page."""
        self.stream.write(
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{_text(title)}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
        )

    def line(self, *parts: str) -> None:
        """Write one line, a paragraph of its own."""
        if any(parts):
            self.stream.write(f"<p>{''.join(map(_part, parts))}</p>\n")

    def paragraph(self, *parts: str, hanging: int = 2) -> None:
        """Write words; the browser wraps them."""
        self.line(*parts)

    def fields(self, rows: Sequence[tuple[str, str]]) -> None:
        """Write a list of headings with their texts."""
        items = [f"<dt>{_text(heading)}</dt><dd>{_part(text)}</dd>\n" for heading, text in rows]
        self.stream.write(f"<dl>\n{''.join(items)}</dl>\n")

    def table(self, grid: Grid) -> None:
        """Write a table."""
        self.stream.write(f'<div class="t">{table(grid)}</div>\n')

    def figure(self, lines: Sequence[str]) -> None:
        """Write a drawing in a block that keeps its spaces."""
        self.stream.write("<pre>" + "\n".join(_text(line) for line in lines) + "</pre>\n")

    def image(self, svg: str) -> None:
        """Write a picture into the page."""
        self.stream.write(f'<div class="t">\n{svg}</div>\n')

    def end(self) -> None:
        """Write the end of the page."""
        self.stream.write("</body>\n</html>\n")


class Mathematical(Html):
    """Writes into a page whose formulas are MathML."""

    SIGNS = Latex.SIGNS
    DRAWS = False
    PICTURES = False

    def line(self, *parts: str) -> None:
        """Write one line, a paragraph of its own."""
        if any(parts):
            shown = [mathml(p) if isinstance(p, Formula) else _text(p) for p in parts]
            self.stream.write(f"<p>{''.join(shown)}</p>\n")


def table(grid: Grid, caption: str = "") -> str:
    """Return a grid as an HTML table."""

    def row(cells: Sequence[str], tag: str) -> str:
        written = []
        for place, cell in enumerate(cells):
            side = "left" if place in grid.left else "right"
            text = _text(cell, "\n").replace("\n", "<br>")
            written.append(f'<{tag} style="text-align: {side}">{text}</{tag}>')
        return f"<tr>{''.join(written)}</tr>"

    body = [row(cells, "td") for cells in grid.rows]
    if grid.skipped:
        place, count = grid.skipped
        rest = f"… {counted(count, 'row')} between"
        body.insert(place, f'<tr><td colspan="{len(grid.headings)}">{rest}</td></tr>')
    if grid.columns:
        body.append(f'<tr><td colspan="{len(grid.headings)}">… {_text(grid.columns)}</td></tr>')
    named = f"<caption>{_text(caption)}</caption>" if caption else ""
    head = row(grid.headings, "th")
    return f"<table>{named}<thead>{head}</thead><tbody>{''.join(body)}</tbody></table>"


def _part(text: str) -> str:
    return f'<span class="m">{_text(text)}</span>' if isinstance(text, Formula) else _text(text)


def _text(text: str, kept: str = "") -> str:
    """Return text that a browser shows as it is; of control signs only `kept` stays one."""
    if not kept:
        return escape(visible(text))
    return kept.join(escape(visible(line)) for line in text.split(kept))
