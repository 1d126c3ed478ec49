"""Derivatives as formulas, where no point is given: by the rules, and as the machine has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autodiff_cli.engine import higher
from autodiff_cli.engine.brief import brief
from autodiff_cli.errors import AutodiffError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import Reading
from autodiff_cli.notes.note import Note
from autodiff_cli.teach.derivation import Explanation
from autodiff_cli.teach.explain import explain
from autodiff_cli.teach.further import further


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Formulas:
    """Derivatives of a formula as formulas.

    Attributes:
        derived: the derivations; their ends are the derivatives as a book has them.
        machine: variables differentiated by in turn → the derivative as reverse mode writes it, by
            the rules of the operation table.
        giving: what gives the first variable its value: --x 4.
        notes: how the text was read, where that may surprise.
    """

    derived: Explanation
    machine: Mapping[tuple[str, ...], Graph]
    giving: str
    notes: tuple[Note, ...] = ()

    __repr__ = brief


def formulas(
    reading: Reading, wrt: Sequence[str], giving: str, order: int | None = None
) -> Formulas:
    """Return the derivatives of a formula as formulas.

    Args:
        reading: the formula, which has variables.
        wrt: the variables to differentiate by; one, where there is an order.
        giving: what gives the first variable its value.
        order: the last order, or None for the first alone.

    Raises:
        AutodiffError: the formula is too long for its derivative to be read.
    """
    try:
        derived = explain(reading, wrt=wrt)
        if order is not None and wrt:
            derived = further(derived, {}, order)
    except AutodiffError as error:
        raise AutodiffError(error.message, mend=f"give a point: {giving}") from None
    machine: dict[tuple[str, ...], Graph] = {}
    for name in derived.derivations:
        graph = reading.graph
        for count in range(1, 2 + len(derived.further)):
            graph = higher.derivative(graph, name)
            machine[(name,) * count] = graph
    return Formulas(
        derived=derived,
        machine=machine,
        giving=giving,
        notes=tuple(Note(None, "reading", text) for text in reading.remarks),
    )
