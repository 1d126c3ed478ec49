"""Wrong answers with names, chosen so that each can be told from the right one and the others.

A question is refused where an important slip hides at the point: its number is the right one
there, or that of another important slip, though it is another function.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from autodiff_cli.engine import rules
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import CONSTANT, Builder, Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.ops import WHERE
from autodiff_cli.teach.catalogue import SLIPS, Slip
from autodiff_cli.teach.draft import Draft, apart, kept
from autodiff_cli.teach.question import Wrong
from autodiff_cli.teach.replay import Column
from autodiff_cli.teach.rewriting import Application, Differentiation
from autodiff_cli.teach.saying import Words, words
from autodiff_cli.teach.slips import Mistakes
from autodiff_cli.teach.sweeping import Backpropagation
from autodiff_cli.teach.templates import TOPICS

#: Wrong answers that a question names at most.
MOST = 6

#: How common a slip is that must show in every question; those of a topic must in its own.
COMMON = 12

#: Characters of a wrong formula that is shown.
LONGEST = 70

#: The clause that ends with the right derivative.
_ENDS = re.compile(r"[:;,][^:;,]*$")

#: How far the points lie from the one that is asked about at which functions are told apart.
BESIDE = (0.0, 0.137, 0.291)


class Candidate(NamedTuple):
    """A wrong answer.

    Attributes:
        id: of the slip.
        answers: the number, then those beside the point.
        right: the right numbers there.
        text: what to tell who gives it.
        important: whether it must show.
        formula: the wrong derivative as program text, "" where there is none.
    """

    id: str
    answers: tuple[float, ...]
    right: tuple[float, ...]
    text: str
    important: bool
    formula: str = ""

    @property
    def answer(self) -> float:
        """The number at the point."""
        return self.answers[0]


def alone(id: str, answer: float, right: float, text: str) -> Candidate:
    """Return a wrong answer that is a number and no function; it must show."""
    return Candidate(id=id, answers=(answer,), right=(right,), text=text, important=True)


def named(
    answer: float, candidates: Iterable[Candidate], least: int = 1
) -> tuple[Wrong, ...] | None:
    """Return the wrong answers of a question, the important first.

    Args:
        answer: the right one.
        candidates: the commonest first.
        least: how many there must be.

    Returns:
        None where an important one hides, or there are too few.
    """
    taken = _told_apart(answer, candidates)
    if taken is None or len(taken) < least:
        return None
    return tuple(Wrong(id=one.id, answer=kept(one.answer), text=one.text) for one in taken[:MOST])


def _told_apart(answer: float, candidates: Iterable[Candidate]) -> list[Candidate] | None:
    """Return the candidates that can be told apart; None where an important one hides."""
    taken: list[Candidate] = []
    for one in candidates:
        if not math.isfinite(one.answer):
            continue
        if not apart(one.answer, answer):
            if one.important and not _same(one.answers, one.right):
                return None
            continue
        near = next((other for other in taken if not apart(one.answer, other.answer)), None)
        if near is None:
            taken.append(one)
        elif all((one.important, near.important, one.id != near.id)) and not _same(
            one.answers, near.answers
        ):
            return None
    return sorted(taken, key=lambda one: not one.important)


def _same(one: Sequence[float], other: Sequence[float]) -> bool:
    """Tell whether two functions have the same numbers wherever both have one."""
    return len(one) > 1 and all(
        math.isclose(a, b, rel_tol=1e-7, abs_tol=1e-12)
        for a, b in zip(one, other, strict=True)
        if math.isfinite(a) and math.isfinite(b)
    )


def important(draft: Draft, slip: Slip) -> bool:
    """Tell whether a slip must show in a question: it is common, or its topic's."""
    return (not slip.sweep and slip.rank <= COMMON) or slip.topic in TOPICS[draft.topic].slips


def of_derivative(draft: Draft) -> list[Candidate]:
    """Return what usual slips of calculus make of the derivative."""
    mistakes = Mistakes(draft.graph, draft.by)
    return list(_candidates(draft, mistakes, draft.graph))


def formulas(draft: Draft) -> tuple[Wrong, ...] | None:
    """Return wrong derivatives as formulas, of which no two are the same; None without any."""
    taken = _told_apart(draft.answer, of_derivative(draft))
    found = tuple(
        Wrong(id=one.id, answer=one.formula, text=one.text)
        for one in taken or ()
        if len(one.formula) <= LONGEST
    )
    return found[:MOST] if len(found) > 1 else None


