"""What holds of every exercise; `python -m tests.exercises` looks at 10,000 of 100 seeds.

The right answers are computed once more by mpmath in sixty digits, without a derivative rule; what
a program leaves in .grad is found by running it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from time import process_time

from mpmath import mp

from autodiff_cli import lab, parse, trace
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.teach.exercises import KINDS, exercises
from autodiff_cli.teach.marking import mark
from autodiff_cli.teach.prose import plain
from autodiff_cli.teach.question import Key, Question
from autodiff_cli.teach.slips import Mistakes
from autodiff_cli.teach.templates import LEVELS, TOPICS
from tests.exact import DIGITS, derivative, value

#: A slip that is among so many commonest may not hide.
COMMON = 12

SEEDS, EACH = 100, 100


def faults(question: Question) -> Iterator[str]:
    """Yield what is wrong with a question."""
    key = question.key
    with mp.workdps(DIGITS):
        yield from _answer(key)
    if mark(question, str(key.answer)).status != "right":
        yield "the right answer is not right"
    for wrong in key.wrong:
        found = mark(question, str(wrong.answer))
        if (found.status, found.diagnosis) != ("wrong", wrong.text):
            yield f"the wrong answer {wrong.answer} is told {found.diagnosis!r}"
    if len({str(wrong.answer) for wrong in key.wrong} | {str(key.answer)}) <= len(key.wrong):
        yield "two answers are one"
    if key.level <= 2:
        yield from _by_hand(question)
    if key.kind == "derivative":
        yield from _hidden(key)
    if question.code:
        yield from _run(question)
    yield from _hints(question)


def _answer(key: Key) -> Iterator[str]:
    """Yield what is wrong with the answer, by values in sixty digits alone."""
    if key.form == "choice":
        return
    graph = parse(key.expression)
    if key.kind == "kink":
        slopes = sorted(_beside(graph, key, side) for side in (1, -1))
        if not slopes[0] - 1e-6 <= key.answer <= slopes[1] + 1e-6:
            yield f"the slopes on both sides are {slopes}"
        return
    if key.kind == "grad":
        return
    if key.cell is not None:
        exact = _cell(graph, key)
    else:
        exact = derivative(graph, key.at, key.by)
    if key.form == "formula":
        found = value(parse(str(key.answer), variables=graph.variables), key.at)
    else:
        found = mp.mpf(key.answer)
    if abs(found - exact) > 1e-8 * abs(exact) + 1e-12:
        yield f"the answer is {found}, and by mpmath {mp.nstr(exact, 12)}"


def _beside(graph: Graph, key: Key, side: int) -> float:
    """Return the slope on one side of a point."""
    step = side * mp.mpf("1e-25")
    near = {**key.at, key.by: mp.mpf(key.at[key.by]) + step}
    return float((value(graph, near) - value(graph, key.at)) / step)


def _run(question: Question) -> Iterator[str]:
    """Yield what is wrong with what a program leaves in .grad, by running it in the lab."""
    key = question.key
    names: dict[str, object] = {"torch": lab}
    try:
        exec("\n".join(question.code), names)  # noqa: S102
    except lab.LabError:
        if key.form != "choice":
            yield "the program raises an error"
        return
    held = names[key.by].grad.item()  # type: ignore[attr-defined]
    if key.form == "choice" or abs(held - key.answer) > 1e-8 * abs(held):
        yield f"the program leaves {held}"


def _cell(graph: Graph, key: Key) -> object:
    """Return a number of a trace: a value, or a difference in sixty digits."""
    assert key.cell is not None
    node = next(k for k, label in graph.named().items() if label == key.cell.label)
    part = graph_of(graph, node)
    if key.cell.column == "value":
        return value(part, key.at)
    if key.cell.column == "tangent":
        return derivative(part, key.at, key.by)
    step = mp.mpf("1e-20")
    here = value(part, key.at)
    sides = [moved(graph, key, node, here + side * step) for side in (1, -1)]
    return (sides[0] - sides[1]) / (2 * step)


def graph_of(graph: Graph, node: int) -> Graph:
    """Return the formula of a node."""
    return replace(graph, outputs=(node,), titles=()).select((0,))


def moved(graph: Graph, key: Key, node: int, number: object) -> object:
    """Return the result where one node has another number."""
    builder = Builder((*graph.variables, "moved"))
    places = list(range(len(graph.variables)))
    for index in range(len(places), len(graph)):
        places.append(builder.copy(graph, index, places))
        if index == node:
            places[node] = len(graph.variables)
    return value(builder.graph([places[graph.outputs[0]]]), {**key.at, "moved": number})


def digits(number: float) -> int:
    """Return how many digits a number has, written out."""
    text = f"{abs(number):.12f}".rstrip("0").rstrip(".")
    return sum(sign.isdigit() for sign in text) if float(text) == abs(number) else 99


def _by_hand(question: Question) -> Iterator[str]:
    key = question.key
    numbers = [*key.at.values(), *([key.answer] if isinstance(key.answer, float) else [])]
    if key.expression and key.kind in ("derivative", "formula", "trace", "adjoint", "slip"):
        for step in trace(parse(key.expression), key.at, wrt=[key.by]).steps:
            numbers += [step.value, step.adjoint or 0.0, (step.tangents or {})[key.by]]
            numbers += [edge.partial for edge in step.edges if edge.partial is not None]
    for number in numbers:
        if digits(float(number)) > 3:
            yield f"the number {number} does not come out by hand"


def _hidden(key: Key) -> Iterator[str]:
    """Yield the common slips, and those of the topic, whose number is the right one."""
    graph = parse(key.expression)
    beside = {name: number + 0.173 for name, number in key.at.items()}
    mistakes = Mistakes(graph, key.by)
    there = {id(one.slip): one for one in mistakes.wrong_answers(beside)}
    for one in mistakes.wrong_answers(key.at):
        common = one.slip.rank <= COMMON or one.slip.topic in TOPICS[key.topic].slips
        if one.hidden and common and not one.everywhere and id(one.slip) in there:
            wrong = one.formula()
            with mp.workdps(DIGITS):
                same = abs(value(wrong, beside) - derivative(graph, beside, key.by)) < 1e-12
            if not same:
                yield f"the slip {one.slip.id} hides"


def _hints(question: Question) -> Iterator[str]:
    """Yield hints that have the answer in them."""
    key = question.key
    if isinstance(key.answer, float) and abs(key.answer) > 20:
        for hint in question.hints:
            if f" {key.answer:g} " in f" {plain(hint)} ":
                yield "a hint has the answer in it"


def main() -> int:
    """Look at all exercises; return how many are at fault."""
    started = process_time()
    kinds: Counter[str] = Counter()
    wrong, asked = 0, 0
    for seed in range(1, SEEDS + 1):
        level = LEVELS[seed % len(LEVELS)]
        found = exercises(level=level, seed=seed, count=EACH)
        for question in found:
            asked += 1
            kinds[question.key.kind] += 1
            for fault in faults(question):
                wrong += 1
                key = question.key
                print(f"seed {seed}, {key.id} ({key.kind}, {key.topic}, {key.expression}): {fault}")
    assert kinds.keys() == KINDS.keys()
    print(f"{SEEDS} seeds, {SEEDS * EACH:,} exercises, {asked:,} questions: {wrong} faults,"
          f" {process_time() - started:.0f} s")  # fmt: skip
    print(", ".join(f"{kind} {count:,}" for kind, count in kinds.most_common()))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
