"""An error as wide as a terminal: words are broken at spaces, and a marked formula is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autodiff_cli.formats.lines import wrapped

#: Columns beside a caret from which what is said stands there, and not below.
ROOM = 30

#: What an error begins with, and what stands below it.
HANGING = len("error: ")


def broken(lines: Sequence[str], columns: int) -> list[str]:
    """Return the lines of an error, those that are too long broken.

    Args:
        lines: the error; of a formula its text, then a line with a caret and what is said.
        columns: of the terminal.
    """
    marks = [_caret(line) >= 0 for line in lines]
    return [
        part
        for line, marked in zip(lines, [*marks[1:], False], strict=True)
        for part in ([line] if marked else _broken(line, columns))
    ]


def _caret(line: str) -> int:
    """Return where a line has its caret; -1 where it is none that has."""
    rest = line.lstrip(" ")
    return len(line) - len(rest) if rest.startswith("^") else -1


def _broken(line: str, columns: int) -> Iterator[str]:
    at = _caret(line)
    if at < 0:
        yield from wrapped(line, columns, HANGING if line.startswith("error: ") else 2)
        return
    head, said = line[: at + 1], line[at + 1 :].strip()
    if len(line) <= columns:
        yield line
    elif columns - len(head) - 1 >= ROOM:
        first, *more = wrapped(" " * (at + 2) + said, columns, 0)
        yield from (head + first[at + 1 :], *more)
    else:
        yield head
        yield from wrapped(" " * HANGING + said, columns, 0)
