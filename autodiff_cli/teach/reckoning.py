"""One statement of a student's, judged: it is true, or follows from what stands before it, or not.

Three accounts are kept: the truth; the student's own, where only what is wrong differs from it; and
the numbers as they were typed, which are rounded.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from autodiff_cli.graph.graph import Graph
from autodiff_cli.teach.binding import Binding, near, same
from autodiff_cli.teach.handwriting import Statement
from autodiff_cli.teach.naming import Names
from autodiff_cli.teach.neighbourhood import alike
from autodiff_cli.teach.own import Sweeps
from autodiff_cli.teach.quantity import Expression, Quantity, Written
from autodiff_cli.teach.substitution import readings
from autodiff_cli.teach.typed import Typed

Status = Literal["right", "follows", "wrong", "rounded", "unreadable"]

#: From the worst to the best.
WORST: tuple[Status, ...] = ("wrong", "rounded", "follows", "right", "unreadable")

#: A number is not rounded too early while it is off by no more than so many units of its last
#: digit, and by no more than this share.
UNITS, SHARE = 3, 2e-3


#: Derivatives that were found to be 1, any of which need not be written as a factor.
MOST_ONES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A statement and how it stands.

    Attributes:
        quantity: what it is about; None where it is unreadable.
        sides: what it was said to be, as far as it can be read, each with how it stands.
        status: the worst of them.
        tainted: whether what the quantity is made of was wrong already.
        off: of a rounded number, how far it is off, as a share.
    """

    quantity: Quantity | None
    sides: tuple[tuple[Expression, Status], ...] = ()
    status: Status = "unreadable"
    tainted: bool = False
    off: float | None = None

    @property
    def number(self) -> Typed | None:
        """The last number that it ends in, if any."""
        numbers = [side.number for side, _ in self.sides if side.number is not None]
        return numbers[-1] if numbers else None


