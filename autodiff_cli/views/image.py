"""A picture as PNG or PDF, by matplotlib's canvases; colours of the day, no window, no state.

`pyplot` is not used: it chooses a window system and keeps every figure.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from autodiff_cli.errors import AutodiffError, visible
from autodiff_cli.views.shapes import STYLES, Box, Group, Path, Picture, Shape, Style, Text
from autodiff_cli.views.svg import svg

#: Pixels of a picture to an inch, and dots of a PNG to a pixel.
INCH, DOTS = 96.0, 2.0

#: Points, the unit of matplotlib's lines and letters, to a pixel.
POINT = 0.75


def image(picture: Picture, kind: str) -> bytes:
    """Return a picture as the bytes of a file.

    Args:
        picture: what to draw.
        kind: "png" or "pdf".

    Raises:
        AutodiffError: matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise AutodiffError(
            f"{kind} needs matplotlib", mend="pip install 'autodiff-cli[plot]', or write an .svg"
        ) from None
    from matplotlib import rc_context

    figure = Figure(
        figsize=(picture.width / INCH, picture.height / INCH),
        facecolor=STYLES["paper"].fill.day,  # type: ignore[union-attr]
    )
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, picture.width), ylim=(picture.height, 0))
    axes.set_axis_off()
    for order, shape in enumerate(_flat(picture.shapes)):
        _draw(axes, shape, order)
    stream = io.BytesIO()
    # Without a date, the same picture is the same bytes.
    said = {"Title": picture.title} | ({"CreationDate": None} if kind == "pdf" else {})
    with rc_context({"pdf.fonttype": 42, "font.family": ["DejaVu Sans"], "text.usetex": False}):
        figure.savefig(stream, format=kind, dpi=INCH * DOTS, metadata=said)
    return stream.getvalue()


def rendered(picture: Picture, kind: str) -> str | bytes:
    """Return a picture as the text or the bytes of a file: "svg", "png" or "pdf"."""
    return svg(picture) if kind == "svg" else image(picture, kind)


def _flat(shapes: tuple[Shape, ...]) -> Iterator[Box | Path | Text]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from _flat(shape.shapes)
        else:
            yield shape


def _draw(axes: Any, shape: Box | Path | Text, order: int) -> None:
    from matplotlib.patches import Circle, FancyBboxPatch, PathPatch
    from matplotlib.path import Path as Outline

    style = STYLES[shape.style]
    if isinstance(shape, Text):
        place = {"start": "left", "middle": "center", "end": "right"}[shape.anchor]
        axes.text(
            shape.x, shape.y, visible(shape.text), ha=place, va="baseline", zorder=order,
            color=style.fill.day if style.fill else "none", parse_math=False,
            fontsize=style.size * POINT, weight="bold" if style.bold else "normal",
        )  # fmt: skip
        return
    look = _look(style)
    if isinstance(shape, Box) and shape.width == shape.height == 2 * shape.radius:
        middle = (shape.x + shape.radius, shape.y + shape.radius)
        axes.add_patch(Circle(middle, shape.radius, zorder=order, **look))
        return
    if isinstance(shape, Box):
        radius = min(shape.radius, shape.width / 2, shape.height / 2)
        corner = f"round,pad=0,rounding_size={radius}" if radius else "square,pad=0"
        axes.add_patch(
            FancyBboxPatch(
                (shape.x, shape.y), shape.width, shape.height, boxstyle=corner,
                mutation_aspect=1, zorder=order, **look,
            )
        )  # fmt: skip
        return
    points, codes = [], []
    for letter, numbers in shape.moves:
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True)) or [(0.0, 0.0)]
        points += pairs
        code = {"M": Outline.MOVETO, "L": Outline.LINETO, "C": Outline.CURVE4,
                "Z": Outline.CLOSEPOLY}[letter]  # fmt: skip
        codes += [code] * len(pairs)
    axes.add_patch(PathPatch(Outline(points, codes), zorder=order, **look))


def _look(style: Style) -> dict[str, Any]:
    """Return a style in matplotlib's words."""
    dashes = tuple(length / max(style.width, 1e-9) for length in style.dashes)
    return {
        "facecolor": style.fill.day if style.fill else "none",
        "edgecolor": style.stroke.day if style.stroke else "none",
        "linewidth": style.width * POINT if style.stroke else 0.0,
        "linestyle": (0, dashes) if dashes else "solid",
        "capstyle": "round",
        "joinstyle": "round",
    }
