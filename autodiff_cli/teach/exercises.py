"""Exercises from a seed: the same on every machine and in every Python.

The generator's version is part of the seed, so that a sheet can be made again, or refused, by a
program whose exercises have changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from autodiff_cli.errors import AutodiffError, nearest, shortened
from autodiff_cli.teach.draft import Draft, begun
from autodiff_cli.teach.kinds import (
    accumulation,
    as_a_formula,
    at_a_point,
    blanks,
    consumers,
    corner,
    direction,
    mistake,
    picture,
)
from autodiff_cli.teach.question import Question
from autodiff_cli.teach.random import SplitMix64
from autodiff_cli.teach.templates import LEVELS, TOPICS, topic

#: The version of the generator: another one makes other exercises of the same seed.
VERSION = 1

#: Exercises of a sheet at most, and formulas that are tried for one.
MOST, TRIES = 500, 4000

#: Formulas that are tried of one pattern.
PATIENCE = 60

#: Formulas that are tried before one may come twice in a sheet.
FRESH = 400

#: Kind → what it is, and what makes a question of a draft.
KINDS: dict[str, tuple[str, Callable[[Draft], list[Question] | None]]] = {
    "derivative": ("the derivative at a point", at_a_point.made),
    "formula": ("the derivative as a formula", as_a_formula.made),
    "trace": ("fill in the blanks of a trace", blanks.made),
    "adjoint": ("the adjoint of a node that is used twice", consumers.made),
    "mode": ("forward or reverse, and why", direction.made),
    "grad": ("what .grad holds after these passes", accumulation.made),
    "kink": ("the number at a kink", corner.made),
    "slip": ("find the slip in a worked trace", mistake.made),
    "graph": ("which formula has this graph", picture.made),
}


def exercises(
    topic: str | None = None,
    level: int | None = None,
    seed: int | str = 1,
    *,
    count: int = 10,
    kinds: Sequence[str] = (),
) -> tuple[Question, ...]:
    """Return exercises; a trace with blanks is a question for each blank.

    Args:
        topic: what is practised, see `TOPICS`; None takes all in turn.
        level: from 1, which comes out by hand, to 5; None begins with 1 and ends with 5.
        seed: a number, or a version and a number, `1:7`.
        count: how many.
        kinds: kinds of questions, see `KINDS`; none stands for all.

    Raises:
        AutodiffError: a name or a number is wrong, or the seed is of another version.
    """
    number = seed_of(seed)
    _check(topic, level, count, kinds)
    pairs = _pairs(topic, kinds)
    opening = SplitMix64(f"{VERSION}:{number}:{topic}:{','.join(kinds)}")
    order = _mixed(pairs, opening)
    found: list[Question] = []
    met: set[str] = set()
    for place in range(count):
        wanted = LEVELS[place * len(LEVELS) // count] if level is None else level
        name, kind = order[place % len(order)]
        generator = SplitMix64(f"{VERSION}:{number}:{name}:{kind}:{wanted}:{place}")
        found += _one(str(place + 1), kind, name, wanted, generator, met)
    return tuple(found)


def seed_of(seed: int | str) -> int:
    """Return the number of a seed.

    Raises:
        AutodiffError: it is none, or of another version of the generator.
    """
    match = re.fullmatch(r"(?:(\d{1,9}):)?(\d{1,18})", str(seed).strip(), re.ASCII)
    if match is None:
        raise AutodiffError(f"'{shortened(str(seed))}' is no seed", mend="write a whole number: 7")
    if match[1] is not None and int(match[1]) != VERSION:
        raise AutodiffError(
            f"the seed {seed} is of version {match[1]} of the exercises, and this is {VERSION}",
            mend="keep the sheet as JSON: that can be marked by every version",
        )
    return int(match[2])


def _check(name: str | None, level: int | None, count: int, kinds: Sequence[str]) -> None:
    if name is not None:
        topic(name)
    if level is not None and level not in LEVELS:
        raise AutodiffError(f"there is no level {level}", mend="write 1, 2, 3, 4 or 5")
    if not 1 <= count <= MOST:
        raise AutodiffError(f"a sheet of {count} exercises", mend=f"write 1 to {MOST}")
    for kind in kinds:
        if kind not in KINDS:
            close = nearest(kind, list(KINDS))
            guess = f"did you mean {close}? They are: " if close else "write one of: "
            message = f"there is no kind of exercise '{shortened(kind)}'"
            raise AutodiffError(message, mend=guess + ", ".join(KINDS))


def _pairs(name: str | None, kinds: Sequence[str]) -> list[tuple[str, str]]:
    """Return topics with their kinds."""
    names = list(TOPICS) if name is None else [name]
    found = [(n, kind) for n in names for kind in TOPICS[n].kinds if not kinds or kind in kinds]
    if not found:
        having = [n for n in TOPICS if set(TOPICS[n].kinds) & set(kinds)]
        raise AutodiffError(
            f"{name} has no exercises of the kind {', '.join(kinds)}",
            mend=f"those are in: {', '.join(having)}",
        )
    return found


def _mixed(pairs: Sequence[tuple[str, str]], generator: SplitMix64) -> list[tuple[str, str]]:
    """Return topics with kinds in an order in which no kind comes again before all have come."""
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for pair in generator.shuffled(pairs):
        by_kind.setdefault(pair[1], []).append(pair)
    most = max(map(len, by_kind.values()))
    rounds = [[group[k % len(group)] for group in by_kind.values()] for k in range(most)]
    return [pair for one in rounds for pair in generator.shuffled(one)]


def _one(
    id: str, kind: str, name: str, level: int, generator: SplitMix64, met: set[str]
) -> list[Question]:
    """Return one exercise: numbers and points are tried until they suit each other.

    Another pattern comes only after many tries, so that those with few good points come too.
    """
    make = KINDS[kind][1]
    for attempt in range(TRIES):
        if attempt % PATIENCE == 0:
            pattern = generator.choice(TOPICS[name].levels[level - 1])
        draft = begun(id, kind, name, level, pattern, generator)
        questions = None if draft is None else make(draft)
        if not questions:
            continue
        said = f"{kind} {questions[0].prompt} {questions[0].key.expression}"
        if said not in met or attempt >= FRESH:
            met.add(said)
            return questions
    raise AssertionError(f"no exercise of {name}, {kind}, level {level}")
