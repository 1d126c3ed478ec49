"""What a slip gives, and a slip that was found: with the sentence for the student."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.teach.catalogue import Slip
from autodiff_cli.teach.saying import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongAnswer:
    """The derivative that a slip gives.

    Attributes:
        slip: which.
        value: the number that it gives.
        node: where it is made, a node of the formula; None where it is of the whole answer.
        everywhere: whether it is made at all places alike.
        hidden: whether the number is the right one too.
        formula: the wrong derivative.
    """

    slip: Slip
    value: float
    node: int | None
    everywhere: bool
    hidden: bool
    formula: Callable[[], Graph] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A slip that gives an answer.

    Attributes:
        slip: which.
        node: where it was made, a node of the formula; None where it is of the whole answer.
        everywhere: whether it was made at all places alike.
        right: the derivative there as it should be, over the formula's variables; None for a
            slip of the whole answer.
        said: what to tell the student: prose, and formulas between it.
    """

    slip: Slip
    node: int | None
    everywhere: bool
    right: Graph | None
    said: Words = field(repr=False)

    @property
    def sentence(self) -> str:
        """What to tell the student, formulas as program text."""
        return self.told(lambda graph: expression(graph, graph.outputs[0]))

    def told(self, shown: Callable[[Graph], str]) -> str:
        """Return what to tell the student; `shown` writes a formula."""
        return "".join(part if isinstance(part, str) else shown(part) for part in self.said)
