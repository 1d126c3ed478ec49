"""A picture in the terminal itself, where it speaks kitty's graphics protocol; never in a pipe.

https://sw.kovidgoyal.net/kitty/graphics-protocol: PNG in base64, in pieces of 4096 characters.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Annotated, Any

from autodiff_cli.cli.options import Shown
from autodiff_cli.cli.output import View, show
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.session import Session
from autodiff_cli.errors import AutodiffError

Inline = Annotated[
    bool, Option("--inline", help="Show the picture in a terminal that can (kitty).")
]

#: Characters of one piece.
PIECE = 4096


def show_or_inline(
    session: Session, view: View, report: Any, shown: Shown, *, inline: bool, title: str
) -> None:
    """Write a report as asked for, or show its picture in the terminal.

    Raises:
        AutodiffError: the terminal shows no pictures, or a file or format is asked for too.
    """
    if not inline:
        show(session, view, report, shown, title=title)
        return
    if shown.output or shown.format or shown.as_json:
        raise AutodiffError("--inline is for the terminal", mend="leave out --format and -o")
    if not sys.stdout.isatty():
        raise AutodiffError("--inline is for a terminal, not a pipe", mend="write -o FILE.png")
    if "KITTY_WINDOW_ID" not in os.environ and "kitty" not in os.environ.get("TERM", ""):
        raise AutodiffError(
            "this terminal does not say that it shows pictures (TERM, KITTY_WINDOW_ID)",
            mend="write -o FILE.png, or leave --inline out",
        )
    from autodiff_cli.views.image import image

    drawn = view.picture(report, shown.digits)  # type: ignore[attr-defined]
    sys.stdout.writelines([*pieces(image(drawn, "png")), "\n"])


def pieces(png: bytes) -> Iterator[str]:
    """Yield the escape sequences that show a PNG."""
    import base64

    text = base64.standard_b64encode(png).decode("ascii")
    for start in range(0, len(text), PIECE):
        head = "a=T,f=100," if start == 0 else ""
        more = int(start + PIECE < len(text))
        yield f"\x1b_G{head}m={more};{text[start : start + PIECE]}\x1b\\"
