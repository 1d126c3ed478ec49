"""What a tutor says of an answer to a task: right, rounded, unreadable, or wrong and by which slip.

Numbers are judged by the digits that were typed, formulas as functions at sampled points, never as
text. An answer that cannot be read is nobody's mistake: it can be typed again.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from autodiff_cli.engine.linearise import value_at
from autodiff_cli.errors import AutodiffError, shortened, visible
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.language.parser import read
from autodiff_cli.methods.sampling import samples
from autodiff_cli.teach.task import Task, Wrong
from autodiff_cli.teach.typed import Typed, typed

if TYPE_CHECKING:
    from autodiff_cli.teach.slips import Finding

Outcome = Literal["right", "wrong", "rounded", "unreadable"]

#: Digits that a rounded number must have, and with how many it is no guess.
DIGITS, ROUNDED = 4, 2

#: How near two numbers are that are equal.
NEAR = 1e-9

#: Characters of an answer that is read.
LONGEST = 400

#: Numbers that are words.
WORDS = ("nan", "inf", "-inf")

#: What may stand before an answer, as in `z = 72`.
_NAMED = re.compile(r"[^=<>!]*=(?![=])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is said of an answer.

    Attributes:
        outcome: how it stands; only what is wrong counts as missed.
        said: sentences for the student.
        slips: the ids of the usual slips that give this answer, the commonest first.
    """

    outcome: Outcome
    said: tuple[str, ...] = ()
    slips: tuple[str, ...] = ()


def judge(task: Task, text: str) -> Judgement:
    """Judge an answer.

    Args:
        task: the question.
        text: the answer as typed.
    """
    answer = " ".join(text.split())
    try:
        if len(answer) > LONGEST:
            raise AutodiffError(f"no answer here has more than {LONGEST} characters")
        if task.kind in ("choice", "word"):
            return _chosen(task, answer) if task.kind == "choice" else _said(task, answer)
        return _computed(task, _NAMED.sub("", answer, count=1) if "=" in answer else answer)
    except AutodiffError as error:
        return Judgement(outcome="unreadable", said=(error.told(visible),))


def _chosen(task: Task, answer: str) -> Judgement:
    letter = answer.lower().strip("().")
    if letter not in task.letters:
        raise AutodiffError(f"type a letter: {', '.join(task.letters)}")
    if letter in task.answers:
        return Judgement(outcome="right")
    return _wrong(task, [one for one in task.wrongs if one.answer == letter])


def _said(task: Task, answer: str) -> Judgement:
    word = plain_word(answer)
    if word in map(plain_word, task.answers):
        return Judgement(outcome="right")
    return _wrong(task, [one for one in task.wrongs if plain_word(one.answer) == word])


def plain_word(text: str) -> str:
    """Return a word without what does not matter in it: capitals, quotes, a last full stop."""
    return text.lower().strip(" .,!\"'()").replace("_", " ").replace("-", " ")


def _computed(task: Task, answer: str) -> Judgement:
    """Judge a number or a formula."""
    (right,) = task.answers
    number = task.kind == "number"
    if number:
        outcome = number_outcome(right, answer)
        listed = [one for one in task.wrongs if number_outcome(one.answer, answer) != "wrong"]
    else:
        found = _of_the_question(task, answer)
        outcome = "right" if equal(read([right]).graph, found) else "wrong"
        listed = [one for one in task.wrongs if equal(read([one.answer]).graph, found)]
    if outcome != "wrong":
        return Judgement(outcome=outcome)
    return _wrong(task, listed, answer)


def _wrong(task: Task, listed: list[Wrong], answer: str = "") -> Judgement:
    """Say what is wrong: as the lesson says it, and else by the usual slips."""
    for one in listed:
        if one.reply:
            return Judgement(outcome="wrong", said=(one.reply,))
    slips, said = _diagnosed(task, answer) if answer else ((), ())
    return Judgement(outcome="wrong", said=said, slips=slips)


