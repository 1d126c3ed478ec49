"""Long answers on a terminal, a screen at a time: by the program that PAGER names, or less."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys

#: What is run where PAGER says nothing, and how less behaves where LESS says nothing: colours as
#: they are, an answer of one screen at once, and left where it is at the end.
PAGER, LESS = "less", "FRX"


def page(text: str) -> None:
    """Show a text, by the pager where it is longer than the terminal.

    The pager is run without a shell. Where there is none, or it is cat, the text is written.
    """
    words = shlex.split(os.environ.get("PAGER", PAGER))
    height = shutil.get_terminal_size().lines
    program = shutil.which(words[0]) if words and words != ["cat"] else None
    if program is None or text.count("\n") < height:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    environment = {"LESS": LESS, **os.environ}
    try:
        child = subprocess.Popen(
            [program, *words[1:]], stdin=subprocess.PIPE, env=environment,
            encoding=sys.stdout.encoding, errors=sys.stdout.errors,
        )  # fmt: skip
    except OSError:
        sys.stdout.write(text)
        return
    try:
        child.communicate(text)
    except KeyboardInterrupt:  # the pager's own affair: it takes q
        child.wait()
