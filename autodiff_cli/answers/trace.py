"""What `trace` says: one step for each w_i, with its edges and contributions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from autodiff_cli.answers.gradient import GradResult, linearised
from autodiff_cli.answers.reading import reading_of
from autodiff_cli.engine import forward, point, record, reverse
from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.record import Step
from autodiff_cli.errors import AutodiffError, one_of
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import PROGRAM, Notation, expression
from autodiff_cli.language.parser import Reading
from autodiff_cli.notes.note import Note

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SymbolicNodes:
    """SymPy's derivative of each w_i and its value, beside the tangents.

    Attributes:
        wrt: the variables.
        found: label → (derivative, its value, derivative in LaTeX) for each variable.
    """

    wrt: tuple[str, ...]
    found: Mapping[str, Mapping[str, tuple[str, float | str, str]]]

    __repr__ = brief

    def node(self, label: str) -> dict[str, dict[str, float | str]]:
        """Return variable → derivative and value of one node."""
        rows = self.found.get(label, {})
        return {name: {"derivative": row[0], "value": row[1]} for name, row in rows.items()}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Trace:
    """The record of both sweeps at one point.

    Attributes:
        graph, at: the formula and the point.
        wrt: the variables differentiated with respect to.
        value, gradient: the answer.
        steps: one for each w_i.
        notes: departures from plain calculus.
        symbolic: SymPy's derivatives beside the tangents, or None.
        expression: the text as typed; the formula as program text where there is none.
    """

    graph: Graph
    at: Mapping[str, float]
    wrt: tuple[str, ...]
    value: float
    gradient: Mapping[str, float]
    steps: tuple[Step, ...] = field(repr=False)
    notes: tuple[Note, ...]
    symbolic: SymbolicNodes | None = None
    expression: str = ""

    __repr__ = brief

    def operations(
        self, notation: Notation = PROGRAM, steps: Sequence[Step] | None = None
    ) -> tuple[str, ...]:
        """Return the operation of each step, or of some, over its operands' labels: `2*w3`."""
        names = {index: notation.label(label) for index, label in self.graph.named().items()}
        chosen = self.steps if steps is None else steps
        return tuple(expression(self.graph, step.node, notation, names) for step in chosen)


def trace(
    expression: Graph | Reading | str,
    at: Mapping[str, Any],
    *,
    mode: Literal["reverse", "forward", "both"] = "both",
    wrt: Sequence[str] | None = None,
) -> Trace:
    """Return the record of both sweeps at one point: every w_i, its tangents and its adjoint.

    Args:
        expression: a graph from `parse`, or text.
        at: variable → number.
        mode: which sweeps to record.
        wrt: the variables to differentiate with respect to; all by default.

    Raises:
        AutodiffError: the text, a name or a value is wrong, or a value is a list.
    """
    reading = reading_of(expression, at)
    graph = reading.graph
    values = point.bind(graph, at)
    if not all(isinstance(value, float) for value in values.values()):
        raise AutodiffError(
            "a trace shows one point", mend="give each variable one value; grad takes lists"
        )
    one_of("mode", mode, ("reverse", "forward", "both"))
    linearisation = linearised(graph, values, wrt)
    tangents = {
        name: forward.forward(linearisation, {name: 1.0})
        for name in (linearisation.wrt if mode != "reverse" else ())
    }
    gradient = (forward if mode == "forward" else reverse).gradient(linearisation)
    answer = GradResult(
        graph=graph,
        at=values,
        value=0.0,
        gradient=gradient,
        swept=linearisation,
        remarks=reading.remarks,
    )
    return Trace(
        graph=graph,
        at=values,
        wrt=linearisation.wrt,
        value=linearisation.values[graph.outputs[0]],
        gradient=gradient,
        steps=record.steps(
            linearisation,
            tangents if mode != "reverse" else None,
            answer.adjoints if mode != "forward" else None,
        ),
        notes=answer.notes,
    )


def symbolic_nodes(client: Client, trace: Trace, seconds: float) -> Trace:
    """Return a trace with SymPy's derivative of every w_i and its value beside the tangents."""
    from autodiff_cli.symbolic.question import derive
    from autodiff_cli.symbolic.verdict import number_or_word

    symbolic = derive(client, trace.graph, [dict(trace.at)], trace.wrt, seconds, nodes=True)
    if symbolic.derivatives is None:
        note = Note(None, "skipped", f"symbolic side skipped: {symbolic.reason}")
        return replace(trace, notes=(*trace.notes, note))
    labels = trace.graph.named()
    found = {
        labels[index]: {
            name: (row.text, number_or_word(row.values[0]), row.latex)
            for name, row in formulas.derivatives.items()
        }
        for index, formulas in symbolic.nodes.items()
        if index in labels
    }
    for label in labels.values():
        found.setdefault(label, {})
    remarks: Sequence[Note] = [Note(None, "symbolic", text) for text in symbolic.remarks]
    return replace(
        trace,
        symbolic=SymbolicNodes(
            wrt=trace.wrt,
            found=found,
        ),
        notes=(*trace.notes, *remarks),
    )
