"""A formula's value and gradient as one Python function, for floats and for arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal, NoReturn, overload

from autodiff_cli.compiled import Backend, running
from autodiff_cli.compiled.blocks import Block, block
from autodiff_cli.compiled.program import Program, program
from autodiff_cli.compiled.straight import MISSING, scalar_function, scalar_source
from autodiff_cli.engine import point, reverse
from autodiff_cli.engine.linearise import floats, linearise
from autodiff_cli.errors import VariableError
from autodiff_cli.graph.bounded import readable
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.note import Note
from autodiff_cli.ops import POWER
from autodiff_cli.ops.row import ATOM

if TYPE_CHECKING:
    from autodiff_cli.compiled.native import Native
    from autodiff_cli.engine.linearise import Array, Given

Trigonometry = Literal["fast", "libm"]

#: (value, (derivative, …)): floats, or arrays of the points' shape.
Answer = tuple[Any, tuple[Any, ...]]


#: Nanoseconds a point that NumPy takes more than C: for an operation, and more for a function.
OPERATION, FUNCTION = 0.2, 1.3

#: Nanoseconds that a compiler takes, twice over: for any program, and for an operation.
COMPILER, EACH = 200e6, 1e6


def pays(program: Program, points: float) -> bool:
    """Tell whether C takes less time than NumPy for so many points, its compiler's included."""
    count = len(program.instructions)
    called = sum(
        made.operation.precedence == ATOM or made.operation is POWER
        for made in program.instructions
    )
    return points * (OPERATION * count + FUNCTION * called) >= COMPILER + EACH * count


class Arrays:
    """What a compiled function does with all that is not an ordinary float.

    Args:
        graph: the formula; its first output is taken.
        wrt: the variables to differentiate with respect to.
        trigonometry, backend: as for `Compiled`.

    Attributes:
        program: its straight-line code.
    """

    def __init__(
        self, graph: Graph, wrt: tuple[str, ...], trigonometry: Trigonometry, backend: Backend
    ) -> None:
        self.graph, self.wrt, self.trigonometry, self.backend = graph, wrt, trigonometry, backend
        self.program: Program = program(graph, wrt)

    @cached_property
    def block(self) -> Block:
        """The function of one block of points."""
        return block(self.program, by_tangents=self.trigonometry == "fast")

    @cached_property
    def native(self) -> Native:
        """The same as compiled C, or why there is none."""
        from autodiff_cli.compiled.native import native  # with what it needs, for C alone

        return native(self.program, exact_sines=self.trigonometry == "libm")

    @property
    def notes(self) -> tuple[Note, ...]:
        """Why NumPy computes what C was to; nothing where no compiler is and none was asked for."""
        found: Native | None = self.__dict__.get("native")
        if self.backend == "c":
            found = self.native
        if found is None or not found.missing or (self.backend == "auto" and found.compilerless):
            return ()
        return (Note(None, "backend", f"computed by NumPy, not by compiled C: {found.missing}"),)

    def __call__(self, *given: Any) -> Answer:
        """Answer for arrays, poles, overflow, numbers of other types and wrong input."""
        variables = self.graph.variables
        count = sum(value is not MISSING for value in given)
        if count != len(variables):
            raise VariableError(
                f"{count} values are given, for {len(variables)} variables",
                mend=f"give one for each of: {', '.join(variables) or 'none'}",
            )
        at = point.bind(self.graph, dict(zip(variables, given, strict=True)), copy=False)
        if not floats(at.values()):
            return self.many(at)
        linearisation = linearise(self.graph, at, self.wrt)
        slopes = reverse.gradient(linearisation)
        value = float(linearisation.values[self.graph.outputs[0]])
        return value, tuple(float(slopes[name]) for name in self.wrt)

    def many(self, values: Mapping[str, Any]) -> Answer:
        """Return the value and the gradient at many points, in blocks and on all cores.

        Args:
            values: variable → array, all of one shape, as `point.bind` returns them.
        """
        import numpy as np

        shape = next(iter(values.values())).shape
        columns = [_column(values[name]) for name in self.graph.variables]
        size = int(np.prod(shape, dtype=int))
        outputs = running.results(len(self.program.outputs), size)
        in_c = self.backend == "c" or (self.backend == "auto" and pays(self.program, size))
        compiled = self.native.block if in_c else None
        if compiled is None:
            running.run(self.block, columns, outputs, size)
        else:
            running.run(compiled, columns, outputs, size, self.native.lengths)
        value, *slopes = (found.reshape(shape) for found in outputs)
        return value, tuple(slopes)