class Reckoning:
    """The accounts of one sheet.

    Args:
        graph: the formula.
        at: variable → an array: the point that was asked about, then others.
        given: whether the first point was asked about; numbers are of it.

    Attributes:
        ahead: statements that come after the one that is judged.
    """

    def __init__(self, graph: Graph, at: Mapping[str, Any], *, given: bool) -> None:
        self.graph, self.given = graph, given
        self.truth, self.own, self.typed = (Sweeps(graph, at) for _ in range(3))
        self.names = Names(graph)
        self.binding = Binding(self.names, self.truth)
        self.last: Written | None = None
        self.ahead: Sequence[Statement] = ()
        self.alike = alike(graph, at, given=given)

    def _same(self, one: Any, other: Any) -> bool:
        """Tell whether two are the same function around the point, on its side of every kink."""
        return same(one[self.alike], other[self.alike])

    def judged(self, statement: Statement) -> Judged:
        """Judge a statement, and keep what it says for those after it."""
        written = self.names.target(statement.left) if statement.left else self.last
        self.last = written
        sides = [side for text in statement.sides if (side := self.names.expression(text))]
        quantity = None if written is None or not sides else self._quantity(written, sides)
        if quantity is None:
            return Judged(quantity=None)
        truth = self.truth.quantity(quantity)
        expected = self.own.expected(quantity)
        tainted = not all(same(each, truth) for each in expected)
        found: list[tuple[Expression, Status]] = []
        for side in sides:
            if self.given or side.number is None or self._constant(truth):
                found.append((side, self._side(quantity, side, found, tainted=tainted)))
        if not found:
            return Judged(quantity=None)
        status = min((status for _, status in found), key=WORST.index)
        one = Judged(
            quantity=quantity,
            sides=tuple(found),
            status=status,
            tainted=tainted,
            off=self._off(truth, found) if status == "rounded" else None,
        )
        self._keep(quantity, one, truth)
        return one

    def _constant(self, numbers: Any) -> bool:
        return bool((numbers == numbers[0]).all())

    def _off(self, truth: Any, sides: Sequence[tuple[Expression, Status]]) -> float | None:
        """Return how far a rounded number is off, as a share of the right one."""
        [number] = [side.number for side, status in sides if status == "rounded"][:1]
        right = float(truth[0])
        return None if number is None or not right else abs(number.value - right) / abs(right)

    def _quantity(self, written: Written, sides: list[Expression]) -> Quantity | None:
        """Return what a statement is about; a name that is new gets its node."""
        fresh = written.by if written.back else written.of
        assert fresh is not None
        if written.by is None and not self._bound(fresh):
            node = self._defined(fresh, sides)
            if node is None:
                return None
            self.binding.take(fresh, node)
            self._adopt(node, sides)
            return Quantity(node)
        if self.names.node(fresh, bold=True) is None:
            node = self.binding.meant(fresh, sides)
            if node is None:
                return None
            self.binding.take(fresh, node)
        return self.names.quantity(written, bold=True)

    def _defined(self, name: str, sides: list[Expression]) -> int | None:
        """Return the node that a line defines: of the formula, or one of the student's own."""
        side = next((side for side in sides if side.graph is not None), None)
        if side is not None:
            found = self.binding.equal(name, side)
            if found is not None:
                return found
            if (own := self._helper(sides)) is not None and self._used(name, own):
                return own
            self._drop(own)
        found = self.binding.defined(name, sides)
        return self._helper(sides) if found is None else found

    def _drop(self, node: int | None) -> None:
        for account in (self.truth, self.own, self.typed):
            if node is not None and account.lines.pop(node, None) is not None:
                account.change()

    def _used(self, name: str, node: int) -> bool:
        """Tell whether a later line makes a node of the formula from one of the student's own."""
        known, spelled = dict(self.names.nodes), dict(self.names.spelled)
        self.names.add(name, node)
        try:
            for statement in self.ahead:
                for text in statement.sides if name in "".join(statement.sides) else ():
                    side = self.names.expression(text)
                    if side is None or Quantity(node) not in side.quantities.values():
                        continue
                    if self.binding.equal("", side) is not None:
                        return True
            return False
        finally:
            self.names.nodes, self.names.spelled = known, spelled

    def _bound(self, name: str) -> bool:
        """Tell whether a name has a node already; that of the result may still get another."""
        return self.names.known(name) and (
            self.names.node(name) in self.binding.taken
            or name in self.graph.variables
            or name in self.graph.names.values()
        )

    def _helper(self, sides: list[Expression]) -> int | None:
        """Return a node of the student's own for an expression that is none of the formula's."""
        for side in sides:
            if side.graph is not None and all(q.by is None for q in side.quantities.values()):
                node = max([len(self.graph) - 1, *self.truth.lines]) + 1
                for account in (self.truth, self.own, self.typed):
                    account.lines[node] = side
                    account.change()
                return node
        return None

    def _adopt(self, node: int, sides: list[Expression]) -> None:
        """Make a node from what the student made it from: from own nodes, or from wrong ones."""
        side = next((side for side in sides if side.graph is not None), None)
        if side is None or any(q.by is not None for q in side.quantities.values()):
            return
        if node in self.truth.lines or node < len(self.graph.variables):
            return
        below = {q.of for q in side.quantities.values()}
        if node in self.own.reached(below):
            return
        right = same(self.truth.evaluated(side), self.truth.quantity(Quantity(node)))
        accounts = [self.own, self.typed]
        if right:
            if all(k < len(self.graph) for k in below):
                return
            accounts.append(self.truth)
        for account in accounts:
            account.lines[node] = side
            account.change()

    def _side(
        self,
        quantity: Quantity,
        side: Expression,
        before: Sequence[tuple[Expression, Status]],
        *,
        tainted: bool,
    ) -> Status:
        """Return how one side of an equation stands."""
        truth = self.truth.quantity(quantity)
        if side.number is not None:
            return self._number(quantity, side.number, truth, before, tainted=tainted)
        if any(self._true(quantity, each, truth) for each in self._readings(side)):
            return "right"
        known = [self.own.evaluated(one) for one, status in before if one.graph is not None]
        if (kept := self.own.numbers.get(Quantity(quantity.of, quantity.by))) is not None:
            known.append(kept)
        known += self.own.expected(quantity) if tainted else []
        for each in self._readings(side):
            numbers = self.own.evaluated(each)
            if any(self._same(numbers, e) for e in known):
                return "follows"
        return "wrong"

    def _true(self, quantity: Quantity, side: Expression, truth: Any) -> bool:
        """Tell whether an expression is a quantity; a factor may lack that was found to be 1."""
        numbers = self.truth.evaluated(side)
        if self._same(numbers, truth):
            return True
        if quantity.by is None:
            return False
        ones = [
            one for one, typed in self.typed.numbers.items()
            if one.by is not None and one != quantity and typed[0] == 1
        ]  # fmt: skip
        found = [self.truth.quantity(one) for one in ones[-MOST_ONES:]]
        return any(self._same(numbers * one, truth) for one in found if near(one, 1.0)[0])

    def _number(
        self,
        quantity: Quantity,
        number: Typed,
        truth: Any,
        before: Sequence[tuple[Expression, Status]],
        *,
        tainted: bool,
    ) -> Status:
        """Return how a number stands, at the point that was asked about."""
        right = float(truth[0])
        if number.equals(right):
            return "right"
        off = abs(number.value - right)
        if number.unit and off <= UNITS * number.unit and off <= SHARE * abs(right):
            return "right"
        if tainted and any(number.equals(float(e[0])) for e in self.own.expected(quantity)):
            return "follows"
        kept = self.own.numbers.get(Quantity(quantity.of, quantity.by))
        if kept is not None and number.equals(float(kept[0])):
            return "follows"
        rounded = [float(e[0]) for e in self.typed.expected(quantity)]
        for side, status in before:
            if side.graph is not None and status != "wrong":
                rounded.append(float(self.typed.evaluated(side)[0]))
                if status == "follows" and number.equals(float(self.own.evaluated(side)[0])):
                    return "follows"
        if any(number.equals(value) for value in rounded):
            return "follows" if tainted else "rounded"
        if before and before[-1][1] == "wrong":  # what it says of a wrong expression may be right
            value = float(self.own.evaluated(before[-1][0])[0])
            return "follows" if number.equals(value) else "wrong"
        return "wrong"

    def _readings(self, side: Expression) -> Iterator[Expression]:
        """Yield the ways to read an expression: numbers of a point that is given may be names."""
        if self.given:
            yield from readings(side, self.names, self.truth)
        else:
            yield side

    def _keep(self, quantity: Quantity, one: Judged, truth: Any) -> None:
        """Put what was said into the accounts."""
        plain = Quantity(quantity.of, quantity.by)
        number = one.number
        if self.given and number is not None:
            kept = self.typed.quantity(plain).copy()
            kept[0] = number.value
            self.typed.numbers[plain] = kept
            self.typed.change()
        if one.status == "right" and one.tainted:  # the student has it from elsewhere
            self.own.numbers[plain] = truth
            self.own.change()
        if one.status != "wrong":
            return
        wrong = next(side for side, status in one.sides if status == "wrong")
        if wrong.graph is not None and plain.of in self.own.lines and plain.by is None:
            numbers = self.own.quantity(plain).copy()  # the line itself stands in the account
        elif wrong.graph is not None:
            numbers = self.own.evaluated(wrong).copy()
        else:
            numbers = truth * math.nan
        if self.given and number is not None:
            if (
                wrong.graph is not None
                and near(numbers, number.value)[0]
                and plain.of in self.own.lines
            ):
                return
            numbers[0] = number.value
        self.own.numbers[plain] = numbers
        self.own.change()

    def learn(self, quantity: Quantity, numbers: Any) -> None:
        """Say what a wrong number is elsewhere, where the slip that gives it is known."""
        plain = Quantity(quantity.of, quantity.by)
        kept = self.own.numbers.get(plain)
        if kept is not None:
            kept[1:] = numbers[1:]
            self.own.change()
