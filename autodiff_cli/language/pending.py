"""What waits on the parser's stack: operators for their right operand, brackets to be closed.

Plain slots, not dataclasses: one is made for every operator of a text.
"""

from __future__ import annotations

from autodiff_cli.language.tokens import Token
from autodiff_cli.ops import CONSTANT
from autodiff_cli.ops.row import Operation

_OPENER = -1


class Pending:
    """An operator that waits for its right operand.

    Attributes:
        precedence: how tightly it binds.
        at: its token.
        operation: what is applied, to `count` operands.
    """

    __slots__ = ("at", "count", "operation", "precedence")

    def __init__(self, precedence: int, at: int, operation: Operation, count: int = 2) -> None:
        self.precedence, self.at, self.operation, self.count = precedence, at, operation, count


class Opener(Pending):
    """A bracket, a bar or a function's bracket that waits to be closed, with `count` arguments.

    Attributes:
        call: the function's name, if it is a function's bracket; `power` stands on that name.
    """

    __slots__ = ("bar", "call", "power")

    def __init__(
        self, at: int, *, bar: bool = False, call: Token | None = None, power: Token | None = None
    ) -> None:
        super().__init__(_OPENER, at, CONSTANT, 1)
        self.bar, self.call, self.power = bar, call, power
