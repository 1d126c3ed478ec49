"""The walk through a formula that a derivation is: from the result inwards, a rule a node.

What a rule does not differentiate yet stands in its line, and is a step below it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.constant import literal
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.ops import ADD, SUBTRACT
from autodiff_cli.ops.row import COMPARISON
from autodiff_cli.teach.algebra import extent
from autodiff_cli.teach.calculus import CONSTANT_RULE, POWER_RULE, Line, differentiated
from autodiff_cli.teach.derivation import Derivation, Step, Stretch
from autodiff_cli.teach.kinks import possible
from autodiff_cli.teach.tidying import MOST_SIGNS, tidied


@dataclass(slots=True, kw_only=True)
class Draft:
    """A step that is being made, and the places of its substeps among the drafts."""

    node: int
    line: Line
    same_as: int | None
    number: int
    substeps: list[int] = field(default_factory=list)


def derived(
    graph: Graph,
    stretch: Stretch,
    value: float | None,
    *,
    every: bool = False,
    first: int = 1,
) -> Derivation:
    """Return the derivation of one derivative.

    Args:
        graph: the formula.
        stretch: what is differentiated, and by what.
        value: the derivative at the point, or None.
        every: give x′ = 1 and c′ = 0 lines of their own.
        first: the number of its first step.
    """
    walk = Walk(graph, stretch, every=every)
    drafts = walk.drafts(first)
    fixed = _constants(graph)
    whole = walk.whole()
    ends = [whole, tidied(walk.builder, whole)]
    logarithms = [k for draft in drafts if (k := draft.line.logarithm) is not None]
    book = walk.builder.graph([*[draft.line.node for draft in drafts], *ends, *logarithms])
    put, tidied_up = book.outputs[len(drafts) : len(drafts) + 2]
    places = dict(zip(logarithms, book.outputs[len(drafts) + 2 :], strict=True))
    steps: list[Step] = []
    for place in range(len(drafts) - 1, -1, -1):  # substeps come after the step that needs them
        draft = drafts[place]
        below = tuple(steps[len(drafts) - 1 - k] for k in draft.substeps)
        steps.append(
            Step(
                number=draft.number,
                rule=draft.line.rule,
                law=draft.line.law,
                node=draft.node,
                after=book.outputs[place],
                inner=draft.line.inner,
                logarithm=places.get(-1 if (k := draft.line.logarithm) is None else k),
                same_as=draft.same_as,
                kinks=possible(graph, draft.node, walk.active, fixed),
                substeps=below,
            )
        )
    return Derivation(
        stretch=stretch,
        steps=(steps[-1],),
        book=book,
        active=frozenset(k for k, active in enumerate(walk.active) if active),
        standing={place: node for node, place in walk.standing.items()},
        tidy=written(book, put, tidied_up),
        value=value,
    )


def written(book: Graph, put: int, tidied_up: int) -> tuple[int, ...]:
    """Return which of both forms of a derivative are written: the tidy one where it is no longer.

    Neither, where they are too long.
    """
    short = [node for node in (put, tidied_up) if extent(book, node) <= MOST_SIGNS]
    if len(short) < 2:
        return tuple(short)
    texts = expression(book, put), expression(book, tidied_up)
    better = texts[0] != texts[1] and len(texts[1]) <= len(texts[0])
    return (put, tidied_up) if better else (put,)


def _constants(graph: Graph) -> dict[int, float]:
    """Return node → its number, for those without a variable."""
    values = linearise(graph, dict.fromkeys(graph.variables, 0.0), ()).values
    return {k: float(v) for k, v in enumerate(values) if not graph.dependent[k]}


class Board:
    """A formula in a builder, with a mark for each derivative that may stand in a line.

    Args:
        graph: the formula.
        shown: the nodes whose derivatives may stand.

    Attributes:
        builder: the graph under construction.
        places: node of the formula → its place in the builder.
        standing: node → what stands for its derivative.
    """

    def __init__(self, graph: Graph, shown: Sequence[int] = ()) -> None:
        count = len(graph.variables)
        self.builder = Builder((*graph.variables, *[f"d[{k}]" for k in shown]))  # no name has a [
        self.standing = {node: count + place for place, node in enumerate(shown)}
        self.places = list(range(count))
        for index in range(count, len(graph)):
            self.places.append(self.builder.copy(graph, index, self.places))
        for index, given in graph.names.items():
            self.builder.names.setdefault(self.places[index], given)


class Walk:
    """A derivation under construction.

    Args:
        graph: the formula.
        stretch: what is differentiated, and by what.
        every: give x′ = 1 and c′ = 0 lines of their own.
        board: where the lines are put; one of its own by default.
    """

    def __init__(
        self, graph: Graph, stretch: Stretch, *, every: bool = False, board: Board | None = None
    ) -> None:
        self.graph, self.stretch, self.every = graph, stretch, every
        self.active = stretch.activity(graph)
        shown = [k for k in range(len(graph)) if self.active[k] or every]
        self.board = Board(graph, shown) if board is None else board
        self.builder, self.standing = self.board.builder, self.board.standing

    def drafts(self, first: int = 1) -> list[Draft]:
        """Return the steps, numbered from the first, each before those that it needs."""
        found: list[Draft] = []
        numbers: dict[int, int] = {}
        todo: list[tuple[int, int | None]] = [(self.stretch.root, None)]
        while todo:
            node, parent = todo.pop()
            line = self._line(node, self._stands(node))
            known = numbers.get(node)
            number = 0 if known else len(numbers) + first
            if parent is not None:
                found[parent].substeps.append(len(found))
            if known is None:
                numbers[node] = number
                left = self._left(line.node)
                todo += [(operand, len(found)) for operand in reversed(left)]
            found.append(Draft(node=node, line=line, same_as=known, number=number))
        return found

    def whole(self) -> int:
        """Return the derivative with nothing standing in it."""
        known: dict[int, int] = {}
        for node in sorted(self.graph.below([self.stretch.root], self.stretch.held)):
            if self.active[node] and self.graph.operations[node].precedence != COMPARISON:
                known[node] = self._line(node, known).node
        result = self.stretch.root
        return known[result] if result in known else self._number("0")

    def _stands(self, node: int) -> dict[int, int]:
        """Return operand of a node → what stands for its derivative."""
        found = {}
        sums = self.graph.operations[node] in (ADD, SUBTRACT)
        for operand in self.graph.operands[node]:
            if self.active[operand]:
                simple = operand == self.stretch.by and not self.every
                found[operand] = self._number("1") if simple else self.standing[operand]
            elif self.every and sums:
                found[operand] = self.standing[operand]
        return found

    def _line(self, node: int, standing: Mapping[int, int]) -> Line:
        if node == self.stretch.by:
            return Line(rule=POWER_RULE, node=self._number("1"))
        if not self.active[node]:
            return Line(rule=CONSTANT_RULE, node=self._number("0"))
        return differentiated(
            self.builder, self.graph, node, self.board.places, standing, by=self.stretch.by
        )

    def _left(self, node: int) -> list[int]:
        """Return the nodes whose derivatives still stand in a line, in the order of reading."""
        standing = {place: operand for operand, place in self.standing.items()}
        found: list[int] = []
        todo, met = [node], {node}
        while todo:
            index = todo.pop()
            if index in standing:
                found.append(standing[index])
            for operand in reversed(self.builder.operands[index]):
                if operand not in met:
                    met.add(operand)
                    todo.append(operand)
        return found

    def _number(self, text: str) -> int:
        return self.builder.constant(literal(text))
