"""A value and its gradient, at a point or at many: `grad`, and `compile` for a fast function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Generic, Literal, overload

from autodiff_cli.answers.reading import reading_of, single
from autodiff_cli.compiled import BACKENDS, COMPILED_FROM, COMPILED_TO, Backend
from autodiff_cli.engine import forward, point, reverse
from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.linearise import Linearisation, Numbers, Value, floats, linearise
from autodiff_cli.errors import one_of
from autodiff_cli.graph.collection import Uncollected
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import Reading
from autodiff_cli.notes.departures import departures
from autodiff_cli.notes.note import Note

if TYPE_CHECKING:
    from autodiff_cli.compiled.function import Compiled
    from autodiff_cli.engine.linearise import Array, Given
    from autodiff_cli.symbolic.question import Symbolic

Mode = Literal["reverse", "forward"]

#: Forward sweeps are run beside a reverse answer with infinities up to this many operations.
BOTH_MODES = 2_000_000


@dataclass(frozen=True, kw_only=True, repr=False)
class GradResult(Generic[Numbers]):
    """A value and its gradient.

    Attributes:
        graph: the formula.
        at: the point: variable → float or array.
        value: a float, or an array with one value for each point.
        gradient: variable → derivative, of the same shape as the value.
        swept: the linearisation that the gradient is from; None where it is compiled code's.
        remarks: how the text was read, where that may surprise.
        road: why it is not computed by what was asked for.
    """

    graph: Graph
    at: Mapping[str, Value]
    value: Numbers
    gradient: Mapping[str, Numbers]
    swept: Linearisation | None = field(repr=False)
    remarks: tuple[str, ...] = ()
    road: tuple[Note, ...] = field(default=(), repr=False)

    __repr__ = brief

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
        if found:  # few answers have a departure, and what explains one takes time to load
            from autodiff_cli.notes.explanations import explanations

            found += explanations(self.linearisation, found)
        return (*self.road, *readings, *found, *self._modes())

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
            return derive(client, self.graph, point.points(self.at), tuple(self.gradient))


def _finite(value: Value) -> bool:
    return bool(value - value == 0)


@overload  # floats where all are; where one is more, the other
def grad(  # type: ignore[overload-overlap]
    expression: Graph | Reading | str,
    at: Mapping[str, float],
    *,
    mode: Mode = ...,
    wrt: Sequence[str] | None = ...,
    backend: Backend = ...,
) -> GradResult[float]: ...


@overload
def grad(
    expression: Graph | Reading | str,
    at: Mapping[str, Given],
    *,
    mode: Mode = ...,
    wrt: Sequence[str] | None = ...,
    backend: Backend = ...,
) -> GradResult[Array]: ...


def grad(
    expression: Graph | Reading | str,
    at: Mapping[str, Any],
    *,
    mode: Mode = "reverse",
    wrt: Sequence[str] | None = None,
    backend: Backend = "numpy",
) -> GradResult[Any]:
    """Return the value of an expression and its partial derivatives at a point, or at many.

    Args:
        expression: a graph from `parse`, or text.
        at: variable → number, sequence or NumPy array; arrays broadcast and give arrays.
        mode: "reverse" (one sweep for all variables) or "forward" (one for each).
        wrt: the variables to differentiate with respect to; all by default.
        backend: what computes arrays, as for `compile`; of a mode "forward" or more than 2,000
            operations it is NumPy in any case.

    Raises:
        AutodiffError: the text, a name or a value is wrong.
    """
    one_of("mode", mode, ("reverse", "forward"))
    one_of("backend", backend, BACKENDS)
    reading = reading_of(expression, at)
    graph = reading.graph
    values = point.bind(graph, at)
    in_c = backend == "c" and not floats(values.values())
    if mode == "reverse" and len(graph) <= COMPILED_TO and (in_c or _many(values)):
        return _compiled(reading, point.chosen(graph, wrt), backend)(values)
    sweep = reverse if mode == "reverse" else forward
    with Uncollected():
        linearisation = linearised(graph, values, wrt)
        gradient = sweep.gradient(linearisation)
    # `bind` gives floats only, or arrays of one shape only.
    shape = getattr(next(iter(values.values()), None), "shape", None)
    value = _shaped(linearisation.values[graph.outputs[0]], shape)
    if shape is not None:
        gradient = {name: _shaped(slope, shape) for name, slope in gradient.items()}
    return GradResult(
        graph=graph,
        at=values,
        value=value,
        gradient=gradient,
        swept=linearisation,
        remarks=reading.remarks,
    )


def _many(values: Mapping[str, Value]) -> bool:
    return bool(getattr(next(iter(values.values()), None), "size", 1) >= COMPILED_FROM)


@lru_cache(maxsize=4)
def _function(reading: Reading, wrt: tuple[str, ...], backend: Backend) -> Compiled:
    from autodiff_cli.compiled.function import Compiled

    return Compiled(reading.graph, wrt, "fast", backend)


def _compiled(
    reading: Reading, wrt: tuple[str, ...], backend: Backend
) -> Callable[[Mapping[str, Value]], GradResult[Any]]:
    """Return `grad` of one formula as compiled code, which takes a fraction of the time.

    Args:
        reading: the formula.
        wrt: the variables to differentiate with respect to.
        backend: what computes it.

    Returns:
        A function of points that `point.bind` returned, arrays of one shape.
    """
    function = _function(reading, wrt, backend)

    def answer(values: Mapping[str, Value]) -> GradResult[Any]:
        value, slopes = function.arrays.many(values)
        return GradResult(
            graph=reading.graph,
            at=values,
            value=value,
            gradient=dict(zip(function.wrt, slopes, strict=True)),
            swept=None,
            remarks=reading.remarks,
            road=function.notes,
        )

    return answer


def backend_for(reading: Reading, wrt: tuple[str, ...], backend: Backend, points: float) -> Backend:
    """Return what computes all blocks of a file: of "auto", C where it pays for all its points."""
    if backend != "auto" or len(reading.graph) > COMPILED_TO:
        return backend
    from autodiff_cli.compiled.function import pays

    return "c" if pays(_function(reading, wrt, backend).arrays.program, points) else "numpy"


def road(reading: Reading, wrt: tuple[str, ...], backend: Backend) -> tuple[Note, ...]:
    """Return why blocks are not computed by what was asked for."""
    return _function(reading, wrt, backend).notes if len(reading.graph) <= COMPILED_TO else ()


def grad_of_block(
    reading: Reading,
    at: Mapping[str, Any],
    *,
    mode: Mode,
    wrt: Sequence[str] | None,
    backend: Backend = "numpy",
) -> GradResult[Any]:
    """Return `grad` at one of several blocks of points that belong together.

    Every block takes the same road, however short it is: no row's number depends on its place.

    Args:
        reading: the formula.
        at: variable → number or array.
        mode: "reverse" or "forward".
        wrt: the variables to differentiate with respect to; all by default.
        backend: what computes it, from `backend_for`.
    """
    values = point.bind(reading.graph, at)
    if mode == "reverse" and len(reading.graph) <= COMPILED_TO and not floats(values.values()):
        return _compiled(reading, point.chosen(reading.graph, wrt), backend)(values)
    return grad(reading, values, mode=mode, wrt=wrt)


def _shaped(result: Value, shape: tuple[int, ...] | None) -> Value:
    """Return a result with the shape of the point: a constant becomes a column of itself."""
    if shape is None:
        return float(result)
    import numpy

    return numpy.array(numpy.broadcast_to(result, shape), dtype=float)


def linearised(
    graph: Graph, values: Mapping[str, Value], wrt: Sequence[str] | None
) -> Linearisation:
    """Linearise at a point that `point.bind` returned, for the variables of `wrt`."""
    return linearise(graph, values, point.chosen(graph, wrt))


def compile(
    expression: Graph | str,
    *,
    wrt: Sequence[str] | None = None,
    trigonometry: Literal["fast", "libm"] = "fast",
    backend: Backend = "numpy",
) -> Compiled:
    """Return a fast function of an expression's value and gradient.

    The function takes one number or array for each variable, in the order of its attribute
    `variables`, and returns `(value, (derivative, …))`, a derivative for each of `wrt`. Floats run
    straight-line Python; arrays run NumPy in blocks on all cores. Making it takes about a
    millisecond for each hundred operations.

    Args:
        expression: a graph from `parse`, or text.
        wrt: the variables to differentiate with respect to; all by default.
        trigonometry: "fast" takes sine and cosine of arrays from tangents (at most 4 ulp off),
            "libm" asks the C library, four times slower.
        backend: "numpy" computes arrays by NumPy; "c" by C that is compiled at the first array
            and kept in the user's cache folder (each function at most 4 ulp off), or by NumPy
            with a note where that cannot be; "auto" by C from where compiling pays.

    Returns:
        A function that cannot be changed and can be pickled, with the attributes `graph`,
        `variables`, `wrt`, `trigonometry`, `backend`, `notes` and `source`.

    Raises:
        AutodiffError: the text or a name is wrong; the function raises it for wrong values.
    """
    one_of("trigonometry", trigonometry, ("fast", "libm"))
    one_of("backend", backend, BACKENDS)
    from autodiff_cli.compiled.function import Compiled

    graph = single(expression, {})
    return Compiled(graph, point.chosen(graph, wrt), trigonometry, backend)
