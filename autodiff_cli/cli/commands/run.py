"""`autodiff run FILE`: prose between command lines; the prose is printed, the commands run."""

from __future__ import annotations

import shlex
import sys
from functools import partial
from typing import Annotated

from autodiff_cli.cli.output import check_page
from autodiff_cli.cli.parameters import Argument, Option
from autodiff_cli.cli.request import standard_input
from autodiff_cli.cli.samples import SAMPLE, sample
from autodiff_cli.cli.session import INTERRUPTED, WRONG, Session
from autodiff_cli.errors import AutodiffError, named, visible

Texts = Annotated[
    list[str] | None, Argument(metavar="FILE", help="The text; - reads it from stdin.")
]
Files = Annotated[bool, Option("--files", help="Let it write new files, below its own folder.")]


Pause = Annotated[
    bool, Option("--pause", help="Wait for a key between commands; the left arrow goes back.")
]
Output = Annotated[
    str | None,
    Option("-o", "--output", metavar="FILE", help="Write all of it as one page, lesson.html."),
]


def run(
    session: Session,
    texts: Texts = None,
    files: Files = False,
    pause: Pause = False,
    output: Output = None,
) -> None:
    """Print the prose of a text and run the command lines in it.

    Lines that begin with # are prose. The others are command lines; the word autodiff may begin
    them.
    An error names its file and line, and the next line goes on; the exit status is the largest.
    A line reads files below the text's own folder only, and writes none unless --files lets it.
    With --pause a terminal shows a command at a time; in a pipe all are printed, as ever.

    With -o, prose and answers become one page of HTML, and what is about a formula at a point can
    be moved and stepped through in it.

    autodiff run sample:notebook
    autodiff run samples/polynomial.txt
    autodiff run samples/polynomial.txt --pause
    autodiff run samples/polynomial.txt -o polynomial.html
    """
    if not texts or len(texts) > 1:
        raise AutodiffError("one FILE is expected", mend="autodiff run sample:polynomial")
    path = sample(texts[0]) if texts[0].startswith(SAMPLE) else texts[0]
    lines = _lines(standard_input() if path == "-" else session.read(path))
    if output is not None:
        check_page(output)
        if pause:
            raise AutodiffError("--pause is for a terminal, and -o for a page", mend="give one")
        with session.within(path, files=files):
            text, status = _published(session, lines, path)
        session.write(text, output)
        session.status = status
        return
    with session.within(path, files=files):
        session.status = (_paused if pause else _all)(session, lines, path)


def _published(session: Session, lines: list[str], path: str) -> tuple[str, int]:
    """Return the page of a text, and the largest exit status of its commands."""
    from autodiff_cli.cli.publishing import answered
    from autodiff_cli.views.lesson import Answer, Prose, lesson, paragraphs

    parts: list[Prose | Answer] = []
    prose: list[str] = []
    worst = 0
    for number, line in enumerate(lines, 1):
        words = _words(line)
        if isinstance(words, str):
            prose.append(words)
            continue
        parts += paragraphs(prose)
        prose = []
        refused = _refused(words)
        if refused:
            status, said = WRONG, f"error: {refused}\n"
        else:
            shown = line.strip().removeprefix("autodiff ").lstrip()
            status, said, part = answered(session, words, shown)
            parts.append(part)
        if said:
            sys.stderr.write(f"{named(path)}, line {number}:\n{said}")
        worst = max(worst, status)
        if status == INTERRUPTED:
            break
    parts += paragraphs(prose)
    title = next((part.text for part in parts if isinstance(part, Prose)), visible(path))
    if isinstance(parts[0] if parts else None, Prose):
        parts[0] = Prose(text=title, level=1)
    return lesson(title, parts), worst


def _all(session: Session, lines: list[str], path: str) -> int:
    """Print the prose and run the commands; return the largest exit status."""
    worst = 0
    for number, line in enumerate(lines, 1):
        words = _words(line)
        if isinstance(words, str):
            sys.stdout.write(f"{words}\n")
            continue
        shown = line.strip().removeprefix("autodiff ").lstrip()
        sys.stdout.write(f"$ autodiff {visible(shown)}\n")
        sys.stdout.flush()
        status = _one(session, words, path, number)
        worst = max(worst, status)
        if status == INTERRUPTED:
            break
    return worst


def _paused(session: Session, lines: list[str], path: str) -> int:
    """Show the text a command at a time where keys can be read; return the largest status."""
    from autodiff_cli.cli.terminal import interactive

    if not lines or not interactive():
        return _all(session, lines, path)
    from autodiff_cli.cli.slides import Slide, give
    from autodiff_cli.formats.signs import carried

    slides = [Slide()]
    for number, line in enumerate(lines, 1):
        words = _words(line)
        if isinstance(words, str):
            if words or slides[-1].prose:  # a screen does not begin with a gap
                slides[-1].prose.append(words)
            continue
        shown = line.strip().removeprefix("autodiff ").lstrip()
        slides[-1].prose.append(f"$ autodiff {visible(shown)}")
        slides[-1].run = partial(_one, session, words, path, number)
        slides.append(Slide())
    if len(slides) > 1 and not slides[-1].prose:
        slides.pop()
    return give(slides, ("->", "<-") if carried(sys.stdout.encoding).plain else ("→", "←"))


def _lines(text: str) -> list[str]:
    # Only what an editor counts as a line: `splitlines` would break at form feeds too.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines if lines[-1] else lines[:-1]


def _words(line: str) -> list[str] | str:
    """Return a command line's words, or the prose of a line as a string."""
    stripped = line.strip()
    if not stripped:
        return ""
    if stripped.startswith("#"):
        return visible(stripped[1:].removeprefix(" "))
    try:
        words = shlex.split(stripped)
    except ValueError:
        return ["\0unclosed"]
    return words[1:] if words[:1] == ["autodiff"] else words


def _one(session: Session, words: list[str], path: str, number: int) -> int:
    """Run one line; say the file and the line before an error."""
    place = f"{named(path)}, line {number}"
    if refused := _refused(words):
        sys.stderr.write(f"{place}: error: {refused}\n")
        return WRONG
    session.place = place
    try:
        return session.run(words)
    finally:
        session.place = ""


def _refused(words: list[str]) -> str:
    """Return why a line of a text is not run, or ""."""
    if words == ["\0unclosed"]:
        return "a quotation mark is not closed"
    return "a text cannot run another text" if words[:1] == ["run"] else ""
