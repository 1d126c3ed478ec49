"""`%autodiff` and `%%autodiff` in a notebook: a command line, whose answer is shown in the cell.

An answer is HTML there, and text where HTML is not shown. Nothing of IPython is needed for it.
"""

from __future__ import annotations

import io
import shlex
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Any

from autodiff_cli.answers.trace import Trace
from autodiff_cli.cli.dispatch import run
from autodiff_cli.cli.session import Told
from autodiff_cli.formats.html import framed, inner
from autodiff_cli.views.notebook import film_of

#: The command of a cell that names none.
PLAIN = "grad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a cell shows of an answer.

    Attributes:
        text: as the command line writes it.
        html: the same for a notebook; "" where only the text is there.
    """

    text: str
    html: str = field(repr=False)

    def __repr__(self) -> str:
        return self.text.rstrip("\n")

    def _repr_html_(self) -> str | None:
        return self.html or None


def line_magic(line: str) -> Shown | None:
    """Run `%autodiff grad "x^2" --x 4`.

    Args:
        line: the words after `%autodiff`, quoted as in a shell.

    Returns:
        what the cell shows; None where nothing was answered. Errors are printed.
    """
    return answered(shlex.split(line))


def text_magic(line: str, cell: str) -> Shown | None:
    """Run `%%autodiff trace --x 1`, with the text below it as the formula.

    Args:
        line: a command and its options; a command that is not named is `grad`.
        cell: the formula, or named steps and the formula.
    """
    command, *options = shlex.split(line) or [PLAIN]
    if command.startswith("-"):
        command, options = PLAIN, [command, *options]
    return answered([command, cell.strip(), *options])


def answered(words: list[str]) -> Shown | None:
    """Run a command line once and return what a cell shows of it; what goes wrong is printed."""
    content, errors = io.BytesIO(), io.StringIO()
    stream = io.TextIOWrapper(content, encoding="utf-8", newline="\n")
    found: list[Told] = []
    with redirect_stdout(stream), redirect_stderr(errors):
        run(words, texts=found)
    stream.flush()
    print(errors.getvalue(), end="")
    text = content.getvalue().decode()
    if not text.strip():
        return None
    if not found and text.startswith("<!DOCTYPE html>"):  # `page` is one by itself
        return Shown(text="a page", html=framed(text))
    return Shown(text=text, html="".join(inner(one.page()) + _film(one.report) for one in found))


def _film(report: Any) -> str:
    """Return the film of a trace, folded; "" for other answers, and where it has no film."""
    shown = film_of(report) if isinstance(report, Trace) else ""
    return f"<details><summary>as a film</summary>{shown}</details>" if shown else ""
