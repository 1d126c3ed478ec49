"""`%autodiff` and `%%autodiff` in a notebook: a command line, whose answer is shown in the cell.

An answer is HTML there, and text where HTML is not shown. Nothing of IPython is needed for it.
"""

from __future__ import annotations

import io
import re
import shlex
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field

from autodiff_cli.cli.dispatch import run
from autodiff_cli.formats.html import framed, inner

#: The command of a cell that names none.
PLAIN = "grad"

#: Options that say how or where an answer is written.
_WRITTEN = re.compile(r"--(json|format|output)\b.*|-o.*")


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
    """Run a command line and return what a cell shows of it."""
    written = any(_WRITTEN.fullmatch(word) for word in words)
    found = _output([*words, "--format", "html"]) if words and not written else None
    if found is None or not found.startswith("<!DOCTYPE html>"):
        found = None  # a command without HTML, an error, or a format of its own
    text = _output(words, told=True)
    if text is None or not text.strip():
        return None
    if found is None:
        moving = text.startswith("<!DOCTYPE html>")  # `page` is one by itself
        return Shown(text="a page" if moving else text, html=framed(text) if moving else "")
    return Shown(text=text, html=inner(found) + _film(words))


def _film(words: list[str]) -> str:
    """Return the film of a trace, folded; "" for other commands, and where options forbid one."""
    page = _output(["page", *words[1:]]) if words[0] == "trace" else None
    return f"<details><summary>as a film</summary>{framed(page)}</details>" if page else ""


def _output(words: list[str], *, told: bool = False) -> str | None:
    """Return what a command line writes; None where it fails. What goes wrong is told, or not."""
    content, errors = io.BytesIO(), io.StringIO()
    stream = io.TextIOWrapper(content, encoding="utf-8", newline="\n")
    with redirect_stdout(stream), redirect_stderr(errors):
        run(words)
    stream.flush()
    if told and errors.getvalue():
        print(errors.getvalue(), end="")
    return content.getvalue().decode() or None