def of_cell(draft: Draft, column: Column, node: int, *, local: bool = False) -> list[Candidate]:
    """Return what usual slips make of one number of a trace.

    Args:
        draft: the question.
        column: value, tangent or adjoint.
        node: of which node.
        local: only slips made in that line, not in those before it.
    """
    if column == "value":
        return list(_of_value(draft, node))
    if column == "adjoint":
        return _of_adjoint(draft, node)
    part = _ending(draft.graph, node)
    found = list(_candidates(draft, Mistakes(part, draft.by), part))
    if local:
        last = part.outputs[0]
        ones = [one for one in Mistakes(part, draft.by).applications if one.node == last]
        found = [one for one in found if one.id in {o.slip.id for o in ones}]
    return found


def _candidates(draft: Draft, mistakes: Mistakes, graph: Graph) -> Iterator[Candidate]:
    rows = mistakes.numbers(_points(draft.at)).tolist()
    right = tuple(rows[0])
    for place, (one, numbers) in enumerate(zip(mistakes.applications, rows[1:], strict=True), 1):
        yield Candidate(
            id=one.slip.id,
            answers=tuple(numbers),
            right=right,
            text=_sentence(mistakes.work, one),
            important=not one.everywhere and important(draft, one.slip),
            formula=str(mistakes.book.select((place,))),
        )


def _of_value(draft: Draft, node: int) -> Iterator[Candidate]:
    """Yield what a line gives that takes another operand than the formula has."""
    graph, value = draft.graph, draft.numbers.value
    slip = SLIPS["wrong-operand"]
    for place, operand in enumerate(graph.operands[node]):
        for other in draft.labels():
            if other < node and other != operand and graph.operations[operand] is not CONSTANT:
                taken = [*graph.operands[node]]
                taken[place] = other
                number = rules.value(graph.operations[node])(*[value[k] for k in taken])
                yield Candidate(id=slip.id, answers=(float(number),), right=(value[node],),
                                text=slip.text, important=False)  # fmt: skip


def _of_adjoint(draft: Draft, node: int) -> list[Candidate]:
    """Return what slips in the sum make of one adjoint."""
    graph = draft.graph
    builder = Builder(graph.variables)
    places = list(range(len(graph.variables)))
    for index in range(len(places), len(graph)):
        places.append(builder.copy(graph, index, places))
    sweeping = Backpropagation(Differentiation(builder, graph, places, draft.by))
    zero = sweeping.work.zero()
    slips = list(sweeping.at(node))
    book = builder.graph([sweeping.adjoints.get(node, zero), *[place for _, _, place in slips]])
    columns = [[float(linearise(book, at, ()).values[k]) for k in book.outputs]
               for at in _points(draft.at)]  # fmt: skip
    rows = list(zip(*columns, strict=True))
    ordered = sorted(zip(slips, rows[1:], strict=True), key=lambda one: one[0][0].rank)
    return [
        Candidate(
            id=slip.id,
            answers=numbers,
            right=rows[0],
            text=_sentence(sweeping.work, Application(
                slip=slip, node=node, place=place, consumer=None if edge is None else edge.consumer
            )),
            important=slip.rank <= 2,
        )
        for (slip, edge, place), numbers in ordered
    ]  # fmt: skip


def _sentence(work: Differentiation, one: Application) -> str:
    """Return what to tell of a slip."""
    _, said = words(work, one)
    return phrase(said, whole=one.node == work.graph.outputs[0] and not one.slip.sweep)


def phrase(said: Words, *, whole: bool) -> str:
    """Return what to tell of a slip, formulas as program text.

    Args:
        said: the sentence; it may end with the right derivative.
        whole: whether that is the whole answer, which is not told; nor is one with cases.
    """
    said = tuple(part for part in said if part != "")
    last = said[-1]
    if isinstance(last, Graph) and (whole or WHERE in last.operations):
        cut = _ENDS.sub("", said[-2]) if len(said) > 1 and isinstance(said[-2], str) else ""
        said = (*said[:-2], cut)
    return "".join(
        part if isinstance(part, str) else expression(part, part.outputs[0]) for part in said
    )


def _points(at: Mapping[str, float]) -> list[dict[str, float]]:
    """Return the point, and two beside it."""
    return [
        {name: value + k * place for place, (name, value) in enumerate(at.items(), start=1)}
        for k in BESIDE
    ]


def _ending(graph: Graph, node: int) -> Graph:
    """Return the formula of one node."""
    return replace(graph, outputs=(node,), titles=()).select((0,))
