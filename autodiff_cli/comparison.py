"""What `compare` says: every method beside SymPy, the operations counted, and claims checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from autodiff_cli import check
from autodiff_cli.answer import GradResult
from autodiff_cli.engine.cost import counts, operations
from autodiff_cli.graph import Graph
from autodiff_cli.opinions.claim import Claim
from autodiff_cli.opinions.methods import Opinion, opinions
from autodiff_cli.report import Answer
from autodiff_cli.verdicts import Verdict

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

#: Nodes up to which the operations of a gradient are counted.
COUNTED = 20_000


class Operations(NamedTuple):
    """Arithmetic operations; None where they were not counted.

    Attributes:
        value: of the value.
        reverse, forward: of the value and the gradient by each mode.
        symbolic: of SymPy's derivatives, as written and with common parts shared.
    """

    value: int
    reverse: int | None
    forward: int | None
    symbolic: tuple[int, int] | None


class Comparison(NamedTuple):
    """Every method beside each other.

    Attributes:
        answer: autodiff's answer with SymPy beside it.
        digits: variable → SymPy's derivative to 30 digits, or a word; empty where it was skipped.
        methods: variable → what each method answers.
        errors: variable → each of those minus SymPy's; None without both.
        operations: the cost, counted.
        claims: the user's derivatives, checked.
    """

    answer: Answer
    digits: Mapping[str, str | None]
    methods: Mapping[str, Sequence[Opinion]]
    errors: Mapping[str, Sequence[float | None]]
    operations: Operations
    claims: tuple[Claim, ...]

    @property
    def verdict(self) -> Verdict:
        """The verdict on autodiff and SymPy."""
        return self.answer.verdict

    @property
    def agrees(self) -> bool:
        """Whether autodiff and SymPy do not contradict each other, and no claim is wrong."""
        return self.verdict != "MISMATCH" and all(one.disagreement is None for one in self.claims)


def comparison(
    expression: str,
    result: GradResult,
    given: Mapping[str, float | list[float]],
    claims: Sequence[Claim],
    client: Client | None,
    seconds: float,
) -> Comparison:
    """Ask every method there is.

    Args:
        expression: the text as typed.
        result: autodiff's answer at one point.
        given: the point as typed.
        claims: the user's derivatives, checked already.
        client: SymPy's process; None where SymPy is not wanted.
        seconds: how long SymPy may think.
    """
    wrt = tuple(result.gradient)
    answer, symbolic = check.answered(
        expression, result, given, "reverse", client, seconds, count=True
    )
    digits = {name: row.values[0] for name, row in (symbolic.derivatives or {}).items()}
    methods = opinions(result.graph, result.at, wrt)
    errors = {
        name: [
            None if row.value is None else check.error(row.value, digits.get(name)) for row in rows
        ]
        for name, rows in methods.items()
    }
    tally = _counted(result.graph, wrt, symbolic.operations)
    return Comparison(answer, digits, methods, errors, tally, tuple(claims))


def _counted(graph: Graph, wrt: tuple[str, ...], symbolic: tuple[int, int] | None) -> Operations:
    """Count operations; of a gradient only where writing it down is quick."""
    if len(graph) > COUNTED:
        return Operations(operations(graph), None, None, symbolic)
    found = counts(graph, wrt)
    return Operations(found.value, found.reverse, found.forward, symbolic)
