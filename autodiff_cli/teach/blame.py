"""Which slip a line of a student's shows that is wrong by itself, and what would be right there."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from autodiff_cli.engine.composition import over_variables
from autodiff_cli.errors import AutodiffError
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Builder, Graph
from autodiff_cli.graph.printer import PROGRAM, expression
from autodiff_cli.teach.alterations import signs, turned
from autodiff_cli.teach.binding import near, replaced, same
from autodiff_cli.teach.catalogue import SLIPS
from autodiff_cli.teach.local import Local
from autodiff_cli.teach.quantity import DIRECTION, Expression, Quantity
from autodiff_cli.teach.reckoning import Judged, Reckoning
from autodiff_cli.teach.slips import Finding, Mistakes
from autodiff_cli.teach.typed import Typed

#: Draws of numbers for the names of an expression, by which it is told from another.
DRAWS = 12


def plain(name: str, said: str = "") -> Finding:
    """Return a finding without formulas."""
    slip = SLIPS[name]
    return Finding(slip=slip, node=None, everywhere=False, right=None, said=(said or slip.text,))


class Blame:
    """Looks for the slip of a wrong statement.

    Args:
        reckoning: the accounts of the sheet, as they are after the statement.
        one: the statement, judged.
        left: its left side, as it was written.
    """

    def __init__(self, reckoning: Reckoning, one: Judged, left: str) -> None:
        assert one.quantity is not None
        self.reckoning, self.graph, self.one = reckoning, reckoning.graph, one
        self.quantity, self.left = one.quantity, left
        self.truth = reckoning.truth.quantity(one.quantity)
        self.side = next(side for side, status in one.sides if status == "wrong")

    def right(self) -> str | float | Graph | None:
        """Return what is right: the line with the right name in it, or a number, or a formula."""
        mended = self._mended()
        if mended is None and self.quantity.by is None and self.side.graph is not None:
            mended = self._line()
        if mended is not None:
            return mended
        if self.reckoning.given:
            return float(self.truth[0])
        if self.quantity.by is None or self.quantity.by == DIRECTION:
            return None
        if self.quantity.by < len(self.graph.variables) and self.quantity.of < len(self.graph):
            return Mistakes(self._part(), self.graph.variables[self.quantity.by]).right()
        return None

    def slips(self) -> tuple[Finding, ...]:
        """Return the usual slips that give the statement, the commonest first."""
        found = self._value() if self.quantity.by is None else self._slope()
        distinct = {one.slip.id: one for one in reversed(found)}
        return tuple(sorted(distinct.values(), key=found.index))

    def _value(self) -> list[Finding]:
        """Return the slips of a value."""
        if self.side.graph is not None:
            if self._mended() is not None:
                return [plain("wrong-operand")]
            if any(same(n, self.truth) for n in signs(self.reckoning.truth, self.side)):
                return [plain("sign-lost", "a sign in it is wrong")]
            return []
        assert self.side.number is not None
        return self._number(self.side.number)

    def _number(self, number: Typed) -> list[Finding]:
        """Return the slips of a number where what stands before it is right."""
        before = [side for side, status in self.one.sides if status != "wrong" and side.graph]
        own = self.reckoning.own
        for side in before:
            assert side.graph is not None
            other = turned(side.graph)
            if other is not None:
                numbers = own.evaluated(Expression(
                    text=side.text, graph=other, quantities=side.quantities
                ))  # fmt: skip
                if number.is_like(float(numbers[0])):
                    self.reckoning.learn(self.quantity, numbers)
                    return [plain("degrees")]
        if self.quantity.by is None and (found := self._turned(number)):
            return found
        if number.is_like(-float(self.truth[0])):
            return [plain("sign-lost", "its sign is wrong")]
        return [plain("miscalculated")] if before else []

    def _turned(self, number: Typed) -> list[Finding]:
        """Return the slip of degrees where a node's own operation gives the number with them."""
        node = self.quantity.of
        if node >= len(self.graph) or self.graph.operations[node] is VARIABLE:
            return []
        values = self.reckoning.own.values()
        operands = self.graph.operands[node]
        builder = Builder([f"N{k}" for k in range(len(operands))])
        place = builder.apply(self.graph.operations[node], tuple(range(len(operands))))
        other = turned(builder.graph([place]))
        if other is None:
            return []
        line = Expression(
            text="", graph=other, quantities={f"N{k}": Quantity(n) for k, n in enumerate(operands)}
        )
        numbers = line.evaluated({Quantity(n): values[n] for n in operands})
        return [plain("degrees")] if number.is_like(float(numbers[0])) else []

    def _slope(self) -> list[Finding]:
        """Return the slips of a derivative: at its node, then anywhere below it."""
        if self.side.number is not None:
            before = [side for side, status in self.one.sides if status != "wrong" and side.graph]
            if before:
                return self._number(self.side.number)
        back, by = self.quantity.back, self.quantity.by
        bare = all(q.by is None and q.of < len(self.graph.variables)
                   for q in self.side.quantities.values())  # fmt: skip
        ways: list[Callable[[], tuple[Finding, ...]]]
        ways = [partial(self._local, forward=not back), self._anywhere]
        if bare and self.side.graph is not None and self.quantity.of == self.graph.outputs[0]:
            ways.reverse()  # a derivation on paper
        ways.append(partial(self._local, forward=back))
        for way in ways:
            found = list(way())
            if found:
                calculus = [one for one in found if not one.slip.sweep]
                return calculus if calculus and by != self.quantity.of else found
        if self._mended() is not None:
            return [plain("wrong-operand")]
        if self.side.graph is not None:
            turned_signs = signs(self.reckoning.truth, self.side)
            if any(same(numbers, self.truth) for numbers in turned_signs):
                return [plain("sign-lost", "a sign in it is wrong")]
        return []

    def _local(self, *, forward: bool) -> tuple[Finding, ...]:
        """Return the slips made at the node itself, from the student's own numbers around it."""
        graph, (of, by, _) = self.graph, self.quantity
        if not forward and (of != graph.outputs[0] or by is None or not 0 <= by < len(graph)):
            return ()
        node = of if forward else by
        if node is None or node >= len(graph) or not graph.dependent[node]:
            return ()
        sources: Sequence[int] = range(len(graph.variables))
        if forward and by != DIRECTION:
            if by is None or by >= len(graph):
                return ()
            sources = (by,)
        spelled = {k: n for k, n in self.reckoning.names.spelled.items() if k < len(graph)}
        local = Local(graph, node, sources, forward=forward, called=spelled)
        stands = {Quantity(k): name for k, name in local.values.items()}
        stands |= {
            Quantity(k, by) if forward else Quantity(of, k): name
            for k, name in local.arriving.items()
        }
        free = self._free(local, stands)
        if free is not None and any(free):
            return self._learned(local, free, stands)
        own = self.reckoning.own
        given = {name: own.quantity(quantity) for quantity, name in stands.items()}
        rows = local.numbers(given)
        if self.side.number is not None:
            number = self.side.number
            fits = [number.is_like(_first(row)) for row in rows[1:]]
        else:
            numbers = own.evaluated(self.side)
            fits = [same(numbers, row + 0 * numbers) for row in rows[1:]]
        return self._learned(local, fits, stands)

    def _learned(
        self, local: Local, fits: list[bool], stands: Mapping[Quantity, str]
    ) -> tuple[Finding, ...]:
        """Return the slips that fit; what follows is told by the commonest of them."""
        found = local.findings(fits)
        if found and self.side.number is not None:
            own = self.reckoning.own
            given = {name: own.quantity(quantity) for quantity, name in stands.items()}
            first = local.numbers(given)[1 + fits.index(True)]
            self.reckoning.learn(self.quantity, first + 0 * self.truth)
        return found

    def _free(self, local: Local, stands: Mapping[Quantity, str]) -> list[bool] | None:
        """Tell which slips give the expression itself, whatever its names stand for."""
        plain_names = {
            name: stands.get(Quantity(q.of, q.by)) for name, q in self.side.quantities.items()
        }
        if self.side.graph is None or None in plain_names.values():
            return None
        import numpy

        draw = random.Random(1)
        given = {
            name: numpy.array([draw.uniform(0.5, 2.0) for _ in range(DRAWS)])
            for name in local.book.variables
        }
        for quantity, name in stands.items():  # the derivative of a thing by itself
            if quantity.by == quantity.of and name in given:
                given[name] = numpy.ones(DRAWS)
        numbers = self.side.evaluated(
            {q: given[plain_names[name] or ""] for name, q in self.side.quantities.items()}
        )
        return [bool(numpy.all(near(numbers, row))) for row in local.numbers(given)[1:]]

    def _part(self) -> Graph:
        """Return the formula of the node alone."""
        builder = Builder(self.graph.variables)
        places = list(range(len(self.graph.variables)))
        for index in range(len(places), self.quantity.of + 1):
            places.append(builder.copy(self.graph, index, places))
        return builder.graph([places[self.quantity.of]])

    def _anywhere(self) -> tuple[Finding, ...]:
        """Return the slips that were made anywhere below the node, all in one line."""
        of, by = self.quantity.of, self.quantity.by
        if by is None or not 0 <= by < len(self.graph.variables) or of >= len(self.graph):
            return ()
        graph = self._part()
        answer = self.over_variables()
        point = {name: float(row[0]) for name, row in self.reckoning.truth.at.items()}
        points = [point] if self.reckoning.given else []
        found: tuple[Finding, ...] = ()
        for sweep in (False, True) if self.quantity.back else (False,):
            mistakes = Mistakes(graph, graph.variables[by], sweep=sweep)
            try:
                if self.side.number is not None:
                    found = mistakes.diagnose(points, self.side.number.text)
                elif answer is not None:
                    found = mistakes.diagnose(points, answer)
            except AutodiffError:
                continue
            if found:
                return found
        return ()

    def over_variables(self) -> Graph | None:
        """Return the student's expression over the variables of the formula alone."""
        side = self.side
        if side.graph is None or any(q.by is not None for q in side.quantities.values()):
            return None
        if any(q.of >= len(self.graph) for q in side.quantities.values()):
            return None
        nodes = {name: quantity.of for name, quantity in side.quantities.items()}
        return over_variables(side.graph, self.graph, nodes)

    def _mended(self) -> str | None:
        """Return a wrong line with another name in place of one, where that makes it right.

        Of a derivative, it is the derivative of another node that stands there, or its value.
        """
        names, side = self.reckoning.names, self.side
        if side.graph is None:
            return None
        for quantity in dict.fromkeys(one for one, _, _ in side.spans):
            for node in names.spelled:
                changed = _other(quantity, node)
                if node in (quantity.of, self.quantity.of) or changed is None:
                    continue
                numbers = self.reckoning.truth.evaluated(replaced(side, quantity, changed))
                if same(numbers, self.truth):
                    return self._with(quantity, names.spelled[node])
        return None

    def _with(self, quantity: Quantity, name: str) -> str | None:
        """Return the line with another name wherever a quantity stands; None where none differs."""
        text, place, called = "", 0, self.reckoning.names.spelled.get(_which(quantity), "")
        for found, start, end in self.side.spans:
            if found == quantity:
                text += self.side.text[place:start]
                text += _renamed(self.side.text[start:end], called, name)
                place = end
        text += self.side.text[place:]
        return f"{self.left} = {text}" if text != self.side.text else None

    def _line(self) -> str | None:
        """Return the line that defines a node as the formula has it, in the student's names."""
        node, graph = self.quantity.of, self.graph
        if node >= len(graph) or graph.operations[node] in (VARIABLE, CONSTANT):
            return None
        names = self.reckoning.names.spelled
        if not all(k in names or not graph.dependent[k] for k in graph.operands[node]):
            return None
        shown = {k: names[k] for k in graph.operands[node] if k in names}
        return f"{self.left} = {expression(graph, node, PROGRAM, shown)}"


def _renamed(text: str, old: str, new: str) -> str:
    """Return a quantity as written with another name; an accent stays over the first letter."""
    accents = re.findall(r"[\u0300-\u036f]", text)
    if accents:
        return f"{new[:1]}{accents[0]}{new[1:]}"
    return text.replace(old, new) if old else text


def _which(quantity: Quantity) -> int:
    """Return the node that a quantity is told by: of an adjoint, the one by which."""
    return quantity.by if quantity.back and quantity.by is not None else quantity.of


def _other(quantity: Quantity, node: int) -> Quantity | None:
    """Return the same of another node: its value, its tangent or its adjoint."""
    if quantity.by is None:
        return Quantity(node)
    return Quantity(quantity.of, node, True) if quantity.back else Quantity(node, quantity.by)


def _first(numbers: Any) -> float:
    import numpy

    return float(numpy.ravel(numbers)[0])
