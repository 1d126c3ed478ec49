"""What a derivation is: steps, each one rule of calculus on one node, and the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from autodiff_cli.answers.trace import Trace
from autodiff_cli.engine.brief import brief
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.note import Note
from autodiff_cli.ops.row import Kink
from autodiff_cli.symbolic.question import Form


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Step:
    """One rule on one node.

    Attributes:
        number: its place in the derivation, from 1; of a step that was done before, 0.
        rule: the name of the rule.
        law: where it is the chain rule, the name of the outer function's rule, else "".
        node: the node of the formula; before the rule, its derivative stands.
        after: the node of `Derivation.book` that is the derivative after it.
        inner: the node of the formula that is the inner function of the chain rule, or None.
        logarithm: of logarithmic differentiation, the node of the book that is ln f, or None.
        same_as: the number of the step that this one repeats, or None.
        kinks: where the slope is a convention.
        substeps: the derivatives that still stand after this step, in order.
    """

    number: int
    rule: str
    law: str
    node: int
    after: int
    inner: int | None
    logarithm: int | None
    same_as: int | None
    kinks: tuple[Kink, ...]
    substeps: tuple[Step, ...]

    __repr__ = brief


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What one derivation goes through: from a result inwards to what it is differentiated by.

    Attributes:
        root: the node that is differentiated.
        by: the node that it is differentiated by: a variable, or a named step.
        held: named steps on the way, which stand still.
        name: what `by` is called.
    """

    root: int
    by: int
    name: str
    held: frozenset[int] = frozenset()

    @classmethod
    def whole(cls, graph: Graph, name: str) -> Stretch:
        """Return the way from the result to a variable, through everything."""
        return cls(root=graph.outputs[0], by=graph.variables.index(name), name=name)

    def activity(self, graph: Graph) -> bytearray:
        """Return one byte a node: 1 where it is on the way and moves when `by` does."""
        active = bytearray(len(graph))
        for index in sorted(graph.below([self.root], self.held)):
            moves = any(active[operand] for operand in graph.operands[index])
            active[index] = index == self.by or (moves and index not in self.held)
        return active


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Derivation:
    """The derivative of one node by another, step by step.

    Attributes:
        stretch: what is differentiated, and by what.
        steps: the outermost steps, of which the others are substeps.
        book: every line as a formula, over the variables and what stands for derivatives.
        active: the nodes of the formula that depend on the variable.
        standing: variable of the book, by its place, → the node whose derivative it stands for.
        tidy: the nodes of the book that are the whole derivative: put together, then tidied;
            without those that are too long to be written.
        value: the derivative at the point, as the machine has it; None without a point.
    """

    stretch: Stretch
    steps: tuple[Step, ...]
    book: Graph = field(repr=False)
    active: frozenset[int] = field(repr=False)
    standing: Mapping[int, int]
    tidy: tuple[int, ...]
    value: float | None

    __repr__ = brief

    @property
    def variable(self) -> str:
        """What is differentiated by: a variable, or a named step."""
        return self.stretch.name

    def listed(self) -> list[Step]:
        """Return the steps in the order in which they are read."""
        found: list[Step] = []
        todo = list(reversed(self.steps))
        while todo:
            step = todo.pop()
            found.append(step)
            todo += reversed(step.substeps)
        return found

    @property
    def derivative(self) -> str | None:
        """The derivative as program text, with the steps that it names; None if it is too long."""
        if not self.tidy:
            return None
        return str(self.book.select((self.book.outputs.index(self.tidy[-1]),)))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Total:
    """The derivative of the result by a name, along all paths: the multivariable chain rule.

    Attributes:
        stretch: the result, and the name.
        pieces: for each step that uses the name, the derivation of that step by it, all else held;
            the derivative of the result by that step, times it, is a term of the sum.
        book: the sum as a formula of the named steps.
        form: its node there; None where it is too long to be written.
        value: the number at the point, the adjoint of the name; None without a point.
    """

    stretch: Stretch
    pieces: tuple[Derivation, ...]
    book: Graph = field(repr=False)
    form: int | None
    value: float | None

    __repr__ = brief

    @property
    def derivative(self) -> str | None:
        """The sum as program text, with the steps that it names; None if it is too long."""
        if self.form is None:
            return None
        return str(self.book.select((self.book.outputs.index(self.form),)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """SymPy's derivative beside one that was derived.

    Attributes:
        text: SymPy's formula, "" where there is none.
        latex: the same in LaTeX.
        equal: whether both are equal at all points; None where that could not be checked.
        points: at how many points they were compared.
        reason: why there is no formula, or "".
        shorter: the formula in a shorter form, or None.
    """

    text: str
    latex: str
    equal: bool | None
    points: int
    reason: str = ""
    shorter: Form | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Explanation:
    """Why the derivatives of a formula are what they are.

    Attributes:
        graph: the formula.
        at: the point; empty where there is none.
        derivations: variable → its derivation.
        recorded: the sweeps at the point, or None.
        notes: departures from plain calculus at the point.
        expression: the text as typed; the formula as program text where there is none.
        most: how many lines are shown; None is all, with the result.
        hint: whether only the name of the next rule is shown after them.
        beside: asks SymPy whether each derivative is its own too, when it is called, and answers
            variables differentiated by in turn → what it has; None where it is not asked.
        pieces: of a formula with named steps, the derivation of each step by each name in it.
        totals: what they add up to: the derivative of the result by each step, from the last one
            back, then by each variable.
        further: the derivations of the second derivative from the first, and so on; none after
            one that does not vary.
    """

    graph: Graph
    at: Mapping[str, float]
    derivations: Mapping[str, Derivation]
    recorded: Trace | None
    notes: tuple[Note, ...]
    expression: str = ""
    most: int | None = None
    hint: bool = False
    beside: Callable[[], Mapping[tuple[str, ...], Beside]] | None = field(default=None, repr=False)
    pieces: tuple[Derivation, ...] = field(default=(), repr=False)
    totals: tuple[Total, ...] = field(default=(), repr=False)
    further: tuple[Explanation, ...] = field(default=(), repr=False)

    @property
    def read(self) -> tuple[Derivation, ...]:
        """The derivations whose lines are read: of the steps, where some are named."""
        return self.pieces or tuple(self.derivations.values())

    __repr__ = brief
