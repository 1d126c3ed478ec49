"""`autodiff quiz`: questions in the terminal, marked at once, with help when it is needed."""

from __future__ import annotations

import os
import sys
from typing import Annotated

from autodiff_cli.cli.answering import read_line
from autodiff_cli.cli.options import Exercises, Written
from autodiff_cli.cli.output import opened
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.session import Session
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.signs import PLAIN
from autodiff_cli.teach.attempt import Attempt
from autodiff_cli.teach.exercises import VERSION, exercises, seed_of
from autodiff_cli.teach.marking import Marker
from autodiff_cli.teach.random import SplitMix64
from autodiff_cli.views import exercises as sheet
from autodiff_cli.views import quiz as view

Plain = Annotated[
    bool, Option("--plain", help="Words and ASCII alone, for a screen reader or a pipe.")
]

#: Seeds that are drawn where none is given.
SEEDS = 100_000


def quiz(session: Session, asked: Exercises, plain: Plain = False) -> None:
    """Ask questions one by one, and say what went wrong in an answer.

    Type hint for help, skip for the next question, quit to end. Answers may come from a pipe.

    autodiff quiz
    autodiff quiz --topic chain --level 2
    autodiff quiz --kind trace --count 3 --seed 7
    """
    drawn = SplitMix64(int.from_bytes(os.urandom(8), "little")).below(SEEDS)
    seed = seed_of(str(drawn) if asked.seed is None else asked.seed)
    questions = exercises(
        asked.topic, asked.level, seed, count=asked.many, kinds=tuple(asked.kind or ())
    )
    out = opened(sys.stdout, "text", sheet, Written())
    if plain or not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        out.signs = PLAIN
    view.begin(out, len(questions), f"{VERSION}:{seed}")
    attempts: list[Attempt] = []
    for number, question in enumerate(questions, start=1):
        view.ask(out, number, len(questions), question)
        marker = Marker(question.key)
        attempts.append(Attempt(question=question, marker=marker, tries=[], slips=[]))
        if not _asked(out, attempts[-1]):
            break
    view.end(out, attempts, len(questions), _again(asked, seed))


def _again(asked: Exercises, seed: int) -> str:
    """Return the command that asks the same questions."""
    words = ["autodiff quiz"]
    words += [f"--topic {asked.topic}"] if asked.topic else []
    words += [f"--level {asked.level}"] if asked.level else []
    words += [f"--kind {kind}" for kind in asked.kind or ()]
    words += [f"--count {asked.many}"] if asked.many != Exercises().many else []
    return " ".join([*words, f"--seed {seed}"])


def _asked(out: Format, attempt: Attempt) -> bool:
    """Ask until a question is done; return whether to go on to the next."""
    while attempt.outcome is None:
        text = read_line()
        if text is None or text.casefold() in ("quit", "q", "exit"):
            return False
        if text.casefold() == "skip":
            attempt.outcome = "skipped"
            view.skipped(out, attempt.question)
        elif text.casefold() in ("hint", "h", "help", "?", "solution"):
            view.help(out, attempt, attempt.help())
        elif not text:
            view.wanted(out, attempt.question)
        else:
            mark = attempt.tried(text)
            view.told(out, mark)
            if mark.status == "wrong":
                view.help(out, attempt, attempt.help())
    return True
