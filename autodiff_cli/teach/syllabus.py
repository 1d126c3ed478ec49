"""The lessons of a folder: those of the package in a language, or a teacher's own."""

from __future__ import annotations

import os
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from autodiff_cli.errors import AutodiffError, nearest, shortened, visible
from autodiff_cli.teach.course import BLANK, Course
from autodiff_cli.teach.lessons import lesson, phrases

#: The file of a folder that has what is said around its lessons, and the language without words.
WORDS, ENGLISH = "words.txt", "en"


def languages() -> list[str]:
    """Return the languages that the package's lessons are in."""
    return sorted(one.name for one in _home().iterdir() if one.joinpath(WORDS).is_file())


def home(language: str) -> Traversable:
    """Return the folder of the package's lessons in a language.

    Raises:
        AutodiffError: there are none.
    """
    known = languages()
    if language not in known:
        close = nearest(language, known)
        mend = f"did you mean {close}?" if close else f"there are {', '.join(known)}"
        raise AutodiffError(f"there are no lessons in '{shortened(language)}'", mend=mend)
    return _home().joinpath(language)


def own(folder: str) -> Traversable:
    """Return a teacher's folder.

    Raises:
        AutodiffError: it is none.
    """
    if not os.path.isdir(folder):
        raise AutodiffError(f"{visible(folder)} is no folder", mend="give the folder of lessons")
    return Path(folder)


def course(folder: Traversable) -> Course:
    """Read the lessons of a folder; what it does not say around them is said in English.

    Raises:
        AutodiffError: there are none, or a line of one is no part of a lesson.
        OSError, UnicodeDecodeError: a file cannot be read.
    """
    said = _phrases(home(ENGLISH))
    for name, text in _phrases(folder).items():
        if name not in said:
            close = nearest(name, list(said))
            mend = f"did you mean {close}?" if close else ""
            raise AutodiffError(f"{WORDS} has {shortened(name)}:, which is nowhere said", mend=mend)
        stray = set(BLANK.findall(text)) - set(BLANK.findall(said[name]))
        if stray:
            raise AutodiffError(f"{WORDS}, {name}: nothing is known of {{{sorted(stray)[0]}}}")
        said[name] = text
    names = sorted(
        one.name
        for one in folder.iterdir()
        if one.name.endswith(".txt") and one.name != WORDS and one.is_file()
    )
    found = tuple(
        lesson(name.removesuffix(".txt"), folder.joinpath(name).read_text(encoding="utf-8"))
        for name in names
    )
    if not found:
        raise AutodiffError(f"there is no lesson in {visible(str(folder))}", mend="01-name.txt")
    return Course(lessons=found, phrases=said)


def _home() -> Traversable:
    return files("autodiff_cli").joinpath("lessons")


def _phrases(folder: Traversable) -> dict[str, str]:
    file = folder.joinpath(WORDS)
    return phrases(WORDS, file.read_text(encoding="utf-8")) if file.is_file() else {}
