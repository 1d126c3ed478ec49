"""The parser's two stacks: nodes that are complete, and what waits for more of them.

Whatever waits notes how many nodes there were before its own, so the nodes above are its operands
and nothing is counted. Plain tuples: one is made for every operator of a text.
"""

from __future__ import annotations

from autodiff_cli.graph.constant import Constant
from autodiff_cli.graph.graph import Builder
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.ops import CONSTANT, POWER
from autodiff_cli.ops.row import PRODUCT, Operation

#: The precedence of an open bracket: no operator binds less.
OPENED = -1

#: A function without brackets binds tighter than `*`, and the factors side by side that are its
#: argument bind tighter than the function.
APPLIED, RUN = PRODUCT + 0.25, PRODUCT + 0.5

#: Precedence, what is applied, nodes below its operands, its token.
Waiting = tuple[float, Operation, int, int]

#: What waits at the bottom: as it were, a bracket around the whole text.
_WHOLE: Waiting = (OPENED, CONSTANT, 0, -1)


class Stack:
    """Nodes and what waits for them.

    Attributes:
        nodes: complete operands.
        waiting: operators that wait for their right operand, brackets that wait to be closed.
        left: operations that may still be made.
        bare: place of a function without brackets → how it was spelled, and the power on it.
    """

    __slots__ = ("_builder", "_make", "bare", "left", "nodes", "waiting")

    def __init__(self, builder: Builder, left: int | None = None) -> None:
        self._builder, self._make = builder, builder.apply
        self.left = limit("operations") if left is None else left
        self.nodes: list[int] = []
        self.waiting: list[Waiting] = [_WHOLE]
        self.bare: dict[int, tuple[str, Constant | None, str]] = {}

    def reduce(self, precedence: float) -> None:
        """Apply what waits and binds at least as tightly as `precedence`."""
        waiting, nodes, make = self.waiting, self.nodes, self._make
        while waiting[-1][0] >= precedence:
            bound, operation, base, at = waiting.pop()
            if len(nodes) - base == 2:
                last = nodes.pop()
                nodes[base] = make(operation, (nodes[base], last))
            elif bound == APPLIED:
                self._apply_bare(operation, base, at)
            else:
                nodes[base:] = (make(operation, tuple(nodes[base:])),)
            self.left -= 1
        if self.left < 0:
            raise exceeded("operations")

    def apply(self, operation: Operation, base: int, spelling: str = "") -> None:
        """Make a node of an operation on the nodes from number `base` on, in their place."""
        nodes = self.nodes
        if len(nodes) - base == 1:
            nodes[base] = self._make(operation, (nodes[base],), spelling)
        else:
            nodes[base:] = (self._make(operation, tuple(nodes[base:]), spelling),)
        self.left -= 1
        if self.left < 0:
            raise exceeded("operations")

    def count(self, operations: int) -> None:
        """Count operations that were made elsewhere."""
        self.left -= operations
        if self.left < 0:
            raise exceeded("operations")

    def _apply_bare(self, operation: Operation, base: int, at: int) -> None:
        """Apply the function without brackets that stands at token `at`, then its power."""
        spelling, exponent, spelled = self.bare.pop(at)
        self.nodes[base] = self._make(operation, (self.nodes[base],), spelling)
        if exponent is not None:
            power = self._builder.constant(exponent, spelled)
            self.nodes[base] = self._make(POWER, (self.nodes[base], power))
            self.left -= 1
