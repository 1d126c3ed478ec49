"""A formula's value and gradient as one Python function, for floats and for arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

from autodiff_cli.compiled import running
from autodiff_cli.compiled.blocks import Block, block
from autodiff_cli.compiled.program import Program, program
from autodiff_cli.compiled.straight import MISSING, scalar_function, scalar_source
from autodiff_cli.engine import point, reverse
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.errors import VariableError
from autodiff_cli.graph.graph import Graph

Trigonometry = Literal["fast", "libm"]

#: (value, (derivative, …)): floats, or arrays of the points' shape.
Answer = tuple[Any, tuple[Any, ...]]


class Compiled:
    """A formula made ready to be evaluated many times.

    Args:
        graph: the formula; its first output is taken.
        wrt: the variables to differentiate with respect to; all by default.
        trigonometry: "fast" takes sine and cosine of arrays from the tangent of half the angle
            (at most 4 ulp off above ¼, 3e-16 below), "libm" asks the C library, four times slower.

    Attributes:
        graph, wrt, trigonometry: as given.
        value_and_gradient: the function of one number, or array, for each variable, in order.
    """

    def __init__(
        self, graph: Graph, wrt: Sequence[str] | None = None, trigonometry: Trigonometry = "fast"
    ) -> None:
        names = graph.variables if wrt is None else tuple(wrt)
        self.graph, self.wrt, self.trigonometry = graph, names, trigonometry
        self.program: Program = program(graph, names)
        self.value_and_gradient: Callable[..., Answer] = scalar_function(
            self.program, self._otherwise
        )

    @property
    def source(self) -> str:
        """The function of floats as text."""
        return scalar_source(self.program)

    @cached_property
    def _block(self) -> Block:
        return block(self.program, half_angle=self.trigonometry == "fast")

    def _otherwise(self, *given: Any) -> Answer:
        """Answer for what is not an ordinary float: arrays, poles, overflow, wrong input."""
        variables = self.graph.variables
        count = sum(value is not MISSING for value in given)
        if count != len(variables):
            raise VariableError(
                f"{count} values are given, for {len(variables)} variables",
                mend=f"give one for each of: {', '.join(variables) or 'none'}",
            )
        at = dict(zip(variables, given, strict=True))
        if any(hasattr(value, "shape") or isinstance(value, (list, tuple)) for value in given):
            return self.arrays(point.bind(self.graph, at, copy=False))
        linearisation = linearise(self.graph, point.bind(self.graph, at), self.wrt)
        slopes = reverse.gradient(linearisation)
        value = float(linearisation.values[self.graph.outputs[0]])
        return value, tuple(float(slopes[name]) for name in self.wrt)

    def arrays(self, values: Mapping[str, Any]) -> Answer:
        """Return the value and the gradient at many points, in blocks and on all cores.

        Args:
            values: variable → array, all of one shape, as `point.bind` returns them.
        """
        import numpy as np

        shape = next(iter(values.values())).shape
        columns = [_column(values[name]) for name in self.graph.variables]
        size = int(np.prod(shape, dtype=int))
        outputs = running.rows(len(self.program.outputs), size)
        running.run(self._block, columns, outputs, size)
        value, *slopes = (found.reshape(shape) for found in outputs)
        return value, tuple(slopes)


def _column(values: Any) -> Any:
    """Return values as one row of numbers, or as one number where all are the same by broadcast."""
    if values.size and not any(values.strides):
        return values[(*(0,) * values.ndim, ...)]
    return values.ravel()
