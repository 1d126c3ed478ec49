"""Wrong input: every error says what is wrong, where, and what to write instead.

`cli/dispatch.py` is the one place that turns an error into an exit status.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

#: Characters of an expression shown on either side of the caret.
CONTEXT = 32

#: Characters of the user's text in a message.
SHORT = 40


class AutodiffError(ValueError):
    """Wrong input. `str(error)` is one line, message and mend; with a text, two: the caret.

    Args:
        message: what is wrong.
        mend: what to write instead, a full clause, or "".
    """

    def __init__(self, message: str, *, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend

    def __str__(self) -> str:
        return self.told(visible)

    def told(self, shown: Callable[[str], str]) -> str:
        """Return what is wrong; `shown` is what a stream makes of a text."""
        return f"{self.message}; {self.mend}" if self.mend else self.message

    def __repr__(self) -> str:
        mend = f", mend={self.mend!r}" if self.mend else ""
        return f"{type(self).__name__}({self.message!r}{mend})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle without calling `__init__`, which takes more than what an exception keeps."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(
    kind: type[AutodiffError], arguments: tuple[Any, ...], state: dict[str, Any]
) -> AutodiffError:
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(state)
    return error


class ExpressionError(AutodiffError):
    """Text that does not belong to the language.

    Args:
        message: what is wrong.
        text: the whole text as typed.
        column: 0-based index into `text` of the character at fault.
        mend: what to write instead, or "".
    """

    def __init__(self, message: str, text: str, column: int, *, mend: str = "") -> None:
        super().__init__(message, mend=mend)
        self.text = text
        self.column = column

    def told(self, shown: Callable[[str], str]) -> str:
        """Return the text, a caret below what is wrong in it, and what that is."""
        text, column, line = self.text, self.column, ""
        if "\n" in text.rstrip("\n"):
            line = f"line {text.count(chr(10), 0, column) + 1}: "
            first = text.rfind("\n", 0, column) + 1
            text, column = text[first:].partition("\n")[0], column - first
        start = max(0, column - CONTEXT)
        end = min(len(text), column + CONTEXT)
        before = shown(("…" if start else "") + text[start:column])
        after = shown(text[column:end] + ("…" if end < len(text) else ""))
        return f"{before}{after}\n{' ' * width(before)}^ {line}{super().told(shown)}"


class VariableError(AutodiffError):
    """A variable without a value, a value without a variable, or a value that cannot be read."""


class Unfinished(Exception):
    """Right input, of which a part could not be done; its text says which, and how to go on."""


class LimitError(AutodiffError):
    """Input beyond one of the limits of `limits.py`."""


def words(what: str, given: object) -> tuple[str, ...]:
    """Return what was given as one text or several.

    Raises:
        AutodiffError: it is neither.
    """
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, Iterable) or isinstance(given, (bytes, bytearray)):
        raise AutodiffError(f"{what} must be text, or a list of texts, not {_kind(given)}")
    try:
        found = tuple(given)
    except TypeError:  # an array of no dimension
        found = (given,)
    for one in found:
        if not isinstance(one, str):
            raise AutodiffError(f"{what} must be text, or a list of texts, not of {_kind(one)}")
    return found


def one_of(what: str, given: object, options: Sequence[str]) -> None:
    """Raise the error for a word that is none of the options."""
    if not isinstance(given, str):
        raise AutodiffError(f"a {what} is a word, not {_kind(given)}", mend=_use(options))
    if given not in options:
        raise AutodiffError(f"there is no {what} '{shortened(given)}'", mend=_use(options))


def yes_or_no(what: str, given: object) -> None:
    """Raise the error for what is neither True nor False."""
    if not isinstance(given, bool):
        raise AutodiffError(f"{what} is True or False, not {_kind(given)}", mend=f"{what}=True")


def _use(options: Sequence[str]) -> str:
    *most, last = options
    return f"use {', '.join(most)} or {last}"


def _kind(given: object) -> str:
    return type(given).__name__


def visible(text: str) -> str:
    """Return `text` with control, format, separator and surrogate characters as escapes.

    What a terminal would act on (ESC sequences, right-to-left overrides, line separators) is
    shown instead of sent: classes Cc, Cf, Zl, Zp and Cs.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char.encode("unicode_escape").decode("ascii")
        if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs")
        else char
        for char in text
    )


def named(path: str) -> str:
    """Return a file's name as a shell would have it: in quotation marks where it needs them."""
    import shlex

    shown = visible(path)
    # Letters of any script need no marks, nor do the backslashes of Windows.
    return shown if re.fullmatch(r"[\w@%+=:,./~\\-]*", shown) else shlex.quote(shown)


def width(text: str) -> int:
    """Return the terminal columns that `text` takes: wide characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Me")
        else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def shortened(name: str) -> str:
    """Return a name for a message: whole unless it is absurdly long."""
    return visible(name if len(name) <= SHORT else f"{name[: SHORT - 3]}…")


def nearest(name: str, known: Sequence[str], alike: float = 0.6) -> str | None:
    """Return the known name that `name` most likely meant, if one is close.

    Args:
        name: what was written.
        known: the names that there are.
        alike: how much of both must be the same, up to 1.
    """
    from difflib import get_close_matches

    close = get_close_matches(name[:40].lower(), known, 1, alike)
    return close[0] if close else None
