"""The letter of the nodes' labels: w1, w2 and so on, unless a name of the formula would be met."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from autodiff_cli.errors import AutodiffError, shortened

#: Letters for the labels; the first that the formula leaves free is taken.
LETTERS = "wvutn"


def free(names: Iterable[str]) -> str:
    """Return the letter whose labels no name is like; doubled where all five are taken."""
    known = tuple(names)
    letters = (letter * times for times in count(1) for letter in LETTERS)
    return next(letter for letter in letters if _like(known, letter) is None)


def check(letter: str, names: Iterable[str]) -> None:
    """Raise the error for what cannot be the letter of the labels.

    Raises:
        AutodiffError: it is not one letter, or a name of the formula is like its labels.
    """
    if len(letter) != 1 or not letter.isalpha():
        raise AutodiffError(f"'{shortened(letter)}' is not one letter", mend="write v")
    like = _like(names, letter)
    if like is not None:
        raise AutodiffError(
            f"nodes called {letter}1, {letter}2, … would meet the name '{shortened(like)}'",
            mend=f"choose another letter, such as {free(names)}",
        )


def _like(names: Iterable[str], letter: str) -> str | None:
    """Return the first name that is the letter, alone or before a digit, or None."""
    for name in names:
        if name.startswith(letter):
            rest = name.removeprefix(letter).removeprefix("_")  # in LaTeX w_1 is written as w1 is
            if rest[:1].isdigit() or name == letter:
                return name
    return None
