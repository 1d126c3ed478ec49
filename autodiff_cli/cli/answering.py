"""Lines that a student types, at a terminal or from a pipe."""

from __future__ import annotations

import contextlib
import sys

from autodiff_cli.errors import visible

#: What stands before what is typed.
SIGN = "> "


def read_line(*, plain: bool = False) -> str | None:
    """Return the next line that is typed, without spaces around it; None where the input ends.

    What comes from a pipe is written where a terminal would have shown it.

    Args:
        plain: read the line as it comes; else the arrows edit it, and bring back earlier ones.
    """
    if sys.stdin is None:
        return None
    shown = sys.stdin.isatty() and sys.stdout.isatty()
    if shown and not plain:
        with contextlib.suppress(ImportError):  # on Windows the console edits by itself
            import readline

            readline.parse_and_bind("set disable-completion on")
        try:
            return input(SIGN).strip()
        except EOFError:
            sys.stdout.write("\n")
            return None
    sys.stdout.write(SIGN)
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not shown:
        sys.stdout.write(f"{visible(line.strip())}\n")
    return line.strip() if line else None