class Compiled(partial[Answer]):
    """A formula made ready to be evaluated many times: `f(4.0)` is (value, (derivative, …)).

    A `partial` without arguments, because Python calls that as quickly as the function in it. It
    cannot be changed, and is pickled as what it was made from.

    Args:
        graph: the formula; its first output is taken.
        wrt: the variables to differentiate with respect to; all by default.
        trigonometry: "fast" takes sine and cosine of arrays from tangents (at most 4 ulp off),
            "libm" asks the C library, four times slower.
        backend: "numpy" computes arrays by NumPy, "c" by compiled C where there is a compiler,
            "auto" by C from so many points on that its compiler's time is worth it.

    Attributes:
        graph, wrt, trigonometry, backend: as given.
        variables: what a call is given, in order.
        arrays: what answers for arrays.
    """

    graph: Graph
    wrt: tuple[str, ...]
    trigonometry: Trigonometry
    backend: Backend
    variables: tuple[str, ...]
    arrays: Arrays

    def __new__(
        cls,
        graph: Graph,
        wrt: Sequence[str] | None = None,
        trigonometry: Trigonometry = "fast",
        backend: Backend = "numpy",
    ) -> Compiled:
        """Write the function of floats; that of arrays is written when it is first asked for."""
        names = graph.variables if wrt is None else tuple(wrt)
        arrays = Arrays(graph, names, trigonometry, backend)
        self = super().__new__(cls, scalar_function(arrays.program, arrays))
        self.__dict__.update(
            graph=graph, wrt=names, trigonometry=trigonometry, backend=backend,
            variables=graph.variables, arrays=arrays,
            __doc__=f"Return the value and the gradient of {graph!r}.",
        )  # fmt: skip
        return self

    if TYPE_CHECKING:

        @overload  # floats where all are; where one is more, the other
        def __call__(  # type: ignore[overload-overlap]
            self, *values: float
        ) -> tuple[float, tuple[float, ...]]: ...
        @overload
        def __call__(self, *values: Given) -> tuple[Array, tuple[Array, ...]]: ...
        def __call__(self, *values: Any) -> Answer:
            """Return the value and the gradient, one number or array for each of `variables`."""

    @property
    def source(self) -> str:
        """The function of floats as text."""
        return scalar_source(self.arrays.program)

    @property
    def notes(self) -> tuple[Note, ...]:
        """Why NumPy computes arrays where C was asked for."""
        return self.arrays.notes

    def __repr__(self) -> str:
        text = readable(self.graph, self.graph.outputs[0])
        chosen = "" if self.wrt == self.graph.variables else f", wrt={self.wrt!r}"
        asked = "" if self.trigonometry == "fast" else f", trigonometry={self.trigonometry!r}"
        by = "" if self.backend == "numpy" else f", backend={self.backend!r}"
        return f"compile({repr(text) if text else repr(self.graph)}{chosen}{asked}{by})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Compiled, (self.graph, self.wrt, self.trigonometry, self.backend)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a compiled function cannot be changed: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a compiled function cannot be changed: {name}")


def _column(values: Any) -> Any:
    """Return values as one row of numbers, or as one number where all are the same by broadcast."""
    if values.size and not any(values.strides):
        return values[(*(0,) * values.ndim, ...)]
    return values.ravel()
