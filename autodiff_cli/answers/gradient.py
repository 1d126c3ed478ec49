"""The Python API: `grad` and `trace` on a graph or a text, at a point or at many."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from autodiff_cli.answers.trace import Trace
from autodiff_cli.engine import forward, point, record, reverse
from autodiff_cli.engine.linearise import Linearisation, Value, linearise
from autodiff_cli.errors import AutodiffError
from autodiff_cli.graph.collection import Uncollected
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import Reading, read
from autodiff_cli.notes.departures import Note, departures
from autodiff_cli.notes.explanations import explanations

if TYPE_CHECKING:
    from autodiff_cli.symbolic.question import Symbolic

Mode = Literal["reverse", "forward"]

#: Forward sweeps are run beside a reverse answer with infinities up to this many operations.
BOTH_MODES = 2_000_000


def parse(*texts: str, variables: Sequence[str] = (), share: bool = True) -> Graph:
    """Read expressions into one computation graph.

    Args:
        texts: one expression for each output of the graph.
        variables: names that are variables even where the language has a constant (`e`, `pi`).
        share: False keeps equal subexpressions apart: the graph becomes a tree.

    Raises:
        AutodiffError: a text is not an expression; the message has a caret and the mend.
    """
    return _read(texts, variables, share=share).graph


def _read(texts: Sequence[str], variables: Collection[str] = (), *, share: bool = True) -> Reading:
    if not texts:
        raise AutodiffError("no expression", mend='write parse("x^2")')
    for text in texts:
        if not isinstance(text, str):
            raise AutodiffError(f"an expression is text, not {type(text).__name__}")
    return read(texts, variables, share=share)


@dataclass(frozen=True)
class GradResult:
    """A value and its gradient.

    Attributes:
        graph: the formula.
        at: the point: variable → float or array.
        value: a float, or an array with one value for each point.
        gradient: variable → derivative, of the same shape as the value.
        swept: the linearisation that the gradient is from; None where it is compiled code's.
        remarks: how the text was read, where that may surprise.
    """

    graph: Graph
    at: Mapping[str, Value]
    value: Value
    gradient: Mapping[str, Value]
    swept: Linearisation | None = field(repr=False)
    remarks: tuple[str, ...] = ()

    @cached_property
    def linearisation(self) -> Linearisation:
        """Values and partials of every node; swept for the gradient, or computed when asked for."""
        return self.swept or linearise(self.graph, self.at, tuple(self.gradient))

    @cached_property
    def adjoints(self) -> Sequence[Value | None]:
        """The adjoint of every node by reverse mode, whichever mode the gradient is from."""
        return reverse.reverse(self.linearisation)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """What departs from plain calculus, and how the text was read where that may surprise."""
        readings = tuple(Note(None, "reading", remark) for remark in self.remarks)
        found = departures(self.linearisation, self.adjoints)
        explained = explanations(self.linearisation, found)
        return (*readings, *found, *explained, *self._modes())

    def _modes(self) -> tuple[Note, ...]:
        """Say where an infinite partial splits the two modes; the reverse number is the answer."""
        size = len(self.graph) * len(self.gradient)
        single = all(isinstance(value, float) for value in self.gradient.values())
        if not single or size > BOTH_MODES or all(_finite(v) for v in self.gradient.values()):
            return ()
        pairs = zip(
            reverse.gradient(self.linearisation).items(),
            forward.gradient(self.linearisation).values(),
            strict=True,
        )
        return tuple(
            Note(None, "modes", f"for {name}, reverse mode gives {back} and forward mode {ahead}: "
                 "an infinite slope makes them differ; reverse mode is the answer")
            for (name, back), ahead in pairs
            if back != ahead and not (back != back and ahead != ahead)
        )  # fmt: skip

    @cached_property
    def symbolic(self) -> Symbolic:
        """SymPy's derivatives and their values at the point; SymPy is loaded on first use."""
        from autodiff_cli.symbolic.client import Client
        from autodiff_cli.symbolic.question import derive

        with Client() as client:
            return derive(client, self.graph, points(self.at), tuple(self.gradient))


def _finite(value: Value) -> bool:
    return bool(value - value == 0)


def points(at: Mapping[str, Value]) -> list[dict[str, float]]:
    """Return a point, or the rows of arrays, as a list of points of floats."""
    if all(isinstance(value, float) for value in at.values()):
        return [dict(at)]
    columns = [value.ravel().tolist() for value in at.values()]
    return [dict(zip(at, row, strict=True)) for row in zip(*columns, strict=True)]


