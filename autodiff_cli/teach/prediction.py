"""Numbers of a frame that are asked for before they are shown, and which slip gives a wrong one.

The slips of the sweep are the catalogue's, with the frame's own numbers in them.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from autodiff_cli.engine.linearise import linearise
from autodiff_cli.errors import AutodiffError, ExpressionError
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.language.parser import read
from autodiff_cli.ops import MULTIPLY
from autodiff_cli.teach.catalogue import SLIPS, Rewrite, Slip
from autodiff_cli.teach.frames import FOLLOWED, Frame
from autodiff_cli.teach.sentences import Parts
from autodiff_cli.teach.typed import Typed, typed

#: What is asked for: a node's value; its tangent; the adjoint that a sweep begins with, or that
#: gets nothing; what an adjoint gets over an edge; what it holds then.
Kind = Literal["value", "tangent", "seed", "term", "sum"]

#: An adjoint or a tangent as it is shown, or typed without marks: w̄3, bar w3.
_MARKED = re.compile(r"(?:(bar|dot)[ _]*)?([^\W\d_])([\u0304\u0307]?)(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What meets on an edge; the names are those of the catalogue's rewrites.

    Attributes:
        arriving: the adjoint, or forward the tangent, that is passed on.
        partial: what it is multiplied by.
        own: the value of the operand.
        value, tangent: of the node that it arrives from.
        product: whether the edge leads out of a product of two.
        several: whether it is one of several that are added.
        forward: whether the sweep runs forward.
        consumer, operand: the labels of its ends.
    """

    arriving: float
    partial: float
    own: float
    value: float
    tangent: float
    product: bool
    several: bool
    forward: bool
    consumer: str
    operand: str

    def numbers(self) -> dict[str, float]:
        """Return the names of a rewrite with their numbers."""
        names = ("arriving", "partial", "own", "value", "tangent")
        return {name: getattr(self, name) for name in names}

    def meets(self, rewrite: Rewrite) -> bool:
        """Tell whether a rewrite is about such an edge."""
        return {
            "edge": True,
            "edge back": not self.forward,
            "product edge": self.product,
            "one edge of several": self.several,
        }.get(rewrite.of, False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One number of a frame.

    Attributes:
        frame: where it is found out.
        kind: what it is.
        name: of a tangent, the variable that moves; else "".
        right: the number.
        sentence: which of the frame's sentences tells it.
    """

    frame: Frame
    kind: Kind
    name: str = ""
    right: float
    sentence: int = 0

    def asked(self) -> Parts:
        """Return the question as prose and formulas."""
        wording, step = self.frame.of.wording, self.frame.step
        signs, label = wording.signs, wording.signs.label(step.label)
        called = self.frame.of.report.graph.called
        if self.kind == "value":
            return signs.formula(f"{label} = {wording.operation(step)}"), " = ?"
        if self.kind == "tangent":
            moves = (" move when ", signs.name(self.name), " does?")
            return signs.tangent(step.label), " = ?  How fast does ", label, *moves
        here = signs.adjoint(step.label)
        if self.kind == "seed":
            return here, " = ?  How fast does ", called, " move when ", label, " does?"
        consumer = signs.label(self.frame.consumer.label if self.frame.consumer else "")
        if self.kind == "term":
            return "What does ", here, " get from ", consumer, "?"
        return here, " = ?  It had ", signs.number(self.frame.before or 0.0), " before."


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What is said of an answer.

    Attributes:
        right: whether it is.
        slip: the usual slip that gives it, or None.
        said: what to tell the student, "" where it is right.
    """

    right: bool
    slip: Slip | None = None
    said: str = ""


def questions(frame: Frame) -> tuple[Question, ...]:
    """Return the numbers of a frame that can be asked for, in order: those that are finite."""
    return tuple(one for one in _questions(frame) if math.isfinite(one.right))


def _questions(frame: Frame) -> Iterator[Question]:
    step = frame.step
    if frame.sweep == "forward":
        if step.edges:
            yield Question(frame=frame, kind="value", right=step.value)
        for place, (name, tangent) in enumerate((step.tangents or {}).items(), 1):
            if place <= FOLLOWED:
                yield Question(
                    frame=frame, kind="tangent", name=name, right=tangent, sentence=place
                )
    elif frame.part is None:
        yield Question(frame=frame, kind="seed", right=frame.adjoints[frame.node])
    else:
        yield Question(frame=frame, kind="term", right=frame.part.product)
        if frame.before is not None:
            yield Question(frame=frame, kind="sum", right=frame.adjoints[frame.node])


def judged(question: Question, text: str) -> Response:
    """Judge an answer: a number, or an expression over what is known by now.

    Args:
        question: what was asked.
        text: what was typed; nodes and variables stand for their values, `bar w3` and `dot w3`
            for adjoints and tangents.

    Raises:
        AutodiffError: it cannot be read.
    """
    answer = _number(question, text)
    if answer.equals(question.right):
        return Response(right=True)
    for number, said in _others(question):
        if number != question.right and answer.is_like(number):
            return Response(right=False, said=said)
    for slip, number, passage in _wrong(question):
        if number != question.right and math.isfinite(number) and answer.is_like(number):
            name = f"{slip.name[0].upper()}{slip.name[1:]}"
            said = f"{name}: {_told(slip, question, passage)}"
            return Response(right=False, slip=slip, said=said)
    return Response(right=False)


def answered(question: Question, text: str) -> tuple[bool | None, str]:
    """Return whether an answer is right, None where it cannot be read, and what is said of it."""
    try:
        found = judged(question, text)
    except AutodiffError as error:
        return None, (f"{text} cannot be read: {error.message}. "
                      "Write a number, or a formula such as 3*w1^2.")  # fmt: skip
    if found.right:
        number = question.frame.of.wording.signs.number(question.right)
        return True, f"Right: {number}."
    why = found.said or "It is none of the usual slips"
    return False, f"{text} is not it. {why}. Try again."


def _number(question: Question, text: str) -> Typed:
    """Return the number that a text comes to."""
    known = _known(question)
    apart = _MARKED.sub(_unmarked, unicodedata.normalize("NFD", text))
    answer = typed(unicodedata.normalize("NFC", apart), Builder(tuple(known)).graph([]))
    if not isinstance(answer, Typed):
        values = linearise(answer, {name: known[name] for name in answer.variables}, ()).values
        answer = Typed(value=float(values[answer.outputs[0]]), text=text.strip())
    if not math.isfinite(answer.value):
        raise ExpressionError(f"it comes to {answer.value}", text, 0)
    return answer


def _unmarked(found: re.Match[str]) -> str:
    """Return the name by which an adjoint or a tangent is read."""
    word, letter, mark, digits = found.groups()
    kind = word or {"\u0304": "bar", "\u0307": "dot"}.get(mark, "")
    return f"{kind}_{letter}{digits}" if kind else found[0]


def _known(question: Question) -> dict[str, float]:
    """Return name → number, for all that an answer may stand over."""
    frame = question.frame
    found = dict(frame.of.report.at)
    values = dict(frame.values)
    if question.kind == "value":
        values.pop(frame.node, None)
    found |= values
    for label, adjoint in frame.adjoints.items():
        if label != frame.node:
            found[f"bar_{label}"] = adjoint
    for label, row in frame.tangents.items():
        own = frame.sweep == "forward" and label == frame.node
        name = question.name or next(iter(row), "")
        if name in row and not own:
            found[f"dot_{label}"] = row[name]
    return found


def _others(question: Question) -> Iterator[tuple[float, str]]:
    """Yield what else an answer may be: another number of the same row, or of the same step."""
    frame = question.frame
    label = frame.of.wording.signs.label(frame.node)
    if question.kind == "term" and frame.before is not None:
        yield frame.adjoints[frame.node], "That is the sum after this step: first its new term"
    if question.kind == "tangent":
        yield frame.step.value, f"That is the value of {label}, not its tangent"
    if question.kind in ("term", "sum"):
        yield frame.step.value, f"That is the value of {label}, not its adjoint"
        for tangent in (frame.step.tangents or {}).values():
            yield tangent, f"That is the tangent of {label}, not its adjoint"


def _wrong(question: Question) -> Iterator[tuple[Slip, float, Passage | None]]:
    """Yield the slips of a sweep that can be made here, each with its number."""
    frame = question.frame
    if question.kind == "seed" and frame.node == question.frame.of.report.steps[-1].label:
        yield SLIPS["wrong-seed"], frame.step.value, None
    if question.kind == "sum" and frame.part is not None:
        yield SLIPS["assigned-not-added"], frame.part.product, None
        yield SLIPS["edge-left-out"], frame.before or 0.0, _back(frame)
    if question.kind == "term":
        passage = _back(frame)
        for _, sum_so_far in frame.of.adjoints[passage.consumer][:-1]:
            yield SLIPS["passed-too-early"], sum_so_far * passage.partial, passage
        for slip, rewrite in _rewrites():
            if passage.meets(rewrite) and rewrite.of != "one edge of several":
                yield slip, _rewritten(rewrite.wrong, passage), passage
    if question.kind == "tangent":
        yield from _forward(frame, question.name)
    asked_last = "term" if frame.before is None else "sum"
    if frame.ends_gradient and question.kind == asked_last:
        yield SLIPS["not-zeroed"], 2 * question.right, None


def _forward(frame: Frame, name: str) -> Iterator[tuple[Slip, float, Passage | None]]:
    """Yield the slips of a tangent: at one of the edges that lead to the node, or at all."""
    passages = _ahead(frame, name)
    terms = [one.arriving * one.partial for one in passages]
    for slip, rewrite in _rewrites():
        wrong = [
            _rewritten(rewrite.wrong, one) if one.meets(rewrite) else term
            for one, term in zip(passages, terms, strict=True)
        ]
        if rewrite.of != "one edge of several" and passages:
            yield slip, sum(wrong), passages[0]
        for place, passage in enumerate(passages):
            if passage.meets(rewrite):
                yield slip, sum([*terms[:place], wrong[place], *terms[place + 1 :]]), passage


def _back(frame: Frame) -> Passage:
    """Return what meets on the edge of a frame of the reverse sweep."""
    assert frame.part is not None
    assert frame.consumer is not None
    graph, consumer = frame.of.report.graph, frame.consumer
    tangents = consumer.tangents or {}
    return Passage(
        arriving=frame.part.adjoint,
        partial=frame.part.partial,
        own=frame.step.value,
        value=consumer.value,
        tangent=next(iter(tangents.values()), math.nan),
        product=graph.operations[consumer.node] is MULTIPLY,
        several=len(frame.step.contributions) > 1,
        forward=False,
        consumer=consumer.label,
        operand=frame.node,
    )


def _ahead(frame: Frame, name: str) -> list[Passage]:
    """Return what meets on each edge that leads to the node of a frame of the forward sweep."""
    graph, step = frame.of.report.graph, frame.step
    edges = [(edge, edge.partial) for edge in step.edges if edge.partial is not None]
    return [
        Passage(
            arriving=frame.tangents[edge.operand][name],
            partial=partial,
            own=frame.values[edge.operand],
            value=frame.values[edge.operand],
            tangent=math.nan,
            product=graph.operations[step.node] is MULTIPLY,
            several=len(edges) > 1,
            forward=True,
            consumer=frame.node,
            operand=edge.operand,
        )
        for edge, partial in edges
    ]


@lru_cache(maxsize=1)
def _rewrites() -> tuple[tuple[Slip, Rewrite], ...]:
    return tuple(
        (slip, rewrite) for slip in SLIPS.values() if slip.sweep for rewrite in slip.rewrites
    )


@lru_cache(maxsize=64)
def _formula(text: str) -> Graph:
    return read([text], ()).graph


def _rewritten(text: str, passage: Passage) -> float:
    """Return what passes an edge where a slip is made there."""
    graph = _formula(text)
    numbers: Mapping[str, float] = passage.numbers()
    values = linearise(graph, {name: numbers[name] for name in graph.variables}, ()).values
    return float(values[graph.outputs[0]])


def _told(slip: Slip, question: Question, passage: Passage | None) -> str:
    """Return the catalogue's sentence with the labels of the place."""
    frame, signs = question.frame, question.frame.of.wording.signs
    found = {"node": signs.label(frame.node), "uses": str(len(frame.step.contributions))}
    if slip.id == "passed-too-early" and passage is not None:
        found["node"] = signs.label(passage.consumer)
    if passage is not None:
        found |= {
            "consumer": signs.label(passage.consumer),
            "operand": signs.label(passage.operand),
        }
    return re.sub(r"\{(\w+)\}", lambda match: found.get(match[1], match[0]), slip.text)
