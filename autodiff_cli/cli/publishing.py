"""A text that `run` is given, as one page: prose, and each command's answer as a part of it."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout

from autodiff_cli.cli import dispatch
from autodiff_cli.cli.arguments import scan
from autodiff_cli.cli.session import ANSWERED, FAILED, WRONG, Session
from autodiff_cli.errors import AutodiffError
from autodiff_cli.views.lesson import Answer
from autodiff_cli.views.page import Page

#: Commands whose answer is the film itself.
FILMS = ("trace", "step", "page")


def answered(session: Session, words: list[str], line: str) -> tuple[int, str, Answer]:
    """Run one command line; return its status, what it said on stderr, and the part of the page.

    Args:
        session: the run of the program; lines of a text are bounded as in `run`.
        words: the command and its words.
        line: as it is shown.
    """
    film = _film(session, words)
    if film is not None and words[0] in FILMS and not _said(words):
        return ANSWERED, "", Answer(line=line, page=film)
    html = words[:1] != [] and words[0] in session.elsewhere("format")
    asked = [*words[:1], "--format", "html", *words[1:]] if html and not _said(words) else words
    status, out, err = _captured(session, asked)
    film = None if status in (FAILED, WRONG) else film
    body = re.search(r"<body>\n(.*)</body>", out, re.DOTALL)
    if body is not None:
        return status, err, Answer(line=line, html=body[1], text=err, page=film)
    return status, err, Answer(line=line, text=out + err, page=film)


def _said(words: Sequence[str]) -> bool:
    """Tell whether a line says its own format."""
    heads = {word.partition("=")[0] for word in words}
    return bool(heads & {"--format", "--json", "-o", "--output", "--help", "-h"})


def _film(session: Session, words: list[str]) -> Page | None:
    """Return the film of a command line's formula at its point, or None if it lacks either."""
    if not words or words[0] not in dispatch.COMMANDS:
        return None
    try:
        own, taken = dispatch.options_of(words[0]), dispatch.options_of("page")
        if "--at" not in own:
            return None
        scanned = scan(words[1:], own)
    except AutodiffError:
        return None
    kept: list[str] = []
    todo = iter(scanned.options)
    for word in todo:
        head, equals, _ = word.partition("=")
        value = [next(todo)] if own[head] and not equals else []
        if taken.get(head) == own[head] and head not in ("-o", "--output", "-h", "--help"):
            kept += [word, *value]
    for name, text in scanned.settings:
        kept += ["--at", f"{name}={text}"]
    session.films = []
    try:
        _captured(session, ["page", *kept, "--", *scanned.expressions])
        return session.films[0] if session.films else None
    finally:
        session.films = None


def _captured(session: Session, words: list[str]) -> tuple[int, str, str]:
    """Run a command line; return its status and what it wrote."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2))
    sys.stdout.flush()
    with redirect_stdout(out), redirect_stderr(err):
        status = session.run(words)
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return status, texts[0], texts[1]
