"""What `trace` says: one step for each w_i, with its edges and contributions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from autodiff_cli.answers.gradient import GradResult, linearised
from autodiff_cli.answers.reading import Expressions, graph_of, reading_of
from autodiff_cli.engine import forward, point, record, reverse
from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.record import Step
from autodiff_cli.errors import AutodiffError, one_of
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import PROGRAM, Notation, expression
from autodiff_cli.language.parser import Reading
from autodiff_cli.notes.note import Note

#: Notes on digits that float64 loses that a trace shows.
MOST_NOTES = 8

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client
    from autodiff_cli.symbolic.question import Form
    from autodiff_cli.symbolic.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SymbolicNodes:
    """SymPy's derivative of each w_i and its value, beside the tangents.

    Attributes:
        wrt: the variables.
        found: label → (derivative, its value, derivative in LaTeX) for each variable.
        shorter: variable → the formula's derivative in a shorter form, for those that have one.
    """

    wrt: tuple[str, ...]
    found: Mapping[str, Mapping[str, tuple[str, float | str, str]]]
    shorter: Mapping[str, Form]

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
        verdict: on the answer and on every w_i with its tangents; None where SymPy was not asked.
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
    verdict: Verdict | None = None
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
    at: Mapping[str, float],
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


def traces(
    expressions: Expressions, at: Mapping[str, Any], *, wrt: Sequence[str] | None = None
) -> tuple[Trace, ...]:
    """Return the record of both sweeps for each of several formulas, over one graph.

    Args:
        expressions: texts, or a graph from `parse`.
        at: variable → number.
        wrt: the variables to differentiate with respect to; all by default.

    Returns:
        One trace for each output, which is called f1, f2 and so on where it has no name. They
        differ in what the reverse sweep found; a node has the same label in all.

    Raises:
        AutodiffError: a text, a name or a value is wrong, or a value is a list.
    """
    graph = graph_of(expressions, at)
    titles = graph.functions if len(graph.outputs) > 1 else graph.titles or ("",)
    single = [
        replace(graph, outputs=(output,), titles=(title,), chosen=graph.letter)
        for output, title in zip(graph.outputs, titles, strict=True)
    ]
    return tuple(trace(one, at, wrt=wrt) for one in single)


def symbolic_nodes(client: Client, trace: Trace, seconds: float) -> Trace:
    """Return a trace with SymPy's derivative of every w_i beside the tangents, and the verdict.

    Args:
        client: SymPy's process.
        trace: the record of the sweeps.
        seconds: how long SymPy may think.
    """
    from autodiff_cli.answers.bench import Bench
    from autodiff_cli.answers.forms import tidied_up
    from autodiff_cli.answers.paths import Path
    from autodiff_cli.answers.reasons import Side, rounded
    from autodiff_cli.symbolic.question import Found, derive
    from autodiff_cli.symbolic.verdict import number_or_word, worst

    swept = {step.node: step for step in trace.steps}
    own = {
        node: ([step.value], {n: [float(t)] for n, t in (step.tangents or {}).items()})
        for node, step in swept.items()
    }
    slopes = {name: [slope] for name, slope in trace.gradient.items()}
    symbolic = derive(
        client, trace.graph, [dict(trace.at)], trace.wrt, seconds, nodes=True,
        found=Found([trace.value], slopes, nodes=own),
    )  # fmt: skip
    if symbolic.skipped:
        note = Note(None, "skipped", f"symbolic side skipped: {symbolic.reason}")
        return replace(trace, verdict="skipped", notes=(*trace.notes, note))
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
    notes = [Note(None, "symbolic", text) for text in symbolic.remarks]
    result = GradResult(
        graph=trace.graph, at=trace.at, value=trace.value, gradient=trace.gradient, swept=None
    )
    whole = Bench(result, [dict(trace.at)], symbolic.value, labelled=True)
    rows = [whole.row(trace.value, symbolic.value, derivative=False)]
    rows += [
        whole.row(trace.gradient[name], row, derivative=True)
        for name, row in symbolic.derivatives.items()
    ]
    for node, formulas in symbolic.nodes.items():
        step = swept[node]
        bench = whole.of(step.value)
        rows.append(bench.row(step.value, formulas.value, derivative=False))
        notes += rounded(bench, Side(step.label, step.value, formulas.value, rows[-1]))
        for name, tangent in (step.tangents or {}).items():
            formula = formulas.derivatives[name]
            rows.append(bench.row(tangent, formula, derivative=True))
            what = f"the derivative of {step.label} by {name}"
            notes += rounded(bench, Side(what, tangent, formula, rows[-1]))
    texts: dict[Path, str] = {(name,): row.text for name, row in symbolic.derivatives.items()}
    forms = tidied_up(client, trace.graph, texts, seconds)
    shorter = {path[0]: form for path, form in forms.items()}
    return replace(
        trace,
        symbolic=SymbolicNodes(wrt=trace.wrt, found=found, shorter=shorter),
        verdict=worst(row.verdict for row in rows),
        notes=(*trace.notes, *notes[:MOST_NOTES]),
    )