def _diagnosed(task: Task, answer: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the usual slips that give an answer, and what is said of the commonest."""
    from autodiff_cli.teach.slips import diagnose

    graph = read([task.formula]).graph if task.formula else None
    name = None if graph is None else _asked(task, graph)
    if graph is None or name is None:
        return (), ()
    points = [{one: value(text) for one, text in task.at.items()}] if task.at else []
    found = diagnose(graph, points, answer, name, sweep=task.find[0] == "adjoint")
    said = (_without_the_rule(found[0]),) if found else ()
    return tuple(one.slip.id for one in found), said


def _asked(task: Task, graph: Graph) -> str | None:
    """Return the variable by which a task asks for the derivative, or whose adjoint; or None."""
    what, name = (*task.find, "", "")[:2]
    if what not in ("derivative", "adjoint"):
        return None
    labels = [graph.labels()[k] for k in range(len(graph.variables))]
    return next((one for one, label in zip(graph.variables, labels, strict=True)
                 if name in (one, label)), None)  # fmt: skip


def _without_the_rule(found: Finding) -> str:
    """Return what is said of a slip up to the right rule: finding that is left to the student."""
    parts: list[str] = []
    for part in found.said:
        if part is found.right:
            break
        parts.append(part if isinstance(part, str) else expression(part, part.outputs[0]))
    text = "".join(parts).rstrip(" :")
    if text.endswith(" is"):  # the rule was all that this clause says
        text = re.split(r"[:,][^:,]*$", text)[0]
    name = f"{found.slip.name[:1].upper()}{found.slip.name[1:]}"
    return f"{name}: {text}." if text else f"{name}."


def number_outcome(right: str, text: str) -> Outcome:
    """Judge a number by the digits that were typed.

    Raises:
        AutodiffError: it is no number.
    """
    wanted = value(right)
    if text.lower() in WORDS or not math.isfinite(wanted):
        return "right" if value(text) == wanted else "wrong"
    found = typed(text)
    if not isinstance(found, Typed):
        raise AutodiffError("a number is asked for", mend="compute it")
    if math.isclose(found.value, wanted, rel_tol=NEAR, abs_tol=0.0):
        return "right"
    shorter = float(f"{wanted:.{max(found.digits, 1)}g}")
    if not found.value or shorter == wanted or not found.equals(wanted):
        return "wrong"
    if found.digits < ROUNDED:  # a guess
        return "wrong"
    return "right" if found.digits >= DIGITS else "rounded"


@cache
def value(text: str) -> float:
    """Return the number that a text without variables stands for: 72, -pi/2, inf.

    Raises:
        AutodiffError: it is none.
    """
    if text.lower() in WORDS:
        return float(text)
    found = typed(text)
    if not isinstance(found, Typed):
        raise AutodiffError(f"{shortened(text)} is no number", mend="write 72, or -pi/2")
    return found.value


def _of_the_question(task: Task, answer: str) -> Graph:
    """Read a formula.

    Raises:
        AutodiffError: it cannot be read, or it has a name that the question has not.
    """
    found = read([answer]).graph
    texts = [*task.answers, *[one.answer for one in task.wrongs], task.formula or "0"]
    names = dict.fromkeys(name for text in texts for name in read([text]).graph.variables)
    other = [name for name in found.variables if name not in names]
    if other:
        message = f"there is no {shortened(other[0])} in this question"
        raise AutodiffError(message, mend=f"its names are {', '.join(names)}" if names else "")
    return found


def equal(wanted: Graph, found: Graph) -> bool:
    """Tell whether two formulas are the same function, by points inside the first one's domain."""
    points = samples(wanted, {}, None) or [{}]
    told = 0
    for number, point in enumerate(points):
        # Names of the second one alone get values as good as any.
        others = {name: 0.7 + 0.31 * number + k for k, name in enumerate(found.variables)}
        one, other = (_at(graph, others | point) for graph in (wanted, found))
        if not (math.isfinite(one) and math.isfinite(other)):
            continue
        told += 1
        if not math.isclose(one, other, rel_tol=NEAR, abs_tol=NEAR):
            return False
    return 2 * told > len(points)


def _at(graph: Graph, point: dict[str, float]) -> float:
    at = {name: point[name] for name in graph.variables}
    return float(value_at(graph, at))