def grad(
    expression: Graph | Reading | str,
    at: Mapping[str, Any],
    *,
    mode: Mode = "reverse",
    wrt: Sequence[str] | None = None,
) -> GradResult:
    """Return the value of an expression and its partial derivatives at a point, or at many.

    Args:
        expression: a graph from `parse`, or text.
        at: variable → number, sequence or NumPy array; arrays broadcast and give arrays.
        mode: "reverse" (one sweep for all variables) or "forward" (one for each).
        wrt: the variables to differentiate with respect to; all by default.

    Raises:
        AutodiffError: the text, a name or a value is wrong.
    """
    if mode not in ("reverse", "forward"):
        raise AutodiffError(f"there is no mode '{mode}'", mend="use reverse or forward")
    reading = reading_of(expression, at)
    graph = reading.graph
    values = point.bind(graph, at)
    if mode == "reverse" and _many(graph, values):
        return _compiled(reading, values, wrt)
    sweep = reverse if mode == "reverse" else forward
    with Uncollected():
        linearisation = linearised(graph, values, wrt)
        gradient = sweep.gradient(linearisation)
    # `bind` gives floats only, or arrays of one shape only.
    shape = getattr(next(iter(values.values()), None), "shape", None)
    value = _shaped(linearisation.values[graph.outputs[0]], shape)
    if shape is not None:
        gradient = {name: _shaped(slope, shape) for name, slope in gradient.items()}
    return GradResult(graph, values, value, gradient, linearisation, reading.remarks)


#: Points from which a formula is worth compiling, and nodes up to which it is.
COMPILED_FROM, COMPILED_TO = 16_384, 2_000


def _many(graph: Graph, values: Mapping[str, Value]) -> bool:
    size = getattr(next(iter(values.values()), None), "size", 1)
    return size >= COMPILED_FROM and len(graph) <= COMPILED_TO


def _compiled(
    reading: Reading, values: Mapping[str, Value], wrt: Sequence[str] | None
) -> GradResult:
    """Return the same answer from compiled code, which takes a fraction of the time."""
    from autodiff_cli.compiled.function import Compiled

    compiled = Compiled(reading.graph, _chosen(reading.graph, wrt))
    value, slopes = compiled.arrays(values)
    gradient = dict(zip(compiled.wrt, slopes, strict=True))
    return GradResult(reading.graph, values, value, gradient, None, reading.remarks)


def _shaped(result: Value, shape: tuple[int, ...] | None) -> Value:
    """Return a result with the shape of the point: a constant becomes a column of itself."""
    if shape is None:
        return float(result)
    import numpy

    return numpy.array(numpy.broadcast_to(result, shape), dtype=float)


def reading_of(expression: Graph | Reading | str, given: Mapping[str, Any]) -> Reading:
    """Return a graph as it is, or text read with the given names as variables."""
    if isinstance(expression, Graph):
        if len(expression.outputs) != 1:
            raise AutodiffError(
                f"the graph has {len(expression.outputs)} outputs", mend="parse one expression"
            )
        return Reading(expression, ())
    if isinstance(expression, Reading):
        return expression
    return _read([expression], given if isinstance(given, Mapping) else ())


def linearised(
    graph: Graph, values: Mapping[str, Value], wrt: Sequence[str] | None
) -> Linearisation:
    """Linearise at a point that `point.bind` returned, for the variables of `wrt`."""
    return linearise(graph, values, _chosen(graph, wrt))


def _chosen(graph: Graph, wrt: Sequence[str] | None) -> tuple[str, ...]:
    """Return the variables to differentiate with respect to, in the graph's order."""
    if wrt is None:
        return graph.variables
    wrt = (wrt,) if isinstance(wrt, str) else wrt
    point.check_wrt(graph.variables, wrt)
    chosen = frozenset(wrt)
    return tuple(name for name in graph.variables if name in chosen)


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
    if mode not in ("reverse", "forward", "both"):
        raise AutodiffError(f"there is no mode '{mode}'", mend="use reverse, forward or both")
    linearisation = linearised(graph, values, wrt)
    tangents = {
        name: forward.forward(linearisation, {name: 1.0})
        for name in (linearisation.wrt if mode != "reverse" else ())
    }
    gradient = (forward if mode == "forward" else reverse).gradient(linearisation)
    answer = GradResult(graph, values, 0.0, gradient, linearisation, reading.remarks)
    return Trace(
        graph,
        values,
        linearisation.wrt,
        linearisation.values[graph.outputs[0]],
        gradient,
        record.steps(
            linearisation,
            tangents if mode != "reverse" else None,
            answer.adjoints if mode != "forward" else None,
        ),
        answer.notes,
    )
